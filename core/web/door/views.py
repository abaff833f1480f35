"""Views of a session's door."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.domain.errors import ConflictError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services.assignable import reason
from core.services.attendance import find_held_session
from core.services.door import begin_session, door_of, go_out, let_in, others_who_may_serve, take_back
from core.services.handing_over import board_of
from core.web.text import say

door = Blueprint("door", __name__, url_prefix="/sessions")
Page = str | Response | tuple[str, int]


@door.get("/<uuid:session_id>/door")
def sheet(session_id: UUID) -> Page:
    """Show who is expected and who is here, and whether that is enough."""
    return _page(session_id)


@door.post("/<uuid:session_id>/door")
def enter(session_id: UUID) -> Page:
    """Note that somebody is here, or turn them away with the reason."""
    app = wiring()
    try:
        let_in(db.session, actor(), app.clock, session_id, _person(), now=app.wall_clock())
    except ConflictError as error:
        return _page(session_id, say(error.message))
    return _back(session_id)


@door.post("/<uuid:session_id>/door/back")
def correct(session_id: UUID) -> Page:
    """Take back that somebody is here."""
    app = wiring()
    try:
        take_back(db.session, actor(), app.clock, session_id, _person(), today=app.today())
    except ConflictError as error:
        return _page(session_id, say(error.message))
    return _back(session_id)


@door.post("/<uuid:session_id>/door/leave")
def leave_or_stay(session_id: UUID) -> Page:
    """Note that somebody goes, or that they are here still."""
    app, stays = wiring(), request.form.get("deed") == "stay"
    try:
        go_out(db.session, actor(), app.clock, session_id, _person(), now=app.wall_clock(), back=stays)
    except ConflictError as error:
        return _page(session_id, say(error.message))
    return _back(session_id)


@door.post("/<uuid:session_id>/door/begin")
def begin(session_id: UUID) -> Page:
    """Note that the children come in."""
    app = wiring()
    try:
        begin_session(db.session, actor(), app.clock, session_id, now=app.wall_clock())
    except ConflictError as error:
        return _page(session_id, say(error.message))
    flash(_("The session has begun."), "success")
    return _back(session_id)


def _page(session_id: UUID, refusal: str = "") -> Page:
    held, today = find_held_session(db.session, session_id), wiring().today()
    page = render_template(
        "door/sheet.html",
        held=held,
        door=door_of(db.session, held, today=today),
        board=board_of(db.session, held, today=today),
        others=others_who_may_serve(db.session, held, today=today),
        reason=reason,
        refusal=refusal,
        is_today=held.starts_at is not None and held.starts_at.date() == today,
        is_due=held.starts_at is not None and held.starts_at.date() <= today,
    )
    return page, 422 if refusal else 200


def _person() -> UUID:
    try:
        return UUID(request.form.get("person", ""))
    except ValueError:
        raise NotFoundError(Message("There is no such person.")) from None


def _back(session_id: UUID) -> Response:
    return redirect(url_for("door.sheet", session_id=session_id))
