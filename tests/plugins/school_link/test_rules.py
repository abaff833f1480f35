"""What the planner keeps for schools: kept, broken, impossible with the reason in words, and the edges."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.planning.errors import MalformedProblemError
from core.planning.explain import explain
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from plugins.school_link.rules.accompanying_teacher import AccompanyingTeacher
from plugins.school_link.rules.right_place import RightPlace
from plugins.school_link.rules.school_calendar import SchoolCalendar
from tests.plugins.school_link.school_terms import (
    FOUR,
    INSIDE,
    NAME,
    NINE,
    OUTSIDE,
    ROLES,
    SCHOOL,
    STATION,
    a_lesson,
    a_school,
    a_term,
)
from tests.plugins.small_terms import ROLE, a_person, a_plan, all_plans, at, best_plan, is_allowed

CALENDAR, PLACE, TEACHER = SchoolCalendar(), RightPlace(), AccompanyingTeacher()
OWN = "Pupils are accompanied by a teacher of their own school."
TAO = (a_person("ann"), a_person("bo"), a_person("tao"))


def a_session(start: str, room: str | None = "classroom", **staff: Sequence[str]) -> PlannedSession:
    return PlannedSession(NAME, 0, at(start), room, {role: tuple(people) for role, people in staff.items()})


def breaches(rule: Rule, problem: Problem, *sessions: PlannedSession) -> list[str]:
    found = list(rule.breaches(problem, a_plan(*sessions)))
    assert all(breach.rule == rule.name and breach.sessions == ((NAME, 0),) for breach in found)
    return [str(breach.message) for breach in found]


def reasons(problem: Problem) -> list[str]:
    rules = (CALENDAR, PLACE, TEACHER)
    found = explain(problem, best_plan(problem, *rules), seconds=1, workers=2, rules=(*DEFAULT_RULES, *rules))
    return [str(one.reason) for one in found]


def place(plan: Plan) -> list[tuple[int, str | None]]:
    return [(row.start, row.room) for row in plan.sessions]


def term(*starts: str, where: str = "anywhere", school: dict[str, Any] | None = None, **changes: Any) -> Problem:
    return a_term(a_lesson(*starts, **changes), where=where, school=school)


# --- The school's calendar --------------------------------------------------------


@pytest.mark.parametrize(
    ("school", "where", "start", "inside", "outside"),
    [
        (a_school(), "anywhere", NINE, True, True),
        (a_school(exams=["2026-12-05"]), "anywhere", NINE, False, False),
        (a_school(exams=["2026-12-06"]), "anywhere", NINE, True, True),
        (a_school(shut=["2026-12-05"]), "anywhere", NINE, False, True),
        (a_school(shut=["2026-12-05"]), "away", NINE, False, False),
        (a_school(opens=541), "anywhere", NINE, False, True),
        (a_school(opens=540, closes=600), "anywhere", NINE, True, True),
        (a_school(closes=599), "anywhere", NINE, False, True),
        (a_school(lessons=["2026-12-05"]), "anywhere", NINE, False, False),
        (a_school(lessons=["2026-12-05"]), "anywhere", FOUR, True, False),
        (a_school(lessons=["2026-12-05"], way=0), "anywhere", FOUR, True, True),
        (a_school(lessons=["2026-12-05"]), "anywhere", "12-05 16:20", True, True),
    ],
)
def test_the_calendar_says_where_a_start_is_possible(
    school: dict[str, Any], where: str, start: str, *, inside: bool, outside: bool
) -> None:
    for room, possible in ((INSIDE, inside), (OUTSIDE, outside)):
        problem = a_term(a_lesson(start), where=where, rooms=(room,), school=school)
        assert place(best_plan(problem)) == [(at(start), room.id)], "Without the rule it is held."
        assert place(best_plan(problem, CALENDAR)) == ([(at(start), room.id)] if possible else [])
        assert bool(breaches(CALENDAR, problem, a_session(start, room.id))) is not possible


@pytest.mark.parametrize(
    ("school", "start", "said"),
    [
        (a_school(exams=["2026-12-05"]), NINE, "lies on an exam day of its school."),
        (a_school(shut=["2026-12-05"]), NINE, "lies on a day on which its school is closed."),
        (a_school(opens=600), NINE, "is held at its school outside the hours of the house."),
        (a_school(lessons=["2026-12-05"]), NINE, "begins before its pupils can come from lessons."),
    ],
)
def test_the_audit_names_the_session_and_what_is_in_its_way(school: dict[str, Any], start: str, said: str) -> None:
    assert breaches(CALENDAR, term(start, school=school), a_session(start)) == [f"Session 1 of {NAME} {said}"]


def test_a_session_moves_to_a_day_without_exams() -> None:
    problem = term(NINE, "12-12 09:00", school=a_school(exams=["2026-12-05"]))
    assert [start for start, _ in place(best_plan(problem, CALENDAR))] == [at("12-12 09:00")]


def test_where_the_calendar_leaves_no_start_the_reason_says_so() -> None:
    assert reasons(term(NINE, school=a_school(exams=["2026-12-05"]))) == [
        "No start is left. The school has exams, is closed or has lessons at all of these times."
    ]


@pytest.mark.parametrize(("venue", "held"), [(SCHOOL, False), (STATION, True), (None, True)])
def test_without_a_room_the_place_of_the_activity_counts(venue: str | None, *, held: bool) -> None:
    problem = term(NINE, school=a_school(shut=["2026-12-05"]), zones=(), place=venue)
    assert bool(best_plan(problem, CALENDAR).sessions) is held
    assert bool(breaches(CALENDAR, problem, a_session(NINE, None))) is not held


def test_what_lies_behind_us_is_not_judged() -> None:
    past = a_session(NINE, **{ROLE: ["ann"], "teacher": []})
    school = a_school(exams=["2026-12-05"], teachers=[])
    problem = a_term(a_lesson(NINE, "12-12 09:00", roles=ROLES), where="away", school=school)
    problem = replace(problem, incumbent=a_plan(past), frozen_before=at("12-06 00:00"))
    for rule in (CALENDAR, PLACE, TEACHER):
        assert breaches(rule, problem, past) == []
    assert best_plan(problem, CALENDAR, PLACE, TEACHER).sessions == (past,)


# --- The right place ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "room", "kept"),
    [
        ("school", INSIDE, True),
        ("school", OUTSIDE, False),
        ("away", INSIDE, False),
        ("away", OUTSIDE, True),
        ("anywhere", INSIDE, True),
        ("anywhere", OUTSIDE, True),
    ],
)
def test_a_class_is_held_at_its_school_and_an_outing_away_from_it(where: str, room: Any, *, kept: bool) -> None:
    problem = a_term(a_lesson(NINE), where=where, rooms=(room,))
    assert len(best_plan(problem).sessions) == 1
    assert len(best_plan(problem, PLACE).sessions) == int(kept)
    assert bool(breaches(PLACE, problem, a_session(NINE, room.id))) is not kept


@pytest.mark.parametrize(
    ("where", "venue", "kept"), [("school", SCHOOL, True), ("school", STATION, False), ("away", SCHOOL, False)]
)
def test_without_a_room_the_place_must_be_right(where: str, venue: str, *, kept: bool) -> None:
    problem = term(NINE, where=where, zones=(), place=venue)
    assert bool(best_plan(problem, PLACE).sessions) is kept
    assert bool(breaches(PLACE, problem, a_session(NINE, None))) is not kept


def test_where_no_room_is_right_the_reason_says_so() -> None:
    assert reasons(a_term(a_lesson(NINE), where="school", rooms=(OUTSIDE,))) == [
        "No start is left. A class is held in a room of its school, and an outing leads away from it."
    ]


# --- The accompanying teacher -----------------------------------------------------------


def test_only_a_teacher_of_the_school_accompanies_its_pupils() -> None:
    problem = a_term(a_lesson(NINE, roles=ROLES), people=TAO)
    (held,) = best_plan(problem, TEACHER).sessions
    assert held.staff["teacher"] == ("tao",)
    assert held.staff[ROLE] in {("ann",), ("bo",)}, "The teacher comes in addition."
    assert breaches(TEACHER, problem, held) == []
    anybody = {best_plan(replace(problem, people=TAO[:2])).sessions[0].staff["teacher"]}
    assert anybody <= {("ann",), ("bo",)}, "Without the rule anybody would do."


def test_without_a_teacher_no_session_is_held_and_the_reason_says_so() -> None:
    lesson = a_lesson(NINE, roles=ROLES)
    away = (*TAO[:2], a_person("tao", available=()))
    assert best_plan(a_term(lesson, people=away), TEACHER).sessions == ()
    assert reasons(a_term(lesson, people=away)) == [
        f"{OWN} Nobody is free in any possible slot (1 in all): not available: 1."
    ]
    assert reasons(a_term(lesson, school=a_school(teachers=[]))) == [f"{OWN} Nobody is entered who may."]


@pytest.mark.parametrize(
    ("teacher", "said"),
    [
        ((), f"No teacher accompanies the pupils in session 1 of {NAME}."),
        (("ann",), f"In session 1 of {NAME} the teacher is not of the pupils' school."),
        (("tao", "ann"), f"In session 1 of {NAME} the teacher is not of the pupils' school."),
    ],
)
def test_the_audit_names_a_session_without_its_teacher(teacher: tuple[str, ...], said: str) -> None:
    problem = a_term(a_lesson(NINE, roles=ROLES), people=TAO)
    assert breaches(TEACHER, problem, a_session(NINE, teacher=teacher)) == [said]


def test_where_no_teacher_is_required_one_may_be_missing() -> None:
    roles = (ROLES[0], replace(ROLES[1], required=0))
    problem = a_term(a_lesson(NINE, roles=roles), school=a_school(teachers=[]))
    (held,) = best_plan(problem, TEACHER).sessions
    assert held.staff["teacher"] == ()
    assert breaches(TEACHER, problem, held) == []


def test_constraint_and_check_agree_on_every_plan() -> None:
    activity = a_lesson(NINE, FOUR, zones=(), sessions=2, roles=ROLES[:1])
    school = a_school(exams=["2026-12-05"], teachers=["ann"])
    problem = a_term(activity, school=school, people=TAO[:2], rooms=())
    for rule in (CALENDAR, PLACE, TEACHER):
        for plan in all_plans(problem, activity):
            assert is_allowed(problem, rule, plan) is (not list(rule.breaches(problem, plan)))


def test_an_extension_that_nobody_can_read_is_named() -> None:
    problem = replace(term(NINE), extensions={"school_link": {"activities": {NAME: {"school": SCHOOL, "where": "x"}}}})
    with pytest.raises(MalformedProblemError) as error:
        breaches(PLACE, problem)
    assert "where" in str(error.value)
