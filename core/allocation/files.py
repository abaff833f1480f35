"""Problems and allocations in files, `.json` or `.json.gz`."""

from pathlib import Path

from core.allocation.format import allocation_from_json, allocation_to_json, problem_from_json, problem_to_json
from core.allocation.problem import Problem
from core.allocation.result import Allocation
from core.exchange.files import read_json, write_json


def read_problem(path: Path) -> Problem:
    """Return the problem in the file; MalformedFileError if it isn't one, OSError if it can't be opened."""
    return problem_from_json(read_json(path))


def read_allocation(path: Path) -> Allocation:
    """Return the allocation in the file; MalformedFileError if it isn't one, OSError if it can't be opened."""
    return allocation_from_json(read_json(path))


def write_problem(path: Path, problem: Problem) -> None:
    """Write the problem; a file that is there already is replaced at once, never left half written."""
    write_json(path, problem_to_json(problem))


def write_allocation(path: Path, allocation: Allocation) -> None:
    """Write the allocation; a file that is there already is replaced at once, never left half written."""
    write_json(path, allocation_to_json(allocation))
