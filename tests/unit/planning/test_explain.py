"""Shortfalls: reasons with names and counts, and cures that were tried by solving again."""

import json
from dataclasses import replace

import pytest

from core.planning.check import audit
from core.planning.explain import explain
from core.planning.outcome import Shortfall
from core.planning.plan import Plan
from core.planning.problem import Group, Pin, Problem, Relation, Role, Travel
from core.planning.relaxations import KINDS, Cure, relaxation
from core.planning.relaxations.people import DutyMore, VolunteersMore
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from tests.unit.planning.builders import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)
from tests.unit.planning.cure_cases import (
    CURES,
    HELPERS,
    LAW,
    NINE,
    ONE,
    READING,
    TALK,
    TEN,
    WEIGHTS,
    WITHOUT_LEAD,
    CureCase,
    a_lawyer,
    a_talk,
)
from tests.unit.planning.test_solve import NotBeforeTen


def explained(problem: Problem, plan: Plan, rules: tuple[Rule, ...] = DEFAULT_RULES) -> tuple[Shortfall, ...]:
    return explain(problem, plan, seconds=60, workers=2, rules=rules)


def shortage(problem: Problem, plan: Plan) -> tuple[int, int]:
    """Return what the referee counts as short, and see that it calls the plan valid."""
    verdict = judged(problem, plan)
    assert verdict["valid"], verdict["first_broken"]
    return verdict["amounts"].get("unscheduled", 0), verdict["amounts"].get("required", 0)


def assert_cured(problem: Problem, plan: Plan, cure: Cure) -> None:
    """See that the plan that came with a cure is valid once the cure is applied, is less short, and keeps the rest."""
    assert cure.plan is not None
    assert shortage(cure.apply(problem), cure.plan) < shortage(problem, plan)
    again = set(cure.again)
    touched = {takeover.session for takeover in cure.takeovers}
    after = {row.key: row for row in cure.plan.sessions}
    for row in plan.sessions:
        if row.activity != "reading" and row.activity not in again and row.key not in touched:
            assert after[row.key] == row


@pytest.mark.parametrize("case", CURES, ids=[case.title for case in CURES])
def test_each_kind_of_change_is_found_and_cures(case: CureCase) -> None:
    (short,) = explained(case.problem, case.plan)
    assert short.verified
    assert case.cure in short.remedies
    for cure in short.remedies:
        assert_cured(case.problem, case.plan, cure)
    assert [cure.size for cure in short.remedies] == sorted(cure.size for cure in short.remedies)


def test_every_kind_of_change_has_a_case() -> None:
    assert {change.kind for case in CURES for change in case.cure.relaxations} == set(KINDS)


@pytest.mark.parametrize("case", CURES, ids=[case.title for case in CURES])
def test_a_change_comes_back_from_json_and_is_said_in_words(case: CureCase) -> None:
    stored = json.loads(json.dumps(case.cure.to_json()))
    assert tuple(relaxation(value) for value in stored["relaxations"]) == case.cure.relaxations
    assert "%(" not in str(case.cure.said())
    assert all(name in str(case.cure.said()) for name in case.cure.again)


def test_a_plan_that_lacks_nothing_has_no_shortfalls() -> None:
    assert explained(a_problem(ONE, weights=WEIGHTS), a_plan(a_session(TEN))) == ()


def test_a_skill_that_nobody_has_is_named() -> None:
    (short,) = explained(a_problem(READING, people=HELPERS, weights=WEIGHTS), a_plan(WITHOUT_LEAD))
    assert (short.activity, short.index, short.role) == ("reading", 0, "lead")
    assert str(short.reason) == "Nobody has the skill law."
    assert [str(cure) for cure in short.cures] == [
        "It would work if one volunteer more with law came on 2027-01-25T10:00 until 11:00, everything else as planned."
    ]
    assert short.verified


def test_a_session_that_nobody_could_lead_says_so_with_the_number_of_slots() -> None:
    away = a_person("an", skills=("law",), available=())
    problem = a_problem(an_activity(sessions=1, roles=LAW), people=(away, a_person("bo")), weights=WEIGHTS)
    (short,) = explained(problem, a_plan())
    assert short.role is None
    assert str(short.reason) == "Nobody with law is available in any possible slot (6 in all)."
    assert "could come on" in str(short.cures[0])


def test_people_are_named_with_what_keeps_them() -> None:
    lawyers = {
        "away": {"available": ()},
        "busy": {},
        "far": {},
        "full": {"max_sessions": 0},
        "tired": {"max_per_day": 0},
    }
    people = tuple(a_person(name, skills=("law",), **fields) for name, fields in lawyers.items())
    visit = an_activity("visit", sessions=1, starts=(NINE,), min_adults=1)
    problem = a_problem(
        READING,
        replace(TALK, starts=(TEN,)),
        visit,
        people=(*people, *HELPERS),
        travel=Travel(default=40),
        weights=WEIGHTS,
    )
    plan = a_plan(
        WITHOUT_LEAD,
        a_talk(TEN, "busy"),
        a_session(NINE, "far", "dai", activity="visit", room="shed"),
    )
    (short,) = explained(problem, plan)
    assert str(short.reason) == (
        "Nobody more with law is free in any possible slot (1 in all); at the planned time: not available: 1, "
        "busy with talk #1: busy, no time for the way from or to visit #1: far, have done what they offered: full, "
        "have done enough on that day: tired."
    )


def test_more_people_than_can_be_named_are_counted() -> None:
    full = tuple(a_person(f"full-{k}", skills=("law",), max_sessions=0) for k in range(5))
    (short,) = explained(a_problem(READING, people=(*full, *HELPERS), weights=WEIGHTS), a_plan(WITHOUT_LEAD))
    assert "have done what they offered: full-0, full-1, full-2 and 2 more" in str(short.reason)


def test_slots_are_counted_with_what_blocks_each() -> None:
    talk = an_activity("talk", sessions=2, starts=(NINE, TEN), groups=("children",))
    reading = an_activity(sessions=1, starts=(NINE, at("10:30"), at("09:00", TUESDAY)), groups=("children",))
    rooms = (a_room(open=((NINE, at("10:00", TUESDAY)),)),)
    play = an_activity("play", sessions=1, starts=(at("09:00", TUESDAY),))
    problem = a_problem(reading, talk, play, rooms=rooms, groups=(Group("children"),), people=HELPERS, weights=WEIGHTS)
    plan = a_plan(
        a_talk(NINE, "chen", room="hall"),
        a_talk(TEN, "chen", room="hall", index=1),
        a_session(at("09:00", TUESDAY), "chen", activity="play"),
    )
    (short,) = explained(problem, plan)
    assert (
        str(short.reason) == "Of 3 possible slots: 3 where every suitable room is taken, by talk #1, talk #2, play #1."
    )
    roomy = replace(problem, rooms=(*rooms, a_room("studio")))
    (short,) = explained(roomy, plan)
    assert "where the group is at talk #1, talk #2" in str(short.reason)


def test_relations_pins_and_the_series_itself_are_named_as_what_blocks() -> None:
    tied = Relation("together", ("reading", 0), ("talk", 0))
    (short,) = explained(
        a_problem(ONE, TALK, people=HELPERS, relations=(tied,), weights=WEIGHTS), a_plan(a_talk(lead="chen"))
    )
    assert str(short.reason) == "Of 1 possible slots: 1 clash with talk #1, which it is tied to."
    daily = an_activity(starts=(NINE, TEN), max_per_day=1)
    (short,) = explained(a_problem(daily, people=HELPERS, weights=WEIGHTS), a_plan(a_session(NINE, "bo", "chen")))
    assert str(short.reason) == "Of 1 possible slots: 1 clash with its own reading #1."
    pinned = replace(a_lawyer(available=((NINE, TEN),)), pins=(Pin("reading", 0, start=TEN),))
    pinned = replace(pinned, activities=(replace(READING, starts=(NINE, TEN)),))
    (short,) = explained(pinned, a_plan(WITHOUT_LEAD))
    assert str(short.reason).endswith("of 1 other slots: 1 ruled out by its pin.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"size": 99}, "No suitable room holds the 99 children of reading."),
        ({"zones": ("private",)}, "There is no room of the kind that reading needs."),
        ({"starts": ()}, "No start is left at which a suitable room is open."),
    ],
)
def test_what_has_no_slot_at_all_says_why(fields: dict[str, object], said: str) -> None:
    (short,) = explained(a_problem(an_activity(sessions=1, **fields), weights=WEIGHTS), a_plan())
    assert str(short.reason) == said


def test_a_household_is_not_enough_for_a_safe_session() -> None:
    family = tuple(a_person(name, household="li") for name in ("an", "bo"))
    (short,) = explained(a_problem(ONE, people=family, weights=WEIGHTS), a_plan())
    assert str(short.reason) == "Of 1 possible slots: 1 where too few adults of two households are free."
    assert [cure.relaxations for cure in short.remedies] == [
        (VolunteersMore(1, (), ((TEN, at("11:00")),), "reading"),),
    ]


def test_a_place_that_planning_again_would_fill_is_said_to_be() -> None:
    problem = replace(a_lawyer(), activities=(replace(READING, starts=(NINE, TEN)),))
    (short,) = explained(problem, a_plan(WITHOUT_LEAD))
    assert [str(cure) for cure in short.cures] == ["Planning reading again, the rest unchanged, would fill more."]
    assert short.verified
    assert_cured(problem, a_plan(WITHOUT_LEAD), short.remedies[0])


def test_two_changes_are_combined_where_none_alone_would_do() -> None:
    roles = (Role("lead", "law", 2, 2), Role("helper", None, 1, 1))
    full = tuple(a_person(name, skills=("law",), max_sessions=0) for name in ("fu", "guo"))
    problem = a_problem(replace(READING, roles=roles), people=(*full, *HELPERS), weights=WEIGHTS)
    (short,) = explained(problem, a_plan(WITHOUT_LEAD))
    assert set(short.remedies[0].relaxations) == {DutyMore("fu"), DutyMore("guo")}
    assert short.verified
    assert_cured(problem, a_plan(WITHOUT_LEAD), short.remedies[0])


def test_sessions_of_a_course_that_wait_for_the_same_one_are_explained_alike() -> None:
    starts = tuple(at("09:00", day) for day in (MONDAY, TUESDAY, WEDNESDAY))
    course = an_activity(sessions=3, starts=starts, ordered=True, min_adults=1, roles=LAW[:1])
    problem = a_problem(course, people=HELPERS, weights=WEIGHTS)
    shorts = explained(problem, a_plan())
    assert [short.index for short in shorts] == [0, 1, 2]
    assert len({str(short.reason) for short in shorts}) == 1
    assert len({short.remedies for short in shorts}) == 1
    assert all(short.verified for short in shorts)


def test_what_is_tied_and_begins_together_is_looked_at_as_one() -> None:
    kinds = ("together", "needs")
    ties = (*(Relation(kind, ("reading", 0), ("talk", 0)) for kind in kinds),)
    talk = replace(TALK, starts=(TEN,), roles=LAW[:1])
    problem = a_problem(ONE, talk, people=HELPERS, relations=ties, weights=WEIGHTS)
    reading, _ = explained(problem, a_plan())
    assert str(reading.reason) == "Nobody has the skill law."
    assert VolunteersMore(1, ("law",), ((TEN, at("11:00")),), "reading") in reading.remedies[0].relaxations
    assert_cured(problem, a_plan(), reading.remedies[0])


def test_no_cure_mends_one_thing_at_the_expense_of_more() -> None:
    """One more session with three places empty would cost more than it brings, at these prices."""
    roles = (Role("helper", None, 1, 1), Role("lead", "law", 3, 3))
    talk = replace(ONE, min_adults=1, roles=roles)
    dear = {"unscheduled": 200, "required": 100}
    for weights, any_cure in ((dear, False), (WEIGHTS, True)):
        problem = a_problem(talk, people=(a_person("bo", max_sessions=0),), weights=weights)
        (short,) = explained(problem, a_plan())
        asked = [cure for cure in short.remedies if cure.relaxations == (DutyMore("bo"),)]
        assert bool(asked) == any_cure
        for cure in short.remedies:
            assert cure.plan is not None
            costs = [judged(cure.apply(problem), found)["cost"] for found in (a_plan(), cure.plan)]
            assert costs[1] < costs[0]


def test_a_duty_more_on_a_day_is_not_used_on_another() -> None:
    """The format knows one limit for all days; raising it must not let somebody serve twice on two of them."""
    course = an_activity(sessions=4, starts=(NINE, TEN, at("09:00", TUESDAY), at("10:00", TUESDAY)), roles=LAW)
    problem = a_problem(course, people=(a_person("an", skills=("law",), max_per_day=1), *HELPERS), weights=WEIGHTS)
    problem = replace(problem, activities=(replace(course, min_adults=1),))
    held = [a_session(NINE, "an", "bo"), a_session(TEN, None, "bo", index=1)]
    tomorrow = [
        a_session(at("09:00", TUESDAY), "an", "bo", index=2),
        a_session(at("10:00", TUESDAY), None, "bo", index=3),
    ]
    plan = a_plan(*held, *tomorrow)
    for short in explained(problem, plan):
        for cure in short.remedies:
            assert cure.plan is not None
            assert shortage(cure.apply(problem), cure.plan) < shortage(problem, plan)
            if {change.kind for change in cure.relaxations} == {"duty_that_day"}:
                assert shortage(cure.apply(problem), cure.plan) == (0, 1)


def test_a_rule_of_a_program_is_kept_by_every_cure() -> None:
    reading = replace(READING, starts=(NINE, TEN))
    problem = replace(
        a_lawyer(available=((NINE, TEN),)), activities=(reading,), extensions={"sst": {"not_before": 600}}
    )
    rules = (*DEFAULT_RULES, NotBeforeTen())
    (short,) = explained(problem, a_plan(WITHOUT_LEAD), rules)
    assert short.verified
    assert short.remedies
    for cure in short.remedies:
        assert cure.plan is not None
        assert audit(cure.apply(problem), cure.plan, rules).valid


def test_without_time_there_are_reasons_and_nothing_is_called_verified() -> None:
    (short,) = explain(a_problem(ONE, people=(), weights=WEIGHTS), a_plan(), seconds=0, workers=2)
    assert short.cures == ()
    assert not short.verified


def test_where_nothing_helps_it_is_proved_that_nothing_tried_does() -> None:
    visit = an_activity(sessions=1, zones=(), starts=(), min_adults=1)
    (short,) = explained(a_problem(visit, people=HELPERS, weights=WEIGHTS), a_plan())
    assert short.remedies == ()
    assert short.verified


def test_the_past_is_past() -> None:
    published = a_plan(a_session(NINE, None, "bo", staff={"helper": ("bo",)}))
    problem = a_problem(an_activity(sessions=1, min_adults=1), incumbent=published, frozen_before=at("00:00", TUESDAY))
    assert explained(problem, published) == ()


def test_the_same_plan_is_explained_alike_twice() -> None:
    case = CURES[0]
    assert explained(case.problem, case.plan) == explained(case.problem, case.plan)


def test_a_shortfall_is_json_with_its_cures_as_data_and_as_words() -> None:
    case = CURES[0]
    (short,) = explained(case.problem, case.plan)
    stored = json.loads(json.dumps(short.to_json()))
    assert stored["reason"]["text"] == short.reason.text
    assert stored["cures"][0]["values"]["change"]["values"]["person"] == "an"
    assert [relaxation(value) for value in stored["remedies"][0]["relaxations"]] == list(case.cure.relaxations)


def test_two_cures_that_bring_new_people_can_be_tried_together() -> None:
    morning, noon = ((TEN, at("11:00")),), ((at("11:00"), at("12:00")),)
    both = VolunteersMore(1, (), noon, "reading").apply(VolunteersMore(2, (), morning, "reading").apply(a_problem()))
    assert len({person.id for person in both.people}) == len(a_problem().people) + 3
