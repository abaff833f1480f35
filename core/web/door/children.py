"""Views of children at the door: they come, and go home with somebody who may take them."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.db.models import Child
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.extensions import actor, db, wiring
from core.services import handing_over as service
from core.services.attendance import find_held_session
from core.services.harm_reports import call_list
from core.services.sealed_files import sealed_in_groups
from core.web.text import say

door_children = Blueprint("door_children", __name__, url_prefix="/sessions")
Page = str | Response | tuple[str, int]


@door_children.get("/<uuid:session_id>/door/children")
def listed(session_id: UUID) -> Page:
    """Show the children who are expected, here or gone."""
    return _listed(session_id)


@door_children.post("/<uuid:session_id>/door/children/<uuid:child_id>")
def came(session_id: UUID, child_id: UUID) -> Page:
    """Note that a child came, or take back what was noted last."""
    app, back = wiring(), request.form.get("deed") == "back"
    deed: Callable[..., object] = service.take_back_child if back else service.child_came
    try:
        deed(db.session, actor(), app.clock, session_id, child_id, now=app.wall_clock())
    except ConflictError as error:
        return _listed(session_id, say(error.message))
    return redirect(url_for("door_children.listed", session_id=session_id))


@door_children.post("/<uuid:session_id>/door/children/<uuid:child_id>/collectors")
def collectors(session_id: UUID, child_id: UUID) -> Page:
    """Ask who takes the child: those whom its file names, or somebody else with a reason."""
    try:
        return _collectors(session_id, child_id)
    except ConflictError as error:
        return _listed(session_id, say(error.message))


@door_children.post("/<uuid:session_id>/door/children/<uuid:child_id>/home")
def hand_over(session_id: UUID, child_id: UUID) -> Page:
    """Hand the child over, or raise the alarm."""
    app = wiring()
    taker = service.Taker(_person(), request.form.get("name", ""), request.form.get("reason", ""))
    try:
        done = service.hand_over(db.session, actor(), app.clock, session_id, child_id, taker, now=app.wall_clock())
    except InvalidInputError as error:
        return _collectors(session_id, child_id, say(error.message)), 422
    except ConflictError as error:
        return _listed(session_id, say(error.message))
    if done:
        return redirect(url_for("door_children.listed", session_id=session_id))
    child = db.session.get_one(Child, child_id)
    held = find_held_session(db.session, session_id)
    return render_template("door/alarm.html", held=held, child=child, calls=call_list(db.session))


def _person() -> UUID | None:
    text = request.form.get("person", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFoundError(Message("There is no such person.")) from None


def _collectors(session_id: UUID, child_id: UUID, refusal: str = "") -> str:
    app = wiring()
    child, people = service.collectors(db.session, actor(), app.clock, session_id, child_id, now=app.wall_clock())
    held = find_held_session(db.session, session_id)
    return render_template("door/collectors.html", held=held, child=child, people=people, refusal=refusal)


def _listed(session_id: UUID, refusal: str = "") -> Page:
    held, today = find_held_session(db.session, session_id), wiring().today()
    page = render_template(
        "door/children.html",
        held=held,
        rows=service.children_at(db.session, held),
        board=service.board_of(db.session, held, today=today),
        more=sealed_in_groups(db.session, [held.activity_id]).get(held.activity_id, 0),
        is_today=held.starts_at is not None and held.starts_at.date() == today,
        refusal=refusal,
    )
    return page, 422 if refusal else 200
