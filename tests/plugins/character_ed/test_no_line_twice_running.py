"""A group's sessions alternate between the lines; without the rule it may have the same line again and again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from core.domain.vocabulary import ActivityLine
from core.hooks.types import ActivityOutline
from core.planning.explain import explain
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Activity, Group, Problem
from core.planning.rules import DEFAULT_RULES
from plugins.character_ed.mix import Mix, asked
from plugins.character_ed.rules.no_line_twice_running import NoLineTwiceRunning
from tests.plugins.small_terms import (
    a_person,
    a_plan,
    a_problem,
    a_session,
    an_activity,
    an_outline,
    at,
    best_plan,
    is_allowed,
    leaves_alone,
    starts_of,
)

RULE = NoLineTwiceRunning()
HONESTY, THRIFT, SCIENCE = (f"character_ed.{name}" for name in ("honesty", "thrift", "science"))
LINES = {HONESTY: ActivityLine.VIRTUES, THRIFT: ActivityLine.VIRTUES, SCIENCE: ActivityLine.LEARNING}
SATURDAY, SUNDAY, LATER, LAST = "12-05 09:00", "12-06 09:00", "12-12 09:00", "12-13 09:00"
STARTS = (SATURDAY, SUNDAY, LATER, LAST)


def a_series(name: str, starts: tuple[str, ...] = STARTS, **changes: Any) -> Activity:
    return an_activity(name, starts, **{"groups": ("owls",), **changes})


def an_own_outline(activity: Activity) -> ActivityOutline:
    return replace(an_outline(activity, "character_ed.open_class"), line=LINES[activity.id])


def a_term(*activities: Activity, alternate: bool = True, **changes: Any) -> Problem:
    extension = asked([an_own_outline(activity) for activity in activities], Mix(alternate=alternate))
    values = {"people": (a_person("ann"), a_person("bo")), "groups": (Group("owls"), Group("larks")), **changes}
    return a_problem(activities, extensions={"character_ed": dict(extension)}, **values)


def broken(problem: Problem, *sessions: Any) -> list[tuple[tuple[str, int], ...]]:
    return [breach.sessions for breach in RULE.breaches(problem, a_plan(*sessions))]


def test_the_rule_changes_the_plan_of_a_group() -> None:
    # Whoever teaches virtues comes on the first weekend, whoever teaches science on the second.
    weekend = (at("12-05 00:00"), at("12-07 00:00"))
    early, late = a_person("ann", available=(weekend,)), a_person("bo")
    problem = a_term(a_series(HONESTY), a_series(SCIENCE, sessions=1), people=(early, late))
    held = best_plan(problem, RULE)
    first, last = starts_of(held, HONESTY)
    assert first < starts_of(held, SCIENCE)[0] < last
    assert broken(problem, a_session(HONESTY, 0, SATURDAY), a_session(HONESTY, 1, SUNDAY))


def test_a_series_with_nothing_to_put_between_is_cut_short_and_the_reason_is_told() -> None:
    problem = a_term(a_series(HONESTY))
    assert len(best_plan(problem).sessions) == 2
    plan = best_plan(problem, RULE)
    assert len(plan.sessions) == 1
    (short,) = explain(problem, plan, seconds=2, workers=1, rules=(*DEFAULT_RULES, RULE))
    assert (short.activity, short.index) == (HONESTY, 1)
    assert "3 held back by a rule (A group doesn't have the same line twice running.)" in str(short.reason)


def test_two_of_one_line_that_follow_one_another_are_a_breach_of_both_series() -> None:
    problem = a_term(a_series(HONESTY), a_series(THRIFT))
    sessions = (a_session(HONESTY, 0, SATURDAY), a_session(THRIFT, 0, LAST))
    assert broken(problem, *sessions) == [((HONESTY, 0), (THRIFT, 0))]
    (breach,) = RULE.breaches(problem, a_plan(*sessions))
    assert "which is on the same line" in str(breach.message)


def test_another_line_between_the_two_is_enough() -> None:
    problem = a_term(a_series(HONESTY), a_series(SCIENCE))
    assert not broken(
        problem, a_session(HONESTY, 0, SATURDAY), a_session(SCIENCE, 0, LATER), a_session(HONESTY, 1, LAST)
    )


def test_groups_have_turns_of_their_own() -> None:
    problem = a_term(a_series(HONESTY), a_series(THRIFT, groups=("larks",)))
    assert not broken(problem, a_session(HONESTY, 0, SATURDAY), a_session(THRIFT, 0, SUNDAY))


def test_a_session_for_two_groups_follows_the_last_one_of_each() -> None:
    problem = a_term(a_series(HONESTY), a_series(THRIFT, groups=("larks", "owls")), a_series(SCIENCE))
    sessions = (a_session(HONESTY, 0, SATURDAY), a_session(THRIFT, 0, LATER))
    assert broken(problem, *sessions)
    assert not broken(problem, *sessions, a_session(SCIENCE, 0, SUNDAY))


def test_other_programs_and_activities_without_groups_do_not_count() -> None:
    other, loose = a_series("sst.circle"), a_series(SCIENCE, groups=())
    lines = asked([an_own_outline(loose), an_outline(other, "sst.circle")], Mix())
    assert lines == {}


def test_a_station_may_let_lines_repeat() -> None:
    problem = a_term(a_series(HONESTY), alternate=False)
    sessions = (a_session(HONESTY, 0, SATURDAY), a_session(HONESTY, 1, SUNDAY))
    assert not broken(problem, *sessions)
    assert is_allowed(problem, RULE, a_plan(*sessions))


def test_what_lies_behind_us_is_not_judged_but_remembered() -> None:
    published = (a_session(HONESTY, 0, SATURDAY, "ann"), a_session(HONESTY, 1, SUNDAY, "ann"))
    problem = a_term(
        a_series(HONESTY, sessions=3), a_series(SCIENCE), incumbent=a_plan(*published), frozen_before=at(LATER)
    )
    assert not broken(problem, *published, a_session(SCIENCE, 0, LATER), a_session(HONESTY, 2, LAST))
    assert broken(problem, *published, a_session(HONESTY, 2, LATER)) == [((HONESTY, 1), (HONESTY, 2))]
    assert starts_of(best_plan(problem, RULE), HONESTY) == [at(SATURDAY), at(SUNDAY), at(LAST)]


def test_sessions_at_one_moment_follow_on_the_same_last_time() -> None:
    problem = a_term(a_series(HONESTY), a_series(SCIENCE), a_series(THRIFT))
    both = (a_session(SCIENCE, 0, SATURDAY), a_session(HONESTY, 0, SATURDAY))
    assert not broken(problem, *both)
    assert broken(problem, *both, a_session(THRIFT, 0, LATER)) == [((HONESTY, 0), (THRIFT, 0))]
    assert broken(problem, *both, a_session(SCIENCE, 1, LATER)) == [((SCIENCE, 0), (SCIENCE, 1))]


def test_what_is_not_decided_on_stays_as_it_is_though_it_breaks_the_rule() -> None:
    problem = a_term(a_series(HONESTY), a_series(THRIFT, (LAST,), sessions=1))
    twice = a_plan(a_session(HONESTY, 0, SATURDAY), a_session(HONESTY, 1, SUNDAY))
    assert leaves_alone(problem, RULE, twice, THRIFT)


@pytest.mark.parametrize("frozen", [False, True])
def test_constraint_and_check_agree_on_every_plan(*, frozen: bool) -> None:
    activities = (a_series(HONESTY, sessions=4), a_series(SCIENCE, (SUNDAY, LATER)), a_series(THRIFT, (LATER, LAST)))
    published = a_plan(a_session(HONESTY, 0, SATURDAY), a_session(HONESTY, 1, SUNDAY))
    history: dict[str, Any] = {"incumbent": published, "frozen_before": at(LATER)} if frozen else {}
    problem = a_term(*activities, **history)
    verdicts = set()
    for plan in _all_plans(problem):
        verdict = not list(RULE.breaches(problem, plan))
        assert is_allowed(problem, RULE, plan) is verdict, plan
        verdicts.add(verdict)
    assert verdicts == {True, False}


def test_constraint_and_check_agree_around_what_is_held_fixed() -> None:
    problem = a_term(a_series(HONESTY, sessions=4), a_series(SCIENCE, sessions=4))
    verdicts = set()
    for fixed, decided in product(product([False, True], repeat=len(STARTS)), repeat=2):
        rows = _rows(SCIENCE, STARTS, decided)
        plan = a_plan(*_rows(HONESTY, STARTS, fixed), *rows)
        verdict = not [breach for breach in RULE.breaches(problem, plan) if not _is_beyond_help(plan, breach.sessions)]
        assert _is_allowed_beside(problem, plan.without([SCIENCE]), rows) is verdict, plan
        verdicts.add(verdict)
    assert verdicts == {True, False}


def _is_beyond_help(plan: Plan, keys: Sequence[SessionKey]) -> bool:
    """Tell whether two sessions are held fixed with no start between them."""
    start_of = {row.key: row.start for row in plan.sessions}
    first, second = (STARTS.index(next(text for text in STARTS if at(text) == start_of[key])) for key in keys)
    return {name for name, _ in keys} == {HONESTY} and second - first == 1


def _is_allowed_beside(problem: Problem, fixed: Plan, rows: Sequence[PlannedSession]) -> bool:
    """Ask the solver, which decides on science alone, whether it may be held just so."""
    model = Model(problem, Choices(problem).copy([SCIENCE]), fixed)
    RULE.constrain(model)
    wanted = {row.start for row in rows}
    for slot in model.variables.slots(SCIENCE):
        if slot.start in wanted:
            model.require(model.variables.held(slot))
        else:
            model.forbid(model.variables.held(slot))
    return model.solve(seconds=10, seed=0, workers=1, minimize=False).plan is not None


def _all_plans(problem: Problem) -> Iterator[Plan]:
    """Yield every plan in which each start of each activity is taken or not."""
    patterns = [product([False, True], repeat=len(activity.starts)) for activity in problem.activities]
    for chosen in product(*patterns):
        rows = []
        for activity, pattern in zip(problem.activities, chosen, strict=True):
            held = [start for start, so in zip(activity.starts, pattern, strict=True) if so]
            rows += [replace(a_session(activity.id, k, SATURDAY), start=start) for k, start in enumerate(held)]
        kept = {row.key: row for row in rows if row.key in problem.frozen}
        behind = [row for row in rows if problem.frozen_before is not None and row.start < problem.frozen_before]
        if kept == problem.frozen and len(behind) == len(problem.frozen):
            yield Plan(problem.name, tuple(rows))


def _rows(name: str, starts: tuple[str, ...], pattern: tuple[bool, ...]) -> list[PlannedSession]:
    held = [start for start, so in zip(starts, pattern, strict=True) if so]
    return [a_session(name, k, start) for k, start in enumerate(held)]
