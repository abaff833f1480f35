"""Who may take part in an activity: what the program is told of a child, and what it answers."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, ActivitySession, Attendance, Child, GroupMember, Term
from core.db.models.activity import SessionStatus
from core.db.queries import planning as queries
from core.db.queries.children import restricted as restricted_children
from core.domain.ages import age_on
from core.domain.errors import Message
from core.domain.vocabulary import ConsentPurpose, Presence, VenueKind
from core.hooks.calling import Hooks
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.types import Audience
from core.services.consents import consents_of_all
from core.services.outlines import outline
from core.services.sealed_files import sealed_in_groups

NO_BASIS: Final = Obstacle(
    "no_basis",
    Message("No guardian has agreed that the station keeps this child's data, and no law is named."),
    Message("Ask a guardian for the consent, or name the law, on the page of the child's consents."),
)
RESTRICTED: Final = Obstacle(
    "restricted",
    Message("A guardian has had the use of this child's data restricted: nothing new may rest on it."),
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
    return Asking(session, hooks, term, [child.id], now=now, among=among).about(child)


class Asking:
    """Asks core and the programs about some children, one after another; what they share is read once.

    Arguments are those of `answers_for_child`; as long as it is used nobody must change what it has read.
    """

    def __init__(
        self,
        session: Session,
        hooks: Hooks,
        term: Term,
        children: Collection[UUID],
        *,
        now: datetime,
        among: Collection[UUID] | None = None,
    ) -> None:
        self._session, self._hooks, self._term, self._now = session, hooks, term, now
        self._children = list(children)
        self._consents: dict[date, dict[UUID, frozenset[ConsentPurpose]]] = {}
        query = queries.activities_joined(term.id)
        self._activities = list(session.scalars(query if among is None else query.where(Activity.id.in_(among))))
        self._outlines = {activity.id: outline(activity) for activity in self._activities}
        self._counted = _taking_part(session, [activity.id for activity in self._activities])
        self._outdoors = frozenset(session.scalars(queries.outdoor_rooms()))
        self._restricted = frozenset(session.scalars(restricted_children()))

    def about(self, child: Child, among: Collection[UUID] | None = None) -> tuple[Answer, ...]:
        """Return whether a child may take part in each activity, or in each of those `among` some."""
        of_child = _OfChild(self._session, child, self._consents_on)
        return tuple(
            self._answer(of_child, activity) for activity in self._activities if among is None or activity.id in among
        )

    def _consents_on(self, child_id: UUID, day: date) -> frozenset[ConsentPurpose]:
        if day not in self._consents:
            self._consents[day] = consents_of_all(self._session, self._children, day)
        return self._consents[day].get(child_id, frozenset())

    def _answer(self, of_child: "_OfChild", activity: Activity) -> Answer:
        first_day = first_day_left(activity, self._term, self._now)
        applicant = of_child.applicant(activity, first_day)
        standing = Standing(_behind(activity, self._now), self._counted[activity.id])
        said = self._hooks.eligibility(applicant, self._outlines[activity.id], standing)
        barred = (RESTRICTED,) if of_child.id in self._restricted else ()
        core = _core_obstacles(of_child, applicant, _days_outside(activity, self._outdoors, first_day, self._now))
        return Answer(activity, activity.id in of_child.joined, (*barred, *core, *said))


class _OfChild:
    """What is told of a child, read once for all activities."""

    def __init__(
        self, session: Session, child: Child, consents: Callable[[UUID, date], frozenset[ConsentPurpose]]
    ) -> None:
        self.id, self._consents = child.id, consents
        self._born = date.fromisoformat(child.birth_date)
        self.joined = _joined(session, child)
        self._outlines = {key: outline(activity) for key, activity in self.joined.items()}
        self._missed, self._groups = _missed(session, child), _groups(session, child)

    def consents(self, day: date) -> frozenset[ConsentPurpose]:
        """Return the purposes for which a consent counts on a day, or a duty."""
        return self._consents(self.id, day)

    def applicant(self, activity: Activity, first_day: date) -> Applicant:
        """Return what a program may know of the child."""
        return Applicant(
            audience=Audience.CHILDREN,
            age=age_on(self._born, first_day),
            consents=self.consents(first_day),
            joined=tuple(told for key, told in self._outlines.items() if key != activity.id),
            missed=self._missed.get(activity.id, ()),
            missed_of={str(other): sessions for other, sessions in self._missed.items() if other != activity.id},
            groups=self._groups,
        )


def _core_obstacles(of_child: _OfChild, applicant: Applicant, days_outside: Iterable[date]) -> Iterator[Obstacle]:
    """Yield what stands in the way whatever the program says: consents are not for programs to waive."""
    if ConsentPurpose.DATA not in applicant.consents:
        yield NO_BASIS
    if any(ConsentPurpose.OUTING not in of_child.consents(day) for day in days_outside):
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
