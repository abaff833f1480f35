"""Who may take part in an activity: what the program is told of a child, and what it answers."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, ActivitySession, Attendance, Child, GroupMember, RightsRequest, Term
from core.db.models.activity import SessionStatus
from core.db.queries import planning as queries
from core.db.queries.children import restricted as restricted_children
from core.domain.ages import age_on
from core.domain.errors import Message, RestrictedUseError
from core.domain.vocabulary import ConsentPurpose, Presence, VenueKind
from core.hooks.calling import Hooks
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.types import Audience
from core.services.consents import consents_of
from core.services.outlines import outline
from core.services.sealed_files import sealed_in_groups

NO_BASIS: Final = Obstacle(
    "no_basis",
    Message("No guardian has agreed that the station keeps this child's data, and no law is named."),
    Message("Ask a guardian for the consent, or name the law, on the page of the child's consents."),
)
RESTRICTED: Final = Obstacle(
    "restricted",
    RestrictedUseError().message,
    Message("The head ends the restriction on the page of the guardian's request."),
)
NO_OUTING: Final = Obstacle(
    "no_outing_consent",
    Message("This is outside the station, and no guardian has agreed to outings."),
    Message("Ask a guardian for the consent to outings, on the page of the child's consents."),
)


@dataclass(frozen=True)
class Answer:
    """Whether a child may take part in an activity: nothing stands in the way, or what does."""

    activity: Activity
    takes_part: bool
    obstacles: tuple[Obstacle, ...]


def answers_for_child(
    session: Session, hooks: Hooks, child: Child, term: Term, *, now: datetime, among: Collection[UUID] | None = None
) -> tuple[Answer, ...]:
    """Return for each activity of a term, or for those of them that are `among` some, whether the child may take part.

    They come by title; `now` is the station's wall-clock time.
    """
    joined, missed = _joined(session, child), _missed(session, child)
    query = queries.activities_joined(term.id)
    activities = list(session.scalars(query if among is None else query.where(Activity.id.in_(among))))
    counted = _taking_part(session, [activity.id for activity in activities])
    outdoors = frozenset(session.scalars(queries.outdoor_rooms()))
    restricted = session.scalars(restricted_children().where(RightsRequest.child_id == child.id)).first() is not None

    def answer(activity: Activity) -> Answer:
        first_day = first_day_left(activity, term, now)
        applicant = _applicant(session, child, activity, joined.values(), missed, first_day)
        standing = Standing(_behind(activity, now), counted[activity.id])
        said = hooks.eligibility(applicant, outline(activity), standing)
        barred = (RESTRICTED,) if restricted else ()
        core = _core_obstacles(session, child, applicant, _days_outside(activity, outdoors, first_day, now))
        return Answer(activity, activity.id in joined, (*barred, *core, *said))

    return tuple(answer(activity) for activity in activities)


def _core_obstacles(
    session: Session, child: Child, applicant: Applicant, days_outside: Iterable[date]
) -> Iterator[Obstacle]:
    """Yield what stands in the way whatever the program says: consents are not for programs to waive."""
    if ConsentPurpose.DATA not in applicant.consents:
        yield NO_BASIS
    if any(ConsentPurpose.OUTING not in consents_of(session, child.id, day) for day in days_outside):
        yield NO_OUTING


def _days_outside(
    activity: Activity, outdoors: Container[UUID | None], first_day: date, now: datetime
) -> frozenset[date]:
    """Return the days on which an activity takes children out of the station, as far as that is settled.

    Where no session is ahead, it is the first day on which one could be, if all are outside then.
    """
    place = activity.place is not None and activity.place.kind is VenueKind.OUTDOOR
    ahead = list(_ahead(activity, now))
    if ahead:
        return frozenset(day for day, room in ahead if place or room in outdoors)
    rooms = [choice.room_id for choice in activity.room_choices]
    always = place or (bool(rooms) and all(room in outdoors for room in rooms))
    return frozenset({first_day} if always else ())


def _applicant(
    session: Session,
    child: Child,
    activity: Activity,
    joined: Iterable[Activity],
    missed: Mapping[UUID, tuple[int, ...]],
    first_day: date,
) -> Applicant:
    return Applicant(
        audience=Audience.CHILDREN,
        age=age_on(date.fromisoformat(child.birth_date), first_day),
        consents=consents_of(session, child.id, first_day),
        joined=tuple(outline(other) for other in joined if other.id != activity.id),
        missed=missed.get(activity.id, ()),
        missed_of={str(other): sessions for other, sessions in missed.items() if other != activity.id},
        groups=_groups(session, child),
    )


def _joined(session: Session, child: Child) -> dict[UUID, Activity]:
    """Return the activities in whose groups the child is, or at which it has been, by id."""
    in_groups = (
        select(Activity)
        .join(ActivityGroup, ActivityGroup.activity_id == Activity.id)
        .join(GroupMember, GroupMember.group_id == ActivityGroup.group_id)
        .where(GroupMember.child_id == child.id)
    )
    been_there = (
        select(Activity)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .join(Attendance, Attendance.session_id == ActivitySession.id)
        .where(Attendance.child_id == child.id, Attendance.presence == Presence.PRESENT)
    )
    return {row.id: row for query in (in_groups, been_there) for row in session.scalars(query)}


def _groups(session: Session, child: Child) -> frozenset[str]:
    rows = session.scalars(select(GroupMember.group_id).where(GroupMember.child_id == child.id))
    return frozenset(str(group) for group in rows)


def _missed(session: Session, child: Child) -> dict[UUID, tuple[int, ...]]:
    """Return the numbers of the sessions that the child was noted as not at, in order, by activity."""
    query = (
        select(ActivitySession.activity_id, ActivitySession.position)
        .join(Attendance, Attendance.session_id == ActivitySession.id)
        .where(Attendance.child_id == child.id, Attendance.presence != Presence.PRESENT)
        .order_by(ActivitySession.position)
    )
    found: dict[UUID, tuple[int, ...]] = {}
    for activity_id, position in session.execute(query):
        found[activity_id] = (*found.get(activity_id, ()), position)
    return found


def _taking_part(session: Session, activities: list[UUID]) -> dict[UUID, int]:
    query = (
        select(ActivityGroup.activity_id, func.count(func.distinct(GroupMember.child_id)))
        .join(GroupMember, GroupMember.group_id == ActivityGroup.group_id)
        .where(ActivityGroup.activity_id.in_(activities))
        .group_by(ActivityGroup.activity_id)
    )
    seen = {row[0]: row[1] for row in session.execute(query)}
    sealed = sealed_in_groups(session, activities)
    return {activity: seen.get(activity, 0) + sealed.get(activity, 0) for activity in activities}


def _behind(activity: Activity, now: datetime) -> int:
    return sum(
        row.status is SessionStatus.HELD and row.starts_at is not None and row.starts_at < now
        for row in activity.sessions
    )


def first_day_left(activity: Activity, term: Term, now: datetime) -> date:
    """Return the day of the next session that is held, else the first on which one could be."""
    ahead = [day for day, _room in _ahead(activity, now)]
    return min(ahead, default=max(activity.first or term.first, now.date()))


def _ahead(activity: Activity, now: datetime) -> Iterator[tuple[date, UUID | None]]:
    """Yield the day and the room of each session that is held and still to come."""
    for row in activity.sessions:
        if row.status is SessionStatus.HELD and row.starts_at is not None and row.starts_at >= now:
            yield row.starts_at.date(), row.room_id
