"""Gives or publishes a term's places, in a process of `core.worker`: a run's row is taken, carried out, ended.

A process that is killed leaves nothing half done, and the run is taken again.
"""

from dataclasses import dataclass, replace
from functools import partial
from math import inf
from time import monotonic
from typing import Final
from uuid import UUID

import structlog

from core.allocation.allocate import allocate
from core.allocation.explain import explain
from core.db.models import AllocationRun, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Scope
from core.domain.clock import Clock
from core.domain.errors import DomainError, Message
from core.domain.wishing import Errand
from core.hooks.calling import Hooks
from core.jobs.pulse import Pulse
from core.services.allocating import publishing
from core.services.allocating.building import build
from core.services.allocating.news import News, Phase
from core.services.allocating.runs import ALLOCATION_RUNS, Found, finish_allocation
from core.services.allocating.settings import Wanted
from core.services.desk import Desk
from core.services.run_rows import LostRunError, Word
from core.services.stations import scope_of_user
from core.services.web_sessions import actor_of

log = structlog.get_logger()

#: More is better even where there are fewer processors: each searches in another way.
_WORKERS: Final = 8
#: Reasons may take so many times as long as the places, since each is found by solving again.
_LONGER: Final = 3


class AllocationFailedError(DomainError):
    """Something failed that nobody foresaw; `kind` is the error's, never its text."""

    code = "allocation_failed"

    def __init__(self, kind: str) -> None:
        super().__init__(
            Message("Giving places failed (%(kind)s), and nothing was changed: tell whoever runs it.", {"kind": kind})
        )


@dataclass(frozen=True)
class Task:
    """A run that was taken: what it asks for, the process that has it, and the desk of who asked."""

    run_id: UUID
    term_id: UUID
    errand: Errand
    seconds: int
    wanted: Wanted
    worker: str
    desk: Desk
    scope: Scope
    database: Database


def carry_out(database: Database, hooks: Hooks, clock: Clock, timezone: str, run_id: UUID, worker: str) -> None:
    """Take a run and carry it out; return at once where it is over or another living process has it."""
    task = _taken(database, hooks, clock, timezone, run_id, worker)
    if task is None:
        return

    def report(news: News) -> bool:
        with database.writing(task.scope) as session:
            word = ALLOCATION_RUNS.note_progress(session, clock, task.run_id, task.worker, news.to_json())
        return word is Word.GO_ON

    with Pulse(News(), report) as pulse:
        try:
            (_publish if task.errand is Errand.PUBLISH else _solve)(task, pulse)
        except LostRunError:
            log.warning("run_lost", run=str(run_id))
        except Exception as error:  # noqa: BLE001 (whatever it is, the run's page says that it failed)
            _fail(task, error)


def is_allocation(database: Database, run_id: UUID) -> bool:
    """Tell whether a run gives or publishes places."""
    with database.reading(EVERYTHING) as session:
        return session.get(AllocationRun, run_id) is not None


def _taken(database: Database, hooks: Hooks, clock: Clock, timezone: str, run_id: UUID, worker: str) -> Task | None:
    with database.writing(EVERYTHING) as session:
        run = ALLOCATION_RUNS.take(session, clock, run_id, worker, News().to_json())
        if run is None:
            return None
        user = None if run.asked_by is None else session.get_one(User, run.asked_by)
        desk = Desk(SYSTEM if user is None else actor_of(user), clock, hooks, timezone)
        scope = EVERYTHING if user is None else scope_of_user(session, user)
        wanted = Wanted.of(run.settings)
        return Task(run_id, run.term_id, run.errand, run.seconds, wanted, worker, desk, scope, database)


def _solve(task: Task, pulse: Pulse[News]) -> None:
    with task.database.reading(task.scope) as session:
        built = build(session, task.desk, task.term_id, task.wanted)
    problem = built.problem
    pulse.change(partial(_begun, Phase.SOLVING, children=len(problem.children), activities=len(problem.activities)))
    allocation = allocate(
        problem,
        seconds=task.seconds,
        workers=_WORKERS,
        progress=lambda progress: pulse.change(lambda news: news.told(progress)),
        cancelled=pulse.is_stopped,
    )
    pulse.change(lambda news: replace(news, phase=Phase.EXPLAINING, aims=allocation.aims))
    # Whoever stops the run now wants no more reasons: for them the time is over.
    clock = partial(_until_stopped, pulse)
    reasons = explain(problem, allocation, seconds=_LONGER * task.seconds, workers=_WORKERS, clock=clock)
    with task.database.writing(task.scope) as session:
        found = Found(built, allocation, reasons)
        finish_allocation(session, task.desk, task.run_id, task.worker, pulse.news(), found)


def _publish(task: Task, pulse: Pulse[News]) -> None:
    pulse.change(lambda news: replace(news, phase=Phase.CHECKING))
    with task.database.reading(task.scope) as session:
        plan = publishing.plan_publishing(session, task.desk, task.run_id)
    children = len({child for child, _activity in plan.places})
    pulse.change(partial(_begun, Phase.PLACING, children=children, activities=len({one for _, one in plan.places})))
    # Nobody else writes meanwhile on the embedded database, the pulse neither; it would wait for its turn.
    pulse.rest()
    with task.database.writing(task.scope) as session:
        publishing.carry_out(session, task.desk, task.worker, pulse.news(), plan)


def _until_stopped(pulse: Pulse[News]) -> float:
    return inf if pulse.is_stopped() else monotonic()


def _begun(phase: Phase, news: News, *, children: int, activities: int) -> News:
    return replace(news, phase=phase, children=children, activities=activities)


def _fail(task: Task, error: Exception) -> None:
    """Say on the run's row why there is nothing; a run that isn't the process's any more is left alone."""
    if not isinstance(error, DomainError):
        log.error("allocation_failed", exc_info=error)
    told = error if isinstance(error, DomainError) else AllocationFailedError(type(error).__name__)
    try:
        with task.database.writing(task.scope) as session:
            ALLOCATION_RUNS.fail(session, task.desk.actor, task.desk.clock, task.run_id, task.worker, told)
    except LostRunError:
        log.warning("run_lost", run=str(task.run_id))
