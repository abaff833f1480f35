"""What a child can join now, and what stands in the way of the rest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake, ActivitySession, Attendance, Child, Registration, Term
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.domain.registering import HOLDING, Channel, Place
from core.domain.vocabulary import Presence
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.eligibility import answers_for_child
from core.services.registration.clashes import Stretch, Times, ahead, published_times
from core.services.registration.desk import Desk, term_intake
from core.services.registration.obstacles import (
    candidate,
    first_day_left,
    obstacles_of_child,
    obstacles_of_time,
)
from core.services.registration.reach import offered_activities, offered_from_above


@dataclass(frozen=True)
class Prospect:
    """An activity for a child: what stands in the way now, how many places are free, and where the child stands.

    `obstacles` are empty where the child can be registered; with no place free it then waits. `lasting` are those of
    them that are the child's and not the calendar's: who waits and has one is offered nothing.
    """

    activity_id: UUID
    title: str
    times: tuple[Stretch, ...]
    capacity: int
    taken: int
    waiting: int
    obstacles: tuple[Obstacle, ...]
    lasting: tuple[Obstacle, ...]
    registration_id: UUID | None = None
    state: Place | None = None
    position: int | None = None
    offered_until: datetime | None = None

    @property
    def free(self) -> int:
        """How many places are free for somebody new: none while others wait."""
        return 0 if self.waiting else max(0, self.capacity - self.taken)

    @property
    def can_join(self) -> bool:
        """Tell whether the child can be registered now."""
        return not self.obstacles and self.state is None


def prospects(session: Session, desk: Desk, child_id: UUID, term_id: UUID) -> tuple[Prospect, ...]:
    """Return all activities of a term that take registrations, as they are for a child in reach, by title."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    require_in_reach(session, {child_id}, ())
    reached = offered_activities(session, term_id)
    with seeing_all(session):
        return prospects_among(session, desk, session.get_one(Child, child_id), reached, Channel.DESK)


def require_in_reach(session: Session, children: Collection[UUID], activities: Collection[UUID]) -> None:
    """Raise NotFoundError unless the actor reaches all of these children, and these activities take registrations."""
    wanted_children, wanted = set(children), set(activities)
    if wanted_children != set(session.scalars(select(Child.id).where(Child.id.in_(wanted_children)))):
        raise NotFoundError(Message("There is no such file."))
    found = session.scalars(select(ActivityIntake.activity_id).where(ActivityIntake.activity_id.in_(wanted)))
    if missing := wanted.difference(found):
        missing -= offered_from_above(session, missing)
    if missing:
        raise NotFoundError(Message("There is no such activity, or nobody is registered for it."))


def prospects_among(
    session: Session, desk: Desk, child: Child, activities: Collection[UUID], channel: Channel
) -> tuple[Prospect, ...]:
    """Return activities as they are for a child, by title; the session must see everybody."""
    query = select(ActivityIntake).where(ActivityIntake.activity_id.in_(activities))
    intakes = sorted(session.scalars(query), key=lambda row: (row.activity.title, row.activity_id))
    found: list[Prospect] = []
    for term in {intake.activity.term_id: intake.activity.term for intake in intakes}.values():
        own = [intake for intake in intakes if intake.activity.term_id == term.id]
        found += _in_term(session, desk, child, term, own, channel)
    return tuple(sorted(found, key=lambda one: (one.title, one.activity_id)))


def _in_term(
    session: Session, desk: Desk, child: Child, term: Term, intakes: list[ActivityIntake], channel: Channel
) -> list[Prospect]:
    now, of_term = desk.now, term_intake(session, term.id)
    wanted = {intake.activity_id for intake in intakes}
    live = {row.activity_id: row for row in session.scalars(queries.live_of_child(child.id))}
    expected = session.execute(queries.expected(child.id)).all()
    expected_at = frozenset(row.id for row in expected)
    times = published_times(session, wanted | expected_at)
    titles = {row.id: row.title for row in expected if not row.closed}
    in_term = frozenset(
        row.id for row in expected if row.term_id == term.id and row.id in live and live[row.id].state in HOLDING
    )
    kinds = _kinds(session, child) if any(intake.newcomers_only for intake in intakes) else frozenset()
    who = candidate(child, now.date(), expected_at, in_term, kinds)
    said = {
        answer.activity.id: answer.obstacles
        for answer in answers_for_child(session, desk.hooks, child, term, now=now, among=wanted)
    }
    counts = standing_counts(session, wanted)
    found = []
    for intake in intakes:
        day = first_day_left(intake, term, times, now)
        lasting = (
            *obstacles_of_child(who, intake, of_term, times, titles, day, now),
            *said.get(intake.activity_id, ()),
        )
        obstacles = (*obstacles_of_time(intake, of_term, now, channel), *lasting)
        key = intake.activity_id
        found.append(_prospect(intake, times, now, counts[key], obstacles, lasting, live.get(key)))
    return found


def standing_counts(session: Session, activities: Collection[UUID]) -> Mapping[UUID, Mapping[Place, int]]:
    """Return how many registrations of activities are in each live state; the session must see everybody."""
    found: dict[UUID, dict[Place, int]] = {activity: {} for activity in activities}
    for activity, state, count in session.execute(queries.standing_counts(activities)):
        found[activity][state] = count
    return found


def _prospect(
    intake: ActivityIntake,
    times: Times,
    now: datetime,
    counts: Mapping[Place, int],
    obstacles: tuple[Obstacle, ...],
    lasting: tuple[Obstacle, ...],
    live: Registration | None,
) -> Prospect:
    return Prospect(
        activity_id=intake.activity_id,
        title=intake.activity.title,
        times=ahead(times.get(intake.activity_id, ()), now),
        capacity=intake.capacity,
        taken=sum(counts.get(state, 0) for state in HOLDING),
        waiting=counts.get(Place.WAITING, 0),
        obstacles=obstacles,
        lasting=lasting,
        registration_id=live.id if live else None,
        state=live.state if live else None,
        position=live.position if live else None,
        offered_until=live.offered_until if live else None,
    )


def _kinds(session: Session, child: Child) -> frozenset[str]:
    """Return the keys of the types of activities at which the child has been."""
    been_there = (
        select(Activity.type_key)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .join(Attendance, Attendance.session_id == ActivitySession.id)
        .where(Attendance.child_id == child.id, Attendance.presence == Presence.PRESENT)
    )
    return frozenset(session.scalars(been_there))
