"""Views of one session."""

from uuid import UUID

from flask import Blueprint, Response, render_template

from core.db.models import ActivitySession
from core.db.queries.runs import pin_of
from core.domain.capabilities import Capability
from core.extensions import actor, db, wiring
from core.security.permissions import may
from core.services.adults import Homes
from core.services.feed_ledger import is_private, session_outline
from core.services.notices.invites import file_of_session
from core.services.replies.safety import barred_of, is_unsafe
from core.services.timetable import find_shown, missing_staff
from core.web.languages import current_language

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
        unsafe=staff and _ahead(row) and is_unsafe(row, Homes(db.session), today=wiring().today()),
        barred=barred_of(db.session, row, today=wiring().today()) if staff else {},
        ahead=_ahead(row),
        pin=db.session.scalars(pin_of(row.id)).one_or_none() if staff else None,
    )


def _ahead(row: ActivitySession) -> bool:
    return row.ends_at is not None and row.ends_at > wiring().wall_clock()


@sessions.get("/<uuid:session_id>.ics")
def entry(session_id: UUID) -> Response:
    """Give one session as a calendar file: to whoever serves in it their duty, to others what the station's says."""
    reader = actor()
    find_shown(db.session, session_id, reader)
    content = file_of_session(db.session, session_id, reader, current_language(), wiring().settings.base_url)
    headers = {"Content-Disposition": f"attachment; filename=session-{session_id.hex[-12:]}.ics"}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)
