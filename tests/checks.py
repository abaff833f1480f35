"""What `make test` runs: the static checks side by side, then every test; all of it, even when something fails."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from steps import CORES, ROOT, Step, report, run, run_side_by_side

_BIN = Path(sys.executable).parent
_RESULTS = ROOT / ".state/tests.xml"


def tool(name: str) -> str:
    """Return the path of a tool that is installed beside this Python."""
    return str(_BIN / name)


OWN_TOOLS = ("tests/steps.py", "tests/checks.py", "tests/verify.py", "tests/mutation.py", "tests/conftest.py")

STATIC = (
    Step("types", (tool("mypy"),)),
    Step("types of the tests' own tools", (tool("mypy"), "--cache-dir=.mypy_cache/tests", *OWN_TOOLS)),
    Step("types in the browser's code", ("npm", "--prefix", "core/web/frontend", "run", "--loglevel=error", "check")),
    Step("imports", (tool("lint-imports"), "--no-cache")),
    Step("lint", (tool("ruff"), "check", ".")),
    Step("format", (tool("ruff"), "format", "--check", ".")),
    Step(
        "templates",
        (
            tool("djlint"),
            "--check",
            "--lint",
            "--quiet",
            "--use-gitignore",
            "core",
            "plugins",
            "admin",
            "tests/outside",
        ),
    ),
    Step("spelling", (tool("codespell"), "core", "plugins", "admin", "tests", "README.md", "CHANGELOG.md")),
)

# Some tests wait for a process or a browser; one worker more than there are processors makes use of that time.
TESTS = Step(
    "tests",
    (tool("pytest"), f"--numprocesses={CORES + 1}", "--dist=worksteal", f"--junit-xml={_RESULTS}"),
    {"HYPOTHESIS_PROFILE": "ci", "WEIBAO_SCREENSHOTS": str(ROOT / ".state/screenshots")},
)


def count_tests(results: Path) -> tuple[int, int]:
    """Return how many tests passed and how many did not, by pytest's own file; one failure if there is none."""
    if not results.exists():
        return 0, 1
    suite = ET.parse(results).getroot().find("testsuite")  # noqa: S314 - pytest has just written it
    if suite is None:
        return 0, 1
    total, *others = (int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped"))
    return total - sum(others), sum(others)


def main() -> int:
    """Run everything, print what failed at the end, and return the exit code."""
    failed = []
    for outcome in run_side_by_side(STATIC):
        print(report(outcome), flush=True)
        if not outcome.passed:
            failed.append(outcome.step.name)
    _RESULTS.unlink(missing_ok=True)
    tests = run(TESTS, quiet=False)
    passed_tests, failed_tests = count_tests(_RESULTS)
    if tests.passed and not failed and not failed_tests:
        return 0
    # A failed check scrolled away above the tests; a skipped test has shown nothing, so it counts as failed.
    for name in failed:
        print(f"FAILED {name}")
    print(f"{passed_tests + len(STATIC) - len(failed)} passed, {max(failed_tests + len(failed), 1)} failed")
    return 1


if __name__ == "__main__":
    sys.exit(main())
