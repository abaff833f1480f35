"""How long giving places takes: `python -m tests.benchmarks.giving_places` prints a table.

A made-up term of 1,000 children with six wishes each for 250 activities of two sessions, half of the families with a
friend, is stored in the embedded database; then each row of the table is a step that the run's process takes. With
`--program` every installed program is asked whether each child may take part.
"""

import random
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from core.allocation.allocate import allocate
from core.allocation.explain import explain
from core.db.migrate import CORE, upgrade
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.registering import Way
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.allocating import publishing
from core.services.allocating.building import build
from core.services.allocating.news import News
from core.services.allocating.runs import ALLOCATION_RUNS, Found, ask_allocation, ask_publishing, finish_allocation
from core.services.allocating.settings import Wanted
from core.services.desk import Desk
from core.services.registration.intakes import keep_term_intake
from core.services.wishes.companions import put_together
from core.services.wishes.lists import WishDraft, save_wishes
from core.services.wishes.rounds import enter_draw
from tests.integration.builders import a_station, a_term, at
from tests.integration.registering import Hands, a_candidate, a_desk, an_announced
from tests.integration.timetable import NO_PLUGINS
from tests.integration.wishing import DRAW, FIRST, TO_THE_DRAW, Wished, a_wish_dates

CHILDREN, ACTIVITIES, WISHES = 1_000, 250, 6
SECONDS = 60
UNSTAFFED = Wanted(needs_staff=False)
_WORKER = "benchmark"
Value = TypeVar("Value")


def a_busy_term(database: Database) -> Wished:
    """Store the term, each step in a transaction of its own."""
    rng = random.Random(7)  # noqa: S311 (made-up wishes)
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        term = a_term(session, station, first=FIRST)
        keep_term_intake(session, a_desk(), term.id, a_wish_dates(per_child=2))
        people = tuple(a_candidate(session, station).id for _ in range(CHILDREN))
        made = tuple(_an_activity(session, term, number, rng).id for number in range(ACTIVITIES))
        wished = Wished(station.id, term.id, made, people)
    for some in (wished.children[first : first + 100] for first in range(0, CHILDREN, 100)):
        with database.writing(EVERYTHING) as session:
            for child in some:
                # Some activities are dear to many.
                ranked = dict.fromkeys(made[int(len(made) * rng.random() ** 2)] for _ in range(WISHES))
                save_wishes(session, a_desk(), child, wished.term, WishDraft(tuple(ranked)), seen=0)
    with database.writing(EVERYTHING) as session:
        for first in range(0, CHILDREN // 2, 2):
            put_together(session, a_desk(), wished.term, wished.children[first : first + 2])
    return wished


def _an_activity(session, term, number, rng):  # noqa: ANN001, ANN202
    start = at(FIRST + timedelta(days=number % 12), 8 + number % 5 * 2)
    said = {"way": Way.WISHES, "minimum": 3, "minimum_by": FIRST}
    times = (start, start + timedelta(days=7))
    return an_announced(session, term, rng.randint(4, 12), *times, intake=said, zones=[])


def timed(name: str, step: Callable[[], Value]) -> Value:
    """Take a step, and print how long it took."""
    began = perf_counter()
    found = step()
    print(f"{name:<52}{perf_counter() - began:>8.2f} s", flush=True)
    return found


def measured(database: Database, wished: Wished, hooks: Hooks) -> None:
    """Take each step of a run."""
    clock = Hands()
    desk = Desk(a_desk().actor, clock, hooks, a_desk().timezone)
    clock.pass_by(TO_THE_DRAW)
    with database.writing(EVERYTHING) as session:
        timed("close the lists and enter the draw", lambda: enter_draw(session, desk, wished.term, DRAW, "example"))
        run = ask_allocation(session, desk, wished.term, UNSTAFFED, seconds=SECONDS).id
        ALLOCATION_RUNS.take(session, clock, run, _WORKER, {})
    with database.reading(EVERYTHING) as session:
        built = timed("build the problem", lambda: build(session, desk, wished.term, UNSTAFFED))
    allocation = timed("give places", lambda: allocate(built.problem, seconds=SECONDS))
    proved = f"{sum(one.proved for one in allocation.aims)} of {len(allocation.aims)} aims proved"
    print(f"    {allocation.status.value}, {proved}, {len(allocation.places)} children with a place")
    reasons = timed("say why not", lambda: explain(built.problem, allocation, seconds=3 * SECONDS))
    print(f"    {len(reasons)} wishes, {sum(not why.verified for why in reasons)} not verified")
    with database.writing(EVERYTHING) as session:
        found = Found(built, allocation, reasons)
        timed("keep the result", lambda: finish_allocation(session, desk, run, _WORKER, News(), found))
        publish = ask_publishing(session, desk, run).id
        ALLOCATION_RUNS.take(session, clock, publish, _WORKER, {})
    with database.reading(EVERYTHING) as session:
        plan = timed("look again at each place", lambda: publishing.plan_publishing(session, desk, publish))

    def register() -> dict[str, int]:
        with database.writing(EVERYTHING) as session:
            return publishing.carry_out(session, desk, _WORKER, News(), plan).figures

    print(f"    {timed('register all in one transaction', register)}")


def main() -> None:
    """Store the term in a database of its own, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Keys.fresh())
        database = Database(f"sqlite:///{Path(folder) / 'weibao.db'}", vault)
        upgrade(database.engine, CORE)
        wished = timed(f"store {CHILDREN} lists", lambda: a_busy_term(database))
        measured(database, wished, load_hooks() if "--program" in sys.argv else NO_PLUGINS)
        database.dispose()


if __name__ == "__main__":
    main()
