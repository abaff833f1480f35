"""Small planning problems with defaults, and a rule that holds a given plan."""

from collections.abc import Iterator
from typing import Any

from core.planning.model.choices import Choices
from core.planning.model.model import Answer, Model
from core.planning.moments import moment
from core.planning.plan import Plan, PlannedSession
from core.planning.preferences.base import Preference
from core.planning.problem import Activity, Person, Problem, Role, Room
from core.planning.rules.base import Breach, Rule
from tests.unit.planning import referee

MONDAY, TUESDAY, WEDNESDAY = "2027-01-25", "2027-01-26", "2027-01-27"
WEEK = ((moment("2027-01-25T00:00"), moment("2027-02-01T00:00")),)
LEAD, HELPER = Role("lead", None, 1, 1), Role("helper", None, 1, 1)


def at(clock: str, day: str = MONDAY) -> int:
    return moment(f"{day}T{clock}")


def a_room(name: str = "hall", venue: str = "centre", **fields: Any) -> Room:
    return Room(name, venue, **{"capacity": 20, "open": WEEK, **fields})


def a_person(name: str, **fields: Any) -> Person:
    return Person(name, **{"available": WEEK, "max_sessions": 9, "max_per_day": 9, **fields})


def an_activity(name: str = "reading", **fields: Any) -> Activity:
    """Two sessions of an hour for ten children, at nine or ten on Monday or Tuesday, with a lead and a helper."""
    starts = tuple(at(clock, day) for day in (MONDAY, TUESDAY) for clock in ("09:00", "10:00", "10:30"))
    defaults: dict[str, Any] = {
        "program": "sst",
        "sessions": 2,
        "duration": 60,
        "starts": starts,
        "size": 10,
        "zones": ("activity",),
        "min_adults": 2,
        "roles": (LEAD, HELPER),
        "max_per_day": 2,
    }
    return Activity(id=name, **{**defaults, **fields})


def a_problem(*activities: Activity, **fields: Any) -> Problem:
    people = tuple(a_person(name) for name in ("an", "bo", "chen", "dai"))
    rooms = (a_room(), a_room("studio"), a_room("shed", "far"))
    return Problem("tiny", **{"activities": activities, "people": people, "rooms": rooms, **fields})


def a_session(
    start: int, lead: str | None = "an", helper: str | None = "bo", *, index: int = 0, **fields: Any
) -> PlannedSession:
    staff = {role: (name,) if name else () for role, name in (("lead", lead), ("helper", helper))}
    return PlannedSession(
        **{"activity": "reading", "index": index, "start": start, "room": "hall", "staff": staff, **fields}
    )


def a_plan(*sessions: PlannedSession) -> Plan:
    return Plan("tiny", sessions)


def judged(problem: Problem, plan: Plan) -> dict[str, Any]:
    return referee.judge(problem.to_json(), plan.to_json())


class Exactly(Rule):
    """Holds a plan as it is; written with nothing but what a plugin's author is given."""

    name = "exactly"

    def __init__(self, plan: Plan) -> None:
        self._rows = plan.sessions

    def constrain(self, model: Model) -> None:
        """Hold the sessions of the plan and no others."""
        for activity in model.activities:
            mine = [row for row in self._rows if row.activity == activity]
            model.at_least(len(mine), [model.variables.held_count(activity)])
            model.at_most(len(mine), [model.variables.held_count(activity)])
            for row in mine:
                self._hold(model, row)

    def _hold(self, model: Model, row: PlannedSession) -> None:
        places = model.numbering.places(row.key)
        model.exactly_one([literal for slot, literal in places.items() if slot.start == row.start])
        for slot, literal in places.items():
            if slot.start == row.start:
                model.implies(literal, model.variables.in_room(slot, row.room))
                serving = len(row.people())
                everyone = [each for found in model.variables.everyone(slot).values() for each in found]
                model.implies(literal * serving, model.total(everyone))
                model.at_most(serving + 99 * (1 - literal), everyone)
                for role, ids in row.staff.items():
                    for person in ids:
                        model.implies(literal, model.variables.serves(person, slot, role))

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:  # noqa: ARG002 - it complains of nothing
        """Yield nothing."""
        yield from ()


def solved(problem: Problem, rules: tuple[Rule, ...], preferences: tuple[Preference, ...] = ()) -> Answer:
    """Return what the solver makes of the whole problem under these rules and preferences alone."""
    choices = Choices(problem)
    for rule in rules:
        rule.narrow(choices)
    model = Model(problem, choices)
    for rule in rules:
        rule.constrain(model)
    for preference in preferences:
        preference.penalize(model)
    return model.solve(seconds=20, seed=1, workers=1)
