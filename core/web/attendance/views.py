"""Views of attendance."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.db.models import Child
from core.domain.vocabulary import ConsentPurpose, Presence
from core.extensions import actor, db, wiring
from core.services.attendance import expected_children, find_held_session, note_attendance, presences
from core.services.consents import children_with
from core.services.sealed_files import sealed_in_groups

attendance = Blueprint("attendance", __name__, url_prefix="/sessions")


@attendance.get("/<uuid:session_id>/attendance")
def sheet(session_id: UUID) -> str:
    """Show the children who are expected at a session, with what is noted of each."""
    held = find_held_session(db.session, session_id)
    children = expected_children(db.session, held)
    photographed = children_with(db.session, [child.id for child in children], ConsentPurpose.PHOTO, wiring().today())
    begun = held.starts_at is not None and held.starts_at <= wiring().wall_clock()
    return render_template(
        "attendance/sheet.html",
        held=held,
        begun=begun,
        children=children,
        photographed=photographed,
        more=sealed_in_groups(db.session, [held.activity_id]).get(held.activity_id, 0),
        noted=presences(db.session, held.id),
        presences=tuple(Presence),
    )


@attendance.post("/<uuid:session_id>/attendance")
def note(session_id: UUID) -> Response:
    """Keep what was noted."""
    app, held = wiring(), find_held_session(db.session, session_id)
    wanted = {child.id: _answer(child) for child in expected_children(db.session, held)}
    changed = note_attendance(db.session, actor(), app.clock, session_id, wanted, now=app.wall_clock())
    flash(_("Attendance is noted: %(count)s changed.", count=changed), "success")
    return redirect(url_for("attendance.sheet", session_id=session_id))


def _answer(child: Child) -> Presence | None:
    text = request.form.get(f"child_{child.id}") or request.form.get("rest", "")
    return Presence(text) if text in set(Presence) else None
