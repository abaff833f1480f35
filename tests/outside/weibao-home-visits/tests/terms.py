"""Small terms of visits, written in the exchange format, and what a rule's constraint allows in them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.plugin_api import Choices, Model, Plan, Problem, Rule, Slot

ROLE: Final = "visitor"


def a_series(name: str, starts: Sequence[str], **changes: Any) -> dict[str, Any]:
    """Return a series of visits of an hour in the exchange format; starts such as `12-05 09:00`."""
    role = {"role": ROLE, "skill": None, "required": 2, "wanted": 2, "continuity": True, "max_people": None}
    return {
        "id": name,
        "program": "home_visits",
        "sessions": 2,
        "duration": 60,
        "size": 1,
        "starts": [f"2026-{start.replace(' ', 'T')}" for start in starts],
        "groups": [],
        "zones": [],
        "features": [],
        "rooms": None,
        "place": None,
        "min_adults": 2,
        "roles": [role],
        "ordered": False,
        "max_per_day": 9,
        "min_days": 1,
        "priority": 1,
        **changes,
    }


def a_person(name: str) -> dict[str, Any]:
    """Return a grown-up of a household of their own, who can always come."""
    return {
        "id": name,
        "adult": True,
        "household": None,
        "skills": [],
        "available": [["2026-01-01T00:00", "2027-12-31T00:00"]],
        "max_sessions": 50,
        "max_per_day": 9,
        "likes": {},
    }


def a_term(
    *series: Mapping[str, Any], people: Sequence[str] = ("ann", "bo"), home_by: int = 17, way: int = 30, **changes: Any
) -> Problem:
    """Return a term of these series, with 21 days between visits to a child."""
    told = {one["id"]: {"days_apart": 21, "home_by": 60 * home_by} for one in series}
    return Problem.from_json(
        {
            "format": "weibao.planning/1",
            "name": "small",
            "timezone": "Asia/Shanghai",
            "travel": {"default": 0, "pairs": []},
            "rooms": [],
            "people": [a_person(name) for name in people],
            "groups": [],
            "activities": list(series),
            "extensions": {"home_visits": {"series": told, "way": way}},
            **changes,
        }
    )


def a_plan(*visits: tuple[str, int, str, tuple[str, ...]]) -> Plan:
    """Return a plan of visits: of which series, which number from 0, when, and by whom."""
    return Plan.from_json(written(*visits))


def written(*visits: tuple[str, int, str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the same in the exchange format."""
    rows = [
        {
            "activity": name,
            "index": index,
            "start": f"2026-{start.replace(' ', 'T')}",
            "room": None,
            "staff": {ROLE: list(people)},
        }
        for name, index, start, people in visits
    ]
    return {"format": "weibao.plan/1", "problem": "small", "sessions": rows}


def broken(rule: Rule, problem: Problem, plan: Plan) -> list[tuple[tuple[str, int], ...]]:
    """Return the sessions of each breach that the plain check finds."""
    return [breach.sessions for breach in rule.breaches(problem, plan)]


def is_allowed(rule: Rule, problem: Problem, plan: Plan, decided: Sequence[str] | None = None) -> bool:
    """Tell whether the rule's constraint, and nothing else, allows the plan.

    `decided` are the series that the model decides on, all of them unless said; the others are held fixed.
    """
    choices = Choices(problem)
    rule.narrow(choices)
    chosen = choices if decided is None else choices.copy(decided)
    fixed = tuple(row for row in plan.sessions if row.activity not in chosen.activities)
    model = Model(problem, chosen, Plan(problem.name, fixed))
    rule.constrain(model)
    wanted = {Slot(row.activity, row.start): row for row in plan.sessions if row.activity in chosen.activities}
    if not wanted.keys() <= set(model.variables.all_slots()):
        return False
    for slot in model.variables.all_slots():
        row = wanted.get(slot)
        (model.forbid if row is None else model.require)(model.variables.held(slot))
        people = () if row is None else row.staff[ROLE]
        if not set(people) <= model.variables.staff(slot, ROLE).keys():
            return False
        for person, serves in model.variables.staff(slot, ROLE).items():
            (model.require if person in people else model.forbid)(serves)
    answer = model.solve(seconds=10, seed=0, workers=1, minimize=False)
    assert answer.infeasible is (answer.plan is None)
    return not answer.infeasible
