"""Who could take a place, the best first: by what the planner reckons it costs, where it can tell, and by fairness."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import DutyRequest, Volunteer
from core.db.queries import replies as queries
from core.domain.errors import DomainError
from core.domain.replies import LIVE, REFUSED, RequestState
from core.domain.serving import enough_adults
from core.planning.moments import covers, from_datetime, merged
from core.planning.plan import Plan as PlanDocument
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.services.adults import Homes
from core.services.desk import Desk
from core.services.planning.people import may_serve
from core.services.planning.problem import term_problem
from core.services.planning.windows import moments
from core.services.replies.fitness import Diary, obstacle
from core.services.replies.occasions import Occasion
from core.services.replies.safety import safety_of
from core.services.stations import scope_of_station

if TYPE_CHECKING:
    from core.planning.repair import RepairDesk

#: For whom the planner can't tell what it costs.
_UNKNOWN: Final = 1_000_000
#: So many of those who could take a place the planner is asked about.
_MOST: Final = 50


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a place; `mends`: with them the session is safe. `cost` is the planner's, if it knows.

    `duties` counts what they have in the term so far, `liking` is theirs for the activity.
    """

    volunteer: Volunteer
    mends: bool
    cost: int | None
    duties: int
    liking: int

    @property
    def rank(self) -> tuple[bool, int, int, int, str]:
        """The lower, the better."""
        return (
            not self.mends,
            _UNKNOWN if self.cost is None else self.cost,
            -self.liking,
            self.duties,
            self.volunteer.number,
        )


def ranked(
    session: Session, desk: Desk, occasion: Occasion, role: str, planner: "RepairDesk | None"
) -> tuple[Candidate, ...]:
    """Return the people who could take a place in a role and aren't asked or in another answer, the best first.

    They fit, are available then by their own word, and haven't said no to that time. `planner` reckons what each costs.
    """
    stations = scope_of_station(session, occasion.row.station_id).stations
    people = list(session.scalars(queries.candidates(stations)))
    keys = [one.id for one in people]
    diary = Diary.around(session, occasion, keys)
    spoken = _spoken(session, occasion, keys)
    fit = [
        one
        for one in people
        if one.id not in spoken
        and _available(one, occasion, desk.now)
        and obstacle(session, desk, occasion, role, one, diary) is None
    ]
    costs = {} if planner is None else _costs(planner, occasion, role)
    found = (
        Candidate(
            volunteer=one,
            mends=_mends(occasion, one, diary.homes, desk.now),
            cost=costs.get(one.id),
            duties=diary.in_term.get(one.id, 0),
            liking=next((each.liking for each in one.likes if each.activity_id == occasion.row.activity_id), 0),
        )
        for one in fit
    )
    return tuple(sorted(found, key=lambda one: one.rank))


def _spoken(session: Session, occasion: Occasion, people: list[UUID]) -> set[UUID]:
    """Return who is asked or has agreed at that time, said no to it, or didn't answer for this very session."""
    last: dict[tuple[UUID, UUID], DutyRequest] = {}
    for one in session.scalars(queries.words_at(people, occasion.starts_at, occasion.ends_at)):
        last[one.volunteer_id, one.session_id] = one
    here = occasion.row.id
    return {
        one.volunteer_id
        for one in last.values()
        if one.state in LIVE | REFUSED or (one.state is RequestState.EXPIRED and one.session_id == here)
    }


def _available(volunteer: Volunteer, occasion: Occasion, now: datetime) -> bool:
    day = occasion.starts_at.date()
    if not may_serve(volunteer, day, today=now.date()):
        return False
    windows = [
        moments(day, one.from_time, one.to_time)
        for one in volunteer.availabilities
        if one.weekday in {None, day.weekday()}
        and (one.first is None or one.first <= day)
        and (one.last is None or day <= one.last)
    ]
    return covers(merged(windows), from_datetime(occasion.starts_at), from_datetime(occasion.ends_at))


def _mends(occasion: Occasion, volunteer: Volunteer, homes: Homes, now: datetime) -> bool:
    if occasion.plan is not None:
        return False
    today = now.date()
    if safety_of(occasion.row, homes, today=today).safe:
        return False
    return safety_of(occasion.row, homes, today=today, also=volunteer).safe


def planner_for(session: Session, desk: Desk, occasion: Occasion) -> "RepairDesk | None":
    """Return the planner with a session's published term before it.

    None where it can't reckon: for a draft, with pins that have lapsed, or a plan that breaks other rules by now.
    """
    # Imported where it is used: it brings the compiled search with it, and the pages import this module.
    from core.planning.repair import RepairDesk  # noqa: PLC0415

    if occasion.plan is not None:
        return None
    try:
        term = occasion.row.activity.term
        problem = term_problem(session, desk.hooks, term, timezone=desk.timezone, now=desk.now)
        if (incumbent := problem.incumbent) is None:
            return None
        rules = (*DEFAULT_RULES, *desk.hooks.planning_rules())
        return RepairDesk(_bearable(problem, incumbent), incumbent, rules=rules)
    except DomainError:
        return None


def _costs(planner: "RepairDesk", occasion: Occasion, role: str) -> Mapping[UUID, int]:
    """Return by person what it costs the whole term if they serve there, as the planner reckons."""
    key = (str(occasion.row.activity_id), occasion.row.position)
    try:
        repairs = planner.place(key, role, limit=_MOST)
    except DomainError:
        return {}
    return {
        UUID(person.person): repair.difference
        for repair in repairs.ranked
        for person in repair.people
        if key in person.gains
    }


def _bearable(problem: Problem, plan: PlanDocument) -> Problem:
    """Return the problem with no more adults asked of an activity than its worst session has: it is to be mended."""
    least: dict[str, int] = {}
    for row in plan.sessions:
        adults = [person for one in row.people() if (person := problem.person_of.get(one)) is not None and person.adult]
        wanted = problem.activity_of[row.activity].min_adults
        if not enough_adults([one.household for one in adults], wanted):
            few = min(len(adults), 1, wanted)
            least[row.activity] = min(few, least.get(row.activity, wanted))
    activities = tuple(replace(one, min_adults=least[one.id]) if one.id in least else one for one in problem.activities)
    return replace(problem, activities=activities)
