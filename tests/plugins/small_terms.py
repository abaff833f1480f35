"""Terms small enough to be planned to the best in a moment, and to be gone through plan by plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from core.hooks.types import ActivityOutline
from core.planning.model.choices import Choices, Slot
from core.planning.model.model import Model
from core.planning.moments import moment
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Activity, Person, Problem, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.solve import solve

ROLE = "helper"
ALWAYS = ((moment("2026-11-01T00:00"), moment("2027-03-01T00:00")),)
WEIGHTS = {"unscheduled": 10_000, "required": 1_000, "wanted": 60, "load": 1}


def at(text: str) -> int:
    """Return the moment of a day in the winter of 2026, such as `12-05 09:00`."""
    return moment(f"2026-{text.replace(' ', 'T')}")


def a_person(name: str, **changes: Any) -> Person:
    """Return an adult who can always serve."""
    return Person(**{"id": name, "available": ALWAYS, "max_sessions": 20, "max_per_day": 5, **changes})


def an_activity(name: str, starts: Iterable[str], **changes: Any) -> Activity:
    """Return an activity of an hour without a room, with one helper a session."""
    values: dict[str, Any] = {
        "program": name.partition(".")[0],
        "sessions": 2,
        "duration": 60,
        "starts": tuple(at(start) for start in starts),
        "roles": (Role(ROLE, None, 1, 1),),
    }
    return Activity(**{"id": name, **values, **changes})


def an_outline(activity: Activity, type_key: str, **settings: Any) -> ActivityOutline:
    """Return what a program knows of an activity, whose title is its id."""
    return ActivityOutline(
        id=activity.id,
        type_key=type_key,
        title=activity.id,
        sessions=activity.sessions,
        size=activity.size,
        groups=activity.groups,
        settings=settings,
    )


def a_problem(activities: Sequence[Activity], people: Sequence[Person], **changes: Any) -> Problem:
    """Return a problem of these alone."""
    values = {"name": "small", "activities": tuple(activities), "people": tuple(people), "weights": WEIGHTS, **changes}
    return Problem(**values)


def a_session(activity: str, index: int, start: str, *people: str) -> PlannedSession:
    """Return a planned session with these helpers."""
    return PlannedSession(activity, index, at(start), None, {ROLE: people})


def a_plan(*sessions: PlannedSession) -> Plan:
    """Return a plan of the small term."""
    return Plan("small", sessions)


def best_plan(problem: Problem, *rules: Rule) -> Plan:
    """Return the best plan under the standard rules and these, proved to be the best.

    The planner looks for a plan without shortfalls for half of its run before it proves that there is none: counted in
    steps, that half is short, and the proof has all the time that it needs on a busy machine.
    """
    outcome = solve(problem, seconds=5, steps=20, seed=1, workers=1, rules=(*DEFAULT_RULES, *rules))
    assert outcome.status == "optimal"
    return outcome.plan


def starts_of(plan: Plan, activity: str) -> list[int]:
    """Return when the activity's sessions are held, in order."""
    return sorted(row.start for row in plan.sessions if row.activity == activity)


def all_plans(problem: Problem, activity: Activity, most_people: int = 1) -> Iterator[Plan]:
    """Yield every plan of one activity: each start with nothing, or with a session and up to so many of the people."""
    names = [person.id for person in problem.people]
    teams = [team for size in range(most_people + 1) for team in combinations(names, size)]
    for pattern in product([None, *teams], repeat=len(activity.starts)):
        held = [(start, team) for start, team in zip(activity.starts, pattern, strict=True) if team is not None]
        rows = [PlannedSession(activity.id, k, start, None, {ROLE: team}) for k, (start, team) in enumerate(held)]
        kept = {row.key: row for row in rows if row.key in problem.frozen}
        if len(rows) <= activity.sessions and kept == problem.frozen:
            yield Plan(problem.name, tuple(rows))


def is_allowed(problem: Problem, rule: Rule, plan: Plan) -> bool:
    """Ask the solver whether the rule's constraint, and nothing else, allows the plan."""
    choices = Choices(problem)
    rule.narrow(choices)
    model = Model(problem, choices)
    rule.constrain(model)
    wanted: Mapping[Slot, PlannedSession] = {Slot(row.activity, row.start): row for row in plan.sessions}
    slots = model.variables.all_slots()
    if not wanted.keys() <= set(slots):
        return False
    for slot in slots:
        row = wanted.get(slot)
        _fix(model, model.variables.held(slot), so=row is not None)
        for person, literal in model.variables.staff(slot, ROLE).items():
            _fix(model, literal, so=row is not None and person in row.staff[ROLE])
    answer = model.solve(seconds=10, seed=0, workers=1, minimize=False)
    assert answer.infeasible is (answer.plan is None)
    return not answer.infeasible


def leaves_alone(problem: Problem, rule: Rule, fixed: Plan, decided: str) -> bool:
    """Tell whether a model that decides on one activity, and holds the plan fixed, has a solution under the rule."""
    choices = Choices(problem)
    rule.narrow(choices)
    model = Model(problem, choices.copy([decided]), fixed)
    rule.constrain(model)
    answer = model.solve(seconds=10, seed=0, workers=1, minimize=False)
    return answer.plan is not None and set(fixed.sessions) <= set(answer.plan.sessions)


def _fix(model: Model, literal: Any, *, so: bool) -> None:
    if so:
        model.require(literal)
    else:
        model.forbid(literal)
