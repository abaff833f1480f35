"""A term's wishes as an allocation problem: children by the numbers of their lists, and of each no more than it wants.

What a child may not join, for whatever reason the desk or a program has, is left out of its wishes here, with the
reasons beside; so the problem has neither ages nor grades nor communities.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.allocation import problem as allocation
from core.allocation.settings import Settings
from core.db.models import ActivityIntake, Child, ChildCategoryMark, Registration, Term, WishList
from core.db.queries import registration as registration_queries
from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.registering import HOLDING, Way
from core.domain.ways import DEFAULT_WAY
from core.domain.wishing import circles
from core.hooks.joining import Obstacle
from core.services.allocating.eligible import obstacles_of_lists
from core.services.allocating.readiness import Standing, standings, ways_among
from core.services.allocating.settings import Wanted
from core.services.desk import Desk
from core.services.registration.desk import term_intake
from core.services.stations import scope_of_station
from core.services.wishes.earlier import empty_terms
from core.services.wishes.rounds import the_seed

_MOST_EARLIER: Final = 100
_TAKEN: Final = ".taken"


@dataclass(frozen=True)
class LeftOut:
    """A wish that its child can't be given, by the number of the list, and why."""

    number: str
    activity: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Built:
    """A term's problem, and the wishes that aren't in it."""

    problem: allocation.Problem
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True)
class _Term:
    """What is read once: what activities take, the lists with their children, who has places already."""

    row: Term
    intakes: Mapping[UUID, ActivityIntake]
    lists: Sequence[WishList]
    children: Mapping[UUID, Child]
    held: Mapping[UUID, frozenset[UUID]]
    taken: Counter[UUID]


def build(session: Session, desk: Desk, term_id: UUID, wanted: Wanted) -> Built:
    """Return the problem of a term in reach whose lots are drawn; ConflictError before."""
    if session.get(Term, term_id) is None:
        raise NotFoundError(Message("There is no such term."))
    with seeing_all(session):
        seed = the_seed(session, term_id)
        if not seed:
            raise ConflictError(Message("The lots aren't drawn yet: enter the public draw first."))
        return _built(session, desk, _term(session, term_id), wanted, seed)


def _term(session: Session, term_id: UUID) -> _Term:
    term = session.get_one(Term, term_id)
    intakes = {row.activity_id: row for row in session.scalars(registration_queries.intakes_of(term_id))}
    below = scope_of_station(session, term.station_id).stations
    lists = session.scalars(queries.lists_of(term_id)).all()
    here = Child.id.in_(select(WishList.child_id).where(WishList.term_id == term_id))
    found = session.scalars(select(Child).where(here, Child.left_on.is_(None), Child.station_id.in_(below)))
    children = {child.id: child for child in found}
    held, taken = _places(session, intakes)
    return _Term(term, intakes, [row for row in lists if row.child_id in children], children, held, taken)


def _places(session: Session, activities: Collection[UUID]) -> tuple[dict[UUID, frozenset[UUID]], Counter[UUID]]:
    """Return the activities in which each child has a place or is offered one, and how many are taken of each."""
    query = select(Registration.child_id, Registration.activity_id).where(
        Registration.activity_id.in_(activities), Registration.state.in_(HOLDING)
    )
    rows = session.execute(query).all()
    held: dict[UUID, frozenset[UUID]] = {}
    for child, activity in rows:
        held[child] = held.get(child, frozenset()) | {activity}
    return held, Counter(activity for _child, activity in rows)


def _built(session: Session, desk: Desk, term: _Term, wanted: Wanted, seed: str) -> Built:
    open_ones = {key: row for key, row in term.intakes.items() if row.way is Way.WISHES and row.given_up_on is None}
    ranked = {row.child_id: _own(row, open_ones, term.held.get(row.child_id, frozenset())) for row in term.lists}
    way = DEFAULT_WAY if wanted.minutes_between is None else wanted.minutes_between
    barred = obstacles_of_lists(session, desk, term.children, ranked, default_way=way)
    standing = standings(session, open_ones, desk.now)
    problem = allocation.Problem(
        term=str(term.row.id),
        seed=seed,
        settings=Settings(wanted.aims, wanted.together, way, wanted.held_back_percent),
        children=tuple(_children(session, desk, term, ranked, barred)),
        activities=(*_activities(open_ones, term, standing, wanted), *_taken(term)),
        together=tuple(_together(term.lists)),
        pins=tuple(
            allocation.Pin(row.number, taken_id(activity))
            for row in term.lists
            for activity in sorted(term.held.get(row.child_id, ()))
        ),
        ways=tuple(ways_among(session, standing.values(), way)),
    )
    numbers = {row.child_id: row.number for row in term.lists}
    left_out = (LeftOut(numbers[child], str(activity), found) for (child, activity), found in barred.items())
    return Built(problem, tuple(left_out))


def _own(row: WishList, offered: Collection[UUID], held: Collection[UUID]) -> list[UUID]:
    """Return what a list still asks for: what is offered to be wished for, and what the child hasn't got already."""
    return [key for key in map(UUID, row.ranked) if key in offered and key not in held]


def _children(
    session: Session,
    desk: Desk,
    term: _Term,
    ranked: Mapping[UUID, Sequence[UUID]],
    barred: Mapping[tuple[UUID, UUID], object],
) -> Iterable[allocation.Child]:
    limit = term_intake(session, term.row.id)
    earlier, marked = empty_terms(session, term.row), _marked(session, term.children, desk.now.date())
    for row in term.lists:
        key = row.child_id
        asked = tuple(str(one) for one in ranked[key] if (key, one) not in barred)
        has = len(term.held.get(key, ()))
        # What was decided before is more than a family asks for where it changed its mind since: it stays.
        most = min(
            each for each in (row.most, limit.per_child if limit else None, len(asked) + has) if each is not None
        )
        yield allocation.Child(
            id=row.number,
            age=0,
            wishes=asked,
            # Places that it has already stay, were they more than its family asks for now.
            most=max(most, has),
            held_back=key in marked,
            empty_terms=min(earlier[key], _MOST_EARLIER),
        )


def _marked(session: Session, children: Collection[UUID], today: date) -> frozenset[UUID]:
    """Return the children who are of a category today; which one nobody opens."""
    query = select(ChildCategoryMark.child_id).where(
        ChildCategoryMark.from_day.is_(None) | (ChildCategoryMark.from_day <= today),
        ChildCategoryMark.until_day.is_(None) | (ChildCategoryMark.until_day >= today),
    )
    return frozenset(session.scalars(query)) & frozenset(children)


def _activities(
    open_ones: Mapping[UUID, ActivityIntake], term: _Term, standing: Mapping[UUID, Standing], wanted: Wanted
) -> Iterable[allocation.Activity]:
    """Yield the activities with the places that are left; who has one already counts towards the fewest."""
    for key, intake in open_ones.items():
        stands, taken = standing[key], term.taken[key]
        yield allocation.Activity(
            id=str(key),
            capacity=max(0, intake.capacity - taken),
            minimum=max(1, intake.minimum - taken),
            times=stands.times,
            place=stands.place or None,
            room_ready=stands.room_ready,
            staffed=None if stands.staffed or not wanted.needs_staff else 0,
        )


def _taken(term: _Term) -> Iterable[allocation.Activity]:
    """Yield, beside each activity, the places that children with a list have in it already, so that they count.

    They have no times: what clashes with them is left out of the wishes.
    """
    listed = Counter(key for row in term.lists for key in term.held.get(row.child_id, ()))
    for key in sorted(listed):
        yield allocation.Activity(id=taken_id(key), capacity=listed[key], held_back=0)


def is_taken(activity: str) -> bool:
    """Tell whether an id stands for the places of an activity that were taken before."""
    return activity.endswith(_TAKEN)


def taken_id(activity: UUID | str) -> str:
    """Return the id that stands for the places of an activity that were taken before."""
    return f"{activity}{_TAKEN}"


def _together(lists: Sequence[WishList]) -> Iterable[allocation.Together]:
    numbers = {row.code: row.number for row in lists}
    for at, circle in enumerate(circles({row.code: row.friends for row in lists}), 1):
        yield allocation.Together(f"T{at}", tuple(sorted(numbers[code] for code in circle)))
