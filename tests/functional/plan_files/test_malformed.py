"""Every file command answers a broken file with its place, never with a traceback, and writes nothing."""

import gzip
from pathlib import Path

import pytest

from core.planning.files import write_plan
from tests.functional.plan_files.conftest import Run
from tests.unit.planning.builders import a_plan, a_session, at

BROKEN = {
    "not-json.json": b"once upon a time",
    "empty.json": b"",
    "deep.json": b"[" * 100_000,
    "cut.json.gz": gzip.compress(b'{"format": "weibao.planning/1"}' * 50)[:40],
    "plain.json.gz": b"{}",
    "list.json": b"[]",
    "other-format.json": b'{"format": "weibao.planning/9"}',
    "gb18030.json": '{"format": "排期"}'.encode("gb18030"),
}
PROBLEM_COMMANDS = (
    ("solve", "{}", "-o", "out.json", "--seconds", "5"),
    ("check", "{}", "plan.json"),
    ("explain", "{}", "plan.json"),
    ("compare", "{}", "plan.json", "plan.json"),
    ("compare", "problem.json", "plan.json", "plan.json", "--other-problem", "{}"),
    ("what-if", "{}", "--weight", "trips=2", "-o", "out.json"),
    ("draw", "plan.json", "-o", "out.svg", "--problem", "{}"),
)
PLAN_COMMANDS = (
    ("check", "problem.json", "{}"),
    ("explain", "problem.json", "{}"),
    ("compare", "problem.json", "plan.json", "{}"),
    ("draw", "{}", "-o", "out.svg"),
)


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", [*PROBLEM_COMMANDS, *PLAN_COMMANDS], ids=" ".join)
def test_a_broken_file_is_answered_with_its_place(
    weibao: Run, problem_file: Path, name: str, command: tuple[str, ...]
) -> None:
    write_plan(Path("plan.json"), a_plan(a_session(at("09:00"))))
    Path(name).write_bytes(BROKEN[name])
    done = weibao("plan", *(name if arg == "{}" else arg for arg in command))
    assert done.exit_code == (2 if command[0] == "check" else 1)
    assert done.stderr.startswith("$")
    assert not [path for path in Path().iterdir() if path.name.startswith(("out", ".out"))]


def test_a_drawing_whose_own_keys_are_broken_is_refused(weibao: Run, problem_file: Path) -> None:
    weibao("plan", "solve", problem_file, "-o", "plan.json", "--steps", 1, "--quiet")
    whole = Path("plan.json").read_text(encoding="utf-8")
    for before, after, place in (
        ('"duration": 60', '"duration": "long"', "$.backdrop.activities.reading.duration"),
        ('"backdrop": {', '"backdrop": {"rooms": 7, "was": {', "$.backdrop"),
        ('"history": [', '"history": [["soon", 1, 1],', "$.history[0][0]"),
    ):
        broken = whole.replace(before, after, 1)
        Path("plan.json").write_text(broken + "}" * (broken.count("{") - broken.count("}")), encoding="utf-8")
        done = weibao("plan", "draw", "plan.json", "-o", "out.svg")
        assert (done.exit_code, done.stderr.startswith(place)) == (1, True), done.stderr
