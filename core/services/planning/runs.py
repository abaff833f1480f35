"""Runs of the planner as rows: asked for by a person, and what each of them leaves when it is over."""

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Plan, PlanningRun, Term
from core.db.models.run import RunState
from core.db.queries import runs as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.services.planning.news import News
from core.services.run_rows import RunBook, Word, end

#: How long a run may take, in seconds: quick, normal, thorough.
CHOICES: Final = (15, 60, 300)
PLANNING_RUNS: Final = RunBook(PlanningRun, "run")
find_run = PLANNING_RUNS.find
abandoned_runs = PLANNING_RUNS.abandoned
fail_run = PLANNING_RUNS.fail
give_up_run = PLANNING_RUNS.give_up
cancel_run = PLANNING_RUNS.cancel


class RunUnderWayError(ConflictError):
    """The term is being planned already; `run_id` says by which run."""

    code = "run_under_way"

    def __init__(self, run_id: UUID | None) -> None:
        super().__init__(Message("The term is being planned already: wait for that run, or stop it."))
        self.run_id = run_id


def ask_run(session: Session, actor: Actor, clock: Clock, term_id: UUID, *, seconds: int, seed: int = 0) -> PlanningRun:
    """Ask that a term be planned, and return the run; RunUnderWayError where one of the term isn't over yet."""
    if seconds not in CHOICES:
        raise InvalidInputError(Message("Choose how long the planner may take."))
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    under_way = session.scalars(queries.open_run_of(PlanningRun, term_id)).one_or_none()
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
    if not PLANNING_RUNS.add(session, run):
        raise RunUnderWayError(session.scalars(queries.open_run_of(PlanningRun, term_id)).one().id)
    PLANNING_RUNS.note(session, actor, clock, run, "asked", {"seconds": seconds})
    return run


def take_run(session: Session, clock: Clock, run_id: UUID, worker: str) -> PlanningRun | None:
    """Take a run for a process, and return it; None if it is over, or a living process has it."""
    return PLANNING_RUNS.take(session, clock, run_id, worker, News().to_json())


def note_progress(session: Session, clock: Clock, run_id: UUID, worker: str, news: News) -> Word:
    """Say that a run's process is alive and how far it has come, and return what it shall do."""
    return PLANNING_RUNS.note_progress(session, clock, run_id, worker, news.to_json())


def finish_run(
    session: Session, actor: Actor, clock: Clock, run_id: UUID, worker: str, news: News, plan: Plan
) -> PlanningRun:
    """End a run with its draft, in the transaction that stores it; LostRunError if the run isn't the process's."""
    run = PLANNING_RUNS.held_by(session, run_id, worker)
    end(run, clock, RunState.DONE)
    run.plan_id, run.progress = plan.id, news.to_json()
    PLANNING_RUNS.note(session, actor, clock, run, "done", {"version": plan.version})
    return run
