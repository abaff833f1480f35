"""Who is measured: this planner, the textbook model, and a peer; each is a program that turns a problem into a plan."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests/planner_cases"
#: Names the program of a peer, called with PROBLEM SECONDS PLAN and with its seed in PEER_SEED.
PEER = "PLANNER_PEER"
CONTENDERS = ("weibao", "tutorial", "peer")
#: Whoever is so much over the time hangs.
PATIENCE = 180.0

_PLACED = re.compile(r"everything held and staffed after ([\d.]+) s")


@dataclass(frozen=True)
class Trial:
    """One run to be measured: `cores` processors, as many seconds as the contender is told, a seed."""

    contender: str
    instance: str
    seconds: float
    seed: int
    cores: int
    workers: int = 2

    @property
    def problem(self) -> Path:
        """Return the instance's file."""
        return next(CASES.glob(f"**/{self.instance}.problem.json.gz"))

    def command(self, plan: Path) -> list[str]:
        """Return what is run to have the plan written."""
        problem, seconds, seed = str(self.problem), f"{self.seconds:g}", str(self.seed)
        if self.contender == "peer":
            return [os.environ[PEER], problem, seconds, str(plan)]
        if self.contender == "tutorial":
            return [sys.executable, "-m", "tests.benchmarks.planner.tutorial", problem, seconds, str(plan), seed]
        program = "from core.cli.main import main; main()"
        limits = ["--seconds", seconds, "--seed", seed, "--workers", str(self.workers), "--quiet"]
        return [sys.executable, "-c", program, "plan", "solve", problem, "-o", str(plan), *limits]


@dataclass(frozen=True)
class Run:
    """What came of a trial: wall seconds with the start of the program, peak memory in MiB, the plan or None.

    `placed` are the seconds, by the contender's own clock, until all was held and staffed, if it tells.
    """

    wall: float
    memory: float
    plan: dict[str, Any] | None
    placed: float | None
    complaint: str


def carry_out(trial: Trial) -> Run:
    """Run a trial in a process of its own and wait for its end."""
    with tempfile.TemporaryDirectory() as folder:
        plan, said = Path(folder) / "plan.json", Path(folder) / "said"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PEER_SEED": str(trial.seed), "WEIBAO_LANG": "en"}
        started = perf_counter()
        with said.open("wb") as errors:
            process = subprocess.Popen(
                trial.command(plan),
                env=environment,
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            memory = _awaited(process, trial.seconds + PATIENCE)
        wall = perf_counter() - started
        words = said.read_text(encoding="utf-8", errors="replace")
        found = json.loads(plan.read_text(encoding="utf-8")) if plan.exists() else None
    return Run(wall, memory, found, _placed(found, words), words.strip()[-500:] if found is None else "")


def _awaited(process: "subprocess.Popen[bytes]", most: float) -> float:
    """Wait for the process, for so many seconds at most, and return its peak memory in MiB."""
    hanging = threading.Timer(most, os.killpg, (process.pid, signal.SIGKILL))
    hanging.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        hanging.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def _placed(plan: dict[str, Any] | None, words: str) -> float | None:
    if plan is not None and "placed" in plan:
        placed: float | None = plan["placed"]
        return placed
    return min((float(seconds) for seconds in _PLACED.findall(words)), default=None)
