"""What an activity can hope for alone agrees with what the planner holds of it."""

from collections import Counter
from random import Random

from core.planning.plan import Plan
from core.planning.problem import Activity, Group, Person, Problem, Role, Room
from core.planning.prospects import Prospect, Verdict, prospect
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.modelling import Task
from core.planning.search.solve import solve
from plugins.character_ed.rules import TimeToPractise
from tests.plugins.small_terms import WEIGHTS, a_person, a_problem, an_activity, at

SATURDAYS = ("12-05 09:00", "12-12 09:00", "12-19 09:00")


def asked(problem: Problem, *rules: Rule, seconds: float = 0.0) -> Prospect:
    """Return what the problem's only activity can hope for."""
    task = Task(problem, (*DEFAULT_RULES, *rules), (), seed=0, workers=1)
    return prospect(task, problem.activities[0].id, seconds=seconds)


def people(count: int, **changes: object) -> list[Person]:
    """Return so many people who can always come."""
    return [a_person(f"person-{number}", **changes) for number in range(count)]


def test_an_activity_with_starts_and_people_to_spare_works() -> None:
    found = asked(a_problem([an_activity("a.b", SATURDAYS)], people(2)))
    assert (found.verdict, found.held, found.empty, found.most) == (Verdict.WORKS, 2, 0, 3)


def test_an_activity_with_nothing_to_spare_is_tight() -> None:
    found = asked(a_problem([an_activity("a.b", SATURDAYS, sessions=3)], people(2)))
    assert (found.verdict, found.is_complete) == (Verdict.TIGHT, True)


def test_more_sessions_than_days_cannot_be_held() -> None:
    found = asked(a_problem([an_activity("a.b", SATURDAYS, sessions=4)], people(2)))
    assert (found.verdict, found.most, found.held) == (Verdict.CANNOT, 3, 3)


def test_only_starts_with_an_open_room_count() -> None:
    nine = at("12-05 09:00")
    rooms = (Room("hall", "centre", 20, open=((nine, nine + 60),)), Room("tiny", "centre", 2, open=((0, 10**8),)))
    found = asked(a_problem([an_activity("a.b", SATURDAYS, zones=("activity",), size=9)], people(2), rooms=rooms))
    assert (len(found.starts), found.roomy, found.verdict) == (3, (nine,), Verdict.CANNOT)


def test_two_adults_of_one_household_are_not_enough() -> None:
    role = Role("helper", None, 2, 2)
    activity = an_activity("a.b", SATURDAYS, min_adults=2, roles=(role,))
    family = asked(a_problem([activity], people(2, household="home")))
    assert (family.safe, family.most, family.able["helper"]) == ((), 0, (2, 2, 2))
    assert asked(a_problem([activity], people(2))).verdict is Verdict.WORKS


def test_adults_who_have_offered_too_little_bound_the_sessions() -> None:
    activity = an_activity("a.b", SATURDAYS, min_adults=1)
    found = asked(a_problem([activity], people(1, max_sessions=1)))
    assert (found.by_people, found.most, found.verdict) == (1, 1, Verdict.CANNOT)


def test_a_role_without_whom_no_session_is_safe_bounds_the_sessions() -> None:
    roles = (Role("lead", "law", 1, 1), Role("helper", None, 1, 1))
    lawyer = a_person("lawyer", skills=("law",), max_sessions=1)
    activity = an_activity("a.b", SATURDAYS, min_adults=2, roles=roles)
    found = asked(a_problem([activity], [lawyer, *people(3)]))
    assert (found.by_role["lead"], found.verdict) == (1, Verdict.CANNOT)


def test_an_empty_required_place_makes_an_activity_tight() -> None:
    roles = (Role("lead", "law", 1, 1), Role("helper", None, 1, 1))
    found = asked(a_problem([an_activity("a.b", SATURDAYS, roles=roles, min_adults=1)], people(2)))
    assert (found.held, found.empty, found.verdict) == (2, 2, Verdict.TIGHT)


def test_what_counting_leaves_open_the_solver_decides() -> None:
    # One and the same room at every start: the sessions overlap, and only two of the four fit into the morning.
    starts = ("12-05 09:00", "12-05 09:30", "12-05 10:00", "12-05 10:30")
    room = Room("hall", "centre", 20, open=((at("12-05 09:00"), at("12-05 11:30")),))
    activity = an_activity("a.b", starts, sessions=3, max_per_day=4, zones=("activity",))
    problem = a_problem([activity], people(4), rooms=(room,))
    assert asked(problem).verdict is Verdict.TIGHT
    found = asked(problem, seconds=5)
    assert (found.verdict, found.most, found.held) == (Verdict.CANNOT, 2, 2)


def test_a_program_s_own_rule_counts() -> None:
    activity = an_activity("character_ed.workshop", SATURDAYS, sessions=2)
    telling = {"character_ed": {"practice_days": {activity.id: 30}}}
    found = asked(a_problem([activity], people(2), extensions=telling), TimeToPractise(), seconds=5)
    assert (found.verdict, found.most) == (Verdict.CANNOT, 1)
    assert asked(a_problem([activity], people(2)), TimeToPractise()).verdict is Verdict.WORKS


def test_what_lies_behind_us_is_held_and_offers_no_starts() -> None:
    row = [("a.b", 0, at(SATURDAYS[0]))]
    before = a_problem([an_activity("a.b", SATURDAYS)], people(2))
    problem = a_problem(
        before.activities,
        before.people,
        incumbent=Plan.from_json(
            {
                "format": "weibao.plan/1",
                "problem": "small",
                "sessions": [
                    {"activity": name, "index": index, "start": "2026-12-05T09:00", "room": None, "staff": {}}
                    for name, index, _ in row
                ],
            }
        ),
        frozen_before=at("12-06 00:00"),
    )
    found = asked(problem)
    assert (len(found.starts), found.most, found.held) == (2, 3, 2)


def test_verdicts_agree_with_what_the_planner_holds() -> None:
    met = Counter[Verdict]()
    for seed in range(150):
        problem = _some_term(Random(seed))  # noqa: S311 - no secret
        found = asked(problem, seconds=2)
        met[found.verdict] += 1
        outcome = solve(problem, steps=1, seed=seed, workers=1)
        activity, held = problem.activities[0], outcome.plan.sessions
        empty = sum(
            max(0, role.required - len(row.staff.get(role.role, ()))) for row in held for role in activity.roles
        )
        assert found.held <= found.most, seed
        assert len(held) <= found.most, seed
        if found.verdict is Verdict.CANNOT:
            assert len(held) < found.asked, seed
        if found.verdict is Verdict.WORKS:
            assert (len(held), empty) == (found.asked, 0), seed
    assert min(met[verdict] for verdict in Verdict) >= 10, met


def _some_term(rng: Random) -> Problem:
    days = ["12-05", "12-06", "12-12"][: rng.randint(1, 3)]
    starts = sorted({f"{rng.choice(days)} {rng.choice(['09:00', '09:30', '10:00', '14:00'])}" for _ in range(6)})
    free = [((at(start), at(start) + 60)) for start in starts]
    crew = [
        a_person(
            f"person-{number}",
            adult=rng.random() < 0.8,
            household=rng.choice([None, None, "home"]),
            skills=tuple(skill for skill in ("art", "law") if rng.random() < 0.5),
            available=tuple(window for window in free if rng.random() < 0.8),
            max_sessions=rng.randint(1, 4),
            max_per_day=rng.randint(1, 2),
        )
        for number in range(rng.randint(1, 6))
    ]
    rooms = tuple(
        Room(f"room-{number}", f"venue-{number % 2}", rng.choice([5, 20]), open=tuple(rng.sample(free, len(free) // 2)))
        for number in range(rng.randint(1, 3))
    )
    activity: Activity = an_activity(
        "a.b",
        starts,
        sessions=rng.randint(1, 4),
        min_adults=rng.randint(0, 2),
        size=10,
        zones=rng.choice([(), ("activity",)]),
        groups=rng.choice([(), ("group",)]),
        ordered=rng.random() < 0.3,
        max_per_day=rng.randint(1, 3),
        roles=(
            Role("lead", rng.choice([None, "art"]), rng.randint(0, 1), 1),
            Role("helper", rng.choice([None, "law"]), 0, rng.randint(1, 2)),
        ),
    )
    return a_problem([activity], crew, rooms=rooms, groups=(Group("group"),), weights=WEIGHTS)
