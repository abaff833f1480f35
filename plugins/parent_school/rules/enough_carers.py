"""Children are looked after by as many adults as their age asks for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from core.plugin_api import Breach, Message, Model, Node, Plan, Problem, Rule, seating
from plugins.parent_school.activities import CARING_ROLES, PROGRAM

KEY: Final = "enough_carers"


def extension(carers: Mapping[str, int], roles: Sequence[str] = CARING_ROLES) -> dict[str, Any]:
    """Return what the rule is told: how many adults each care session takes, and in which roles they count."""
    return {KEY: {"carers": dict(carers), "roles": list(roles)}} if carers else {}


class EnoughCarers(Rule):
    """Child care is held only with so many adults in its caring roles as the ratio for the youngest children asks for.

    The ratios are the station's own, and stand in the back office. Young volunteers help, but don't count. What lies
    behind us is not judged.
    """

    name: ClassVar[str] = "parent_school.enough_carers"
    reason: ClassVar[Message] = Message("For the age of the children there are too few adults in its caring roles.")

    def constrain(self, model: Model) -> None:
        """Hold no care session with fewer adults."""
        carers, roles = _asked(model.problem)
        line = model.problem.frozen_before
        for activity in carers.keys() & set(model.activities):
            caring = [role for role in roles if role in model.problem.activity_of[activity].role_of]
            for slot in model.variables.slots(activity):
                if line is None or slot.start >= line:
                    adults = [
                        serves
                        for role in caring
                        for person, serves in model.variables.staff(slot, role).items()
                        if model.problem.person_of[person].adult
                    ]
                    model.at_least(carers[activity] * model.variables.held(slot), adults)

    def breaches(self, problem: Problem, plan: Plan) -> Iterator[Breach]:
        """Yield each care session with too few adults for its children."""
        carers, roles = _asked(problem)
        known = problem.person_of
        for activity, least in carers.items():
            for meeting in seating(problem, plan).series.get(activity, ()):
                if problem.frozen_before is not None and meeting.start < problem.frozen_before:
                    continue
                there = {name for role in roles for name in meeting.row.staff.get(role, ())}
                adults = sum(name in known and known[name].adult for name in there)
                if adults < least:
                    values = {"activity": activity, "number": meeting.row.index + 1, "adults": adults, "least": least}
                    text = Message(
                        "Session %(number)s of %(activity)s has %(adults)s adults for its children; for their age it"
                        " takes %(least)s.",
                        values,
                    )
                    yield Breach(self.name, (meeting.key,), text)


def _asked(problem: Problem) -> tuple[Mapping[str, int], Sequence[str]]:
    found = problem.extension(PROGRAM.key).get(KEY)
    if found is None:
        return {}, ()
    carers = found.get("carers")
    told = {} if carers is None else {activity: least.whole(0) for activity, least in carers.members()}
    return told, tuple(dict.fromkeys(found.some("roles", Node.text)))
