"""Children who, since the timetable changed, can't be at all that they are expected at, and what could be done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, Child, GroupMember, Registration
from core.db.queries import registration as queries
from core.domain.capabilities import Capability
from core.domain.registering import HOLDING
from core.security.permissions import require
from core.services.desk import Desk
from core.services.registration.clashes import Stretch, Timetable, ahead, first_meeting, timetable
from core.services.registration.prospects import Prospect, prospects

_MOST_PROPOSALS: Final = 3


@dataclass(frozen=True)
class Side:
    """One of two activities that clash, with the child's registration for it where it has one."""

    activity_id: UUID
    title: str
    stretch: Stretch
    registration_id: UUID | None


@dataclass(frozen=True)
class Clash:
    """A child who can't be at two activities where it is expected, and others with a free place that it could join.

    `way` are the minutes between the two where that is why: None where they are held at the same time.
    """

    child_id: UUID
    number: str
    name: str = field(repr=False)
    sides: tuple[Side, Side]
    way: int | None
    instead: tuple[Prospect, ...]


def clashes_of_term(session: Session, desk: Desk, term_id: UUID) -> tuple[Clash, ...]:
    """Return the clashes of children in reach in which an activity of the term has a part, by child."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    of_term = {row.activity_id for row in session.scalars(queries.intakes_of(term_id))}
    expected = _expected(session, of_term)
    known = timetable(session, {activity for activities in expected.values() for activity in activities})
    titles = {row.id: row.title for row in session.scalars(select(Activity).where(Activity.id.in_(known.times)))}
    own = _registrations(session, expected)
    pairs = (
        (child, _sides(pair, titles, own, child))
        for child, activities in expected.items()
        for pair in _meeting(activities, of_term, known, desk)
    )
    # What groups do is the planner's to keep apart; here somebody was registered.
    found = [(child, sides) for child, sides in pairs if any(side.registration_id for side in sides)]
    people = {row.id: row for row in session.scalars(select(Child).where(Child.id.in_({key for key, _ in found})))}
    named = {key: (row.number, row.name) for key, row in people.items()}
    offered = {key: _instead(prospects(session, desk, key, term_id)) for key in named}
    clashes = [Clash(key, *named[key], sides, _way(sides, known), offered[key]) for key, sides in found if key in named]
    return tuple(sorted(clashes, key=lambda one: (one.number, one.sides[0].stretch.starts_at)))


def _expected(session: Session, of_term: set[UUID]) -> dict[UUID, set[UUID]]:
    """Return where the children of the term's activities are expected, by child."""
    here = (
        select(GroupMember.child_id)
        .join(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .where(ActivityGroup.activity_id.in_(of_term))
    )
    rows = session.execute(
        select(GroupMember.child_id, ActivityGroup.activity_id)
        .join(ActivityGroup, ActivityGroup.group_id == GroupMember.group_id)
        .where(GroupMember.child_id.in_(here))
    )
    found: dict[UUID, set[UUID]] = {}
    for child, activity in rows:
        found.setdefault(child, set()).add(activity)
    return found


def _registrations(session: Session, children: dict[UUID, set[UUID]]) -> dict[tuple[UUID, UUID], UUID]:
    query = select(Registration).where(Registration.child_id.in_(children), Registration.state.in_(HOLDING))
    return {(row.child_id, row.activity_id): row.id for row in session.scalars(query)}


def _meeting(
    activities: set[UUID], of_term: set[UUID], known: Timetable, desk: Desk
) -> Iterator[tuple[tuple[UUID, Stretch], tuple[UUID, Stretch]]]:
    """Yield for each two activities of a child that meet the first sessions that do."""
    for one, other in combinations(sorted(activities), 2):
        if one not in of_term and other not in of_term:
            continue
        if met := first_meeting(ahead(known.times[one], desk.now), ahead(known.times[other], desk.now), known.ways):
            yield (one, met[0]), (other, met[1])


def _sides(
    pair: tuple[tuple[UUID, Stretch], tuple[UUID, Stretch]],
    titles: dict[UUID, str],
    own: dict[tuple[UUID, UUID], UUID],
    child: UUID,
) -> tuple[Side, Side]:
    one, other = (
        Side(activity, titles.get(activity, ""), stretch, own.get((child, activity))) for activity, stretch in pair
    )
    return one, other


def _way(sides: tuple[Side, Side], known: Timetable) -> int | None:
    one, other = (side.stretch for side in sides)
    return None if one.meets(other) else known.ways.between(one.venue_id, other.venue_id)


def _instead(offered: tuple[Prospect, ...]) -> tuple[Prospect, ...]:
    return tuple(one for one in offered if one.can_join and one.free)[:_MOST_PROPOSALS]
