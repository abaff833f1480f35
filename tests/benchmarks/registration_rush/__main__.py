"""How an opening morning goes: `python tests/benchmarks/registration_rush` prints a table.

Clients with a connection each register children over HTTP against the real server, all of them together on two cores;
then the database is held against what they were told, and the same rows are inserted by themselves with one commit a
row, so that the two rates can be compared whatever the machine does meanwhile.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = str(ROOT)

from tests.benchmarks.registration_rush.clients import Rush, rush  # noqa: E402 - only now can the project be found
from tests.benchmarks.registration_rush.control import bare_inserts  # noqa: E402
from tests.benchmarks.registration_rush.judging import Findings, findings  # noqa: E402
from tests.benchmarks.registration_rush.morning import a_morning  # noqa: E402
from tests.benchmarks.registration_rush.server import serving  # noqa: E402
from tests.benchmarks.registration_rush.stores import on_postgresql, on_sqlite  # noqa: E402

CLIENTS = 200
REGISTRATIONS = 20_000
CORES = 2
SECONDS = 1.0
SHARE = 0.3


def main() -> int:
    """Print the table; return 0 where everything was kept that had to be."""
    asked = _arguments()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    with tempfile.TemporaryDirectory(prefix="weibao-rush-") as name, ExitStack() as stack:
        folder = Path(name) / "installation"
        store = stack.enter_context(on_postgresql() if asked.postgresql else on_sqlite(folder))
        counts = {"clients": asked.clients, "registrations": asked.registrations}
        morning = a_morning(folder, **counts, database_url=store.url)
        store.keep()
        with serving(morning.settings, Path(name) / "server.log", asked.serve.split()) as server:
            came = asyncio.run(rush(server, morning.cookies, morning.forms))
        with morning.reading() as session:
            found = findings(session, morning.station, came.confirmed)
        rows, seconds = bare_inserts(store)
        if asked.keep:
            shutil.copytree(name, asked.keep)
    return _told(asked, came, found, rows, seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--registrations", type=int, default=REGISTRATIONS)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own in place of SQLite")
    parser.add_argument("--serve", default="", help="further options of `weibao serve`")
    parser.add_argument("--keep", help="a folder that isn't there yet, for the installation and the server's log")
    return parser.parse_args()


def _told(asked: argparse.Namespace, came: Rush, found: Findings, rows: int, seconds: float) -> int:
    """Print what came of it, line by line with what is asked."""
    taken = sorted(came.seconds) or [0.0]
    p50, p95, p99 = (taken[min(len(taken) - 1, int(len(taken) * part))] for part in (0.5, 0.95, 0.99))
    rate, bare = rows / came.lasted, rows / seconds
    answered = len(came.confirmed)
    lines = [
        ("answered", f"{answered}", f"{asked.registrations}", answered == asked.registrations),
        ("lost", f"{found.lost}", "0", not found.lost),
        ("double", f"{found.double}", "0", not found.double),
        ("otherwise wrong", f"{len(found.wrong)}", "0", not found.wrong),
        ("p50, p95 in s", f"{p50:.3f}, {p95:.3f}", "", True),
        ("p99 in s", f"{p99:.3f}", f"<= {SECONDS:.1f}", p99 <= SECONDS),
        ("slowest in s", f"{taken[-1]:.3f}", "", True),
        ("registrations a second", f"{answered / came.lasted:.0f}", "", True),
        ("rows a second", f"{rate:.0f}", "", True),
        ("bare inserts a second", f"{bare:.0f}", "", True),
        ("share of them", f"{rate / bare:.0%}", f">= {SHARE:.0%}", rate >= SHARE * bare),
        ("busy cores: server, clients", _two(came.server / came.lasted, came.clients / came.lasted), "", True),
        (
            "their ms a registration",
            _two(*(1000 * one / max(1, answered) for one in (came.server, came.clients))),
            "",
            True,
        ),
    ]
    print(f"{asked.clients} clients, {found.placed} places, {found.waiting} on waiting lists, {CORES} cores\n")
    print("| what | measured | asked |\n| --- | ---: | ---: |")
    for what, measured, wanted, _fine in lines:
        print(f"| {what} | {measured} | {wanted} |")
    for sentence in (*found.wrong[:10], *map(str, came.others[:3])):
        print(sentence[:400])
    return 0 if all(fine for *_words, fine in lines) else 1


def _two(server: float, clients: float) -> str:
    return f"{server:.2f}, {clients:.2f}"


if __name__ == "__main__":
    sys.exit(main())
