"""Repairs of one session or place: each is valid and costs what the referee says, and nothing better was overlooked."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from core.domain.errors import ConflictError, Message, NotFoundError
from core.planning.errors import AuditFailedError
from core.planning.files import read_plan, read_problem
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.problem import Group, Pin, Problem, Relation
from core.planning.repair import RepairDesk, repairs
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Breach, Rule
from core.planning.search.construct import construct
from core.planning.search.modelling import Task
from core.planning.suggestions import Hindrance, Repair, Suggestions
from tests.unit.planning.builders import (
    MONDAY,
    TUESDAY,
    a_person,
    a_plan,
    a_problem,
    a_room,
    a_session,
    an_activity,
    at,
    judged,
)

CASES = Path(__file__).parents[2] / "planner_cases"
NINE, TEN = at("09:00"), at("10:00")
READING = ("reading", 0)
WEIGHTS = {
    "unscheduled": 1000,
    "required": 100,
    "wanted": 10,
    "rooms": 4,
    "times": 3,
    "staff": 5,
    "trips": 6,
    "load": 1,
    "likes": 1,
    "moved": 40,
    "rehoused": 8,
    "restaffed": 12,
}
Where = tuple[int, str | None]


def a_random_problem(seed: int) -> Problem:
    """Two series without an order for five people with likes, households and hours of their own, and three rooms."""
    rng = random.Random(seed)  # noqa: S311 - no secret hangs on it
    hours = (at("09:00"), at("10:00"), at("10:30"), at("11:30"))
    people = tuple(
        a_person(
            name,
            adult=rng.random() < 0.8,
            household=rng.choice(["li", "wang", None]),
            likes={"reading": rng.randint(-3, 3)},
            max_per_day=rng.choice([1, 2, 9]),
            available=((at("00:00"), rng.choice(hours)), (at("00:00", TUESDAY), at("23:00", TUESDAY))),
        )
        for name in ("an", "bo", "chen", "dai", "eva")
    )
    starts = tuple(at(clock, day) for day in (MONDAY, TUESDAY) for clock in ("09:00", "10:30"))
    reading = an_activity(starts=starts, sessions=2)
    talk = an_activity("talk", starts=starts, sessions=1, min_adults=1)
    return a_problem(reading, talk, people=people, weights=WEIGHTS)


def a_first_plan(problem: Problem, seed: int = 0) -> Plan:
    return construct(Task(problem, DEFAULT_RULES, DEFAULT_PREFERENCES, seed, 1), seed, Plan(problem.name))


def holds_reading(seed: int) -> bool:
    problem = a_random_problem(seed)
    return any(row.key == READING for row in a_first_plan(problem).sessions)


def cost(problem: Problem, plan: Plan) -> int | None:
    """Return what the referee says a plan costs, None for one that breaks a rule."""
    verdict = judged(problem, plan)
    return verdict["cost"] if verdict["valid"] else None


def alternatives(problem: Problem, plan: Plan, key: SessionKey) -> Iterator[PlannedSession]:
    """Yield every way to hold a session of two roles with one place each, broken rules or not."""
    activity = problem.activity_of[key[0]]
    nobody_or = ((), *((person.id,) for person in problem.people))
    for start, room, lead, helper in product(activity.starts, problem.rooms, nobody_or, nobody_or):
        yield PlannedSession(*key, start, room.id, {"lead": lead, "helper": helper})


def by_brute_force(problem: Problem, plan: Plan, key: SessionKey) -> dict[Where, int]:
    """Return for each start and room the least cost with nothing else changed; whoever serves and can come stays."""
    others = tuple(row for row in plan.sessions if row.key != key)
    kept = next((row.staff for row in plan.sessions if row.key == key), {})
    found = dict[Where, list[tuple[PlannedSession, int]]]()
    for row in alternatives(problem, plan, key):
        price = cost(problem, Plan(plan.problem, (*others, row)))
        if price is not None:
            found.setdefault((row.start, row.room), []).append((row, price))
    best = dict[Where, int]()
    for where, rows in found.items():
        stay = {(role, who) for role, ids in kept.items() for who in ids if any(who in r.staff[role] for r, _ in rows)}
        best[where] = min(price for row, price in rows if all(who in row.staff[role] for role, who in stay))
    return best


def changed_alone(repair: Repair) -> bool:
    return len(repair.changes) == 1


@pytest.mark.parametrize("seed", range(20))
def test_every_start_and_room_costs_what_it_would_at_best_and_the_cheapest_comes_first(seed: int) -> None:
    problem = a_random_problem(seed)
    plan = a_first_plan(problem)
    before = cost(problem, plan)
    assert before is not None
    found = repairs(problem, plan, READING, limit=1000)
    expected = {where: price - before for where, price in by_brute_force(problem, plan, READING).items()}
    kept = found.kept
    told = {(each.session.start, each.session.room): each for each in found.ranked}
    for where, difference in expected.items():
        if kept is not None and where == (kept.start, kept.room) and where not in told:
            assert difference == 0
            continue
        assert told[where].difference <= difference
        assert told[where].difference == difference or not changed_alone(told[where])
    assert all(where in expected or not changed_alone(each) for where, each in told.items())
    differences = [each.difference for each in found.ranked]
    assert differences == sorted(differences)
    assert_true(problem, plan, found)


def assert_true(problem: Problem, plan: Plan, found: Suggestions) -> None:
    """See that the referee finds each plan valid, and what it costs and which amounts change as it is told."""
    before = judged(problem, plan)
    assert before["cost"] == found.cost
    for each in found.ranked:
        after = judged(problem, each.plan)
        assert after["valid"]
        assert after["cost"] - before["cost"] == each.difference
        names = {*before["amounts"], *after["amounts"]}
        terms = {name: after["amounts"].get(name, 0) - before["amounts"].get(name, 0) for name in names}
        assert {name: amount for name, amount in terms.items() if amount} == dict(each.terms)


@pytest.mark.parametrize("seed", [seed for seed in range(20) if holds_reading(seed)])
def test_everybody_who_could_serve_in_a_place_is_ranked_as_it_would_cost(seed: int) -> None:
    problem = a_random_problem(seed)
    plan = a_first_plan(problem)
    row = next(row for row in plan.sessions if row.key == READING)
    found = repairs(problem, plan, READING, role="helper", limit=1000)
    expected = dict[str, int]()
    for person in problem.people:
        staff = {**row.staff, "helper": (person.id,)}
        others = tuple(other for other in plan.sessions if other.key != READING)
        price = cost(problem, Plan(plan.problem, (*others, replace(row, staff=staff))))
        if price is not None and person.id not in row.people():
            expected[person.id] = price - found.cost
    alone = {each.session.staff["helper"][0]: each.difference for each in found.ranked if changed_alone(each)}
    assert alone == expected
    assert [each.difference for each in found.ranked] == sorted(each.difference for each in found.ranked)
    assert found.possible + sum(found.hindered.values()) + len(row.people()) == len(problem.people)
    assert_true(problem, plan, found)


def test_in_a_role_with_several_places_an_empty_one_is_filled_before_anybody_is_replaced() -> None:
    roles = tuple(replace(role, wanted=2) for role in an_activity().roles)
    problem = a_problem(an_activity(roles=roles, sessions=1), weights=WEIGHTS)
    found = repairs(problem, a_plan(a_session(NINE)), READING, role="helper")
    assert [each.session.staff["helper"] for each in found.ranked] == [("bo", "chen"), ("bo", "dai")]


def test_whoever_must_begin_together_comes_along() -> None:
    talk = an_activity("talk", sessions=1)
    ties = (Relation("together", READING, ("talk", 0)),)
    problem = a_problem(an_activity(sessions=1), talk, relations=ties, weights=WEIGHTS)
    plan = a_plan(a_session(NINE), a_session(NINE, "chen", "dai", activity="talk", room="studio"))
    found = repairs(problem, plan, READING, limit=100)
    elsewhere = [each for each in found.ranked if each.session.start != NINE]
    assert elsewhere
    assert all(each.along == (("talk", 0),) and not each.gives_way for each in elsewhere)
    assert {change.person for change in elsewhere[0].people if change.moves} == {"an", "bo", "chen", "dai"}
    assert_true(problem, plan, found)


def test_a_session_in_the_way_goes_where_it_costs_least_and_is_named() -> None:
    activities = (an_activity(sessions=1, starts=(NINE, TEN)), an_activity("talk", sessions=1, starts=(NINE, TEN)))
    problem = a_problem(*activities, rooms=(a_room(),), weights=WEIGHTS)
    plan = a_plan(a_session(NINE), a_session(TEN, activity="talk"))
    found = repairs(problem, plan, READING)
    assert [(each.session.start, each.gives_way) for each in found.ranked] == [(TEN, (("talk", 0),))]
    assert {row.start for row in found.ranked[0].plan.sessions if row.activity == "talk"} == {NINE}
    assert_true(problem, plan, found)


def test_somebody_is_called_away_where_another_can_take_over() -> None:
    talk = an_activity("talk", sessions=1, starts=(NINE,))
    people = (
        *(a_person(name) for name in ("an", "bo", "eva")),
        a_person("chen", skills=("first_aid",)),
        a_person("dai"),
    )
    aid = replace(an_activity().roles[1], skill="first_aid")
    problem = a_problem(
        an_activity(sessions=1, starts=(NINE,), roles=(an_activity().roles[0], aid), min_adults=1),
        talk,
        people=people,
        weights=WEIGHTS,
    )
    plan = a_plan(a_session(NINE, "an", None), a_session(NINE, "chen", "dai", activity="talk", room="studio"))
    found = repairs(problem, plan, READING, role="helper")
    (only,) = found.ranked
    assert only.session.staff["helper"] == ("chen",)
    away = next(change for change in only.people if change.person == "chen")
    assert away.called_away
    assert (away.gains, away.loses) == ((READING,), (("talk", 0),))
    assert next(r for r in only.plan.sessions if r.activity == "talk").staff["lead"] in {("bo",), ("eva",)}
    assert found.hindered == {Hindrance.SKILL: 4}
    assert_true(problem, plan, found)


def test_a_session_that_overtakes_others_of_its_course_has_another_number() -> None:
    course = an_activity(ordered=True, starts=tuple(at("09:00", f"2027-01-{day}") for day in (25, 26, 27)))
    problem = a_problem(course, weights=WEIGHTS)
    plan = a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), "chen", "dai", index=1))
    found = repairs(problem, plan, READING, limit=100)
    last = next(each for each in found.ranked if each.session.start == at("09:00", "2027-01-27"))
    assert (last.session.key, last.session.people()) == (("reading", 1), ("an", "bo"))
    assert (last.gives_way, last.renumbered) == ((), (READING,))
    assert_true(problem, plan, found)


def test_what_is_not_held_is_offered_with_those_it_cant_be_held_without() -> None:
    ties = tuple(Relation(kind, READING, ("talk", 0)) for kind in ("together", "needs"))
    problem = a_problem(an_activity(sessions=1), an_activity("talk", sessions=1), relations=ties, weights=WEIGHTS)
    found = repairs(problem, a_plan(), READING)
    assert found.kept is None
    assert len(found.ranked) == 10
    assert found.ranked[0].along == (("talk", 0),)
    assert found.ranked[0].terms["unscheduled"] == -2
    assert_true(problem, a_plan(), found)


def test_published_sessions_that_change_are_named() -> None:
    published = a_plan(a_session(NINE), a_session(TEN, "chen", "dai", index=1))
    problem = a_problem(an_activity(), incumbent=published, weights=WEIGHTS)
    found = repairs(problem, published, READING)
    assert all(each.published == (READING,) and each.terms for each in found.ranked)
    assert_true(problem, published, found)


def test_what_is_pinned_stays_and_is_said_to_be() -> None:
    pin = Pin("reading", 0, start=NINE, staff={"lead": ("an",)})
    problem = a_problem(an_activity(sessions=1), pins=(pin,), weights=WEIGHTS)
    found = repairs(problem, a_plan(a_session(NINE)), READING, limit=100)
    assert {(each.session.start, each.session.staff["lead"]) for each in found.ranked} == {(NINE, ("an",))}
    assert {each.session.room for each in found.ranked} == {"studio", "shed"}
    assert str(found.fixed) == "It is pinned: 2027-01-25T09:00, an."
    assert found.hindered[Hindrance.RULES] == 5


def test_the_past_stays_as_it_was() -> None:
    past = a_plan(a_session(NINE), a_session(at("09:00", TUESDAY), index=1))
    problem = a_problem(an_activity(), incumbent=past, frozen_before=at("00:00", TUESDAY), weights=WEIGHTS)
    desk = RepairDesk(problem, past)
    for found in (desk.session(READING), desk.place(READING, "lead")):
        assert found.ranked == ()
        assert found.fixed == Message("It lies behind us and stays as it was.")
    assert all(each.session.start > TEN for each in desk.session(("reading", 1), limit=100).ranked)


def test_where_nothing_is_possible_it_is_said_why() -> None:
    busy = an_activity("talk", sessions=1, starts=(NINE,), groups=("g",))
    reading = an_activity(sessions=1, starts=(NINE, at("09:00", TUESDAY), at("10:00", TUESDAY)), groups=("g",))
    rooms = (a_room(open=((NINE, at("10:00", TUESDAY)),)),)
    people = (a_person("an", available=((NINE, TEN),)), a_person("bo"))
    problem = a_problem(reading, busy, rooms=rooms, people=people, groups=(Group("g"),), weights=WEIGHTS)
    plan = a_plan(a_session(NINE, activity="talk"))
    found = repairs(problem, plan, READING)
    assert (found.ranked, found.possible) == ((), 0)
    assert found.hindered == {Hindrance.ROOM: 2, Hindrance.STAFF: 1}
    assert [str(each) for each in found.why]


def test_the_same_desk_gives_the_same_answer_again() -> None:
    problem = a_random_problem(1)
    desk = RepairDesk(problem, a_first_plan(problem))
    first = desk.session(READING).to_json()
    desk.place(READING, "lead")
    assert desk.session(READING).to_json() == first


def test_what_isnt_there_or_isnt_sound_is_refused() -> None:
    problem = a_problem(an_activity(), weights=WEIGHTS)
    desk = RepairDesk(problem, a_plan(a_session(NINE)))
    for key in (("reading", 2), ("talk", 0)):
        with pytest.raises(NotFoundError):
            desk.session(key)
    with pytest.raises(NotFoundError):
        desk.place(READING, "cook")
    with pytest.raises(ConflictError, match="not held"):
        desk.place(("reading", 1), "lead")
    with pytest.raises(ConflictError, match="breaks rules"):
        RepairDesk(problem, a_plan(a_session(NINE, "an", None)))


class NotOnTuesday(Rule):
    """A program that doesn't come on Tuesdays, and whose rule strikes out nothing beforehand."""

    name = "sst.not_on_tuesday"

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:  # noqa: ARG002 - days are all it reads
        """Yield the sessions on Tuesday."""
        for row in plan.sessions:
            if row.start >= at("00:00", TUESDAY):
                yield Breach(self.name, (row.key,), Message("No."))


class Wrong(NotOnTuesday):
    """A standard rule that the search would have forgotten."""

    name = DEFAULT_RULES[0].name


def test_what_breaks_a_rule_of_a_program_is_not_offered() -> None:
    problem = a_problem(an_activity(), weights=WEIGHTS)
    plan = a_plan(a_session(NINE))
    found = repairs(problem, plan, READING, limit=100, rules=(*DEFAULT_RULES, NotOnTuesday()))
    assert found.ranked
    assert all(each.session.start < at("00:00", TUESDAY) for each in found.ranked)
    with pytest.raises(AuditFailedError):
        repairs(problem, plan, READING, limit=100, rules=(*DEFAULT_RULES, Wrong()))


def test_repairs_of_a_real_term_are_what_the_referee_says() -> None:
    problem = read_problem(CASES / "summer-1.problem.json.gz")
    plan = read_plan(CASES / "summer-1.planted.json.gz")
    desk = RepairDesk(problem, plan)
    for row in random.Random(1).sample(plan.sessions, 4):  # noqa: S311 - no secret hangs on it
        for found in (desk.session(row.key, limit=3), desk.place(row.key, next(iter(row.staff)), limit=3)):
            assert_true(problem, plan, found)
            assert found.ranked
