"""Views of checking in by the code at the door: the screen that shows it, and the page behind it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.domain.errors import ConflictError
from core.extensions import actor, db, wiring
from core.services import door_code as service
from core.services.attendance import find_held_session
from core.services.door import door_of
from core.services.stays import last_stay
from core.web.qr import picture_of
from core.web.text import say

arriving = Blueprint("arriving", __name__)
Page = str | Response | tuple[str, int]


@arriving.get("/sessions/<uuid:session_id>/door/code")
def screen(session_id: UUID) -> str:
    """Show the code at the door, which changes every half minute, and who is here."""
    app, held = wiring(), find_held_session(db.session, session_id)
    code = service.code_of(db.session, held, app.clock.now())
    address = url_for("arriving.page", session_id=held.id, code=code, _external=True)
    return render_template(
        "door/code.html",
        held=held,
        door=door_of(db.session, held, today=app.today()),
        is_open=service.is_open(held, app.wall_clock()),
        picture=picture_of(address),
    )


@arriving.get("/here/<uuid:session_id>/<code>")
def page(session_id: UUID, code: str) -> Page:
    """Ask the volunteer who scanned the code whether they come or go."""
    return _page(session_id, code)


@arriving.post("/here/<uuid:session_id>/<code>")
def note(session_id: UUID, code: str) -> Page:
    """Note that the volunteer who scanned the code has come, or goes."""
    app = wiring()
    leaves = request.form.get("deed") == "leave"
    deed = service.check_out if leaves else service.check_in
    try:
        deed(db.session, actor(), app.clock, session_id, code, now=app.wall_clock())
    except ConflictError as error:
        return _page(session_id, code, say(error.message))
    flash(_("You are checked out. Thank you!") if leaves else _("You are checked in."), "success")
    return redirect(url_for("duties.mine"))


def _page(session_id: UUID, code: str, refusal: str = "") -> Page:
    app = wiring()
    held = service.find_by_code(db.session, app.clock, session_id, code, now=app.wall_clock())
    mine = last_stay(db.session, held, own) if (own := actor().volunteer_id) else None
    return render_template("door/here.html", held=held, mine=mine, refusal=refusal), 422 if refusal else 200
