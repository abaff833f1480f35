"""Views of the roster on paper, and of entering afterwards what it says."""

from datetime import time
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.domain.errors import ConflictError, InvalidInputError
from core.extensions import actor, db, wiring
from core.services import roster as service
from core.services.attendance import find_held_session
from core.services.door import door_of
from core.services.stays import booked_at
from core.web.text import say

roster = Blueprint("roster", __name__, url_prefix="/sessions")
Page = str | Response | tuple[str, int]


@roster.get("/<uuid:session_id>/roster.pdf")
def paper(session_id: UUID) -> Response:
    """Give the roster to be printed."""
    held = find_held_session(db.session, session_id)
    headers = {"Content-Disposition": 'attachment; filename="roster.pdf"', "Cache-Control": "no-store"}
    content = service.as_paper(db.session, actor(), held, today=wiring().today())
    return Response(content, mimetype="application/pdf", headers=headers)


@roster.get("/<uuid:session_id>/roster")
def entry(session_id: UUID) -> Page:
    """Show the times that are noted, to enter what the paper says, and what contradicts."""
    return _page(session_id)


@roster.post("/<uuid:session_id>/roster")
def enter(session_id: UUID) -> Page:
    """Enter what the paper says."""
    app, held = wiring(), find_held_session(db.session, session_id)
    try:
        times = {
            one.person.id: service.Times(_time(f"arrived_{one.person.id}"), _time(f"left_{one.person.id}"))
            for one in door_of(db.session, held, today=app.today()).people
        }
        changed = service.enter_times(db.session, actor(), app.clock, session_id, times, now=app.wall_clock())
    except ValueError:
        return _page(session_id, _("A time is not readable: write it as 09:30."))
    except (ConflictError, InvalidInputError) as error:
        return _page(session_id, say(error.message))
    flash(ngettext("%(num)s time is entered.", "%(num)s times are entered.", changed), "success")
    return redirect(url_for("roster.entry", session_id=session_id))


def _time(name: str) -> time | None:
    text = request.form.get(name, "").strip()
    return time.fromisoformat(text) if text else None


def _page(session_id: UUID, refusal: str = "") -> Page:
    app, held = wiring(), find_held_session(db.session, session_id)
    page = render_template(
        "door/roster.html",
        held=held,
        people=door_of(db.session, held, today=app.today()).people,
        booked=booked_at(db.session, held),
        wrong=service.contradictions(db.session, held),
        typed=request.form,
        is_due=held.starts_at is not None and held.starts_at.date() <= app.today(),
        refusal=refusal,
    )
    return page, 422 if refusal else 200
