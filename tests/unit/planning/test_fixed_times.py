"""Staff around announced times and rooms: nothing moves unless it must, and what must moves alone."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from core.domain.errors import Message
from core.planning import what_if
from core.planning.model.model import Model
from core.planning.moments import day_of
from core.planning.outcome import Outcome
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Pin, Problem, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.planning.search.solve import solve
from tests.unit.planning.builders import (
    LEAD,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)

NINE, TEN, LATE, TUESDAY_NINE = at("09:00"), at("10:00"), at("10:30"), at("09:00", TUESDAY)
WEIGHTS = {
    "unscheduled": 1000,
    "required": 100,
    "wanted": 10,
    "rooms": 9,
    "times": 9,
    "trips": 1,
    "load": 1,
    "moved": 5,
    "rehoused": 2,
    "restaffed": 3,
}
#: Two helpers are wanted, and one is required.
TWO_HELPERS = (LEAD, Role("helper", None, 1, 2))


def planned_again(problem: Problem, **fields: object) -> Outcome:
    """Plan staff around what was announced, and see that the referee agrees."""
    outcome = solve(problem, steps=3, workers=1, fixed_times=True, **fields)
    verdict = judged(problem, outcome.plan)
    assert verdict["valid"]
    assert verdict["cost"] == outcome.cost
    assert outcome.bound <= outcome.cost
    return outcome


def moved(problem: Problem, plan: Plan) -> set[SessionKey]:
    """Return the announced sessions that are not held where and when they were."""
    now = {row.key: (row.start, row.room) for row in plan.sessions}
    return {key for key, row in problem.incumbent_of.items() if now.get(key) != (row.start, row.room)}


def test_what_would_be_cheaper_elsewhere_stays() -> None:
    published = a_plan(a_session(NINE), a_session(LATE, "chen", "dai", index=1, room="shed"))
    problem = a_problem(an_activity(), incumbent=published, weights={**WEIGHTS, "moved": 0, "rehoused": 0})
    assert moved(problem, solve(problem, steps=3, workers=1).plan)
    assert not moved(problem, planned_again(problem).plan)


def test_whose_room_is_too_small_goes_elsewhere_alone() -> None:
    published = a_plan(a_session(NINE), a_session(NINE, "chen", "dai", activity="talk", room="studio"))
    rooms = (a_room(), a_room("studio"), a_room("aula", capacity=50))
    problem = a_problem(
        an_activity(sessions=1), an_activity("talk", sessions=1), rooms=rooms, incumbent=published, weights=WEIGHTS
    )
    outcome = planned_again(what_if.with_activity(problem, "reading", size=40))
    assert moved(problem, outcome.plan) == {("reading", 0)}
    assert next(row.room for row in outcome.plan.sessions if row.activity == "reading") == "aula"


def test_more_adults_are_found_without_moving_anything() -> None:
    published = a_plan(a_session(NINE), a_session(NINE, "chen", "dai", activity="talk", room="studio"))
    activities = (an_activity(name, sessions=1, roles=TWO_HELPERS) for name in ("reading", "talk"))
    people = tuple(a_person(name) for name in ("an", "bo", "chen", "dai", "eva"))
    problem = a_problem(*activities, people=people, incumbent=published, weights=WEIGHTS)
    outcome = planned_again(what_if.with_activity(problem, "reading", min_adults=3))
    assert not moved(problem, outcome.plan)
    assert set(outcome.plan.sessions[0].people()) == {"an", "bo", "eva"}


def test_somebody_who_is_only_wanted_elsewhere_comes_over_before_anything_moves() -> None:
    talk = a_session(NINE, "dai", None, activity="talk", room="studio")
    talk = replace(talk, staff={"lead": ("dai",), "helper": ("chen", "eva")})
    published = a_plan(a_session(NINE), talk)
    activities = (an_activity(name, sessions=1, roles=TWO_HELPERS) for name in ("reading", "talk"))
    people = tuple(a_person(name) for name in ("an", "bo", "chen", "dai", "eva"))
    problem = a_problem(*activities, people=people, incumbent=published, weights=WEIGHTS)
    outcome = planned_again(what_if.with_activity(problem, "reading", min_adults=3))
    assert not moved(problem, outcome.plan)
    assert {len(row.people()) for row in outcome.plan.sessions} == {2, 3}


def test_what_cant_be_safe_at_its_time_is_held_at_another_and_nothing_else_moves() -> None:
    published = a_plan(a_session(NINE), a_session(TEN, activity="talk"))
    activities = (an_activity("reading", sessions=1, roles=TWO_HELPERS), an_activity("talk", sessions=1))
    people = (
        a_person("an"),
        a_person("bo"),
        a_person("chen", available=((at("00:00", TUESDAY), at("23:00", TUESDAY)),)),
    )
    problem = a_problem(*activities, people=people, incumbent=published, weights=WEIGHTS)
    outcome = planned_again(what_if.with_activity(problem, "reading", min_adults=3))
    assert moved(problem, outcome.plan) == {("reading", 0)}
    assert outcome.plan.sessions[0].start >= at("00:00", TUESDAY)


def a_course(*days: str, **fields: object) -> Problem:
    """Return a course of three sessions, announced for nine in the hall on Monday, Tuesday and Wednesday."""
    announced = a_plan(*(a_session(at("09:00", day), index=n) for n, day in enumerate((MONDAY, TUESDAY, WEDNESDAY))))
    starts = tuple(at(clock, day) for day in days for clock in ("09:00", "10:30"))
    course = an_activity(ordered=True, sessions=3, starts=starts)
    return a_problem(course, incumbent=announced, weights=WEIGHTS, **fields)


def test_a_session_of_a_course_moves_between_those_that_stay() -> None:
    rooms = (a_room(open=((at("00:00"), at("23:00")), (at("10:30", TUESDAY), at("23:00", WEDNESDAY)))),)
    problem = a_course(MONDAY, TUESDAY, WEDNESDAY, rooms=rooms)
    outcome = planned_again(problem)
    assert moved(problem, outcome.plan) == {("reading", 1)}
    assert [row.start for row in outcome.plan.sessions][1] == at("10:30", TUESDAY)


def test_those_behind_it_move_where_it_no_longer_fits_between() -> None:
    problem = a_course(MONDAY, WEDNESDAY, "2027-01-28")
    outcome = planned_again(problem)
    assert moved(problem, outcome.plan) == {("reading", 1), ("reading", 2)}
    assert len(outcome.plan.sessions) == 3


def test_what_is_pinned_elsewhere_goes_there() -> None:
    published = a_plan(a_session(NINE), a_session(LATE, "chen", "dai", index=1))
    pin = Pin("reading", 1, start=TUESDAY_NINE)
    problem = a_problem(an_activity(), pins=(pin,), incumbent=published, weights=WEIGHTS)
    outcome = planned_again(problem)
    assert moved(problem, outcome.plan) == {("reading", 1)}


def test_the_past_stays_and_what_is_new_is_held_beside_it() -> None:
    published = a_plan(a_session(NINE), a_session(TUESDAY_NINE, index=1))
    activities = (an_activity(), an_activity("talk", sessions=1))
    problem = a_problem(*activities, incumbent=published, frozen_before=at("00:00", TUESDAY), weights=WEIGHTS)
    outcome = planned_again(problem)
    assert not moved(problem, outcome.plan)
    assert len(outcome.plan.sessions) == 3


def test_without_an_incumbent_it_is_a_plan_like_any_other() -> None:
    assert len(planned_again(a_problem(an_activity(), weights=WEIGHTS)).plan.sessions) == 2


def could_all_stay(problem: Problem, rows: list[PlannedSession]) -> bool:
    """Say by trying all staff whether sessions can be held as announced at once."""
    nobody_or = ((), *((person.id,) for person in problem.people))
    choices = []
    for row in rows:
        staffed = [
            replace(row, staff={"lead": lead, "helper": helper}) for lead, helper in product(nobody_or, nobody_or)
        ]
        choices.append([one for one in staffed if judged(problem, Plan("tiny", (one,)))["valid"]])
    return any(judged(problem, Plan("tiny", tuple(found)))["valid"] for found in product(*choices))


def a_random_change(seed: int) -> Problem:
    """Return a problem with an announced plan, after which somebody fell ill and more children were counted."""
    rng = random.Random(seed)  # noqa: S311 - no secret hangs on it
    people = tuple(
        a_person(name, household=rng.choice(["li", None]), max_per_day=rng.choice([1, 2]))
        for name in ("an", "bo", "chen", "dai")
    )
    activities = tuple(an_activity(name, sessions=n, min_adults=1) for name, n in (("reading", 2), ("talk", 1)))
    before = a_problem(*activities, people=people, rooms=(a_room(), a_room("studio", capacity=15)), weights=WEIGHTS)
    plan = construct(Task(before, DEFAULT_RULES, DEFAULT_PREFERENCES, seed, 1), seed, Plan("tiny"))
    after = replace(before, incumbent=plan)
    after = what_if.with_person_away(after, rng.choice(people).id, day_of(NINE), day_of(NINE))
    after = what_if.with_activity(after, "reading", min_adults=2, size=rng.choice([10, 18]))
    return what_if.with_activity(after, "talk", min_adults=rng.choice([1, 2]))


def test_whatever_moves_could_not_have_stayed_beside_what_stays() -> None:
    moves = 0
    for problem in map(a_random_change, range(20)):
        outcome = planned_again(problem)
        elsewhere = moved(problem, outcome.plan)
        stay = [row for key, row in problem.incumbent_of.items() if key not in elsewhere]
        assert not any(could_all_stay(problem, [*stay, problem.incumbent_of[key]]) for key in elsewhere)
        moves += bool(elsewhere) and bool(stay)
    assert moves > 3


class NobodyElseLeads(Rule):
    """A program of which an leads every session, which the search doesn't know beforehand."""

    name = "sst.nobody_else_leads"

    def constrain(self, model: Model) -> None:
        """Forbid all others."""
        for slot in model.variables.all_slots():
            for person, serving in model.variables.staff(slot, "lead").items():
                if person != "an":
                    model.forbid(serving)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:  # noqa: ARG002 - the plan says it all
        """Yield each session that somebody else leads."""
        for row in plan.sessions:
            if row.staff["lead"] not in {(), ("an",)}:
                yield Breach(self.name, (row.key,), Message("No."))


def test_rules_of_programs_hold_around_fixed_times_too() -> None:
    published = a_plan(a_session(NINE), a_session(LATE, "chen", "dai", index=1))
    problem = a_problem(an_activity(), incumbent=published, weights={**WEIGHTS, "restaffed": 0})
    outcome = planned_again(problem, rules=(*DEFAULT_RULES, NobodyElseLeads()))
    assert not moved(problem, outcome.plan)
    assert [row.staff["lead"] for row in outcome.plan.sessions] == [("an",), ("an",)]
