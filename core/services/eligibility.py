"""Who may take part in an activity: what the program is told of a child, and what it answers."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, Child, GroupMember, RightsRequest, Term
from core.db.models.activity import SessionStatus
from core.db.queries import joining
from core.db.queries import planning as queries
from core.db.queries.children import restricted as restricted_children
from core.domain.ages import age_on
from core.domain.errors import Message, RestrictedUseError
from core.domain.vocabulary import ConsentPurpose, Presence, VenueKind
from core.hooks.calling import Hooks
from core.hooks.joining import Applicant, CuredOn, Obstacle, Standing
from core.hooks.types import ActivityOutline, Audience
from core.services.consents import consents_of_all
from core.services.outlines import outline
from core.services.sealed_files import sealed_in_groups

NO_BASIS: Final = Obstacle(
    "no_basis",
    Message("No guardian has agreed that the station keeps this child's data, and no law is named."),
    Message("Ask a guardian for the consent, or name the law, on the page of the child's consents."),
    cured_on=CuredOn.CONSENTS,
)
RESTRICTED: Final = Obstacle(
    "restricted",
    RestrictedUseError().message,
    Message("The head ends the restriction on the page of the guardian's request."),
    cured_on=CuredOn.REQUESTS,
)
NO_OUTING: Final = Obstacle(
    "no_outing_consent",
    Message("This is outside the station, and no guardian has agreed to outings."),
    Message("Ask a guardian for the consent to outings, on the page of the child's consents."),
    cured_on=CuredOn.CONSENTS,
)


@dataclass(frozen=True)
class Been:
    """An activity at which a child has been, when last, and what it is called where that may be told."""

    activity_id: UUID
    title: str | None
    last: datetime | None


@dataclass(frozen=True)
class Answer:
    """Whether a child may take part in an activity: nothing stands in the way, or what does."""

    activity: Activity
    takes_part: bool
    obstacles: tuple[Obstacle, ...]


def answers_for_child(session: Session, hooks: Hooks, child: Child, term: Term, *, now: datetime) -> tuple[Answer, ...]:
    """Return for each activity of a term whether the child may take part, by title; `now` is wall-clock time."""
    activities = session.scalars(queries.activities_joined().where(Activity.term_id == term.id)).all()
    applicants = Applicants(session, hooks, [child], activities, now)
    return tuple(applicants.answer(child, activity) for activity in activities)


class Applicants:
    """Children who would like to take part, and what decides about it: loaded for all of them in few statements.

    Whoever gives a child a place says so by `joins`, and the answers that follow go by it.
    """

    def __init__(
        self, session: Session, hooks: Hooks, children: Iterable[Child], activities: Iterable[Activity], now: datetime
    ) -> None:
        self._session, self._hooks, self._now = session, hooks, now
        self._born = {child.id: date.fromisoformat(child.birth_date) for child in children}
        self._activities = {activity.id: activity for activity in activities}
        self._groups: dict[UUID, set[UUID]] = {child: set() for child in self._born}
        self._in_groups: dict[UUID, list[UUID]] = {child: [] for child in self._born}
        for child, group, other in session.execute(joining.memberships(self._born)):
            self._groups[child].add(group)
            self._in_groups[child] += [other] if other else []
        self._been: dict[UUID, dict[UUID, datetime | None]] = {child: {} for child in self._born}
        self._missed: dict[UUID, dict[UUID, tuple[int, ...]]] = {child: {} for child in self._born}
        for child, presence, other, position, starts_at in session.execute(joining.attended(self._born)):
            if presence is Presence.PRESENT:
                self._been[child][other] = starts_at
            else:
                self._missed[child][other] = (*self._missed[child].get(other, ()), position)
        self._counted = _taking_part(session, list(self._activities))
        self._outdoors = frozenset(session.scalars(queries.outdoor_rooms()))
        restricted = restricted_children().where(RightsRequest.child_id.in_(self._born))
        self._restricted = frozenset(session.scalars(restricted))
        self._consents: dict[date, Mapping[UUID, frozenset[ConsentPurpose]]] = {}
        self._outlines: dict[UUID, ActivityOutline] = {}
        self._load_joined()

    def answer(self, child: Child, activity: Activity) -> Answer:
        """Return whether one of the children may take part in one of the activities."""
        first_day = first_day_left(activity, activity.term, self._now)
        applicant = self._applicant(child.id, activity, first_day)
        standing = Standing(_behind(activity, self._now), self._counted[activity.id])
        said = self._hooks.eligibility(applicant, self._outline(activity), standing)
        barred = (RESTRICTED,) if child.id in self._restricted else ()
        core = self._core_obstacles(child.id, applicant, _days_outside(activity, self._outdoors, first_day, self._now))
        return Answer(activity, activity.id in self._joined(child.id), (*barred, *core, *said))

    def in_groups_of(self, child_id: UUID) -> frozenset[UUID]:
        """Return the activities in whose groups a child is."""
        return frozenset(self._in_groups[child_id])

    def been_at(self, child_id: UUID) -> Mapping[str, Been]:
        """Return where a child has been, one activity of each type, by the type's key."""
        known = ((self._activities[one], last) for one, last in self._been[child_id].items() if one in self._activities)
        return {row.type_key: Been(row.id, None if row.closed else row.title, last) for row, last in known}

    def is_in(self, child_id: UUID, group_id: UUID) -> bool:
        """Tell whether a child is in a group."""
        return group_id in self._groups[child_id]

    def joins(self, child_id: UUID, activity_id: UUID, group_id: UUID) -> None:
        """Note that a child has come into a group of one of the activities, in which it wasn't."""
        self._groups[child_id].add(group_id)
        if activity_id not in self._in_groups[child_id]:
            self._in_groups[child_id].append(activity_id)
            self._counted[activity_id] += 1

    def _load_joined(self) -> None:
        """Load the activities in which the children are or were, besides those that they would like to join."""
        joined = {one for lists in (self._in_groups, self._been) for ones in lists.values() for one in ones}
        if others := joined - set(self._activities):
            query = joining.activities_outlined().where(Activity.id.in_(others))
            self._activities |= {row.id: row for row in self._session.scalars(query)}

    def _joined(self, child_id: UUID) -> Iterable[UUID]:
        both = dict.fromkeys((*self._in_groups[child_id], *self._been[child_id]))
        return [one for one in both if one in self._activities]

    def _outline(self, activity: Activity) -> ActivityOutline:
        if activity.id not in self._outlines:
            self._outlines[activity.id] = outline(activity)
        return self._outlines[activity.id]

    def _consents_of(self, child_id: UUID, day: date) -> frozenset[ConsentPurpose]:
        if day not in self._consents:
            self._consents[day] = consents_of_all(self._session, self._born, day)
        return self._consents[day][child_id]

    def _applicant(self, child_id: UUID, activity: Activity, first_day: date) -> Applicant:
        missed = self._missed[child_id]
        return Applicant(
            audience=Audience.CHILDREN,
            age=age_on(self._born[child_id], first_day),
            consents=self._consents_of(child_id, first_day),
            joined=tuple(
                self._outline(self._activities[other]) for other in self._joined(child_id) if other != activity.id
            ),
            missed=missed.get(activity.id, ()),
            missed_of={str(other): sessions for other, sessions in missed.items() if other != activity.id},
            groups=frozenset(map(str, self._groups[child_id])),
        )

    def _core_obstacles(self, child_id: UUID, applicant: Applicant, days_outside: Iterable[date]) -> Iterator[Obstacle]:
        """Yield what stands in the way whatever the program says: consents are not for programs to waive."""
        if ConsentPurpose.DATA not in applicant.consents:
            yield NO_BASIS
        if any(ConsentPurpose.OUTING not in self._consents_of(child_id, day) for day in days_outside):
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
