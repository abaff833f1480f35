"""Changed copies of a problem: each changes what it says and nothing of the past."""

from collections.abc import Callable

import pytest

from core.domain.errors import ConflictError, NotFoundError
from core.planning import what_if
from core.planning.moments import day_of
from core.planning.problem import Pin, Problem
from tests.unit.planning.builders import TUESDAY, a_person, a_plan, a_problem, a_session, an_activity, at

NINE, TUESDAY_NINE = at("09:00"), at("09:00", TUESDAY)
PINNED = Pin("reading", 0, NINE, "hall", {"lead": ("an",), "helper": ("bo",)})
PROBLEM = a_problem(an_activity(), pins=(PINNED,), weights={"trips": 4})
#: Monday is over, with a session in the hall by an and bo.
ON_TUESDAY = a_problem(
    an_activity(), pins=(PINNED,), incumbent=a_plan(a_session(NINE)), frozen_before=at("00:00", TUESDAY)
)


def changed_members(before: Problem, after: Problem) -> set[str]:
    old, new = before.to_json(), after.to_json()
    return {key for key in old if old[key] != new[key]}


def test_one_more_like_somebody_has_their_skills_and_hours_and_a_household_of_their_own() -> None:
    problem = a_problem(people=(a_person("an", household="li", skills=("first_aid",), likes={"reading": 2}),))
    twice = what_if.with_one_more_like(what_if.with_one_more_like(problem, "an"), "an")
    assert [person.id for person in twice.people] == ["an", "an+2", "an+3"]
    assert twice.people[1].household is None
    assert (twice.people[1].skills, twice.people[1].available) == (("first_aid",), problem.people[0].available)
    assert changed_members(problem, twice) == {"people"}


def test_an_id_is_given_once() -> None:
    with pytest.raises(ConflictError):
        what_if.with_person(PROBLEM, a_person("an"))
    assert what_if.with_person(PROBLEM, a_person("eve")).person_of["eve"].max_sessions == 9


def test_who_cant_serve_any_more_is_never_available_and_out_of_the_pins() -> None:
    copy = what_if.without_person(PROBLEM, "an")
    assert copy.person_of["an"].available == ()
    assert copy.pins[0].staff == {"lead": (), "helper": ("bo",)}
    assert changed_members(PROBLEM, copy) == {"people", "pins"}


def test_what_was_done_before_stays_done() -> None:
    copy = what_if.without_person(what_if.without_room(ON_TUESDAY, "hall"), "an")
    assert copy.person_of["an"].is_available(NINE, NINE + 60)
    assert not copy.person_of["an"].is_available(TUESDAY_NINE, TUESDAY_NINE + 60)
    assert copy.room_of["hall"].is_open(NINE, NINE + 60)
    assert not copy.room_of["hall"].is_open(TUESDAY_NINE, TUESDAY_NINE + 60)
    assert copy.pins == ON_TUESDAY.pins


def test_who_is_away_for_days_serves_before_and_after() -> None:
    day = day_of(NINE)
    copy = what_if.with_person_away(PROBLEM, "an", day, day)
    assert not copy.person_of["an"].is_available(NINE, NINE + 60)
    assert copy.person_of["an"].is_available(TUESDAY_NINE, TUESDAY_NINE + 60)
    assert copy.pins[0].staff["lead"] == ()
    later = what_if.with_person_away(PROBLEM, "an", day + 1, day + 2)
    assert later.pins == PROBLEM.pins
    assert later.person_of["an"].is_available(NINE, at("00:00", TUESDAY))


def test_a_closed_room_is_taken_out_of_the_pins() -> None:
    copy = what_if.without_room(PROBLEM, "hall")
    assert copy.room_of["hall"].open == ()
    assert (copy.pins[0].room, copy.pins[0].start) == (None, NINE)


def test_prices_and_sizes_change_alone() -> None:
    assert what_if.with_weight(PROBLEM, "trips", 8).weights == {"trips": 8}
    larger = what_if.with_activity(PROBLEM, "reading", size=18)
    assert (larger.activities[0].size, larger.activities[0].min_adults) == (18, 2)
    assert what_if.with_activity(PROBLEM, "reading", min_adults=3).activities[0].min_adults == 3
    assert changed_members(PROBLEM, larger) == {"activities"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: what_if.with_one_more_like(PROBLEM, "nobody"),
        lambda: what_if.without_person(PROBLEM, "nobody"),
        lambda: what_if.without_room(PROBLEM, "nowhere"),
        lambda: what_if.with_weight(PROBLEM, "luck", 1),
        lambda: what_if.with_activity(PROBLEM, "nothing", size=1),
    ],
)
def test_what_isnt_there_cant_be_changed(change: Callable[[], Problem]) -> None:
    with pytest.raises(NotFoundError):
        change()
