"""What asking whether activities can work takes: `python -m tests.benchmarks.feasibility [FOLDER]` prints a table.

FOLDER holds an installation, such as `weibao demo --no-serve --dir FOLDER` leaves; without one the demo is set up.
Every activity of its first term is asked about as it is, and in ways in which it can't work, so that relaxations are
tried; then all of them for the list. Times are of the processor, in milliseconds, so that a busy machine doesn't count.
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

# Run as a file, only its own folder would be searched.
sys.path.insert(0, str(Path(__file__).parents[2]))

from core.app import create_app
from core.config import Settings
from core.db.models import Activity, Term
from core.db.queries.planning import activities_of
from core.domain.actor import EVERYTHING
from core.extensions import Wiring, wiring
from core.hooks.calling import Hooks
from core.services.planning.feasibility import feasibility, outlooks

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "as it is": {},
    "on Mondays": {"weekdays": [0]},
    "at 22:00": {"times": ["22:00"]},
    "500 children": {"size": 500},
    "piano and sinks": {"features": ["piano", "sinks"]},
    "9 adults": {"min_adults": 9},
    "300 sessions": {"session_count": 300},
}


def milliseconds(
    session: Session, hooks: Hooks, term: Term, activity: Activity, now: datetime, timezone: str
) -> tuple[float, int]:
    """Return what one question took, and how many relaxations the answer has."""
    started = process_time()
    found = feasibility(session, hooks, term, activity, timezone=timezone, now=now)
    return 1000 * (process_time() - started), len(found.easings)


def rows(session: Session, app: Wiring, term: Term) -> list[str]:
    """Return the lines of the table."""
    now, timezone = app.wall_clock(), app.settings.timezone
    activities = list(session.scalars(activities_of(term.id)))
    feasibility(session, app.hooks, term, activities[0], timezone=timezone, now=now)
    lines = []
    for name, changes in CHANGES.items():
        found = []
        for activity in activities:
            with session.no_autoflush:
                before = {key: getattr(activity, key) for key in changes}
                _set(activity, changes)
                found.append(milliseconds(session, app.hooks, term, activity, now, timezone))
                _set(activity, before)
        times, easings = zip(*found, strict=True)
        lines.append(f"| {name} | {len(found)} | {sum(easings)} | {median(times):.0f} | {max(times):.0f} |")
    started = process_time()
    outlooks(session, app.hooks, term, timezone=timezone, now=now)
    lines.append(f"| the list | {len(activities)} | | | {1000 * (process_time() - started):.0f} |")
    return lines


def _set(activity: Activity, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        setattr(activity, key, value)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    with TemporaryDirectory() as own:
        measure(parser.parse_args().folder or demo(Path(own)))


def demo(folder: Path) -> Path:
    """Set up the demo in a folder and return it."""
    command = (Path(sys.executable).with_name("weibao"), "demo", "--no-serve", "--dir", folder, "--seconds", "3")
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return folder


def measure(folder: Path) -> None:
    """Print the table of an installation."""
    app = create_app(Settings.in_directory(folder, demo=True))
    with app.app_context(), wiring().database.reading(EVERYTHING) as session:
        term = session.scalars(select(Term).order_by(Term.first).limit(1)).one()
        print("| asked | activities | relaxations | median ms | most ms |")
        print("| --- | ---: | ---: | ---: | ---: |")
        for line in rows(session, wiring(), term):
            print(line, flush=True)


if __name__ == "__main__":
    main()
