"""Planning rules: explained, content with a plan of nothing, and clear about what they can't read."""

import inspect
from collections.abc import Iterator
from typing import Any, Final

from core.conformance.subject import Subject
from core.planning.errors import MalformedProblemError
from core.planning.model.choices import Choices
from core.planning.model.model import Model
from core.planning.plan import Plan
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules.base import Rule

#: What somebody could write in a file where a program's extension belongs.
_ODD: Final[tuple[Any, ...]] = (None, 7, "x", [], ["x"], {}, {"x": 1}, {"": {"x": [None]}})
_NAME = "conformance"


def rules(subject: Subject) -> Iterator[str]:
    """Yield rules that nobody could understand, that ask for sessions to be held, or that fall over odd files."""
    for rule in subject.alone.planning_rules():
        if not inspect.getdoc(type(rule)) or type(rule).__doc__ == Rule.__doc__:
            yield f"{rule.name}: its docstring must say in a coordinator's words what it asks for"
        for extension in _ODD:
            problem = Problem(_NAME, extensions={subject.plugin.key: extension})
            try:
                demands = _demands(rule, problem)
            except MalformedProblemError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever a rule raises is told
                yield f"{rule.name}: {type(error).__name__} for the extension {extension!r}: {error}"
                continue
            yield from (f"{rule.name}: a plan in which nothing is held breaks it: {demand}" for demand in demands)


def preferences(subject: Subject) -> Iterator[str]:
    """Yield preferences that nobody could understand, that cost something unasked, or that fall over odd files."""
    for preference in subject.alone.planning_preferences():
        if not inspect.getdoc(type(preference)) or type(preference).__doc__ == Preference.__doc__:
            yield f"{preference.name}: its docstring must say in a coordinator's words what it counts"
        if preference.weight(Problem(_NAME)):
            yield f"{preference.name}: it counts though nobody has asked for it in an extension"
        for extension in _ODD:
            problem = Problem(_NAME, extensions={subject.plugin.key: extension})
            try:
                weight, amount = preference.weight(problem), preference.amount(problem, Plan(_NAME, ()))
                preference.penalize(Model(problem, Choices(problem), Plan(_NAME, ())))
            except MalformedProblemError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever a preference raises is told
                yield f"{preference.name}: {type(error).__name__} for the extension {extension!r}: {error}"
                continue
            if weight < 0 or amount < 0:
                yield f"{preference.name}: weights and amounts must be 0 or more"


def _demands(rule: Rule, problem: Problem) -> list[str]:
    plan, choices = Plan(problem.name, ()), Choices(problem)
    rule.narrow(choices)
    rule.constrain(Model(problem, choices, plan))
    return [str(breach.message) for breach in rule.breaches(problem, plan)]
