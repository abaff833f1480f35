"""What was measured, kept in files: results that an interrupted benchmark takes up again, and the best costs ever."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from core.exchange.files import write_json
from core.planning.outcome import VERSION
from tests.benchmarks.planner.contenders import Run, Trial
from tests.unit.planning import referee

HERE = Path(__file__).parent
BEST = HERE / "best.json"
#: Figures of a peer that isn't at hand everywhere, with how fast the machine was.
KEPT_PEER = HERE / "results/peer.json"


@dataclass(frozen=True)
class Measurement:
    """A trial and what the referee says of its plan; `amounts` are those of the re-planning terms, and `required`."""

    contender: str
    instance: str
    seconds: float
    seed: int
    cores: int
    version: str
    wall: float
    memory: float
    placed: float | None
    valid: bool
    held: int
    sessions: int
    cost: int | None
    bound: int | None
    amounts: Mapping[str, int] = field(default_factory=dict)
    complaint: str = ""

    @property
    def key(self) -> tuple[str, str, float, int, int]:
        """Return what makes it another measurement than others."""
        return self.contender, self.instance, self.seconds, self.seed, self.cores


def judged(trial: Trial, run: Run) -> Measurement:
    """Return the measurement of a run, by the referee."""
    problem = referee.load(str(trial.problem))
    sessions = sum(activity["sessions"] for activity in problem["activities"])
    plan = run.plan or {}
    verdict = referee.judge(problem, plan) if run.plan else {"valid": False, "held": 0, "cost": None, "amounts": {}}
    kept = ("required", "moved", "rehoused", "restaffed")
    return Measurement(
        contender=trial.contender,
        instance=trial.instance,
        seconds=trial.seconds,
        seed=trial.seed,
        cores=trial.cores,
        version=str(plan.get("version") or plan.get("planner") or VERSION),
        wall=round(run.wall, 1),
        memory=round(run.memory),
        placed=run.placed,
        valid=verdict["valid"],
        held=verdict["held"],
        sessions=sessions,
        cost=verdict["cost"],
        bound=plan.get("bound"),
        amounts={name: verdict["amounts"].get(name, 0) for name in kept},
        complaint=run.complaint or "; ".join(verdict.get("first_broken", [])[:3]),
    )


class Results:
    """Measurements in a JSON file, or in memory alone; each is written as soon as it is there."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.calibration: list[float] = []
        self._found: dict[tuple[str, str, float, int, int], Measurement] = {}
        if path is not None and path.exists():
            body = json.loads(path.read_text(encoding="utf-8"))
            self.calibration = body["calibration"]
            rows = (Measurement(**row) for row in body["measurements"])
            self._found = {row.key: row for row in rows}

    def __iter__(self) -> Iterator[Measurement]:
        return iter(self._found.values())

    def has(self, trial: Trial) -> bool:
        """Say whether the trial was measured already."""
        return (trial.contender, trial.instance, trial.seconds, trial.seed, trial.cores) in self._found

    def add(self, row: Measurement) -> None:
        """Keep a measurement."""
        self._found[row.key] = row
        self._write()

    def calibrated(self, seconds: float) -> None:
        """Keep how long the calibration model took."""
        self.calibration.append(round(seconds, 2))
        self._write()

    def _write(self) -> None:
        if self._path is not None:
            rows = [asdict(row) for row in self._found.values()]
            write_json(self._path, {"calibration": self.calibration, "measurements": rows})


def best_known() -> dict[str, dict[str, Any]]:
    """Return the best plan ever found by instance: cost, seconds, by whom, version and date."""
    found: dict[str, dict[str, Any]] = json.loads(BEST.read_text(encoding="utf-8")) if BEST.exists() else {}
    return found


def keep_best(row: Measurement, today: date) -> bool:
    """Put a measurement among the best if it is valid and better, and say whether it was."""
    best = best_known()
    before = best.get(row.instance)
    if not row.valid or row.cost is None or (before is not None and before["cost"] <= row.cost):
        return False
    best[row.instance] = {
        "cost": row.cost,
        "seconds": row.seconds,
        "by": row.contender,
        "version": row.version,
        "date": today.isoformat(),
    }
    write_json(BEST, dict(sorted(best.items())))
    return True
