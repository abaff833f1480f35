"""Of two sessions that can't both be held, the one is left out whose line the group has anyway."""

from dataclasses import replace
from typing import Any

import pytest

from core.domain.vocabulary import ActivityLine
from core.hooks.types import ActivityOutline
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Activity, Group, Problem
from core.planning.search.solve import solve
from plugins.character_ed.mix import Mix, asked
from plugins.character_ed.preferences import MixOfLines
from tests.plugins.small_terms import a_person, a_plan, a_problem, a_session, an_activity, an_outline, starts_of

MIX = MixOfLines()
HONESTY, SCIENCE = "character_ed.honesty", "character_ed.science"
LINES = {HONESTY: ActivityLine.VIRTUES, SCIENCE: ActivityLine.LEARNING}
GROUPS = (Group("owls"), Group("larks"))
SATURDAY, SUNDAY = "12-05 09:00", "12-06 09:00"


def a_series(name: str, sessions: int, **changes: Any) -> Activity:
    return an_activity(name, (SATURDAY, SUNDAY), **{"sessions": sessions, "groups": ("owls",), **changes})


def an_own_outline(activity: Activity) -> ActivityOutline:
    return replace(an_outline(activity, "character_ed.open_class"), line=LINES[activity.id])


def a_term(*activities: Activity, times_per_line: int = 1) -> Problem:
    mix = Mix(times_per_line, alternate=False)
    extension = asked([an_own_outline(activity) for activity in activities], mix)
    return a_problem(activities, [a_person("ann")], groups=GROUPS, extensions={"character_ed": dict(extension)})


def best(problem: Problem, *preferences: MixOfLines) -> Plan:
    outcome = solve(problem, seconds=2, seed=1, workers=2, preferences=(*DEFAULT_PREFERENCES, *preferences))
    assert outcome.status == "optimal"
    return outcome.plan


def test_the_preference_changes_what_is_left_out() -> None:
    # A group can be in one place at a time, and there are two moments for three sessions.
    virtues, science = a_series(HONESTY, 2, priority=2), a_series(SCIENCE, 1, priority=2)
    likes = a_person("ann", likes={HONESTY: 9})
    problem = replace(a_term(virtues, science), people=(likes,))
    problem = replace(problem, weights={**problem.weights, "likes": 3})
    assert not starts_of(best(problem), SCIENCE)
    assert len(starts_of(best(problem, MIX), SCIENCE)) == 1


@pytest.mark.parametrize(("times_per_line", "amount"), [(0, 0), (1, 1), (2, 2), (5, 2)])
def test_each_session_that_a_group_lacks_of_a_line_counts_as_far_as_it_was_described(
    times_per_line: int, amount: int
) -> None:
    problem = a_term(a_series(HONESTY, 2), a_series(SCIENCE, 1), times_per_line=times_per_line)
    plan = a_plan(a_session(HONESTY, 0, SATURDAY))
    assert MIX.amount(problem, plan) == amount
    assert bool(MIX.weight(problem)) is bool(times_per_line)


def test_what_several_activities_of_a_line_hold_for_a_group_is_added_up() -> None:
    more = "character_ed.thrift"
    extension = {"lines": {HONESTY: "virtues", more: "virtues"}, "alternate": False, "times_per_line": 2}
    activities = (a_series(HONESTY, 1), a_series(more, 1, groups=("owls", "larks")))
    problem = a_problem(activities, [], groups=GROUPS, extensions={"character_ed": extension})
    assert MIX.amount(problem, a_plan()) == 3
    assert MIX.amount(problem, a_plan(a_session(more, 0, SATURDAY))) == 1
    assert MIX.amount(problem, a_plan(a_session(HONESTY, 0, SATURDAY), a_session(more, 0, SUNDAY))) == 0


def test_the_penalty_is_the_amount() -> None:
    problem = a_term(a_series(HONESTY, 2), a_series(SCIENCE, 2), times_per_line=2)
    outcome = solve(problem, seconds=2, seed=1, workers=2, preferences=(*DEFAULT_PREFERENCES, MIX))
    assert outcome.status == "optimal"
    assert MIX.amount(problem, outcome.plan) == 2
    assert outcome.audit.amounts[MIX.name] == 2


def test_a_problem_without_the_program_costs_nothing() -> None:
    problem = a_problem([a_series(HONESTY, 1)], [], groups=GROUPS)
    assert MIX.weight(problem) == 0
    assert MIX.amount(problem, a_plan()) == 0
