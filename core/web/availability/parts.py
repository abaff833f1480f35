"""What pages of availability share: the calendars of somebody or of a room, given and taken away."""

from typing import Any
from uuid import UUID

from flask import request

from core.db.queries import availability as queries
from core.domain.errors import InvalidInputError, Message
from core.extensions import actor, db, wiring
from core.services import busy_calendars as service
from core.services.busy_calendars import Owner, Trouble
from core.web.availability.forms import CalendarForm
from core.web.availability.lines import stretches


def change_calendars(owner: Owner, form: CalendarForm) -> Message:
    """Do what the form asks for and return what to tell; InvalidInputError says why not."""
    app = wiring()
    if key := request.form.get("drop"):
        service.drop(db.session, actor(), app.clock, owner, _id(key))
        return Message("The calendar and its busy times are gone.")
    if request.form.get("deed") == "hand":
        service.give_by_hand(db.session, actor(), app.clock, owner, stretches(request.form))
        return Message("The times are noted.")
    if form.file.data:
        content = form.file.data.read()
        row = service.give_file(db.session, actor(), app.clock, owner, content, timezone=app.settings.timezone)
        told = {"count": len(row.times)}
        return Message("The calendar is read: %(count)s busy times. Nothing else of it was kept.", told)
    if form.url.data:
        service.give_address(db.session, actor(), app.clock, owner, form.url.data)
        return Message("The address is noted. The calendar is fetched within a minute, and then every few hours.")
    raise InvalidInputError(Message("Give an address or a file."))


def calendars_shown(owner: Owner) -> dict[str, Any]:
    """Return what the list of calendars needs."""
    rows = service.calendars_of(db.session, owner)
    counts = {row[0]: row[1] for row in db.session.execute(queries.busy_counts([row.id for row in rows]))}
    return {
        "calendars": [(row, counts.get(row.id, 0)) for row in rows],
        "troubles": {one.value: one.label for one in Trouble},
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError(Message("There is no such calendar.")) from None
