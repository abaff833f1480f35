"""What a child can join now, and what stands in the way of the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, load_only

from core.db.models import Activity, ActivityIntake, Child, Registration, TermIntake
from core.db.queries import planning
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.domain.registering import HOLDING, Channel, Place
from core.domain.ways import DEFAULT_WAY
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.desk import Desk
from core.services.eligibility import Applicants
from core.services.registration.clashes import Stretch, ahead, timetable
from core.services.registration.obstacles import (
    candidate,
    first_day_left,
    obstacles_of_child,
    obstacles_of_time,
)
from core.services.registration.reach import offered_activities, offered_from_above


@dataclass(frozen=True)
class Held:
    """A registration that counts, as far as it decides about others."""

    id: UUID
    state: Place
    position: int | None = None
    offered_until: datetime | None = None


@dataclass(frozen=True)
class Prospect:
    """An activity for a child: what stands in the way now, how many places are free, and where the child stands.

    `obstacles` are empty where the child can be registered; with no place free it then waits. `lasting` are those of
    them that are the child's and not the calendar's: who waits and has one is offered nothing. `kind` is the key of the
    activity's type.
    """

    activity_id: UUID
    kind: str
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
    reached_children, reached = within_reach(session, children, activities)
    if not reached_children.issuperset(children):
        raise NotFoundError(Message("There is no such file."))
    if not reached.issuperset(activities):
        raise NotFoundError(Message("There is no such activity, or nobody is registered for it."))


def within_reach(
    session: Session, children: Collection[UUID], activities: Collection[UUID]
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return which of these children, and of these activities that take registrations, the session reaches."""
    people = select(Child.id).where(Child.id.in_(children))
    intakes = select(ActivityIntake.activity_id).where(ActivityIntake.activity_id.in_(activities))
    reached, own = frozenset(session.scalars(people)), frozenset(session.scalars(intakes))
    missing = frozenset(activities) - own
    return reached, own | offered_from_above(session, missing) if missing else own


def prospects_among(
    session: Session, desk: Desk, child: Child, activities: Collection[UUID], channel: Channel
) -> tuple[Prospect, ...]:
    """Return activities as they are for a child, by title; the session must see everybody."""
    intakes = intakes_among(session, activities)
    circumstances = Circumstances(session, desk, [child], intakes)
    return tuple(circumstances.prospect(child, intake, channel) for intake in intakes)


def intakes_among(session: Session, activities: Collection[UUID]) -> list[ActivityIntake]:
    """Return what activities take, with the activities and their terms, by title."""
    query = select(ActivityIntake).where(ActivityIntake.activity_id.in_(activities))
    query = query.options(joinedload(ActivityIntake.activity).joinedload(Activity.term))
    return sorted(session.scalars(query), key=lambda row: (row.activity.title, row.activity_id))


class Circumstances:
    """What decides about children and activities at one moment, loaded for all of them in few statements.

    The session must see everybody. Whoever registers a child says so by `note`, and the prospects that follow go by it.
    Ways that nobody has entered take `default_way` minutes.
    """

    def __init__(
        self,
        session: Session,
        desk: Desk,
        children: Iterable[Child],
        intakes: Iterable[ActivityIntake],
        *,
        default_way: int = DEFAULT_WAY,
    ) -> None:
        self._now = desk.now
        people, activities = {child.id: child for child in children}, [intake.activity for intake in intakes]
        wanted = {activity.id for activity in activities}
        # Adds to the activities, which came with the intakes, what decides who may join them.
        session.scalars(
            planning.activities_joined().where(Activity.id.in_(wanted)).options(load_only(Activity.id))
        ).all()
        self._applicants = Applicants(session, desk.hooks, people.values(), activities, self._now)
        self._live: dict[UUID, dict[UUID, Held]] = {child: {} for child in people}
        for row in session.execute(queries.live_of_children(people)):
            self._live[row.child_id][row.activity_id] = Held(row.id, row.state, row.position, row.offered_until)
        expected = {one for child in people for one in self._expected_at(child)}
        told = session.execute(queries.titles_of(expected | wanted))
        self._told = {row.id: row for row in told}
        self._timetable = timetable(session, wanted | expected, default_way)
        self._counts = {key: dict(counts) for key, counts in standing_counts(session, wanted).items()}
        of_terms = session.scalars(queries.term_intakes_of({activity.term_id for activity in activities}))
        self._of_terms = {row.term_id: row for row in of_terms}

    def prospect(self, child: Child, intake: ActivityIntake, channel: Channel) -> Prospect:
        """Return one of the activities as it is for one of the children."""
        activity, now = intake.activity, self._now
        of_term, said = self._of_terms.get(activity.term_id), self._applicants.answer(child, activity)
        lasting = (*self._lasting(child, intake, of_term), *said.obstacles)
        counts, live = self._counts[activity.id], self._live[child.id].get(activity.id)
        return Prospect(
            activity_id=activity.id,
            kind=activity.type_key,
            title=activity.title,
            times=ahead(self._timetable.times[activity.id], now),
            capacity=intake.capacity,
            taken=self.taken(activity.id),
            waiting=counts.get(Place.WAITING, 0),
            obstacles=(*obstacles_of_time(intake, of_term, now, channel), *lasting),
            lasting=lasting,
            registration_id=live.id if live else None,
            state=live.state if live else None,
            position=live.position if live else None,
            offered_until=live.offered_until if live else None,
        )

    def taken(self, activity_id: UUID) -> int:
        """Return how many places of an activity are given or offered."""
        return sum(self._counts[activity_id].get(state, 0) for state in HOLDING)

    def is_in(self, child_id: UUID, group_id: UUID) -> bool:
        """Tell whether a child is in a group."""
        return self._applicants.is_in(child_id, group_id)

    def note(self, row: Registration, group_id: UUID) -> None:
        """Note that a child was registered; with a place it is in the activity's group from now on."""
        self._live[row.child_id][row.activity_id] = Held(row.id, row.state, row.position)
        counts = self._counts[row.activity_id]
        counts[row.state] = counts.get(row.state, 0) + 1
        if row.state is Place.PLACED:
            self._applicants.joins(row.child_id, row.activity_id, group_id)

    def _lasting(self, child: Child, intake: ActivityIntake, of_term: TermIntake | None) -> Iterator[Obstacle]:
        now, expected_at = self._now, self._expected_at(child.id)
        term_id = intake.activity.term_id
        places = {one for one in self._kept(child.id) if self._told[one].term_id == term_id}
        been, attends = self._applicants.been_at(child.id), self._attends(child.id, intake)
        who = candidate(child, now.date(), expected_at, frozenset(places), been, attends=attends)
        titles = {one: self._told[one].title for one in expected_at if not self._told[one].closed}
        day = first_day_left(intake, intake.activity.term, self._timetable.times, now)
        return obstacles_of_child(who, intake, of_term, self._timetable, titles, day, now)

    def _attends(self, child_id: UUID, intake: ActivityIntake) -> bool:
        """Tell whether a child takes part with another group than the one of those who are registered."""
        with_a_group = intake.activity_id in self._applicants.in_groups_of(child_id)
        return with_a_group and not self.is_in(child_id, intake.group_id)

    def _kept(self, child_id: UUID) -> frozenset[UUID]:
        return frozenset(one for one, row in self._live[child_id].items() if row.state in HOLDING)

    def _expected_at(self, child_id: UUID) -> frozenset[UUID]:
        return self._applicants.in_groups_of(child_id) | self._kept(child_id)


def standing_counts(session: Session, activities: Collection[UUID]) -> Mapping[UUID, Mapping[Place, int]]:
    """Return how many registrations of activities are in each live state; the session must see everybody."""
    found: dict[UUID, dict[Place, int]] = {activity: {} for activity in activities}
    for activity, state, count in session.execute(queries.standing_counts(activities)):
        found[activity][state] = count
    return found
