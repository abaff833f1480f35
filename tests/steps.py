"""Runs the project's tools as timed steps and tells which failed; `checks.py` and `verify.py` are lists of them."""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORES = max(2, min(8, len(os.sched_getaffinity(0))))

# Settings of the person at the keyboard that would change what a check sees.
_FOREIGN_PREFIXES = ("FLASK_", "HYPOTHESIS_", "MYPY", "PG", "PYTEST_", "PYTHON", "RUFF_", "WEIBAO_")
_OWN = {"WEIBAO_CHROMIUM"}


@dataclass(frozen=True)
class Step:
    """One command, run in the project's folder; `environment` is added to a clean one."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What came of a step: its exit code, how many seconds it took and what it printed."""

    step: Step
    code: int
    seconds: float
    output: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether the command ended with success."""
        return self.code == 0


def environment(additions: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment without what would change a check's result, with `additions`."""
    kept = {name: value for name, value in os.environ.items() if name in _OWN or not name.startswith(_FOREIGN_PREFIXES)}
    return kept | {"PYTHONUTF8": "1"} | dict(additions)


def run(step: Step, *, quiet: bool = True) -> Outcome:
    """Run one step to its end; its output is kept if `quiet`, else it goes to the terminal as it comes."""
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=environment(step.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        check=False,
    )
    return Outcome(step, done.returncode, time.monotonic() - started, done.stdout or "")


def run_side_by_side(steps: Iterable[Step]) -> Iterator[Outcome]:
    """Run all steps, as many at once as there are cores, and yield each outcome as soon as it is there."""
    with ThreadPoolExecutor(CORES) as pool:
        for future in as_completed([pool.submit(run, step) for step in steps]):
            yield future.result()


def report(outcome: Outcome) -> str:
    """Return a line about the outcome, followed by what the command printed if it failed."""
    line = f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.step.name} ({outcome.seconds:.1f} s)"
    return line if outcome.passed else f"{line}\n{outcome.output.rstrip()}\n"
