"""Activities: described on the site's own pages, whose service keeps their rules; here shown and deleted."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import func, select

from admin.base import StaffView
from admin.showing import yes_or_no
from admin.tables import Holding
from core.db.models import ActivitySession
from core.db.models.activity import SessionStatus
from core.extensions import db, wiring
from core.hooks.types import FieldKind, SettingField
from core.web.text import say


class ActivityView(StaffView):
    """Lists and details; whoever adds or changes an activity is led to its own form."""

    @expose("/new/")  # type: ignore[untyped-decorator]
    def create_view(self) -> ResponseReturnValue:
        """Lead to where an activity is added to a term."""
        return redirect(url_for("activities.listed"))

    @expose("/edit/")  # type: ignore[untyped-decorator]
    def edit_view(self) -> ResponseReturnValue:
        """Lead to the activity's own form."""
        return redirect(url_for("activities.edit", activity_id=self.to_change().id))

    def goes_along(self, row: Any, holding: Holding) -> bool:
        """Tell whether rows go along with the activity: its sessions do as long as none was ever published."""
        if holding.model is not ActivitySession:
            return super().goes_along(row, holding)
        told = (ActivitySession.activity_id == row.id, ActivitySession.status != SessionStatus.UNPUBLISHED)
        return not db.session.scalar(select(func.count(ActivitySession.id)).where(*told))

    def particulars(self, row: Any) -> list[tuple[str, str]]:
        """Return the common facts, and the questions of its type with the answers."""
        kind = wiring().hooks.activity_types.get(row.type_key)
        answers = [(say(question.label), _said(question, row.settings)) for question in kind.form] if kind else []
        return [(_("Type"), say(kind.name) if kind else row.type_key), *super().particulars(row), *answers]


def _said(question: SettingField, settings: Mapping[str, Any]) -> str:
    answer = settings.get(question.key)
    if question.kind is FieldKind.FLAG:
        return yes_or_no(answer)
    choices = {value: say(label) for value, label in question.choices}
    return choices.get(str(answer), "—" if answer is None else str(answer))
