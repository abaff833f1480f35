"""Two plans side by side: what each costs, term by term, and which sessions differ; both may be of another problem."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.planning.check import Audit, audit
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule


class Difference(StrEnum):
    """How a session of one plan differs from the same session of the other."""

    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"
    MOVED = "moved"
    REHOUSED = "rehoused"
    RESTAFFED = "restaffed"


@dataclass(frozen=True)
class TermFigures:
    """What one plan has of a soft term; the cost is weight × amount."""

    amount: int
    weight: int
    cost: int


@dataclass(frozen=True)
class TermComparison:
    """A soft term in both plans."""

    name: str
    first: TermFigures
    second: TermFigures

    @property
    def difference(self) -> int:
        """Return by how much the second plan's cost is above the first's."""
        return self.second.cost - self.first.cost


@dataclass(frozen=True)
class SessionComparison:
    """A session that differs; a plan that doesn't hold it has None. It is rehoused only if it keeps its start."""

    key: SessionKey
    differences: tuple[Difference, ...]
    first: PlannedSession | None
    second: PlannedSession | None


@dataclass(frozen=True)
class Comparison:
    """Two audited plans, the soft terms of either, and the sessions that differ, by activity and index."""

    first: Audit
    second: Audit
    terms: tuple[TermComparison, ...]
    sessions: tuple[SessionComparison, ...]

    @property
    def difference(self) -> int:
        """Return by how much the second plan's cost is above the first's."""
        return self.second.cost - self.first.cost

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON: `first` and `second` with cost and validity, the terms, and the sessions that differ."""
        return {
            "first": {"cost": self.first.cost, "valid": self.first.valid},
            "second": {"cost": self.second.cost, "valid": self.second.valid},
            "difference": self.difference,
            "terms": [{**asdict(term), "difference": term.difference} for term in self.terms],
            "sessions": [
                {
                    "activity": each.key[0],
                    "index": each.key[1],
                    "differences": [difference.value for difference in each.differences],
                    "first": each.first and each.first.to_json(),
                    "second": each.second and each.second.to_json(),
                }
                for each in self.sessions
            ],
        }


def compare(
    problem: Problem,
    first: Plan,
    second: Plan,
    *,
    other_problem: Problem | None = None,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
) -> Comparison:
    """Return how the second plan differs from the first; it is of `other_problem` if that is given."""
    rules, preferences = tuple(rules), tuple(preferences)
    other = other_problem or problem
    one, two = audit(problem, first, rules, preferences), audit(other, second, rules, preferences)
    terms = tuple(
        TermComparison(each.name, _figures(problem, each, one), _figures(other, each, two)) for each in preferences
    )
    return Comparison(one, two, terms, tuple(changed_sessions(first, second)))


def _figures(problem: Problem, preference: Preference, found: Audit) -> TermFigures:
    name = preference.name
    return TermFigures(found.amounts[name], preference.weight(problem), found.costs[name])


def changed_sessions(first: Plan, second: Plan) -> Iterable[SessionComparison]:
    """Yield the sessions that differ between two plans, by activity and index."""
    ones, twos = ({row.key: row for row in plan.sessions} for plan in (first, second))
    for key in sorted({*ones, *twos}):
        one, two = ones.get(key), twos.get(key)
        if found := tuple(differences(one, two)):
            yield SessionComparison(key, found, one, two)


def differences(one: PlannedSession | None, two: PlannedSession | None) -> Iterable[Difference]:
    """Yield how two rows of one session differ; None is not held."""
    if one is None or two is None:
        yield Difference.ONLY_SECOND if one is None else Difference.ONLY_FIRST
        return
    if one.start != two.start:
        yield Difference.MOVED
    elif one.room != two.room:
        yield Difference.REHOUSED
    if _serving(one) != _serving(two):
        yield Difference.RESTAFFED


def _serving(row: PlannedSession) -> dict[str, frozenset[str]]:
    return {role: frozenset(ids) for role, ids in row.staff.items() if ids}
