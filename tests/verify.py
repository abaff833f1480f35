"""What `make verify` runs: all that is too long for every commit, one step after the other, and the page that tells it.

A benchmark is a program in `tests/benchmarks/`, a file or a folder with a `__main__.py`, that prints a table and ends
with success; it is found by being there.
"""

import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from steps import CORES, ROOT, Outcome, Step, report, run

PAGE = ROOT / "core/docs/verification.md"
_BIN = Path(sys.executable).parent
_PYTEST = (str(_BIN / "pytest"), f"--numprocesses={CORES}", "--dist=worksteal", "-m", "verify or not verify")

# The lines of a tool's output that say what it found; the last one that matches counts.
PYTEST_FIGURES = re.compile(r"^=+ (?P<figures>.*\b(?:passed|failed|error).*?) in .* =+$", re.MULTILINE)


@dataclass(frozen=True)
class Trial:
    """A step of the verification and what its figures look like; `shown` puts its whole output on the page."""

    step: Step
    figures: re.Pattern[str] | None = None
    shown: bool = False


def trials(root: Path) -> list[Trial]:
    """Return everything there is to verify in the project at `root`, in the order in which it is run."""
    full = {"HYPOTHESIS_PROFILE": "verify"}
    found = [
        Trial(Step("tests, property tests with full counts", (*_PYTEST, "--ignore=tests/faults"), full), PYTEST_FIGURES)
    ]
    if (root / "tests/faults").is_dir():
        found.append(Trial(Step("faults", (*_PYTEST, "tests/faults"), full), PYTEST_FIGURES))
    folder = root / "tests/benchmarks"
    packages = (main.parent for main in folder.glob("*/__main__.py"))
    for benchmark in sorted([*folder.glob("*.py"), *packages]):
        name = benchmark.stem.replace("_", " ")
        command = (sys.executable, str(benchmark.relative_to(root)))
        found.append(Trial(Step(f"benchmark: {name}", command, {"PYTHONPATH": "."}), shown=True))
    mutation = Step("mutation of domain, feeds and what keeps data safe", (sys.executable, "tests/mutation.py"))
    return [*found, Trial(mutation, shown=True)]


def figures(trial: Trial, output: str) -> str:
    """Return what the trial found, in a few words; empty if its output says nothing of the kind."""
    matches = list(trial.figures.finditer(output)) if trial.figures else []
    if not matches:
        return ""
    return str(matches[-1]["figures"])


def row(trial: Trial, outcome: Outcome) -> str:
    """Return the trial's line of the table."""
    result = "passed" if outcome.passed else "**failed**"
    found = figures(trial, outcome.output) or ("see below" if trial.shown else "")
    return f"| {outcome.step.name} | {result} | {found} | {outcome.seconds:.0f} s |"


def page(results: Sequence[tuple[Trial, Outcome]], when: datetime, revision: str) -> str:
    """Return the page for these results."""
    lines = [
        "# Verification",
        "",
        f"The last result of `make verify`: {when:%Y-%m-%d}, version {version('weibao')} ({revision}).",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {CORES} cores.",
        "",
        "| what | result | figures | time |",
        "| --- | --- | --- | ---: |",
        *(row(trial, outcome) for trial, outcome in results),
        "",
    ]
    for trial, outcome in results:
        if trial.shown:
            lines += [f"## {outcome.step.name.capitalize()}", "", "```", outcome.output.strip(), "```", ""]
    return "\n".join(lines)


def revision() -> str:
    """Return the short name of the commit that is checked out, or `no commit` outside of git."""
    command = ["git", "-c", "safe.directory=*", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"


def carry_out(todo: Iterable[Trial]) -> list[tuple[Trial, Outcome]]:
    """Run the trials one after the other, so that none slows another down, and print each outcome."""
    results = []
    for trial in todo:
        outcome = run(trial.step)
        print(report(outcome), flush=True)
        results.append((trial, outcome))
    return results


def main() -> int:
    """Run everything, write the page and return the exit code."""
    verified = revision()
    results = carry_out(trials(ROOT))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(results, datetime.now(UTC), verified), encoding="utf-8")
    failed = sum(not outcome.passed for _, outcome in results)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
