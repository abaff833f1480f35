"""What programs' rules strike out of a problem, rule by rule, so that a reason can say whose it is."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from core.domain.errors import Message
from core.planning.model.choices import Choices
from core.planning.plan import Plan, PlannedSession
from core.planning.problem import Activity, Problem, Role
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule


class ProgramRules:
    """The rules that programs have added to a problem, asked one by one what they leave."""

    def __init__(self, problem: Problem, rules: Iterable[Rule]) -> None:
        self._problem = problem
        self._rules = tuple(rules)

    def leaving_no_slot(self, activity: Activity) -> Message | None:
        """Return in words which rule leaves an activity no slot at all though the standard rules leave some."""
        standard = Choices(self._problem).copy([activity.id])
        for rule in DEFAULT_RULES:
            rule.narrow(standard)
        if not standard.slots(activity.id):
            return None
        return next((rule.reason for rule in self._outspoken() if not self._left(standard, rule, activity)), None)

    def reserving(self, activity: Activity, role: Role) -> tuple[frozenset[str], Message | None]:
        """Return who is left for a role at some start, and in words which rule leaves nobody else."""
        people, reason = frozenset(self._problem.person_of), None
        for rule in self._outspoken():
            choices = Choices(self._problem).copy([activity.id])
            rule.narrow(choices)
            starts = choices.starts(activity.id)
            left = frozenset[str]().union(*(choices.people(activity.id, start, role.role) for start in starts))
            if starts and not people <= left:
                people, reason = people & left, rule.reason
        return people, reason

    def minding(self, plan: Plan, row: PlannedSession) -> Message | None:
        """Return in words which rule minds a session that the plan doesn't hold, whoever of its staff serves in it.

        `row` has everybody who could serve. A rule may want just one of them in a role, so that one is tried as well.
        """
        nobody = replace(row, staff={})
        for rule in self._outspoken():
            if self._minds(rule, plan, row) and (
                self._minds(rule, plan, nobody) or all(self._minds(rule, plan, one) for one in _with_one(row))
            ):
                return rule.reason
        return None

    def _minds(self, rule: Rule, plan: Plan, row: PlannedSession) -> bool:
        with_it = Plan(plan.problem, (*plan.sessions, row))
        return any(row.key in breach.sessions for breach in rule.breaches(self._problem, with_it))

    def _outspoken(self) -> Iterator[Rule]:
        return (rule for rule in self._rules if rule.reason is not None)

    def _left(self, standard: Choices, rule: Rule, activity: Activity) -> bool:
        choices = standard.copy([activity.id])
        rule.narrow(choices)
        return bool(choices.slots(activity.id))


def _with_one(row: PlannedSession) -> Iterator[PlannedSession]:
    """Yield the session with one person alone in one of its roles, each in turn."""
    for role, people in row.staff.items():
        yield from (replace(row, staff={**row.staff, role: (person,)}) for person in people)
