"""A session as people are asked for it: as it is published, or as a draft holds it once the answers are minded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivityRole, ActivitySession, DutyRequest, Plan, Room
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.db.queries import replies as queries
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.replies import REFUSED, Duty, RequestState
from core.planning.moments import from_datetime, to_datetime
from core.planning.plan import Plan as PlanDocument
from core.planning.plan import PlannedSession


@dataclass(frozen=True)
class Occasion:
    """When and where a session is held, and who serves in it in which role; `plan` is the draft, if it is one."""

    row: ActivitySession
    starts_at: datetime
    ends_at: datetime
    room: Room | None
    serving: Mapping[UUID, str]
    plan: Plan | None = None

    @property
    def duty(self) -> Duty:
        """When and where whoever serves in it is busy."""
        return Duty(self.starts_at, self.ends_at, venue_of(self.row, self.room))

    def needs(self, role: str) -> ActivityRole:
        """Return what a role asks for; NotFoundError where the activity doesn't have it."""
        found = next((one for one in self.row.activity.roles if one.role == role), None)
        if found is None:
            raise NotFoundError(Message("The activity has no such role."))
        return found

    def free(self, role: str) -> int:
        """Return how many more people the role could have."""
        return max(0, self.needs(role).wanted - sum(each == role for each in self.serving.values()))


def venue_of(row: ActivitySession, room: Room | None) -> UUID | None:
    """Return the site of a session, None where it is held at none."""
    return row.activity.place_id if room is None else room.venue_id


def find_session(session: Session, session_id: UUID) -> ActivitySession:
    """Return a session in reach with all that staffing needs; NotFoundError where there is none."""
    row = session.scalars(queries.session_to_staff(session_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such session."))
    return row


def published(row: ActivitySession) -> Occasion:
    """Return a session as it is published; ConflictError where it isn't held."""
    if row.status is not SessionStatus.HELD or row.starts_at is None or row.ends_at is None:
        raise ConflictError(Message("This session is not held."))
    serving = {one.volunteer_id: one.role for one in row.assignments}
    return Occasion(row, row.starts_at, row.ends_at, row.room, serving)


def in_draft(session: Session, plan: Plan, row: ActivitySession) -> Occasion:
    """Return a session as a draft holds it; ConflictError where it doesn't, or was published."""
    found = None
    if plan.status is PlanStatus.DRAFT:
        key = (str(row.activity_id), row.position)
        found = next((one for one in answered_document(session, plan).sessions if one.key == key), None)
    if found is None:
        raise ConflictError(Message("This session is not held."))
    start = to_datetime(found.start)
    room = None if found.room is None else session.get(Room, UUID(found.room))
    serving = {UUID(person): role for role, people in found.staff.items() for person in people}
    return Occasion(row, start, start + timedelta(minutes=row.activity.duration), room, serving, plan)


def occasion_of(session: Session, request: DutyRequest) -> Occasion:
    """Return for what somebody was asked, as it is now; ConflictError where it isn't held at that time any more."""
    row = find_session(session, request.session_id)
    plan = None if request.plan_id is None else session.get_one(Plan, request.plan_id)
    found = published(row) if plan is None else in_draft(session, plan, row)
    if found.starts_at != request.starts_at:
        raise ConflictError(Message("This session was moved: the question doesn't count any more."))
    return found


def answered_document(session: Session, plan: Plan) -> PlanDocument:
    """Return what a draft holds once people's answers are minded.

    Whoever can't serve at that time is out, and whoever agreed to serve in it, in a place that is empty, is in.
    """
    document = PlanDocument.from_json(plan.document)
    rows = {
        (str(row.activity_id), row.position): row
        for row in session.scalars(
            select(ActivitySession).where(
                ActivitySession.activity_id.in_({UUID(one.activity) for one in document.sessions})
            )
        )
    }
    words = _last_words(session, plan)
    by_session: dict[UUID, list[DutyRequest]] = {}
    for word in words.values():
        by_session.setdefault(word.session_id, []).append(word)
    sessions = [
        _answered(one, by_session.get(rows[one.key].id, []) if one.key in rows else []) for one in document.sessions
    ]
    return replace(document, sessions=tuple(sessions))


def _last_words(session: Session, plan: Plan) -> dict[tuple[UUID, UUID, datetime], DutyRequest]:
    """Return the last that each person said of each session and time, of the draft and of what is published."""
    found = {}
    for one in session.scalars(queries.requests_ahead_in_term(plan.term_id, datetime.min)):  # noqa: DTZ901 (local)
        if one.plan_id in {None, plan.id}:
            found[one.session_id, one.volunteer_id, one.starts_at] = one
    return found


def _answered(planned: PlannedSession, words: list[DutyRequest]) -> PlannedSession:
    at_that_time = [one for one in words if from_datetime(one.starts_at) == planned.start]
    refused = {str(one.volunteer_id) for one in at_that_time if one.state in REFUSED}
    staff = {role: [one for one in people if one not in refused] for role, people in planned.staff.items()}
    serving = {person for people in staff.values() for person in people}
    for one in at_that_time:
        if one.state is RequestState.ACCEPTED and one.plan_id is not None and str(one.volunteer_id) not in serving:
            staff.setdefault(one.role, []).append(str(one.volunteer_id))
    if all(list(planned.staff.get(role, ())) == people for role, people in staff.items()):
        return planned
    return replace(planned, staff={role: tuple(sorted(people)) for role, people in staff.items()})
