"""Runs of the planner as rows: asked for by a person, taken by a process, and over once and for all."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import Plan, PlanningRun, Term
from core.db.models.run import RunState
from core.db.queries import runs as queries
from core.domain.actor import SYSTEM, Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, DomainError, InvalidInputError, Message, NotFoundError
from core.planning.outcome import message_json
from core.services.audit import record
from core.services.planning.news import News

#: How long a run may take, in seconds: quick, normal, thorough.
CHOICES: Final = (15, 60, 300)
#: A process says every second that it is alive; after so long without a word it is taken for dead.
PATIENCE: Final = timedelta(seconds=20)
#: What has ended so many processes would end the next one too.
MOST_ATTEMPTS: Final = 3
_ONE_OPEN = ("uq_planning_runs_one_open_per_term", "planning_runs.term_id")


class RunUnderWayError(ConflictError):
    """The term is being planned already; `run_id` says by which run."""

    code = "run_under_way"

    def __init__(self, run_id: UUID | None) -> None:
        super().__init__(Message("The term is being planned already: wait for that run, or stop it."))
        self.run_id = run_id


class LostRunError(DomainError):
    """A process that was taken for dead comes back to a run that is over, or another's by now."""

    code = "lost_run"


class WorkerDiedError(DomainError):
    """The processes that carried a run out died one after another."""

    code = "worker_died"

    def __init__(self) -> None:
        super().__init__(
            Message(
                "The planner was ended from outside several times; the machine may lack memory. Tell whoever runs it."
            )
        )


class Word(Enum):
    """What a process is told when it reports."""

    GO_ON = auto()
    #: Somebody wants it to stop and keep the best so far.
    STOP = auto()
    #: The run is another's, or over: nothing that this process finds counts.
    LET_GO = auto()


def ask_run(session: Session, actor: Actor, clock: Clock, term_id: UUID, *, seconds: int, seed: int = 0) -> PlanningRun:
    """Ask that a term be planned, and return the run; RunUnderWayError where one of the term isn't over yet."""
    if seconds not in CHOICES:
        raise InvalidInputError(Message("Choose how long the planner may take."))
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    under_way = session.scalars(queries.open_run_of(term_id)).one_or_none()
    if under_way is not None:
        raise RunUnderWayError(under_way.id)
    run = PlanningRun(
        station_id=term.station_id,
        term_id=term_id,
        seconds=seconds,
        seed=seed,
        asked_by=actor.user_id,
        asked_at=clock.now(),
    )
    _add_unless_another_was_quicker(session, run)
    _record(session, actor, clock, run, "run.asked", {"seconds": seconds})
    return run


def find_run(session: Session, run_id: UUID) -> PlanningRun:
    """Return a run; raise NotFoundError where the actor reaches none of that id."""
    run = session.scalars(queries.run_page(run_id)).one_or_none()
    if run is None:
        raise NotFoundError(Message("There is no such run."))
    return run


def is_abandoned(run: PlanningRun, now: datetime) -> bool:
    """Tell whether nobody carries the run out though it isn't over: its process has died, or never began."""
    return run.state in queries.OPEN and (run.heartbeat_at or run.asked_at) + PATIENCE < now


def abandoned_runs(session: Session, clock: Clock) -> Sequence[UUID]:
    """Return the runs in reach that wait for a process."""
    return [run.id for run in session.scalars(queries.open_runs()) if is_abandoned(run, clock.now())]


def take_run(session: Session, clock: Clock, run_id: UUID, worker: str) -> PlanningRun | None:
    """Take a run for a process, and return it; None if it is over, or a living process has it.

    A run whose processes have died too often fails here.
    """
    run = session.scalars(queries.run_taken(run_id)).one_or_none()
    if run is None or run.state not in queries.OPEN:
        return None
    if run.state is RunState.RUNNING and not is_abandoned(run, clock.now()):
        return None
    if run.attempts >= MOST_ATTEMPTS:
        _end(run, clock, RunState.FAILED)
        _note_error(session, SYSTEM, clock, run, WorkerDiedError())
        return None
    run.state, run.worker, run.heartbeat_at = RunState.RUNNING, worker, clock.now()
    run.attempts += 1
    run.progress = News().to_json()
    session.flush()
    return run


def note_progress(session: Session, clock: Clock, run_id: UUID, worker: str, news: News) -> Word:
    """Say that a run's process is alive and how far it has come, and return what it shall do."""
    run = session.scalars(queries.run_taken(run_id)).one_or_none()
    if run is None or not _is_of(run, worker):
        return Word.LET_GO
    run.heartbeat_at, run.progress = clock.now(), news.to_json()
    return Word.STOP if run.cancel_asked else Word.GO_ON


def finish_run(
    session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str, news: News, plan: Plan
) -> PlanningRun:
    """End a run with its draft, in the transaction that stores it; LostRunError if the run isn't the process's."""
    run = _held_by(session, run_id, worker)
    _end(run, clock, RunState.DONE)
    run.plan_id, run.progress = plan.id, news.to_json()
    _record(session, actor, clock, run, "run.done", {"version": plan.version})
    return run


def fail_run(
    session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str, error: DomainError
) -> PlanningRun:
    """End a run with an error that its page explains; LostRunError if the run isn't the process's."""
    run = _held_by(session, run_id, worker)
    _end(run, clock, RunState.FAILED)
    _note_error(session, actor, clock, run, error)
    return run


def give_up_run(session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str) -> PlanningRun:
    """End a run that was stopped before there was any plan; LostRunError if the run isn't the process's."""
    run = _held_by(session, run_id, worker)
    _end(run, clock, RunState.CANCELLED)
    _record(session, actor, clock, run, "run.cancelled", {})
    return run


def cancel_run(session: Session, actor: Actor, clock: Clock, run_id: UUID) -> PlanningRun:
    """Stop a run: at once if nobody carries it out, else its process keeps the best so far. One that is over stays."""
    run = session.scalars(queries.run_taken(run_id)).one_or_none()
    if run is None:
        raise NotFoundError(Message("There is no such run."))
    if run.state not in queries.OPEN or run.cancel_asked:
        return run
    run.cancel_asked = True
    _record(session, actor, clock, run, "run.stopped", {})
    if run.state is RunState.QUEUED or is_abandoned(run, clock.now()):
        _end(run, clock, RunState.CANCELLED)
    return run


def _add_unless_another_was_quicker(session: Session, run: PlanningRun) -> None:
    """Add the run; of two that are asked for at the same moment the database lets one in."""
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError as error:
        if not any(name in str(error.orig) for name in _ONE_OPEN):
            raise
        raise RunUnderWayError(session.scalars(queries.open_run_of(run.term_id)).one().id) from None


def _is_of(run: PlanningRun, worker: str) -> bool:
    return run.state is RunState.RUNNING and run.worker == worker


def _held_by(session: Session, run_id: UUID, worker: str) -> PlanningRun:
    run = session.scalars(queries.run_taken(run_id)).one()
    if not _is_of(run, worker):
        raise LostRunError(Message("Another process has taken this run over."))
    return run


def _end(run: PlanningRun, clock: Clock, state: RunState) -> None:
    run.state, run.ended_at = state, clock.now()


def _note_error(session: Session, actor: Actor, clock: Clock, run: PlanningRun, error: DomainError) -> None:
    run.error_code = error.code
    # What JSON can't hold, such as a date, is kept as it is written.
    run.error = json.loads(json.dumps(message_json(error.message), default=str))
    _record(session, actor, clock, run, "run.failed", {"code": error.code})


def _record(
    session: Session, actor: Actor, clock: Clock, run: PlanningRun, action: str, detail: dict[str, Any]
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=run.station_id,
        action=action,
        subject_kind="run",
        subject_id=run.id,
        detail=detail,
    )
