"""A process that carries out one run: `python -m core.worker RUN`, with the settings in its environment.

Those of an allocation are core.allotting's. For the planner it takes the run's row, plans for the person who asked,
tells the row every second how it goes, and stores the draft in the transaction that ends the run: a process that is
killed leaves nothing half done, and the run is taken again.
"""

import os
import socket
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from core import allotting
from core.config import Settings
from core.db.models import Plan, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Scope
from core.domain.clock import Clock, SystemClock
from core.domain.errors import DomainError, Message
from core.hooks.calling import Hooks, PluginFailedError
from core.hooks.manager import load_hooks
from core.jobs.pulse import Pulse
from core.planning.outcome import Outcome
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.rules.base import Rule
from core.planning.search.first import NoPlanInTimeError
from core.planning.search.solve import solve
from core.security.vault import Vault
from core.services.planning.drafting import Desk, draft_term
from core.services.planning.news import News, Phase
from core.services.planning.runs import fail_run, finish_run, give_up_run, note_progress, take_run
from core.services.run_rows import LostRunError, Word
from core.services.stations import scope_of_user
from core.services.web_sessions import actor_of
from core.web.logs import set_up_logs

log = structlog.get_logger()

#: The pages come first where processors are few.
_NICENESS: Final = 5


class PlannerFailedError(DomainError):
    """Something failed that nobody foresaw; `kind` is the error's, never its text."""

    code = "planner_failed"

    def __init__(self, kind: str) -> None:
        super().__init__(
            Message("The planner failed (%(kind)s), and nothing was changed: tell whoever runs it.", {"kind": kind})
        )


@dataclass(frozen=True)
class Task:
    """A run that was taken: what it asks for, who asked, and the process that has it."""

    run_id: UUID
    term_id: UUID
    seconds: int
    seed: int
    worker: str
    actor: Actor
    scope: Scope


def carry_out(database: Database, hooks: Hooks, clock: Clock, timezone: str, run_id: UUID, worker: str = "") -> None:
    """Take a run and carry it out; return at once where it is over or another living process has it."""
    task = _taken(database, clock, run_id, worker or _this_process())
    if task is None:
        return
    writing = partial(database.writing, task.scope)
    desk = Desk(partial(database.reading, task.scope), writing, task.actor, clock, hooks, timezone)

    def report(news: News) -> bool:
        with writing() as session:
            return note_progress(session, clock, task.run_id, task.worker, news) is Word.GO_ON

    with Pulse(News(), report) as pulse:
        try:
            _draft(desk, task, pulse)
        except LostRunError:
            log.warning("run_lost", run=str(run_id))
        except Exception as error:  # noqa: BLE001 (whatever it is, the run's page says that it failed)
            _end_without_plan(desk, task, error, stopped=pulse.is_stopped())


def _taken(database: Database, clock: Clock, run_id: UUID, worker: str) -> Task | None:
    with database.writing(EVERYTHING) as session:
        run = take_run(session, clock, run_id, worker)
        if run is None:
            return None
        user = None if run.asked_by is None else session.get_one(User, run.asked_by)
        actor = SYSTEM if user is None else actor_of(user)
        scope = EVERYTHING if user is None else scope_of_user(session, user)
        return Task(run_id, run.term_id, run.seconds, run.seed, worker, actor, scope)


def _draft(desk: Desk, task: Task, pulse: Pulse[News]) -> None:
    def begin(phase: Phase, session_count: int) -> None:
        pulse.change(lambda news: replace(news, phase=phase, session_count=session_count))

    def search(problem: Problem, rules: Sequence[Rule], preferences: Sequence[Preference]) -> Outcome:
        session_count = sum(activity.sessions for activity in problem.activities)
        begin(Phase.PLANNING, session_count)
        outcome = solve(
            problem,
            seconds=task.seconds,
            seed=task.seed,
            rules=rules,
            preferences=preferences,
            on_progress=lambda progress: pulse.change(lambda news: news.told(progress)),
            cancelled=pulse.is_stopped,
        )
        begin(Phase.EXPLAINING, session_count)
        return outcome

    def keep(session: Session, plan: Plan) -> None:
        finish_run(session, desk.actor, desk.clock, task.run_id, task.worker, pulse.news(), plan)

    draft_term(desk, task.term_id, search, seconds=task.seconds, keep=keep)


def _end_without_plan(desk: Desk, task: Task, error: Exception, *, stopped: bool) -> None:
    """Say on the run's row why there is no plan; a run that isn't the process's any more is left alone."""
    try:
        with desk.writing() as session:
            if stopped and isinstance(error, NoPlanInTimeError):
                give_up_run(session, desk.actor, desk.clock, task.run_id, task.worker)
            else:
                fail_run(session, desk.actor, desk.clock, task.run_id, task.worker, _explained(desk.hooks, error))
    except LostRunError:
        log.warning("run_lost", run=str(task.run_id))


def _explained(hooks: Hooks, error: Exception) -> DomainError:
    """Return the error as one for a person: its own message, or the program in whose code it arose, or its kind."""
    if isinstance(error, DomainError):
        return error
    log.error("planner_failed", exc_info=error)
    frames = [Path(frame.filename) for frame in traceback.extract_tb(error.__traceback__)]
    for frame in reversed(frames):
        for plugin in hooks.plugins:
            if frame.is_relative_to(plugin.folder):
                return PluginFailedError(plugin.key)
    return PlannerFailedError(type(error).__name__)


def _this_process() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def main(arguments: Sequence[str]) -> None:
    """Carry out the run whose id is the only argument."""
    set_up_logs()
    os.nice(_NICENESS)
    settings = Settings.from_environment()
    database = Database(settings.database_url, Vault.of_file(settings.key_file))
    run_id, hooks, clock = UUID(arguments[0]), load_hooks(settings.plugins), SystemClock()
    if allotting.is_allocation(database, run_id):
        allotting.carry_out(database, hooks, clock, settings.timezone, run_id, _this_process())
    else:
        carry_out(database, hooks, clock, settings.timezone, run_id)
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
