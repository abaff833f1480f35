"""Shortfalls: reasons with counts, and cures that were tried."""

import json

from core.planning.explain import explain
from core.planning.outcome import Shortfall
from core.planning.problem import Group, Person, Problem, Role
from core.planning.search.solve import solve
from tests.unit.planning.builders import TUESDAY, a_person, a_plan, a_problem, a_room, a_session, an_activity, at

NINE, TEN = at("09:00"), at("10:00")
LAW = (Role("lead", "law", 1, 1), Role("helper", None, 1, 1))
WEIGHTS = {"unscheduled": 1000, "required": 100}
HELPERS = tuple(a_person(name) for name in ("bo", "chen", "dai"))


def shortfalls_of(problem: Problem) -> tuple[Shortfall, ...]:
    outcome = solve(problem, seconds=8, workers=2)
    return explain(problem, outcome.plan, seconds=30, workers=2)


def with_lawyers(*people: Person, sessions: int = 1) -> Problem:
    return a_problem(an_activity(sessions=sessions, roles=LAW), people=(*people, *HELPERS), weights=WEIGHTS)


def test_a_plan_that_lacks_nothing_has_no_shortfalls() -> None:
    assert shortfalls_of(a_problem(an_activity(), weights=WEIGHTS)) == ()


def test_a_skill_that_nobody_has_is_named() -> None:
    problem = a_problem(an_activity(sessions=1, min_adults=1, roles=LAW), people=HELPERS, weights=WEIGHTS)
    (short,) = shortfalls_of(problem)
    assert (short.activity, short.index, short.role) == ("reading", 0, "lead")
    assert str(short.reason) == "Nobody has the skill law."
    assert [str(cure) for cure in short.cures] == [
        "One volunteer more with law would do, the rest of the plan unchanged."
    ]
    assert short.verified


def test_a_session_that_nobody_could_lead_says_so_with_the_number_of_starts() -> None:
    lawyer = a_person("an", skills=("law",), available=())
    people = (lawyer, a_person("bo"))
    problem = a_problem(an_activity(sessions=1, roles=LAW), people=people, weights=WEIGHTS)
    (short,) = shortfalls_of(problem)
    assert short.role is None
    assert str(short.reason) == "Nobody with law is available at any of the 6 possible starts."
    assert "One volunteer more with law would do, the rest of the plan unchanged." in map(str, short.cures)
    assert short.verified


def test_people_are_counted_by_what_keeps_them() -> None:
    away = a_person("away", skills=("law",), available=())
    full = a_person("full", skills=("law",), max_sessions=0)
    problem = a_problem(
        an_activity(sessions=1, min_adults=1, roles=LAW), people=(away, full, *HELPERS), weights=WEIGHTS
    )
    (short,) = explain(problem, a_plan(a_session(NINE, None, "bo")), seconds=30, workers=2)
    assert short.role == "lead"
    assert {key: short.reason.values[key] for key in ("people", "away", "busy", "full", "left")} == {
        "people": 2,
        "away": 1,
        "busy": 0,
        "full": 1,
        "left": 0,
    }
    assert "It would work if full served once more than offered, the rest of the plan unchanged." in map(
        str, short.cures
    )


def test_a_place_that_planning_again_would_fill_is_said_to_be() -> None:
    problem = with_lawyers(a_person("an", skills=("law",), available=((TEN, at("11:00")),)))
    (short,) = explain(problem, a_plan(a_session(NINE, None, "bo", staff={"helper": ("bo",)})), seconds=30, workers=2)
    assert [str(cure) for cure in short.cures] == ["Planning reading again, the rest unchanged, would fill more."]
    assert short.verified


def test_a_room_more_is_found_to_cure_a_lack_of_rooms() -> None:
    talk = an_activity("talk", sessions=1, starts=(NINE,))
    problem = a_problem(an_activity(sessions=1, starts=(NINE,), priority=2), talk, rooms=(a_room(),), weights=WEIGHTS)
    (short,) = shortfalls_of(problem)
    assert short.activity == "talk"
    assert short.reason.values["rooms"] == 1
    assert "One suitable room more in centre would do, the rest of the plan unchanged." in map(str, short.cures)
    assert short.verified


def test_another_start_is_found_to_cure_a_clash_of_a_group() -> None:
    reading = an_activity(sessions=1, starts=(NINE,), groups=("children",), priority=2)
    talk = an_activity("talk", sessions=1, starts=(NINE,), groups=("children",))
    play = an_activity("play", sessions=1, starts=(TEN,))
    people = tuple(a_person(f"person-{k}") for k in range(6))
    problem = a_problem(reading, talk, play, people=people, groups=(Group("children"),), weights=WEIGHTS)
    (short,) = shortfalls_of(problem)
    assert short.reason.values["groups"] == 1
    assert [str(cure) for cure in short.cures] == [
        "It would work if talk could also begin when other activities do, the rest of the plan unchanged."
    ]


def test_without_time_there_are_reasons_and_nothing_is_called_verified() -> None:
    problem = a_problem(an_activity(sessions=1, roles=LAW), people=(), weights=WEIGHTS)
    (short,) = explain(problem, a_plan(), seconds=0, workers=2)
    assert short.cures == ()
    assert not short.verified


def test_the_past_is_past() -> None:
    published = a_plan(a_session(NINE, None, "bo", staff={"helper": ("bo",)}))
    problem = a_problem(an_activity(sessions=1, min_adults=1), incumbent=published, frozen_before=at("00:00", TUESDAY))
    assert explain(problem, published, seconds=5, workers=2) == ()


def test_a_shortfall_is_json() -> None:
    problem = a_problem(an_activity(sessions=1, roles=LAW), people=HELPERS[:1], weights=WEIGHTS)
    (short,) = shortfalls_of(problem)
    assert json.loads(json.dumps(short.to_json()))["reason"]["text"] == short.reason.text
