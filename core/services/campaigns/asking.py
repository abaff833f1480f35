"""Asking many people at once when they can serve, reminding those who are silent, and closing the question."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db.models import AvailabilityCampaign, CampaignReply
from core.db.queries import campaigns as queries
from core.db.queries import volunteers as volunteer_queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.notices import Notice, NoticeKind, to_volunteer
from core.domain.replies import reminder_before
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.notices.outbox import put
from core.services.serving_rules import rules_of
from core.services.volunteer_links import make_ready
from core.services.volunteering import PAID

_LONGEST_TITLE = 80
_LONGEST_NOTE = 500
#: Until when on its last day an answer counts.
_EVENING = time(20)


@dataclass(frozen=True)
class Question:
    """For which days people are asked when they can serve, and by which day they shall say so."""

    title: str
    first: date
    last: date
    by: date
    note: str = ""


def ask_all(session: Session, desk: Desk, station_id: UUID, question: Question) -> AvailabilityCampaign:
    """Ask every volunteer who serves at a station when they can, and return the campaign.

    InvalidInputError for days in the wrong order or behind us, ConflictError where nobody serves who could be asked.
    """
    require(desk.actor, Capability.PLAN)
    deadline = datetime.combine(question.by, _EVENING)
    if not question.title.strip() or len(question.title) > _LONGEST_TITLE or len(question.note) > _LONGEST_NOTE:
        raise InvalidInputError(Message("Give it a title of 80 characters at most, and a note of 500."))
    if not (question.first <= question.last and desk.now < deadline and question.by <= question.last):
        raise InvalidInputError(Message("Ask for days in their order, by a day that lies ahead and not after them."))
    people = [one for one in session.scalars(volunteer_queries.people_in_service([station_id])) if one.kind not in PAID]
    if not people:
        raise ConflictError(Message("Nobody serves here at present whom you could ask."))
    now, ends = desk.clock.now(), desk.moment(deadline)
    row = AvailabilityCampaign(
        station_id=station_id,
        title=question.title.strip(),
        note=question.note.strip(),
        first=question.first,
        last=question.last,
        deadline=ends,
        remind_at=reminder_before(now, ends, rules_of(session, station_id).remind_hours),
        asked_at=now,
        asked_by=desk.actor.user_id,
    )
    row.answers = [CampaignReply(station_id=station_id, volunteer_id=one.id) for one in people]
    session.add(row)
    session.flush()
    _tell(session, desk, row, NoticeKind.CAMPAIGN_ASKED, [one.volunteer_id for one in row.answers])
    _note(session, desk, row, "campaign.asked", asked=len(people))
    return row


def remind(session: Session, desk: Desk, campaign_id: UUID) -> int:
    """Remind those who haven't answered; return how many they are. ConflictError for a campaign that is closed."""
    require(desk.actor, Capability.PLAN)
    row = find_campaign(session, campaign_id)
    if row.closed_at is not None:
        raise ConflictError(Message("This campaign is closed."))
    return _remind(session, desk, row)


def _remind(session: Session, desk: Desk, row: AvailabilityCampaign) -> int:
    silent = [one.volunteer_id for one in row.answers if one.answered_at is None]
    row.reminded_at = desk.clock.now()
    session.flush()
    _tell(session, desk, row, NoticeKind.CAMPAIGN_REMINDER, silent, turn=f"-{desk.now.date().isoformat()}")
    return len(silent)


def close(session: Session, desk: Desk, campaign_id: UUID) -> AvailabilityCampaign:
    """Close a campaign: it asks nobody any more. To close it twice changes nothing."""
    require(desk.actor, Capability.PLAN)
    row = find_campaign(session, campaign_id)
    _close(session, desk, row)
    return row


def _close(session: Session, desk: Desk, row: AvailabilityCampaign) -> None:
    if row.closed_at is None:
        row.closed_at = desk.clock.now()
        session.flush()
        _note(session, desk, row, "campaign.closed", answered=sum(one.answered_at is not None for one in row.answers))


def turn_campaign(session: Session, desk: Desk, campaign_id: UUID) -> bool:
    """Remind once when it is time, and close the campaign after its deadline; return whether there was anything."""
    row = session.get_one(AvailabilityCampaign, campaign_id, with_for_update=True, populate_existing=True)
    if row.closed_at is not None:
        return False
    now = desk.clock.now()
    if row.deadline <= now:
        _close(session, desk, row)
        return True
    if row.reminded_at is None and row.remind_at <= now:
        _remind(session, desk, row)
        return True
    return False


def campaigns_due(session: Session, desk: Desk) -> list[UUID]:
    """Return the campaigns of which something is to be done."""
    return list(session.scalars(queries.campaigns_due(desk.clock.now())))


def find_campaign(session: Session, campaign_id: UUID) -> AvailabilityCampaign:
    """Return a campaign in reach; NotFoundError where there is none."""
    row = session.scalars(queries.campaigns().where(AvailabilityCampaign.id == campaign_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such campaign."))
    return row


def _tell(
    session: Session,
    desk: Desk,
    row: AvailabilityCampaign,
    kind: NoticeKind,
    people: list[UUID],
    *,
    turn: str = "",
) -> None:
    until = row.deadline.astimezone(ZoneInfo(desk.timezone)).replace(tzinfo=None).isoformat(timespec="minutes")
    facts = {"title": row.title, "until": until, "campaign_id": row.id.hex}
    for one in people:
        make_ready(session, desk.actor, desk.clock, one)
        put(session, desk.clock, Notice(kind, to_volunteer(one), row.station_id, f"{row.id.hex}{turn}", facts))


def _note(session: Session, desk: Desk, row: AvailabilityCampaign, action: str, **detail: int) -> None:
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=row.station_id,
        action=action,
        subject_kind="campaign",
        subject_id=row.id,
        detail=detail,
    )
