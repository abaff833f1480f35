"""The planner as a whole: plans that the referee calls valid, in little time, and what it says when it can't."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import Message
from core.planning.errors import AuditFailedError, ContradictoryPinsError
from core.planning.files import read_problem
from core.planning.model.model import Model
from core.planning.moments import clock_of
from core.planning.outcome import Progress, Status
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Pin, Problem, Relation
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule
from core.planning.search.solve import solve
from core.planning.seating import seating
from tests.unit.planning import referee
from tests.unit.planning.builders import (
    TUESDAY,
    Exactly,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)

CASES = Path(__file__).parents[2] / "planner_cases"
NINE, TEN = at("09:00"), at("10:00")
WEIGHTS = {"unscheduled": 1000, "required": 100, "trips": 1, "load": 1}


@pytest.mark.parametrize("name", ["winter-1", "winter-2-tight"])
def test_everything_is_held_and_staffed_and_the_referee_agrees_on_what_it_costs(name: str) -> None:
    verdict = planned_until_nothing_is_short(name)
    assert verdict["held"] == verdict["sessions"]
    assert verdict["amounts"].get("required", 0) == 0


@pytest.mark.verify
@pytest.mark.parametrize("name", ["weekends-1", "winter-3-replan", "summer-1"])
def test_everything_is_held_in_harder_terms_too(name: str) -> None:
    # How long the last places take to fill hangs on the machine; the benchmark shows it.
    verdict = planned_until_nothing_is_short(name)
    assert verdict["held"] == verdict["sessions"]


def planned_until_nothing_is_short(name: str) -> dict[str, Any]:
    """Plan an instance, ending as soon as nothing is short; see that referee and planner agree on the plan."""
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    news: list[Progress] = []
    outcome = solve(
        problem, seconds=60, seed=1, workers=4, on_progress=news.append, cancelled=lambda: nothing_short(news)
    )
    verdict = referee.judge(problem.to_json(), outcome.plan.to_json())
    assert verdict["valid"]
    assert verdict["cost"] == outcome.cost == outcome.audit.cost
    assert outcome.bound <= outcome.cost
    return dict(verdict)


def nothing_short(news: list[Progress]) -> bool:
    return bool(news) and not news[-1].amounts["unscheduled"] and not news[-1].amounts["required"]


def test_a_small_problem_is_solved_to_the_proved_optimum_and_ends_early() -> None:
    problem = a_problem(an_activity(), weights=WEIGHTS)
    outcome = solve(problem, seconds=30, workers=4)
    # Two sessions of two people: four people once each make a load of 4 and 4 trips.
    assert outcome.status is Status.OPTIMAL
    assert outcome.cost == outcome.bound == 8
    assert outcome.seconds < 30


def test_a_problem_with_nothing_in_it_has_the_empty_plan() -> None:
    outcome = solve(a_problem(rooms=(), people=()), seconds=5)
    assert outcome.plan == a_plan()
    assert outcome.status is Status.OPTIMAL


def test_without_people_nothing_unsafe_is_held() -> None:
    outcome = solve(a_problem(an_activity(), people=(), weights=WEIGHTS), seconds=2, workers=1)
    assert outcome.plan == a_plan()
    assert outcome.cost == 2000


def test_progress_only_gets_better_and_ends_with_the_outcome() -> None:
    news: list[Progress] = []
    problem = read_problem(CASES / "winter-1.problem.json.gz")
    outcome = solve(problem, seconds=1, workers=2, on_progress=news.append)
    assert news
    assert [found.cost for found in news] == sorted((found.cost for found in news), reverse=True)
    assert [found.bound for found in news] == sorted(found.bound for found in news)
    assert (news[-1].cost, news[-1].bound) == (outcome.cost, outcome.bound)
    assert news[-1].amounts == outcome.audit.amounts


def test_who_cancels_gets_the_best_plan_so_far() -> None:
    problem = read_problem(CASES / "winter-1.problem.json.gz")
    outcome = solve(problem, seconds=60, workers=2, cancelled=lambda: True)
    assert outcome.status is Status.CANCELLED
    assert judged(problem, outcome.plan)["valid"]


def test_an_outcome_can_be_sent_to_another_process_and_written_as_a_plan() -> None:
    outcome = solve(a_problem(an_activity(), weights=WEIGHTS), seconds=40, workers=2)
    assert pickle.loads(pickle.dumps(outcome)) == outcome  # noqa: S301 - it is our own
    assert Plan.from_json(outcome.to_json()) == outcome.plan
    assert outcome.to_json()["bound"] == outcome.bound


def test_pins_that_clash_are_named_and_only_those() -> None:
    pins = (Pin("talk", 0), Pin("reading", 0, start=NINE, room="hall"), Pin("care", 0, start=NINE, room="hall"))
    activities = [an_activity(name, sessions=1) for name in ("reading", "talk", "care")]
    with pytest.raises(ContradictoryPinsError) as caught:
        solve(a_problem(*activities, pins=pins), seconds=8, workers=1)
    assert caught.value.pins == (1, 2)
    assert "reading #1 (on 2027-01-25T09:00, in hall)" in str(caught.value)


def test_a_pin_that_nobody_could_keep_is_named() -> None:
    pins, rooms = (Pin("reading", 0, room="shed"), Pin("reading", 1)), (a_room(), a_room("shed", capacity=1))
    problem = a_problem(an_activity(), pins=pins, rooms=rooms)
    with pytest.raises(ContradictoryPinsError) as caught:
        solve(problem, seconds=20, workers=1)
    assert caught.value.pins == (0,)


def test_a_past_that_breaks_a_rule_is_named() -> None:
    problem = a_problem(
        an_activity(), incumbent=a_plan(a_session(NINE, "an", None)), frozen_before=at("00:00", TUESDAY)
    )
    with pytest.raises(ContradictoryPinsError) as caught:
        solve(problem, seconds=40, workers=1)
    assert caught.value.frozen == (("reading", 0),)


def test_a_pinned_session_of_a_course_brings_those_before_it() -> None:
    course = an_activity(ordered=True, sessions=2)
    problem = a_problem(course, pins=(Pin("reading", 1, start=at("09:00", TUESDAY)),), weights=WEIGHTS)
    outcome = solve(problem, seconds=40, workers=2)
    assert judged(problem, outcome.plan)["valid"]
    assert [row.index for row in outcome.plan.sessions] == [0, 1]


def test_a_published_plan_stays_but_for_what_must_change() -> None:
    published = a_plan(a_session(NINE), a_session(TEN, "an", "bo", index=1))
    people = (a_person("an"), a_person("bo", available=((NINE, TEN),)), a_person("chen"))
    weights = {**WEIGHTS, "moved": 400, "rehoused": 80, "restaffed": 120}
    problem = a_problem(an_activity(), people=people, incumbent=published, weights=weights)
    outcome = solve(problem, seconds=40, workers=4)
    assert outcome.status is Status.OPTIMAL
    assert outcome.plan == a_plan(a_session(NINE), a_session(TEN, "an", "chen", index=1))


def test_sessions_that_need_each_other_are_held_together() -> None:
    kinds = ("together", "same_venue", "needs")
    ties = tuple(Relation(kind, ("reading", k), ("talk", k)) for kind in kinds for k in (0, 1))
    problem = a_problem(an_activity(), an_activity("talk"), relations=ties, weights=WEIGHTS, travel=Problem("x").travel)
    outcome = solve(problem, seconds=40, workers=2)
    assert judged(problem, outcome.plan)["valid"]
    assert len(outcome.plan.sessions) == 4


class NotBeforeTen(Rule):
    """A program's children come late: its sessions begin no earlier than its extension says."""

    name = "sst.not_before"

    def constrain(self, model: Model) -> None:
        """Strike out the early slots."""
        for activity in model.activities:
            for slot in model.variables.slots(activity):
                if clock_of(slot.start) < model.problem.extensions["sst"]["not_before"]:
                    model.forbid(model.variables.held(slot))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each early session."""
        for key, meeting in seating(problem, plan).meetings.items():
            if clock_of(meeting.start) < problem.extensions["sst"]["not_before"]:
                yield Breach(self.name, (key,), Message("%(activity)s is too early.", {"activity": key[0]}))


class TheStudio(Preference):
    """A program prefers the studio."""

    name = "sst.studio"

    def weight(self, problem: Problem) -> int:
        """Return the extension's price."""
        return int(problem.extensions["sst"]["studio"])

    def penalize(self, model: Model) -> None:
        """Count sessions elsewhere."""
        for slot in model.variables.all_slots():
            elsewhere = model.variables.held(slot) - model.variables.in_room(slot, "studio")
            model.penalize(self.name, self.weight(model.problem), elsewhere)

    def amount(self, problem: Problem, plan: Plan) -> int:
        """Count sessions elsewhere."""
        return sum(meeting.row.room != "studio" for meeting in seating(problem, plan).meetings.values())


def test_a_program_brings_its_own_rule_and_preference() -> None:
    problem = a_problem(an_activity(), weights=WEIGHTS, extensions={"sst": {"not_before": 600, "studio": 50}})
    plain = solve(problem, seconds=40, workers=2)
    outcome = solve(
        problem,
        seconds=40,
        workers=2,
        rules=(*DEFAULT_RULES, NotBeforeTen()),
        preferences=(*DEFAULT_PREFERENCES, TheStudio()),
    )
    assert {row.room for row in outcome.plan.sessions} == {"studio"}
    assert all(clock_of(row.start) >= 600 for row in outcome.plan.sessions)
    assert len(outcome.plan.sessions) == 2
    assert outcome.status is Status.OPTIMAL
    assert outcome.audit.amounts["sst.studio"] == 0
    assert any(clock_of(row.start) < 600 or row.room != "studio" for row in plain.plan.sessions)


class Blind(Rule):
    """A rule whose constraint was forgotten."""

    name = "blind"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Complain of pinned sessions that have a room."""
        for key in seating(problem, plan).meetings:
            yield Breach(self.name, (key,), Message("No."))


def test_a_rule_without_its_constraint_is_caught_before_a_plan_is_returned() -> None:
    problem = a_problem(an_activity(), pins=(Pin("reading", 0),), weights=WEIGHTS)
    with pytest.raises(AuditFailedError, match="blind"):
        solve(problem, seconds=8, workers=1, rules=(*DEFAULT_RULES, Blind()))


def test_a_bound_is_never_above_a_plan() -> None:
    problem = a_problem(an_activity(), weights=WEIGHTS)
    plan = a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1))
    outcome = solve(problem, seconds=40, workers=2, rules=(*DEFAULT_RULES, Exactly(plan)))
    assert outcome.bound <= outcome.cost
