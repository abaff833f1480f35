"""Whatever ends a run: the plan's file is there whole, or as it was before."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.planning.files import read_plan, read_problem
from tests.unit.planning.builders import judged

COMMAND = Path(sys.executable).with_name("weibao")
WINTER = Path(__file__).parents[2] / "planner_cases/winter-1.problem.json.gz"
ENVIRONMENT = {**os.environ, "WEIBAO_LANG": "en", "WEIBAO_PLUGINS": ""}
DYING = """
import os, signal, sys
from pathlib import Path
from core.exchange.files import write_json
os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
write_json(Path(sys.argv[1]), {"new": "plan"})
"""


def started(problem: Path, output: Path, *limits: str) -> subprocess.Popen[str]:
    command = (str(COMMAND), "plan", "solve", str(problem), "-o", str(output), "--workers", "2", *limits)
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_for_a_plan(process: subprocess.Popen[str]) -> None:
    """Read what it says until it has a plan."""
    assert process.stderr is not None
    for line in process.stderr:
        if "cost" in line:
            return
    pytest.fail("it ended without a plan")


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.verify)])
def test_an_interrupted_run_still_writes_the_best_plan_so_far(tmp_path: Path, number: signal.Signals) -> None:
    with started(WINTER, tmp_path / "plan.json", "--seconds", "30") as process:
        wait_for_a_plan(process)
        asked = time.monotonic()
        process.send_signal(number)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert time.monotonic() - asked < 25
    assert "Stopped early" in said
    assert judged(read_problem(WINTER), read_plan(tmp_path / "plan.json"))["valid"]


def test_a_killed_run_leaves_the_old_plan_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("the old plan")
    with started(WINTER, tmp_path / "plan.json", "--seconds", "30") as process:
        wait_for_a_plan(process)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("plan.json", "the old plan")]


def test_who_is_killed_while_writing_leaves_the_old_plan_and_the_next_one_writes_as_ever(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("the old plan")
    killed = subprocess.run([sys.executable, "-c", DYING, plan], env=ENVIRONMENT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert plan.read_text() == "the old plan"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["plan.json"]
    subprocess.run([sys.executable, "-c", DYING.replace("os.fsync =", "_ ="), plan], env=ENVIRONMENT, check=True)
    assert "new" in plan.read_text()


def test_two_runs_at_once_dont_disturb_each_other(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    with started(WINTER, plan, "--seconds", "1") as one, started(WINTER, plan, "--seconds", "1") as other:
        one.communicate(timeout=60)
        other.communicate(timeout=60)
    assert (one.returncode, other.returncode) == (0, 0)
    assert judged(read_problem(WINTER), read_plan(plan))["valid"]
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
