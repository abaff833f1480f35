"""Attempts to get people near children who may not be there: `python -m tests.benchmarks.nobody_unchecked [SEED]`.

It prints a table: for each way how often it was attempted, how often the product took somebody, and how often it took
whom a judge that shares no code with it refuses, which must be never; then why the judge refuses the others.
"""

import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

# Run as a file, only its own folder would be searched.
sys.path.insert(0, str(Path(__file__).parents[2]))

from core.db.migrate import CORE, upgrade
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.security.keys import Keys
from core.security.vault import Vault
from tests.integration.attempts import Tally
from tests.integration.ways import board, door, planner, workbook

COUNTS = ((planner, 5000), (board, 1500), (workbook, 2500), (door, 2500))


def attempted(folder: str, seed: int) -> list[Tally]:
    """Make all attempts on a database in the folder, of which nothing is kept."""
    database = Database(f"sqlite:///{folder}/attempts.db", Vault(Keys.fresh()))
    upgrade(database.engine, CORE)
    found = []
    for way, count in COUNTS:
        with database.writing(EVERYTHING) as session:
            found.append(way(session, random.Random(seed), count))  # noqa: S311 - no secret
            session.rollback()
    database.dispose()
    return found


def main() -> int:
    """Print the table, and return 0 where nobody slipped through."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with TemporaryDirectory() as folder:
        found = attempted(folder, seed)
    print(f"{'way':8} {'tries':>6} {'taken':>6} {'slipped':>7}  refused by the judge for")
    for tally in found:
        print(tally.line())
    slipped = sum(len(tally.slipped) for tally in found)
    print(f"{sum(tally.attempts for tally in found)} attempts, {slipped} slipped through")
    return 1 if slipped else 0


if __name__ == "__main__":
    sys.exit(main())
