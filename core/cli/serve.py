"""`weibao serve`: the pages and feeds, by gunicorn."""

import ctypes
import gc
import socket
from collections.abc import Mapping
from functools import partial
from threading import Event, Thread
from typing import Any, Final

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from core import posting
from core.app import create_app
from core.cli.backups import bring_up_to_ledger, keep_ledger
from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.daily import Keeper, Work, due_now
from core.domain.clock import SystemClock
from core.domain.errors import DomainError, Message
from core.hooks.manager import load_hooks
from core.jobs.embedded import EmbeddedEngine, start_daily
from core.posting import Sender, answers_may_be_there, read_answers
from core.services.allocating.runs import ALLOCATION_RUNS
from core.services.planning.runs import abandoned_runs
from core.waiting import (
    LOOK_SECONDS,
    calendars_are_due,
    fetch_calendars,
    lists_are_due,
    questions_are_due,
    turn_lists_over,
    turn_questions,
)
from core.web.feeds.door import notes_of
from core.web.feeds.notes import GATHERED_FOR

DEFAULT_BIND = "127.0.0.1:8000"
#: As the C library's header names it, and how many pools of memory a process may have.
_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2


class AddressTakenError(DomainError):
    """The address to serve on can't be had."""

    code = "address_taken"


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our options instead of its own command line."""

    def __init__(self, settings: Settings, options: Mapping[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options."""
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        """Make the application, in the worker: connections must not cross a fork."""
        application: Flask = create_app(self._settings)
        keep_days(self._settings)
        keep_waiting_lists(self._settings)
        keep_busy_times(self._settings)
        keep_questions(self._settings)
        keep_notes(application)
        keep_posting(self._settings)
        # What is there now stays: looking through all of it again and again for garbage took a tenth of the time.
        gc.collect()
        gc.freeze()
        return application


@click.command()
@click.option("--bind", default=DEFAULT_BIND, show_default=True, help="Address and port.")
@click.option("--workers", type=click.IntRange(1, 32), default=2, show_default=True)
@click.option("--threads", type=click.IntRange(1, 128), default=64, show_default=True)
@reports_errors
def serve(bind: str, workers: int, threads: int) -> None:
    """Serve the pages and feeds until stopped."""
    settings = Settings.from_environment()
    open_machine(settings, SystemClock()).database.dispose()
    run_server(settings, bind=bind, workers=workers, threads=threads)


def run_server(settings: Settings, *, bind: str = DEFAULT_BIND, workers: int = 2, threads: int = 64) -> None:
    """Serve until stopped by a signal; raise AddressTakenError where something else listens there."""
    _require_free(bind)
    erase_what_came_back(settings)
    resume(settings)
    share_memory()
    say(Message("Serving on http://%(bind)s – stop with Ctrl-C.", {"bind": bind}))
    options = {"bind": bind, "workers": workers, "threads": threads, "worker_class": "gthread", "loglevel": "warning"}
    Server(settings, options).run()


def erase_what_came_back(settings: Settings) -> None:
    """Erase again what a backup that was put back has brought with it, and keep the ledger of what was erased."""
    machine = open_machine(settings, SystemClock())
    again = bring_up_to_ledger(machine)
    keep_ledger(machine)
    machine.database.dispose()
    if again:
        say(Message("Erased again after an older backup was put back: %(count)s.", {"count": again}))


def resume(settings: Settings) -> None:
    """Have the runs carried out that were under way when the machine or a process ended."""
    machine, engine = open_machine(settings, SystemClock()), EmbeddedEngine(settings)
    with machine.reading() as session:
        waiting = [*abandoned_runs(session, machine.clock), *ALLOCATION_RUNS.abandoned(session, machine.clock)]
    machine.database.dispose()
    for run_id in waiting:
        engine.start(run_id)


def keep_days(settings: Settings) -> Thread:
    """Have the work of each day done after three in the morning, from a thread of this process."""
    machine = open_machine(settings, SystemClock())
    work = Work(machine.database, machine.clock, settings)
    return Keeper(partial(due_now, work), partial(start_daily, settings)).keep_looking(Event())


def keep_waiting_lists(settings: Settings) -> Thread:
    """Have offers end and free places offered on, by day and by night, from a thread of this process."""
    machine = open_machine(settings, SystemClock())
    work, hooks = Work(machine.database, machine.clock, settings), load_hooks()
    keeper = Keeper(partial(lists_are_due, work), partial(turn_lists_over, work, hooks))
    return keeper.keep_looking(Event(), every=LOOK_SECONDS)


def keep_questions(settings: Settings) -> Thread:
    """Have people reminded of questions and the next ones asked, by day and by night, from a thread of this process."""
    machine = open_machine(settings, SystemClock())
    work, hooks = Work(machine.database, machine.clock, settings), load_hooks()
    keeper = Keeper(partial(questions_are_due, work, hooks), partial(turn_questions, work, hooks))
    return keeper.keep_looking(Event(), every=LOOK_SECONDS)


def keep_posting(settings: Settings) -> tuple[Thread, Thread]:
    """Have the outbox sent, and answers to invitations read, from two threads of this process."""
    machine = open_machine(settings, SystemClock())
    work = Work(machine.database, machine.clock, settings)
    sender = Sender(work, machine.hooks)
    sending = Keeper(sender.is_due, sender.send_due).keep_looking(Event(), every=posting.LOOK_SECONDS)
    reading = Keeper(partial(answers_may_be_there, settings), partial(read_answers, work, machine.hooks))
    return sending, reading.keep_looking(Event(), every=posting.ANSWERS_SECONDS)


def keep_busy_times(settings: Settings) -> Thread:
    """Have the calendars of volunteers and shared rooms fetched again and again, from a thread of this process."""
    machine = open_machine(settings, SystemClock())
    work = Work(machine.database, machine.clock, settings)
    keeper = Keeper(partial(calendars_are_due, work), partial(fetch_calendars, work))
    return keeper.keep_looking(Event(), every=LOOK_SECONDS)


def keep_notes(application: Flask) -> Thread:
    """Have it written which calendars were fetched, a moment later and together, from a thread of this process."""
    notes = notes_of(application)
    return Keeper(notes.are_waiting, notes.write).keep_looking(Event(), every=GATHERED_FOR)


def share_memory() -> None:
    """Let all threads of this process and its workers take memory from two pools, as far as the C library can.

    glibc gives almost each thread a pool of its own, in which gaps stay: over hours a server of many threads grows.
    One thread of Python at a time asks for memory, so nobody waits.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, _ARENAS)


def _require_free(bind: str) -> None:
    """Say at once and in one sentence what gunicorn would say after five tries."""
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]") or "127.0.0.1", int(port)))
        except (OSError, ValueError, OverflowError) as error:
            raise AddressTakenError(
                Message(
                    "%(bind)s can't be served on: stop what listens there, or choose another address with --bind.",
                    {"bind": bind},
                )
            ) from error
