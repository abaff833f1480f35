"""What `make verify` runs: all that is too long for every commit, one step after the other, and the page that tells it.

A benchmark is a program in `tests/benchmarks/`, a file or a folder with a `__main__.py`, that prints a table and ends
with success; it is found by being there. Words on the command line choose the steps whose name has one of them. Each
result is kept as soon as it is there, beside those of steps that weren't run, so what is cut can be taken up again.
"""

import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from steps import CORES, ROOT, Outcome, Step, report, run

PAGE = ROOT / "core/docs/verification.md"
RESULTS = PAGE.with_suffix(".json")
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


@dataclass(frozen=True)
class Result:
    """What came of a step, when, of which commit and on what machine; `output` is empty unless it is shown."""

    name: str
    passed: bool
    figures: str
    seconds: float
    day: str
    revision: str
    machine: str
    output: str = ""


def judged(trial: Trial, outcome: Outcome, revision: str) -> Result:
    """Return what is kept of an outcome."""
    return Result(
        name=trial.step.name,
        passed=outcome.passed,
        figures=figures(trial, outcome.output),
        seconds=round(outcome.seconds, 1),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        revision=revision,
        machine=f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {CORES} cores",
        output=outcome.output.strip() if trial.shown else "",
    )


def row(result: Result) -> str:
    """Return the result's line of the table."""
    verdict = "passed" if result.passed else "**failed**"
    found = result.figures or ("see below" if result.output else "")
    return f"| {result.name} | {verdict} | {found} | {result.seconds:.0f} s | {result.day} | {result.revision} |"


def page(results: Sequence[Result]) -> str:
    """Return the page for these results."""
    machines = sorted({result.machine for result in results})
    lines = [
        "# Verification",
        "",
        f"The last result of each step of `make verify`, version {version('weibao')}.",
        *(f"{machine}." for machine in machines),
        "",
        "| what | result | figures | time | day | commit |",
        "| --- | --- | --- | ---: | --- | --- |",
        *(row(result) for result in results),
        "",
    ]
    for result in results:
        if result.output:
            lines += [f"## {result.name.capitalize()}", "", "```", result.output, "```", ""]
    return "\n".join(lines)


def keep(result: Result, names: Sequence[str]) -> None:
    """Put the result in place of the step's former one and write the page, with the steps in the order of `names`."""
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    found = {row["name"]: Result(**row) for row in kept} | {result.name: result}
    results = [found[name] for name in names if name in found]
    RESULTS.write_text(json.dumps([asdict(each) for each in results], indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(results), encoding="utf-8")


def revision() -> str:
    """Return the short name of the commit that is checked out, or `no commit` outside of git.

    It says so if anything else than the page and its results was changed since.
    """
    git = ("git", "-c", "safe.directory=*")
    found = subprocess.run([*git, "describe", "--always"], cwd=ROOT, capture_output=True, text=True, check=False)
    if not (name := found.stdout.strip()):
        return "no commit"
    own = [f":(exclude){one.relative_to(ROOT)}" for one in (PAGE, RESULTS)]
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", ".", *own], cwd=ROOT, check=False)
    return f"{name}-dirty" if changed.returncode else name


def chosen(todo: Iterable[Trial], words: Sequence[str]) -> list[Trial]:
    """Return the trials whose name has one of the words, all where no word is given."""
    return [trial for trial in todo if not words or any(word in trial.step.name for word in words)]


def main(words: Sequence[str]) -> int:
    """Run what is chosen, one step after the other so that none slows another down; return the exit code."""
    everything = trials(ROOT)
    todo = chosen(everything, words)
    if not todo:
        print("No step has such a name; there are:", *(trial.step.name for trial in everything), sep="\n  ")
        return 2
    failed, verified = 0, revision()
    for trial in todo:
        outcome = run(trial.step)
        print(report(outcome), flush=True)
        keep(judged(trial, outcome, verified), [each.step.name for each in everything])
        failed += not outcome.passed
    print(f"{len(todo) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
