"""A run of the planner by steps: reproducible, and ended by whoever asks; pins that clash, and rules of programs."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import Message
from core.planning.anneal.crew import Crew
from core.planning.errors import ContradictoryPinsError
from core.planning.files import read_problem
from core.planning.model.model import Model
from core.planning.moments import clock_of
from core.planning.outcome import VERSION, Limits, Outcome, Progress, Status
from core.planning.plan import Plan
from core.planning.problem import Pin, Problem, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule
from core.planning.search import campaign
from core.planning.search.solve import solve
from tests.unit.planning.builders import HELPER, LEAD, a_plan, a_problem, a_session, an_activity, at, judged

CASES = Path(__file__).parents[2] / "planner_cases"
WINTER = read_problem(CASES / "winter-1.problem.json.gz")
WEIGHTS = {"unscheduled": 1000, "required": 100, "trips": 1, "load": 1}
NINE, TEN = at("09:00"), at("10:00")
STEPS = 6


def planned(seed: int, problem: Problem = WINTER, **fields: Any) -> Outcome:
    """Return what a few steps make of a problem."""
    return solve(problem, **{"steps": STEPS, "workers": 1, "seed": seed, **fields})


def planned_rows(seed: int) -> Plan:
    return planned(seed).plan


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    assert planned_rows(1) == planned_rows(1)
    assert planned_rows(1) != planned_rows(2)


def test_an_outcome_says_how_it_came_about() -> None:
    outcome = planned(7, gap=0.001)
    assert (outcome.version, outcome.seed, outcome.steps, outcome.workers) == (VERSION, 7, STEPS, 1)
    assert outcome.limits == Limits(None, STEPS, 0.001)
    assert outcome.status is Status.STEPS_DONE
    assert outcome.bound <= outcome.cost


@pytest.mark.parametrize("name", ["winter-1", "winter-3-replan"])
def test_a_few_steps_make_a_plan_that_the_referee_approves(name: str) -> None:
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    outcome = planned(1, problem)
    verdict = judged(problem, outcome.plan)
    assert (verdict["valid"], verdict["held"], verdict["cost"]) == (True, verdict["sessions"], outcome.cost)


@pytest.mark.parametrize(("name", "again"), [("winter-2-tight", True), ("winter-3-replan", False)])
def test_a_plan_that_is_hard_to_mend_is_begun_again_but_never_a_published_one(
    name: str, *, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = list[Crew]()

    def counted(crew: Crew) -> None:
        begun.append(crew)
        starting_again(crew)

    starting_again = Crew.start_again
    monkeypatch.setattr(Crew, "start_again", counted)
    monkeypatch.setattr(campaign, "_PATIENCE", 0)
    monkeypatch.setattr(campaign, "_PLACING_MOVES", 1)
    problem = read_problem(CASES / f"{name}.problem.json.gz")
    outcome = planned(1, problem)
    assert bool(begun) is again
    assert judged(problem, outcome.plan)["valid"]


def test_searches_in_two_threads_do_not_disturb_each_other() -> None:
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(planned_rows, (1, 2))) == [planned_rows(1), planned_rows(2)]


def test_searches_in_two_processes_do_not_disturb_each_other() -> None:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        assert list(processes.map(planned_rows, (1, 2))) == [planned_rows(1), planned_rows(2)]


def after(times: int) -> Callable[[], bool]:
    """Return a question that is answered with yes from that time on."""
    asked = iter(range(1, 10**9))
    return lambda: next(asked) >= times


@pytest.mark.parametrize("times", [1, 2, 5, 30])
def test_who_cancels_gets_the_best_plan_so_far(times: int) -> None:
    news: list[Progress] = []
    outcome = planned(1, steps=10**6, cancelled=after(times), on_progress=news.append)
    assert outcome.status is Status.CANCELLED
    assert outcome.steps < times
    assert judged(WINTER, outcome.plan)["valid"]
    assert outcome.cost == min(found.cost for found in news)


def test_a_run_ends_when_the_gap_is_small_enough() -> None:
    outcome = planned(1, steps=10**6, gap=100.0)
    assert outcome.status is Status.GAP_REACHED
    assert outcome.cost - outcome.bound <= 100 * outcome.cost


def test_news_only_gets_better() -> None:
    news: list[Progress] = []
    outcome = planned(1, steps=60, on_progress=news.append)
    assert len(news) > 2
    for before, now in pairwise(news):
        assert now.cost <= before.cost
        assert now.bound >= before.bound
        assert now.cost < before.cost or now.bound > before.bound
    assert (news[-1].cost, news[-1].bound) == (outcome.cost, outcome.bound)


def contradiction(*pins: Pin, **fields: Any) -> ContradictoryPinsError:
    problem = a_problem(fields.pop("activity", an_activity()), **{"pins": pins, "weights": WEIGHTS, **fields})
    with pytest.raises(ContradictoryPinsError) as caught:
        planned(1, problem)
    return caught.value


@pytest.mark.parametrize(
    "pins",
    [
        (Pin("reading", 0, start=NINE), Pin("reading", 0, start=TEN)),
        (Pin("reading", 0, room="hall"), Pin("reading", 0, room="shed")),
        (Pin("reading", 0, staff={"lead": ("an",)}), Pin("reading", 0, staff={"helper": ("an",)})),
        (Pin("reading", 0, staff={"lead": ("an",)}), Pin("reading", 0, staff={"lead": ("bo",)})),
    ],
)
def test_two_pins_of_one_session_that_clash_are_both_named(pins: tuple[Pin, Pin]) -> None:
    assert contradiction(*pins).pins == (0, 1)


def test_two_pins_of_one_session_that_agree_are_both_kept() -> None:
    pins = (Pin("reading", 0, room="shed"), Pin("reading", 0, start=TEN), Pin("reading", 0, staff={"lead": ("bo",)}))
    outcome = planned(1, a_problem(an_activity(), pins=pins, weights=WEIGHTS))
    row = outcome.plan.sessions[0]
    assert (row.room, row.start, row.staff["lead"]) == ("shed", TEN, ("bo",))


def test_a_pin_in_a_role_without_places_cannot_be_kept() -> None:
    activity = an_activity(roles=(LEAD, HELPER, Role("guest", None, 0, 0)))
    assert contradiction(Pin("reading", 0, staff={"guest": ("an",)}), activity=activity).pins == (0,)


def test_a_pinned_session_without_any_start_cannot_be_held() -> None:
    assert contradiction(Pin("reading", 0), activity=an_activity(starts=())).pins == (0,)


@pytest.mark.parametrize(
    "rows",
    [
        (a_session(NINE, staff={"lead": ("an", "bo", "chen"), "helper": ("dai",)}),),
        (a_session(NINE), a_session(NINE, "chen", "dai", index=1)),
        (a_session(NINE), a_session(NINE, index=1, room="studio")),
        tuple(a_session(NINE, index=index) for index in range(6)),
    ],
)
def test_a_past_that_breaks_rules_is_named(rows: tuple[Any, ...]) -> None:
    found = contradiction(activity=an_activity(sessions=6), incumbent=a_plan(*rows), frozen_before=TEN)
    assert found.pins == ()
    assert set(found.frozen) <= {row.key for row in rows}
    assert found.frozen


@pytest.mark.parametrize(
    "problem",
    [
        a_problem(weights=WEIGHTS),
        a_problem(an_activity(), weights=WEIGHTS, people=()),
        a_problem(an_activity(), weights=WEIGHTS, rooms=()),
        a_problem(an_activity(sessions=0), weights=WEIGHTS),
        a_problem(an_activity(starts=()), weights=WEIGHTS),
        Problem("nothing"),
    ],
)
def test_where_nothing_can_be_held_the_best_plan_is_empty(problem: Problem) -> None:
    outcome = planned(1, problem)
    assert outcome.plan.sessions == ()
    assert outcome.status is Status.OPTIMAL
    assert outcome.cost == outcome.bound == 1000 * sum(activity.sessions for activity in problem.activities)


def test_an_activity_without_any_start_does_not_keep_others_from_theirs() -> None:
    outcome = planned(1, a_problem(an_activity(starts=()), an_activity("talk"), weights=WEIGHTS))
    assert [row.activity for row in outcome.plan.sessions] == ["talk", "talk"]


class InTheEvening(Rule):
    """A program's first series is held after noon alone; nothing of it is struck out before the search."""

    name = "test.evening"

    def constrain(self, model: Model) -> None:
        """Forbid its early slots."""
        for activity in set(model.activities) & {WINTER.activities[0].id}:
            for slot in model.variables.slots(activity):
                if clock_of(slot.start) < 12 * 60:
                    model.forbid(model.variables.held(slot))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:  # noqa: ARG002 - the plan says it all
        """Yield each early session."""
        for row in plan.sessions:
            if row.activity == WINTER.activities[0].id and clock_of(row.start) < 12 * 60:
                yield Breach(self.name, (row.key,), Message("Too early."))


def test_a_rule_of_a_program_is_kept_though_the_walkers_know_nothing_of_it() -> None:
    rule, free = InTheEvening(), planned(1)
    # Without times of day to pay for and sessions in the evening dear, the walkers would like to begin early.
    early = replace(
        WINTER,
        activities=tuple(
            replace(
                found, starts=tuple(start for start in found.starts if clock_of(start) < 14 * 60 or at_night(start))
            )
            if found.id == WINTER.activities[0].id
            else found
            for found in WINTER.activities
        ),
    )
    news: list[Progress] = []
    outcome = planned(1, early, steps=40, rules=(*DEFAULT_RULES, rule), on_progress=news.append)
    assert not list(rule.breaches(early, outcome.plan))
    verdict = judged(early, outcome.plan)
    assert (verdict["valid"], verdict["cost"]) == (True, outcome.cost)
    assert free.audit.valid
    assert [found.cost for found in news] == sorted((found.cost for found in news), reverse=True)


def at_night(start: int) -> bool:
    return clock_of(start) >= 18 * 60
