"""Make-ups come after what they repeat, before the course goes on if possible; a course keeps its weekday."""

from core.planning.check import audit
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.search.solve import solve
from plugins.sst.preferences import PREFERENCES, MakeUpInTime, SteadyRhythm
from tests.plugins.small_terms import a_plan, at, starts_of
from tests.plugins.sst.courses import COURSE, MAKE_UP, SATURDAYS, a_course, a_make_up, a_term, led

IN_TIME, RHYTHM = MakeUpInTime(), SteadyRhythm()


def best(problem: Problem) -> Plan:
    outcome = solve(
        problem,
        seconds=5,
        seed=1,
        workers=4,
        rules=DEFAULT_RULES,
        preferences=(*DEFAULT_PREFERENCES, *PREFERENCES),
    )
    assert outcome.status == "optimal"
    return outcome.plan


def test_a_make_up_before_its_module_breaks_a_rule_of_the_format() -> None:
    problem = a_term(a_course(), a_make_up("12-05 14:00", "12-13 09:00"), module=2)
    sessions = [led(COURSE, k, start, "ann") for k, start in enumerate(SATURDAYS)]
    early = audit(problem, a_plan(*sessions, led(MAKE_UP, 0, "12-05 14:00", "ann")))
    assert {breach.rule for breach in early.breaches} == {"one_before_the_other"}
    assert audit(problem, a_plan(*sessions, led(MAKE_UP, 0, "12-13 09:00", "ann"))).valid


def test_without_the_module_there_is_nothing_to_make_up() -> None:
    problem = a_term(a_course(), a_make_up("12-13 09:00"), module=2)
    found = audit(problem, a_plan(led(COURSE, 0, SATURDAYS[0], "ann"), led(MAKE_UP, 0, "12-13 09:00", "ann")))
    assert {breach.rule for breach in found.breaches} == {"not_without_the_other"}


def test_a_make_up_of_a_module_that_the_course_does_not_have_is_related_to_nothing() -> None:
    problem = a_term(a_course(), a_make_up("12-05 14:00"), module=9)
    assert {relation.b[0] for relation in problem.relations} == {COURSE}
    assert problem.extensions["sst"]["courses"][COURSE]["make_ups"] == []


def test_modules_come_in_order_even_where_nobody_has_said_that_sessions_do() -> None:
    problem = a_term(a_course())
    assert not problem.activities[0].ordered
    turned = [led(COURSE, 2 - k, start, "ann") for k, start in enumerate(SATURDAYS)]
    assert {breach.rule for breach in audit(problem, a_plan(*turned)).breaches} == {"one_before_the_other"}
    assert [row.start for row in best(problem).sessions] == [at(start) for start in SATURDAYS]


def test_a_make_up_comes_before_the_next_module_where_it_can() -> None:
    problem = a_term(a_course(ordered=True), a_make_up("12-08 09:00", "12-20 09:00"), module=1)
    plan = best(problem)
    assert starts_of(plan, MAKE_UP) == [at("12-08 09:00")]
    assert IN_TIME.amount(problem, plan) == 0


def test_a_late_make_up_costs_and_is_held_all_the_same() -> None:
    problem = a_term(a_course(ordered=True), a_make_up("12-20 09:00"), module=1)
    plan = best(problem)
    assert starts_of(plan, MAKE_UP) == [at("12-20 09:00")]
    assert IN_TIME.amount(problem, plan) == 1


def test_a_make_up_of_the_last_module_is_never_late() -> None:
    problem = a_term(a_course(ordered=True), a_make_up("12-20 09:00"), module=3)
    assert IN_TIME.amount(problem, best(problem)) == 0


def test_a_course_keeps_its_weekday() -> None:
    problem = a_term(a_course("12-05 09:00", "12-06 09:00", "12-13 09:00", sessions=2))
    plan = best(problem)
    assert starts_of(plan, COURSE) == [at("12-06 09:00"), at("12-13 09:00")]
    other = a_plan(led(COURSE, 0, "12-05 09:00", "ann"), led(COURSE, 1, "12-13 09:00", "ann"))
    assert [RHYTHM.amount(problem, found) for found in (plan, other, a_plan())] == [0, 1, 0]


def test_what_a_plan_costs_is_what_the_solver_counted() -> None:
    problem = a_term(a_course(*SATURDAYS[:2], "12-10 09:00", sessions=3, ordered=True), a_make_up("12-20 09:00"))
    plan = best(problem)
    assert (RHYTHM.amount(problem, plan), IN_TIME.amount(problem, plan)) == (1, 1)


def test_without_courses_nothing_counts() -> None:
    problem = Problem("empty")
    assert [preference.weight(problem) for preference in PREFERENCES] == [0, 0]
