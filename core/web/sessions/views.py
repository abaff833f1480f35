"""Views of one session."""

from uuid import UUID

from flask import Blueprint, render_template

from core.db.queries.runs import pin_of
from core.domain.capabilities import Capability
from core.extensions import actor, db, wiring
from core.security.permissions import may
from core.services.feed_ledger import is_private, session_outline
from core.services.timetable import find_shown, missing_staff

sessions = Blueprint("sessions", __name__, url_prefix="/sessions")


@sessions.get("/<uuid:session_id>")
def page(session_id: UUID) -> str:
    """Show a session: when, where and what; to staff also who serves, to a volunteer their own duty."""
    reader = actor()
    row = find_shown(db.session, session_id, reader)
    staff = may(reader.role, Capability.SEE_PLANS)
    mine = [one for one in row.assignments if one.volunteer_id == reader.volunteer_id]
    kind = wiring().hooks.activity_types.get(row.activity.type_key)
    return render_template(
        "sessions/page.html",
        row=row,
        text=None if is_private(row) else wiring().hooks.session_text(session_outline(row)),
        kind=kind,
        program=wiring().hooks.programs.get(row.activity.program),
        duties=row.assignments if staff else mine,
        names=staff,
        missing=missing_staff(row) if staff else {},
        pin=db.session.scalars(pin_of(row.id)).one_or_none() if staff else None,
    )
