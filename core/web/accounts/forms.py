"""The shapes of the forms about accounts."""

from typing import Final
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.db.models import Station, Volunteer
from core.domain.actor import Role
from core.domain.errors import InvalidInputError, Message
from core.domain.vocabulary import LossOfProof
from core.extensions import actor, db, signed_in
from core.security.permissions import roles_given_by
from core.services.accounts import LOGIN_LENGTH
from core.web.activities.forms import as_id
from core.web.forms import Form
from core.web.text import say

_NUMBER_LENGTH: Final = 20


class PlaceForm(Form):
    """A role in a part of the station tree."""

    role = SelectField(_l("Role"), [InputRequired()], coerce=Role, choices=[])
    station = SelectField(_l("Station"), [InputRequired()], coerce=as_id, choices=[])
    volunteer = StringField(_l("Number of the volunteer"), [Length(max=_NUMBER_LENGTH)])

    def offer(self) -> None:
        """Offer the roles that the reader may give, at the stations within reach."""
        given = roles_given_by(actor().role)
        self.role.choices = [SelectChoice(role.value, say(role)) for role in Role if role in given]
        found = signed_in()
        reach = found.scope.stations if found else frozenset()
        stations = db.session.scalars(select(Station).where(Station.id.in_(reach)).order_by(Station.name))
        self.station.choices = [SelectChoice(str(station.id), station.name) for station in stations]

    def volunteer_id(self) -> UUID | None:
        """Return the volunteer of a volunteer's account; raise InvalidInputError for a number that nobody has."""
        if self.role.data is not Role.VOLUNTEER:
            return None
        wanted = select(Volunteer.id).where(
            Volunteer.station_id == self.station.data, Volunteer.number == (self.volunteer.data or "").strip()
        )
        found = db.session.scalars(wanted).one_or_none()
        if found is None:
            raise InvalidInputError(Message("The station has no volunteer of that number."))
        return found


class NewAccountForm(PlaceForm):
    """Somebody who is to get an account."""

    login = StringField(
        _l("Login name"), [InputRequired(), Length(max=LOGIN_LENGTH)], render_kw={"autocomplete": "off"}
    )
    display_name = StringField(_l("Name shown"), [Length(max=80)], render_kw={"autocomplete": "off"})


class LossForm(Form):
    """Why a second proof is taken back."""

    reason = SelectField(_l("Reason"), [InputRequired()], coerce=LossOfProof, choices=[])

    def offer(self) -> None:
        """Offer the reasons."""
        self.reason.choices = [SelectChoice(reason.value, say(reason)) for reason in LossOfProof]
