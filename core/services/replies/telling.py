"""Notices about duties: to who is asked, and to the organizers of a station."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest
from core.db.queries import replies as queries
from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.domain.notices import Notice, NoticeKind, to_user, to_volunteer
from core.security.permissions import HOLDERS
from core.services.desk import Desk
from core.services.feed_ledger import is_private
from core.services.notices.outbox import put
from core.services.volunteer_links import make_ready
from core.services.wording import CHINESE, ENGLISH, Wording

_NEUTRAL = Message("Station activity")


def session_facts(row: ActivitySession, starts_at: datetime, ends_at: datetime) -> dict[str, str | int]:
    """Return what a notice says of a session; of a private one no more than its calendar entry does."""
    private = is_private(row)
    chinese, english = (Wording(one).say(_NEUTRAL) for one in (CHINESE, ENGLISH))
    venue = None if private or row.room is None else row.room.venue
    return {
        "title": chinese if private else row.activity.title,
        "title_en": english if private else row.activity.title,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "location": " ".join(part for part in (venue.name, row.room.name) if part) if venue and row.room else "",
    }


def tell_volunteer(
    session: Session, desk: Desk, kind: NoticeKind, request: DutyRequest, *, urgent: bool = False, turn: str = ""
) -> None:
    """Tell whoever was asked something about their request, once for each `turn`; the letter has their address."""
    if kind is NoticeKind.DUTY_ASKED:
        make_ready(session, desk.actor, desk.clock, request.volunteer_id)
    local = "" if request.deadline is None else _local(desk, request.deadline)
    facts = session_facts(request.session, request.starts_at, request.ends_at)
    facts |= {"role": request.role, "request_id": request.id.hex} | ({"until": local} if local else {})
    put(
        session,
        desk.clock,
        Notice(
            kind,
            to_volunteer(request.volunteer_id),
            request.station_id,
            f"{request.id.hex}-{request.starts_at.isoformat()}{turn}",
            facts,
            session_id=request.session_id,
            urgent=urgent,
        ),
    )


def tell_one(
    session: Session, desk: Desk, kind: NoticeKind, volunteer_id: UUID, row: ActivitySession, key: str
) -> None:
    """Tell a volunteer something about a published session."""
    if row.starts_at is None or row.ends_at is None:
        return
    facts = session_facts(row, row.starts_at, row.ends_at)
    put(
        session,
        desk.clock,
        Notice(kind, to_volunteer(volunteer_id), row.station_id, key, facts, session_id=row.id),
    )


def alarm(session: Session, desk: Desk, kind: NoticeKind, row: ActivitySession, key: str) -> None:
    """Tell the organizers of a session's station at once."""
    if row.starts_at is None or row.ends_at is None:
        return
    facts = session_facts(row, row.starts_at, row.ends_at)
    for user in session.scalars(queries.organizers(row.station_id, HOLDERS[Capability.PLAN])):
        notice = Notice(kind, to_user(user.id), row.station_id, key, facts, session_id=row.id, urgent=True)
        put(session, desk.clock, notice)


def _local(desk: Desk, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(desk.timezone)).replace(tzinfo=None).isoformat(timespec="minutes")
