"""Talks begin beside the care of their children, and courses go in order; without the relations they need not."""

from typing import Any

import pytest

from core.hooks.types import ActivityOutline
from core.planning.problem import Activity, Problem, Relation, Role
from plugins.parent_school.rules.together import cared_for, relations
from tests.plugins.small_terms import (
    ROLE,
    a_person,
    a_problem,
    an_activity,
    an_outline,
    at,
    best_plan,
    starts_of,
)

MORNING, AFTERNOON = "12-05 09:00", "12-05 14:00"
TALK, GAMES, CARE, COURSE = "parent_school.lecture", "sst.games", "parent_school.care", "parent_school.course"


def a_series(name: str, sessions: int = 1) -> Activity:
    return an_activity(name, (MORNING, AFTERNOON), sessions=sessions)


def outlines(talks: int = 1, games: int = 1, kind: str = TALK, **settings: Any) -> list[ActivityOutline]:
    beside = "parent_school.care" if settings.get("alongside") == CARE else "sst.companionship"
    name = CARE if beside == "parent_school.care" else GAMES
    return [an_outline(a_series(TALK, talks), kind, **settings), an_outline(a_series(name, games), beside)]


def pair(kind: str, index: int, name: str = GAMES) -> Relation:
    return Relation(kind, (TALK, index), (name, index))


def a_term(relations: tuple[Relation, ...]) -> Problem:
    """Return a term in which the talk would rather be in the morning, the games in the afternoon."""
    people = (
        a_person("ann", available=((at(MORNING), at(MORNING) + 60),), likes={TALK: 9}),
        a_person("bo", available=((at(AFTERNOON), at(AFTERNOON) + 60),), likes={GAMES: 9}),
        a_person("cai"),
    )
    activities = [
        an_activity(name, (MORNING, AFTERNOON), sessions=1, roles=(Role(ROLE, None, 1, 1),)) for name in (TALK, GAMES)
    ]
    weights = {"unscheduled": 10_000, "required": 1_000, "likes": 1}
    return a_problem(activities, people, relations=relations, weights=weights)


def test_the_relations_change_the_plan() -> None:
    found = relations(outlines(alongside=GAMES))
    without, held = best_plan(a_term(())), best_plan(a_term(found))
    assert starts_of(without, TALK) == [at(MORNING)]
    assert starts_of(without, GAMES) == [at(AFTERNOON)]
    assert len(held.sessions) == 2
    assert starts_of(held, TALK) == starts_of(held, GAMES)


@pytest.mark.parametrize(("talks", "games", "pairs"), [(2, 3, 2), (3, 2, 2), (1, 1, 1)])
def test_the_sessions_go_in_pairs_as_long_as_both_series_have_one(talks: int, games: int, pairs: int) -> None:
    found = relations(outlines(talks, games, alongside=f" {GAMES} "))
    assert found == tuple(pair(kind, index) for index in range(pairs) for kind in ("together", "same_venue"))


@pytest.mark.parametrize("settings", [{}, {"alongside": ""}, {"alongside": "no such title"}, {"alongside": TALK}])
def test_without_another_activity_of_that_title_nothing_is_asked(settings: dict[str, str]) -> None:
    assert relations(outlines(**settings)) == ()


def test_advice_is_not_accompanied() -> None:
    assert relations(outlines(kind="parent_school.counselling", alongside=GAMES)) == ()


def test_a_talk_that_needs_its_care_is_not_held_without_it() -> None:
    found = relations(outlines(alongside=GAMES, care_required=True))
    assert found == tuple(pair(kind, 0) for kind in ("together", "same_venue", "needs"))
    series = [an_activity(name, (MORNING,), sessions=1, min_adults=1) for name in (TALK, GAMES)]
    alone = [a_person("ann")]
    assert len(best_plan(a_problem(series, alone)).sessions) == 1
    assert TALK not in {row.activity for row in best_plan(a_problem(series, alone, relations=found)).sessions}


def test_child_care_that_is_there_for_one_talk_is_not_held_without_it() -> None:
    found = relations(outlines(alongside=CARE))
    assert Relation("needs", (CARE, 0), (TALK, 0)) in found
    second = an_outline(a_series("parent_school.second"), TALK, alongside=CARE)
    both = relations([*outlines(alongside=CARE), second])
    assert {relation.kind for relation in both} == {"together", "same_venue"}


def test_each_part_of_a_course_begins_some_days_after_the_one_before() -> None:
    days = ("12-05 09:00", "12-11 09:00", "12-12 09:00")
    course = an_activity(COURSE, days, sessions=2)
    found = relations([an_outline(course, COURSE)])
    assert [(relation.kind, relation.a[1], relation.b[1]) for relation in found] == [("before", 0, 1)]
    problem = a_problem([course], [a_person("ann")], relations=found)
    assert starts_of(best_plan(problem), COURSE) == [at(days[0]), at(days[2])]
    two_days = relations([an_outline(course, COURSE, days_between=2)])
    assert two_days[0].gap == 2 * 24 * 60 - 90


def test_a_course_that_finds_no_week_in_between_is_cut_short() -> None:
    course = an_activity(COURSE, ("12-05 09:00", "12-06 09:00"), sessions=2)
    found = relations([an_outline(course, COURSE)])
    people = [a_person("ann")]
    assert len(best_plan(a_problem([course], people)).sessions) == 2
    assert len(best_plan(a_problem([course], people, relations=found)).sessions) == 1


@pytest.mark.parametrize(
    ("talks", "games", "settings", "told"),
    [
        (3, 2, {"alongside": GAMES, "care_required": True}, {TALK: 2}),
        (3, 3, {"alongside": GAMES, "care_required": True}, {}),
        (3, 2, {"alongside": GAMES}, {}),
        (1, 1, {"alongside": "no such title", "care_required": True}, {TALK: 0}),
    ],
)
def test_talks_are_told_that_need_more_care_than_there_is(
    talks: int, games: int, settings: dict[str, Any], told: dict[str, int]
) -> None:
    assert cared_for(outlines(talks, games, **settings)) == told
