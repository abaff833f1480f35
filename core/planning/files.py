"""Problems and plans in files, `.json` or `.json.gz`."""

from pathlib import Path

from core.exchange.files import read_json, write_json
from core.planning.plan import Plan
from core.planning.problem import Problem


def read_problem(path: Path) -> Problem:
    """Return the problem in the file; MalformedFileError if it isn't one, OSError if it can't be opened."""
    return Problem.from_json(read_json(path))


def read_plan(path: Path) -> Plan:
    """Return the plan in the file; MalformedFileError if it isn't one, OSError if it can't be opened."""
    return Plan.from_json(read_json(path))


def write_problem(path: Path, problem: Problem) -> None:
    """Write the problem; a file that is there already is replaced at once, never left half written."""
    write_json(path, problem.to_json())


def write_plan(path: Path, plan: Plan) -> None:
    """Write the plan; a file that is there already is replaced at once, never left half written."""
    write_json(path, plan.to_json())
