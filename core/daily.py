"""A process that does the work of a day: `python -m core.daily`, with the settings in its environment.

Each part writes in transactions of its own, and a part that fails is noted by the kind of its error and doesn't stop
the others: a process that is killed leaves nothing half done.
"""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from core.config import Settings
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import Clock, SystemClock, wall_clock
from core.security.vault import Vault
from core.services.busy_calendars import drop_over
from core.services.children.moving import mark_grown_up
from core.services.daily import end_day, is_due, note_part, take_day
from core.services.erasing import erased_so_far, write_ledger
from core.services.invitations import drop_expired
from core.services.retention import run_retention
from core.web.logs import set_up_logs

log = structlog.get_logger()

#: The pages come first where processors are few.
_NICENESS: Final = 10
#: How often a server looks whether the day's work is due.
_LOOK_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Work:
    """What the parts work with."""

    database: Database
    clock: Clock
    settings: Settings


Part = Callable[[Work], int]


def mark_adults(work: Work) -> int:
    """Note of the children who have turned 18 that they left; return how many."""
    today = wall_clock(work.clock, work.settings.timezone).date()
    with work.database.writing(EVERYTHING) as session:
        return mark_grown_up(session, SYSTEM, work.clock, today)


def let_go(work: Work) -> int:
    """Let go what has been kept long enough; return how many records."""
    writing = partial(work.database.writing, EVERYTHING)
    return sum(run_retention(writing, work.clock, ZoneInfo(work.settings.timezone)).values())


def drop_invitations(work: Work) -> int:
    """Drop the secrets of invitations that have run out; return how many."""
    with work.database.writing(EVERYTHING) as session:
        return drop_expired(session, work.clock)


def drop_busy_times(work: Work) -> int:
    """Drop the busy times of calendars that are over; return how many."""
    today = wall_clock(work.clock, work.settings.timezone).date()
    with work.database.writing(EVERYTHING) as session:
        return drop_over(session, today)


def keep_ledger(work: Work) -> int:
    """Copy what was erased to the ledger beside the key file; return how many lines it was short of."""
    with work.database.reading(EVERYTHING) as session:
        erased = erased_so_far(session)
    return write_ledger(work.settings.erasure_ledger, work.database.vault, erased)


#: The day's work in its order: whoever turned 18 has left before what goes is looked for, and the ledger comes last.
PARTS: Final[Mapping[str, Part]] = MappingProxyType(
    {
        "adults": mark_adults,
        "retention": let_go,
        "invitations": drop_invitations,
        "busy_times": drop_busy_times,
        "ledger": keep_ledger,
    }
)


def carry_out(
    work: Work, worker: str = "", parts: Mapping[str, Part] = PARTS, *, again: bool = False
) -> Mapping[str, int | str] | None:
    """Do what is missing of today's work, and return what came of it: how much, or the kind of an error.

    None where the day is done, or another living process is at it.
    """
    worker = worker or f"{socket.gethostname()[:60]}:{os.getpid()}"
    day = wall_clock(work.clock, work.settings.timezone).date()
    with work.database.writing(EVERYTHING) as session:
        known = take_day(session, work.clock, day, worker, again=again)
    if known is None:
        return None
    results: dict[str, int | str] = {}
    for name, part in parts.items():
        if known.get(name):
            continue
        results[name] = _result(work, name, part)
        with work.database.writing(EVERYTHING) as session:
            if not note_part(session, work.clock, day, worker, name, results[name]):
                log.warning("day_lost", day=day.isoformat())
                return results
    with work.database.writing(EVERYTHING) as session:
        end_day(session, work.clock, day, worker)
    return results


def _result(work: Work, name: str, part: Part) -> int | str:
    try:
        return part(work)
    except Exception as error:  # noqa: BLE001 (whatever it is, the other parts are done)
        # By its kind alone: the message may quote a row.
        log.error("daily_part_failed", part=name, kind=type(error).__name__)  # noqa: TRY400 (no trace, for the same)
        return type(error).__name__


class Keeper:
    """Looks from time to time whether some work is due, and has it done."""

    def __init__(self, due: Callable[[], bool], start: Callable[[], object]) -> None:
        self._due = due
        self._start = start

    def look(self) -> None:
        """Look once; what fails is noted by its kind and tried again next time."""
        try:
            if self._due():
                self._start()
        except Exception as error:  # noqa: BLE001 (a database that is away for a while must not end the looking)
            log.error("look_failed", kind=type(error).__name__)  # noqa: TRY400 (the message may quote a row)

    def keep_looking(self, over: Event, *, every: float | None = None) -> Thread:
        """Look now and every so many seconds, or ten minutes, in a thread of this process, until `over` is set."""

        def looking() -> None:
            self.look()
            while not over.wait(every or _LOOK_SECONDS):
                self.look()

        thread = Thread(target=looking, daemon=True, name="keeper")
        thread.start()
        return thread


def due_now(work: Work) -> bool:
    """Tell whether a server should begin today's work."""
    with work.database.reading(EVERYTHING) as session:
        return is_due(session, work.clock, work.settings.timezone)


def main() -> None:
    """Do the work of today."""
    set_up_logs()
    os.nice(_NICENESS)
    settings = Settings.from_environment()
    database = Database(settings.database_url, Vault.of_file(settings.key_file))
    carry_out(Work(database, SystemClock(), settings))
    database.dispose()


if __name__ == "__main__":
    main()
