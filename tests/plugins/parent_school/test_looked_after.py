"""A lecture begins with the activity in which the children are looked after; without the relations it need not."""

from typing import Any

import pytest

from core.hooks.types import ActivityOutline
from core.planning.problem import Activity, Problem, Relation, Role
from plugins.parent_school.rules import contribution
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
LECTURE, GAMES = "parent_school.lecture", "sst.games"


def a_lecture(**changes: Any) -> Activity:
    return an_activity(LECTURE, (MORNING, AFTERNOON), **{"sessions": 1, **changes})


def some_games(**changes: Any) -> Activity:
    return an_activity(GAMES, (MORNING, AFTERNOON), **{"sessions": 1, **changes})


def outlines(lecture: Activity, games: Activity, **settings: Any) -> list[ActivityOutline]:
    return [
        an_outline(lecture, "parent_school.lecture", **settings),
        an_outline(games, "sst.companionship"),
    ]


def a_term(relations: tuple[Relation, ...]) -> Problem:
    """Return a term in which the lecture would rather be in the morning, the games in the afternoon."""
    people = (
        a_person("ann", available=((at(MORNING), at(MORNING) + 60),), likes={LECTURE: 9}),
        a_person("bo", available=((at(AFTERNOON), at(AFTERNOON) + 60),), likes={GAMES: 9}),
        a_person("cai"),
    )
    activities = [a_lecture(roles=(Role(ROLE, None, 1, 1),)), some_games(roles=(Role(ROLE, None, 1, 1),))]
    return a_problem(
        activities, people, relations=relations, weights={"unscheduled": 10_000, "required": 1_000, "likes": 1}
    )


def test_the_relations_change_the_plan() -> None:
    relations = contribution(outlines(a_lecture(), some_games(), alongside=GAMES)).relations
    without, held = best_plan(a_term(())), best_plan(a_term(relations))
    assert starts_of(without, LECTURE) == [at(MORNING)]
    assert starts_of(without, GAMES) == [at(AFTERNOON)]
    assert len(held.sessions) == 2
    assert starts_of(held, LECTURE) == starts_of(held, GAMES)


@pytest.mark.parametrize(("lectures", "games", "pairs"), [(2, 3, 2), (3, 2, 2), (1, 1, 1)])
def test_the_sessions_go_in_pairs_as_long_as_both_series_have_one(lectures: int, games: int, pairs: int) -> None:
    found = contribution(outlines(a_lecture(sessions=lectures), some_games(sessions=games), alongside=f" {GAMES} "))
    assert found.program == "parent_school"
    assert found.relations == tuple(Relation("together", (LECTURE, k), (GAMES, k)) for k in range(pairs))


@pytest.mark.parametrize("settings", [{}, {"alongside": ""}, {"alongside": "no such title"}, {"alongside": LECTURE}])
def test_without_another_activity_of_that_title_nothing_is_asked(settings: dict[str, str]) -> None:
    assert contribution(outlines(a_lecture(), some_games(), **settings)).relations == ()


def test_only_lectures_are_accompanied() -> None:
    family = an_outline(a_lecture(), "parent_school.counselling", alongside=GAMES)
    assert contribution([family, an_outline(some_games(), "sst.companionship")]).relations == ()
