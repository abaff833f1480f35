"""The life of a run's row, whatever it is for: taken by a process that says it lives, and over once and for all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models.run import Run, RunState
from core.db.queries import runs as queries
from core.domain.actor import SYSTEM, Actor
from core.domain.clock import Clock
from core.domain.errors import DomainError, Message, NotFoundError
from core.planning.outcome import message_json
from core.services.audit import record

#: A process says every second that it is alive; after so long without a word it is taken for dead.
PATIENCE: Final = timedelta(seconds=20)
#: What has ended so many processes would end the next one too.
MOST_ATTEMPTS: Final = 3
Row = TypeVar("Row", bound=Run)


class LostRunError(DomainError):
    """A process that was taken for dead comes back to a run that is over, or another's by now."""

    code = "lost_run"


class WorkerDiedError(DomainError):
    """The processes that carried a run out died one after another."""

    code = "worker_died"

    def __init__(self) -> None:
        super().__init__(
            Message(
                "Its process was ended from outside several times; the machine may lack memory. Tell whoever runs it."
            )
        )


class Word(Enum):
    """What a process is told when it reports."""

    GO_ON = auto()
    #: Somebody wants it to stop and keep the best so far.
    STOP = auto()
    #: The run is another's, or over: nothing that this process finds counts.
    LET_GO = auto()


def is_abandoned(run: Run, now: datetime) -> bool:
    """Tell whether nobody carries the run out though it isn't over: its process has died, or never began."""
    return run.state in queries.OPEN and (run.heartbeat_at or run.asked_at) + PATIENCE < now


def end(run: Run, clock: Clock, state: RunState) -> None:
    """Let a run be over."""
    run.state, run.ended_at = state, clock.now()


@dataclass(frozen=True)
class RunBook(Generic[Row]):
    """The runs of one table; `kind` is what the log calls them."""

    model: type[Row]
    kind: str

    def find(self, session: Session, run_id: UUID) -> Row:
        """Return a run; raise NotFoundError where the actor reaches none of that id."""
        run = session.scalars(queries.run_page(self.model, run_id)).one_or_none()
        if run is None:
            raise NotFoundError(Message("There is no such run."))
        return run

    def abandoned(self, session: Session, clock: Clock) -> Sequence[UUID]:
        """Return the runs in reach that wait for a process."""
        return [run.id for run in session.scalars(queries.open_runs(self.model)) if is_abandoned(run, clock.now())]

    def add(self, session: Session, run: Row) -> bool:
        """Add a run, and tell whether it was: of two that the database lets in only one, the second is not."""
        try:
            with session.begin_nested():
                session.add(run)
        except IntegrityError as error:
            if not _is_second(error, self.model.__tablename__):  # type: ignore[attr-defined]
                raise
            return False
        return True

    def take(self, session: Session, clock: Clock, run_id: UUID, worker: str, progress: dict[str, Any]) -> Row | None:
        """Take a run for a process, and return it; None if it is over, or a living process has it.

        A run whose processes have died too often fails here.
        """
        run = session.scalars(queries.run_taken(self.model, run_id)).one_or_none()
        if run is None or run.state not in queries.OPEN:
            return None
        if run.state is RunState.RUNNING and not is_abandoned(run, clock.now()):
            return None
        if run.attempts >= MOST_ATTEMPTS:
            end(run, clock, RunState.FAILED)
            self._note_error(session, SYSTEM, clock, run, WorkerDiedError())
            return None
        run.state, run.worker, run.heartbeat_at = RunState.RUNNING, worker, clock.now()
        run.attempts += 1
        run.progress = progress
        session.flush()
        return run

    def note_progress(
        self, session: Session, clock: Clock, run_id: UUID, worker: str, progress: dict[str, Any]
    ) -> Word:
        """Say that a run's process is alive and how far it has come, and return what it shall do."""
        run = session.scalars(queries.run_taken(self.model, run_id)).one_or_none()
        if run is None or not _is_of(run, worker):
            return Word.LET_GO
        run.heartbeat_at, run.progress = clock.now(), progress
        return Word.STOP if run.cancel_asked else Word.GO_ON

    def held_by(self, session: Session, run_id: UUID, worker: str) -> Row:
        """Return a run that a process has, locked; LostRunError if it isn't the process's."""
        run = session.scalars(queries.run_taken(self.model, run_id)).one()
        if not _is_of(run, worker):
            raise LostRunError(Message("Another process has taken this run over."))
        return run

    def fail(self, session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str, error: DomainError) -> Row:
        """End a run with an error that its page explains; LostRunError if the run isn't the process's."""
        run = self.held_by(session, run_id, worker)
        end(run, clock, RunState.FAILED)
        self._note_error(session, actor, clock, run, error)
        return run

    def give_up(self, session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str) -> Row:
        """End a run that was stopped before there was any result; LostRunError if the run isn't the process's."""
        run = self.held_by(session, run_id, worker)
        end(run, clock, RunState.CANCELLED)
        self.note(session, actor, clock, run, "cancelled", {})
        return run

    def cancel(self, session: Session, actor: Actor, clock: Clock, run_id: UUID) -> Row:
        """Stop a run that isn't over: at once if nobody carries it out, else its process keeps the best so far."""
        run = session.scalars(queries.run_taken(self.model, run_id)).one_or_none()
        if run is None:
            raise NotFoundError(Message("There is no such run."))
        if run.state not in queries.OPEN or run.cancel_asked:
            return run
        run.cancel_asked = True
        self.note(session, actor, clock, run, "stopped", {})
        if run.state is RunState.QUEUED or is_abandoned(run, clock.now()):
            end(run, clock, RunState.CANCELLED)
        return run

    def note(self, session: Session, actor: Actor, clock: Clock, run: Row, what: str, detail: dict[str, Any]) -> None:
        """Record what happened to a run."""
        record(
            session,
            actor,
            clock,
            station_id=run.station_id,
            action=f"{self.kind}.{what}",
            subject_kind=self.kind,
            subject_id=run.id,
            detail=detail,
        )

    def _note_error(self, session: Session, actor: Actor, clock: Clock, run: Row, error: DomainError) -> None:
        run.error_code = error.code
        # What JSON can't hold, such as a date, is kept as it is written.
        run.error = json.loads(json.dumps(message_json(error.message), default=str))
        self.note(session, actor, clock, run, "failed", {"code": error.code})


def _is_of(run: Run, worker: str) -> bool:
    return run.state is RunState.RUNNING and run.worker == worker


def _is_second(error: IntegrityError, table: str) -> bool:
    """Tell whether the database refused a second run of a term: by its index's name, or by its column on SQLite."""
    return any(word in str(error.orig) for word in (f"uq_{table}_", f"{table}.term_id"))
