"""Views of rooms that are shared with others: when they are taken elsewhere, and what clashes with that."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import Room
from core.db.queries import availability as queries
from core.domain.errors import InvalidInputError
from core.extensions import db, wiring
from core.services.busy_calendars import find_room
from core.web.availability.forms import CalendarForm
from core.web.availability.lines import Lines, lines_sent
from core.web.availability.parts import calendars_shown, change_calendars
from core.web.text import say

shared_rooms = Blueprint("shared_rooms", __name__, url_prefix="/rooms")
Page = str | Response | tuple[str, int]


@shared_rooms.get("/")
def listed() -> str:
    """List the rooms, how often each is taken elsewhere, and sessions that clash with that."""
    now = wiring().wall_clock()
    rooms = db.session.scalars(queries.rooms()).all()
    taken = {row[0]: row[1] for row in db.session.execute(queries.taken_rooms(now))}
    clashes = db.session.scalars(queries.busy_sessions(now)).all()
    return render_template("availability/rooms.html", rooms=rooms, taken=taken, clashes=clashes)


@shared_rooms.get("/<uuid:room_id>")
def page(room_id: UUID) -> str:
    """Show when a room is taken elsewhere, and by which calendars that is known."""
    return _page(find_room(db.session, room_id), CalendarForm(formdata=None))


@shared_rooms.post("/<uuid:room_id>")
def change(room_id: UUID) -> Page:
    """Take a calendar of the room's other users, or times by hand, or forget one."""
    row, form = find_room(db.session, room_id), CalendarForm()
    try:
        told = change_calendars(row, form)
    except InvalidInputError as error:
        form.refuse(error)
        return _page(row, form, lines_sent(request.form)), 422
    flash(say(told), "success")
    return redirect(url_for("shared_rooms.page", room_id=row.id))


def _page(row: Room, form: CalendarForm, lines: Lines | None = None) -> str:
    now = wiring().wall_clock()
    return render_template(
        "availability/room.html",
        row=row,
        calendar=form,
        times=db.session.scalars(queries.busy_of_room(row.id, now)).all(),
        clashes=db.session.scalars(queries.busy_sessions(now, row.id)).all(),
        lines=(lines or lines_sent(request.form)).single,
        here=url_for("shared_rooms.page", room_id=row.id),
        **calendars_shown(row),
    )
