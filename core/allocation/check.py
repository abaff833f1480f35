"""The judge of an allocation: every rule it breaks, and every aim's value beside what is claimed, by plain reading.

It never asks the solver and shares no code with it. What it says tells of no child that places are held back for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.allocation.checking import of_activities, of_children
from core.allocation.checking.violation import Rule, Violation
from core.allocation.checking.worth import Worth, worth
from core.allocation.problem import Problem
from core.allocation.result import MORE_IS_BETTER, AimValue, Allocation
from core.domain.errors import Message

__all__ = ["Rule", "Verdict", "Violation", "Worth", "check"]

_RULES = (
    of_activities.places,
    of_activities.opening,
    of_activities.shared,
    of_children.joining,
    of_children.clashes,
    of_children.limits,
    of_children.together,
    of_children.pins,
    of_activities.held_back,
)


@dataclass(frozen=True)
class Verdict:
    """What is wrong with an allocation, and what each aim is really worth."""

    violations: tuple[Violation, ...]
    worth: tuple[Worth, ...]

    @property
    def valid(self) -> bool:
        """Say whether no rule is broken and every value is as claimed."""
        return not self.violations


def check(problem: Problem, allocation: Allocation) -> Verdict:
    """Return everything that is wrong with the allocation, and the aims' values.

    Of an allocation of another problem, or with ids that the problem doesn't have, nothing else is said.
    """
    unknown = (*_other(problem, allocation), *_unknown(problem, allocation))
    if unknown:
        return Verdict(unknown, ())
    found = worth(problem, allocation.places)
    broken = tuple(violation for rule in _RULES for violation in rule(problem, allocation))
    return Verdict((*broken, *_claims(allocation, found)), found)


def _other(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    values = {"other": f"{allocation.problem} {allocation.seed}", "name": f"{problem.term} {problem.seed}"}
    if values["other"] != values["name"]:
        message = Message("The allocation is of “%(other)s”, not of “%(name)s”.", values)
        yield Violation(Rule.OTHER_PROBLEM, (allocation.problem,), message)


def _unknown(problem: Problem, allocation: Allocation) -> Iterator[Violation]:
    activities = (*allocation.opened, *(name for got in allocation.places.values() for name in got))
    for name in (*_missing(allocation.places, problem.child_of), *_missing(activities, problem.activity_of)):
        yield Violation(Rule.UNKNOWN, (name,), Message("“%(id)s” is not in the problem.", {"id": name}))


def _missing(ids: Iterable[str], known: Mapping[str, object]) -> list[str]:
    return sorted(set(ids) - known.keys())


def _claims(allocation: Allocation, found: tuple[Worth, ...]) -> Iterator[Violation]:
    really = {(each.aim, each.rank): each.value for each in found}
    for claim in allocation.aims:
        value = really.get((claim.aim, claim.rank))
        values = {"aim": claim.aim.value, "claimed": claim.value, "value": value, "bound": claim.bound}
        if value is None:
            message = Message("Aim “%(aim)s” is claimed, and isn't among the settings.", values)
            yield Violation(Rule.VALUE, (claim.aim.value,), message)
        elif value != claim.value:
            message = Message("Aim “%(aim)s” is claimed to be %(claimed)s and is %(value)s.", values)
            yield Violation(Rule.VALUE, (claim.aim.value,), message)
        if _is_beaten(claim):
            message = Message("Aim “%(aim)s” is at %(claimed)s, beyond its bound of %(bound)s.", values)
            yield Violation(Rule.BOUND, (claim.aim.value,), message)


def _is_beaten(claim: AimValue) -> bool:
    return claim.value > claim.bound if claim.aim in MORE_IS_BETTER else claim.value < claim.bound
