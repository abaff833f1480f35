"""What the audit log is asked for."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, SelectField, StringField
from wtforms.validators import UUID as IsUUID  # noqa: N811 (the library's name is that of the type)
from wtforms.validators import InputRequired, Optional

from core.db.queries import audit as queries
from core.db.queries.audit import AuditFilter
from core.extensions import db, wiring
from core.services.audit_words import action_words, subject_words
from core.web.forms import Form
from core.web.text import say


class FilterForm(Form):
    """Which entries are wanted; everything empty: all of them."""

    first = DateField(_l("From"), [Optional()])
    last = DateField(_l("Until"), [Optional()])
    person = SelectField(_l("Who"), [Optional()])
    action = SelectField(_l("What"), [Optional()])
    kind = SelectField(_l("To what"), [Optional()])
    subject = StringField(_l("Number of the row"), [Optional(), IsUUID()])

    class Meta:
        """It is asked by an address that can be kept: nothing is changed by it."""

        csrf = False

    @classmethod
    def asked(cls) -> "FilterForm":
        """Return the form as the request's address, or its form, fills it, with what occurs to choose from."""
        form = cls(request.values)
        session, everything = db.session, ("", _("All of them"))
        people = session.scalars(queries.people())
        form.person.choices = [everything, *((str(row.id), row.display_name or row.login) for row in people)]
        actions = session.scalars(queries.actions())
        form.action.choices = [everything, *((one, say(action_words(one, wiring().deeds))) for one in actions)]
        kinds = session.scalars(queries.subject_kinds())
        form.kind.choices = [everything, *((one, say(subject_words(one))) for one in kinds)]
        return form

    def wanted(self) -> AuditFilter:
        """Return what is asked for; whole days of the station."""
        return AuditFilter(
            since=_midnight(self.first.data) if self.first.data else None,
            before=_midnight(self.last.data + timedelta(days=1)) if self.last.data else None,
            actor_id=UUID(self.person.data) if self.person.data else None,
            action=self.action.data or None,
            subject_kind=self.kind.data or None,
            subject_id=UUID(self.subject.data) if self.subject.data else None,
        )


class AnchorsForm(Form):
    """The file of anchors that is kept elsewhere."""

    anchors = FileField(_l("File of anchors"), [InputRequired()])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), wiring().zone)
