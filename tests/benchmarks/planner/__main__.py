"""How good plans are after how long: `python tests/benchmarks/planner` prints a table in less than three minutes.

Costs are the referee's, each run is a process of its own, and one runs at a time. “Placed after” is when everything was
held and every required place filled, by the contender's own clock; wall seconds count the start of the program too. The
calibration model, run before and after, tells how fast the machine was.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.planner.calibration import calibrate  # noqa: E402 - only now can the project be found
from tests.benchmarks.planner.contenders import CASES, CONTENDERS, PEER, Trial, carry_out  # noqa: E402
from tests.benchmarks.planner.report import report  # noqa: E402
from tests.benchmarks.planner.results import KEPT_PEER, Measurement, Results, best_known, judged, keep_best  # noqa: E402

#: What is asked without arguments: short, and something of each kind.
QUICK = ("winter-1", "winter-2-tight", "weekends-1", "summer-1", "winter-3-replan", "summer-3-replan", "comp04")
QUICK_SECONDS = 15.0


def arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(
        prog="python tests/benchmarks/planner", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("instances", nargs="*", default=list(QUICK), metavar="INSTANCE", help=f"of {_instances()}")
    parser.add_argument("--all", action="store_true", help="every instance there is")
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[QUICK_SECONDS], help="one run for each, e.g. 10 60 300"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="the table shows their medians, e.g. 1 2 3")
    parser.add_argument(
        "--contenders",
        nargs="+",
        choices=CONTENDERS,
        default=["weibao"],
        help=f"the peer is the program that {PEER} names, called with PROBLEM SECONDS PLAN",
    )
    parser.add_argument("--workers", type=int, default=2, help="of this planner")
    parser.add_argument("--cores", type=int, default=2, help="processors that runs may use")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        help="keep results in this .json and the table in an .md beside it;\nwhat is there already isn't run again",
    )
    parser.add_argument("--keep-best", action="store_true", help="put better plans into best.json")
    asked = parser.parse_args()
    if "peer" in asked.contenders and PEER not in os.environ:
        parser.error(f"{PEER} names no program")
    if unknown := sorted(set(asked.instances) - set(_instances())):
        parser.error(f"no such instance: {', '.join(unknown)}")
    return asked


def main() -> int:
    """Measure what was asked for, print the table and return the exit code: 1 if a plan of ours broke a rule."""
    asked = arguments()
    # The last ones: systems tend to keep the first busy. Every program that is started inherits it.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-asked.cores :])
    results = Results(asked.output)
    trials = [
        Trial(contender, instance, seconds, seed, asked.cores, asked.workers)
        for instance in (_instances() if asked.all else asked.instances)
        for seconds in asked.seconds
        for contender in asked.contenders
        for seed in asked.seeds
    ]
    todo = [trial for trial in trials if not results.has(trial)]
    if todo:
        results.calibrated(calibrate())
    for trial in todo:
        measured(trial, results, best=asked.keep_best)
    if todo:
        results.calibrated(calibrate())
    shown = [*results, *kept_peers(trials, results)]
    table = report(shown, best_known(), results.calibration)
    print(table)
    if asked.output is not None:
        asked.output.with_suffix(".md").write_text(table, encoding="utf-8")
    return 0 if all(row.valid for row in results if row.contender == "weibao") else 1


def measured(trial: Trial, results: Results, *, best: bool) -> None:
    """Carry out a trial, keep what came of it, and tell it on standard error."""
    row = judged(trial, carry_out(trial))
    results.add(row)
    better = best and keep_best(row, datetime.now(UTC).date())
    told = f"{row.instance} {row.seconds:g} s {row.contender} seed {row.seed}: {row.cost}"
    remark = " (best ever)" if better else "" if row.valid else f" INVALID: {row.complaint}"
    print(told + remark, file=sys.stderr, flush=True)


def kept_peers(trials: list[Trial], results: Results) -> list[Measurement]:
    """Return kept figures of the peer for what was asked, where it wasn't measured now."""
    asked = {(trial.instance, trial.seconds) for trial in trials}
    now = {(row.instance, row.seconds) for row in results if row.contender == "peer"}
    return [row for row in Results(KEPT_PEER) if (row.instance, row.seconds) in asked - now]


def _instances() -> list[str]:
    return sorted(path.name.removesuffix(".problem.json.gz") for path in CASES.glob("**/*.problem.json.gz"))


if __name__ == "__main__":
    sys.exit(main())
