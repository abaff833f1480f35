"""What the commands on files have in common: the files they take, and the rules of programs that they know."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from core.cli.console import complain
from core.config import plugins_in
from core.domain.errors import InvalidInputError, Message
from core.hooks.manager import load_hooks
from core.planning.check import Audit, audit
from core.planning.errors import MalformedProblemError
from core.planning.files import read_plan, read_problem
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule

#: A file that is read: `.json`, or `.json.gz`.
INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
#: A file that is written, by the same names.
OUTPUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@dataclass(frozen=True)
class Rules:
    """The rules and preferences that count here: those of the format, and those of the programs that are installed."""

    rules: tuple[Rule, ...]
    preferences: tuple[Preference, ...]
    programs: frozenset[str]

    def audit(self, problem: Problem, plan: Plan) -> Audit:
        """Return what is wrong with the plan and what it costs."""
        return audit(problem, plan, self.rules, self.preferences)

    def warn(self, extensions: Mapping[str, object]) -> None:
        """Say which programs' rules a problem asks for that nobody here can check."""
        if unknown := tuple(sorted(set(extensions) - self.programs)):
            complain(
                Message("Nobody here knows the rules of %(programs)s: they are not checked.", {"programs": unknown})
            )


def known_rules() -> Rules:
    """Return the rules, with those of the plugins that the environment chooses; no installation is needed."""
    hooks = load_hooks(plugins_in(os.environ))
    return Rules(
        (*DEFAULT_RULES, *hooks.planning_rules()),
        (*DEFAULT_PREFERENCES, *hooks.planning_preferences()),
        frozenset(hooks.programs),
    )


def read_both(problem_file: Path, plan_file: Path) -> tuple[Problem, Plan]:
    """Return a problem and a plan of it; MalformedProblemError if one isn't readable, or the plan is of another."""
    problem, plan = read_problem(problem_file), read_plan(plan_file)
    if plan.problem != problem.name:
        names = {"other": plan.problem, "name": problem.name}
        raise MalformedProblemError("$.problem", Message("The plan is of “%(other)s”, not of “%(name)s”.", names))
    return problem, plan


def made_ready(output: Path, *inputs: Path) -> None:
    """Make the folder of a file that will be written; refuse to write over what is read.

    It is done before the work, so that nobody waits for a plan that can't be kept.
    """
    if any(output.exists() and output.samefile(one) for one in inputs):
        raise InvalidInputError(Message("%(file)s is read: choose another name.", {"file": output}))
    output.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(output.parent, os.W_OK):
        raise InvalidInputError(Message("Nothing can be written to %(folder)s.", {"folder": output.parent}))
