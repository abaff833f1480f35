"""What a child can join now, and what stands in the way of the rest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake, ActivitySession, Attendance, Child, Registration
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.domain.registering import HOLDING, Channel, Place
from core.domain.vocabulary import Presence
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.eligibility import Asking
from core.services.registration.clashes import Stretch, ahead, published_times
from core.services.registration.desk import Desk, term_intake
from core.services.registration.obstacles import (
    Candidate,
    candidate,
    first_day_left,
    obstacles_of_child,
    obstacles_of_time,
)


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
    reached = [row.activity_id for row in session.scalars(queries.intakes_of(term_id))]
    with seeing_all(session):
        return prospects_among(session, desk, session.get_one(Child, child_id), reached, Channel.DESK)


def require_in_reach(session: Session, children: Collection[UUID], activities: Collection[UUID]) -> None:
    """Raise NotFoundError unless the actor reaches all of these children, and these activities take registrations."""
    wanted_children, wanted = set(children), set(activities)
    if wanted_children != set(session.scalars(select(Child.id).where(Child.id.in_(wanted_children)))):
        raise NotFoundError(Message("There is no such file."))
    found = session.scalars(select(ActivityIntake.activity_id).where(ActivityIntake.activity_id.in_(wanted)))
    if wanted != set(found):
        raise NotFoundError(Message("There is no such activity, or nobody is registered for it."))


def prospects_among(
    session: Session, desk: Desk, child: Child, activities: Collection[UUID], channel: Channel
) -> tuple[Prospect, ...]:
    """Return activities as they are for a child, by title; the session must see everybody."""
    return Sight(session, desk, [child.id], activities, channel).of(child)


class Sight:
    """Looks at activities for some children, one after another; what they share is read once.

    The session must see everybody; as long as it is used nobody must register anybody.
    """

    def __init__(
        self,
        session: Session,
        desk: Desk,
        children: Collection[UUID],
        activities: Collection[UUID],
        channel: Channel,
    ) -> None:
        self._session, self._desk, self._channel, self._now = session, desk, channel, desk.now
        query = select(ActivityIntake).where(ActivityIntake.activity_id.in_(activities))
        self._intakes = sorted(session.scalars(query), key=lambda row: (row.activity.title, row.activity_id))
        self._terms = {intake.activity.term_id: intake.activity.term for intake in self._intakes}
        self._of_term = {term: term_intake(session, term) for term in self._terms}
        wanted = {intake.activity_id for intake in self._intakes}
        self._asking = {
            key: Asking(session, desk.hooks, term, children, now=self._now, among=wanted)
            for key, term in self._terms.items()
        }
        self._times = dict(published_times(session, wanted))
        self._counts = standing_counts(session, wanted)

    def of(self, child: Child, among: Collection[UUID] | None = None) -> tuple[Prospect, ...]:
        """Return the activities as they are for a child, or those of them that are `among` some, by title."""
        own = [intake for intake in self._intakes if among is None or intake.activity_id in among]
        live = {row.activity_id: row for row in self._session.scalars(queries.live_of_child(child.id))}
        expected = self._session.execute(queries.expected(child.id)).all()
        if elsewhere := {row.id for row in expected} - self._times.keys():
            self._times |= published_times(self._session, elsewhere)
        kinds = _kinds(self._session, child) if any(intake.newcomers_only for intake in own) else frozenset()
        titles = {row.id: row.title for row in expected if not row.closed}
        found: list[Prospect] = []
        for term in {intake.activity.term_id for intake in own}:
            there = {row.id for row in expected if row.term_id == term}
            held = {key for key, row in live.items() if key in there and row.state in HOLDING}
            expected_at = frozenset(row.id for row in expected)
            who = candidate(child, self._now.date(), expected_at, frozenset(held), kinds)
            said = {one.activity.id: one.obstacles for one in self._asking[term].about(child, among)}
            found += [
                self._prospect(who, intake, titles, said.get(intake.activity_id, ()), live.get(intake.activity_id))
                for intake in own
                if intake.activity.term_id == term
            ]
        return tuple(sorted(found, key=lambda one: (one.title, one.activity_id)))

    def _prospect(
        self,
        who: Candidate,
        intake: ActivityIntake,
        titles: Mapping[UUID, str],
        said: tuple[Obstacle, ...],
        live: Registration | None,
    ) -> Prospect:
        key, term = intake.activity_id, intake.activity.term_id
        of_term, counts = self._of_term[term], self._counts[key]
        day = first_day_left(intake, self._terms[term], self._times, self._now)
        lasting = (*obstacles_of_child(who, intake, of_term, self._times, titles, day, self._now), *said)
        return Prospect(
            activity_id=key,
            title=intake.activity.title,
            times=ahead(self._times.get(key, ()), self._now),
            capacity=intake.capacity,
            taken=sum(counts.get(state, 0) for state in HOLDING),
            waiting=counts.get(Place.WAITING, 0),
            obstacles=(*obstacles_of_time(intake, of_term, self._now, self._channel), *lasting),
            lasting=lasting,
            registration_id=live.id if live else None,
            state=live.state if live else None,
            position=live.position if live else None,
            offered_until=live.offered_until if live else None,
        )


def standing_counts(session: Session, activities: Collection[UUID]) -> Mapping[UUID, Mapping[Place, int]]:
    """Return how many registrations of activities are in each live state; the session must see everybody."""
    found: dict[UUID, dict[Place, int]] = {activity: {} for activity in activities}
    for activity, state, count in session.execute(queries.standing_counts(activities)):
        found[activity][state] = count
    return found


def _kinds(session: Session, child: Child) -> frozenset[str]:
    """Return the keys of the types of activities at which the child has been."""
    been_there = (
        select(Activity.type_key)
        .join(ActivitySession, ActivitySession.activity_id == Activity.id)
        .join(Attendance, Attendance.session_id == ActivitySession.id)
        .where(Attendance.child_id == child.id, Attendance.presence == Presence.PRESENT)
    )
    return frozenset(session.scalars(been_there))
