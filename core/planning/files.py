"""Problems and plans in files, `.json` or `.json.gz`."""

import gzip
import json
from pathlib import Path

from core.domain.errors import Message
from core.planning.errors import MalformedProblemError
from core.planning.plan import Plan
from core.planning.problem import Problem


def read_problem(path: Path) -> Problem:
    """Return the problem in the file; MalformedProblemError if it isn't one, OSError if it can't be opened."""
    return Problem.from_json(_read(path))


def read_plan(path: Path) -> Plan:
    """Return the plan in the file; MalformedProblemError if it isn't one, OSError if it can't be opened."""
    return Plan.from_json(_read(path))


def write_problem(path: Path, problem: Problem) -> None:
    """Write the problem; a file that is there already is replaced at once, never left half written."""
    _write(path, problem.to_json())


def write_plan(path: Path, plan: Plan) -> None:
    """Write the plan; a file that is there already is replaced at once, never left half written."""
    _write(path, plan.to_json())


def _read(path: Path) -> object:
    data = path.read_bytes()
    try:
        return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    except (ValueError, EOFError, OSError) as error:
        raise MalformedProblemError("$", Message("The file is no JSON: %(error)s", {"error": error})) from error


def _write(path: Path, body: object) -> None:
    data = json.dumps(body, ensure_ascii=False, indent=1).encode()
    beside = path.with_name(f".{path.name}.part")
    # The same content gives the same bytes: no time of writing inside the archive.
    beside.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    beside.replace(path)
