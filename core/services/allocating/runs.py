"""Runs that give places, and those that publish them, as rows: asked for by a person, and what each leaves."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.allocation.compare import Figures
from core.allocation.format import allocation_to_json, problem_to_json
from core.allocation.result import Allocation
from core.allocation.why import Why
from core.db.models import AllocationRun, Term
from core.db.models.run import RunState
from core.db.queries import runs as queries
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.wishing import Errand
from core.security.permissions import require
from core.services.allocating.building import Built, is_taken
from core.services.allocating.news import News, aims_json
from core.services.allocating.sentences import sentence_json
from core.services.allocating.settings import Wanted
from core.services.desk import Desk
from core.services.run_rows import RunBook, end
from core.services.wishes.rounds import is_published, the_seed

#: How long a run may take to find places, in seconds: quick, normal, thorough; reasons take some more.
CHOICES: Final = (15, 60, 300)
ALLOCATION_RUNS: Final = RunBook(AllocationRun, "allocation")


class AllocationUnderWayError(ConflictError):
    """Places of the term are being given or published already; `run_id` says by which run."""

    code = "allocation_under_way"

    def __init__(self, run_id: UUID | None) -> None:
        super().__init__(Message("Places of this term are being given this moment: wait for that run, or stop it."))
        self.run_id = run_id


class PublishedError(ConflictError):
    """The term's places are published: that happens once."""

    code = "published"

    def __init__(self) -> None:
        super().__init__(Message("The places of this term are published already; families know them."))


@dataclass(frozen=True)
class Found:
    """What a run has found: what was asked, what came of it, and why wishes didn't come true."""

    built: Built
    allocation: Allocation
    reasons: tuple[Why, ...]


def ask_allocation(session: Session, desk: Desk, term_id: UUID, wanted: Wanted, *, seconds: int) -> AllocationRun:
    """Ask that a term's places be given, and return the run.

    Raises ConflictError before the lots are drawn, PublishedError, and AllocationUnderWayError.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    if seconds not in CHOICES:
        raise InvalidInputError(Message("Choose how long it may take."))
    term = _term(session, term_id)
    seed = the_seed(session, term_id)
    if not seed:
        raise ConflictError(Message("The lots aren't drawn yet: enter the public draw first."))
    if is_published(session, term_id):
        raise PublishedError
    run = AllocationRun(errand=Errand.SOLVE, seconds=seconds, settings=wanted.to_json(), seed=seed)
    return _asked(session, desk, term, run)


def ask_publishing(session: Session, desk: Desk, run_id: UUID) -> AllocationRun:
    """Ask that a run's places be published, once and for all, and return the run that does it.

    Raises ConflictError for a run without places or of another draw, PublishedError, and AllocationUnderWayError.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    found = ALLOCATION_RUNS.find(session, run_id)
    if found.errand is not Errand.SOLVE or found.state is not RunState.DONE or found.sealed_allocation is None:
        raise ConflictError(Message("This run has no places that could be published."))
    if found.seed != the_seed(session, found.term_id):
        raise ConflictError(Message("The draw was corrected since: give the places anew."))
    if is_published(session, found.term_id):
        raise PublishedError
    run = AllocationRun(errand=Errand.PUBLISH, seconds=1, result_id=found.id, settings=found.settings, seed=found.seed)
    return _asked(session, desk, _term(session, found.term_id), run)


def runs_of(session: Session, term_id: UUID) -> Sequence[AllocationRun]:
    """Return the runs of a term in reach, the newest first."""
    query = select(AllocationRun).where(AllocationRun.term_id == term_id)
    return session.scalars(query.order_by(AllocationRun.asked_at.desc(), AllocationRun.id.desc())).all()


def finish_allocation(
    session: Session, desk: Desk, run_id: UUID, worker: str, news: News, found: Found
) -> AllocationRun:
    """End a run with what it has found, in one transaction; LostRunError if the run isn't the process's."""
    run = ALLOCATION_RUNS.held_by(session, run_id, worker)
    run.problem = _text(problem_to_json(found.built.problem))
    run.allocation = _text(allocation_to_json(found.allocation))
    run.reasons = _text({"wishes": list(map(why_json, found.reasons)), "left_out": left_out_json(found.built)})
    run.digest = sha256(run.problem.encode()).hexdigest()
    run.figures = _figures(found)
    run.progress = news.to_json()
    end(run, desk.clock, RunState.DONE)
    ALLOCATION_RUNS.note(session, desk.actor, desk.clock, run, "done", {"digest": run.digest})
    return run


def why_json(why: Why) -> dict[str, Any]:
    """Return a reason as rows keep it."""
    return {
        "child": why.child,
        "activity": why.activity,
        "reason": why.reason.value,
        "message": sentence_json(why.message),
        "verified": why.verified,
    }


def left_out_json(built: Built) -> list[dict[str, Any]]:
    """Return the wishes that aren't in a problem as rows keep them."""
    return [
        {
            "child": one.number,
            "activity": one.activity,
            "obstacles": [sentence_json(why.reason) for why in one.obstacles],
        }
        for one in built.left_out
    ]


def _figures(found: Found) -> dict[str, Any]:
    figures = Figures.of(found.built.problem, found.allocation)
    asking = sum(1 for child in found.built.problem.children if child.wishes)
    return {
        "children": len(found.built.problem.children),
        "asking": asking,
        "with_a_place": figures.with_a_place,
        "with_nothing": figures.with_nothing,
        "places": figures.places,
        "opened": sum(not is_taken(name) for name in found.allocation.opened),
        "activities": sum(not is_taken(one.id) for one in found.built.problem.activities),
        "satisfaction": round(figures.satisfaction, 4),
        "ranks": {str(rank): count for rank, count in figures.ranks.items()},
        "aims": aims_json(found.allocation.aims),
        "status": found.allocation.status.value,
        "proved": found.allocation.proved,
        "seconds": round(found.allocation.seconds, 2),
        "left_out": len(found.built.left_out),
        "unverified": sum(not why.verified for why in found.reasons),
    }


def _asked(session: Session, desk: Desk, term: Term, run: AllocationRun) -> AllocationRun:
    run.station_id, run.term_id = term.station_id, term.id
    run.asked_by, run.asked_at = desk.actor.user_id, desk.clock.now()
    under_way = queries.open_run_of(AllocationRun, term.id)
    if (other := session.scalars(under_way).one_or_none()) is not None:
        raise AllocationUnderWayError(other.id)
    if not ALLOCATION_RUNS.add(session, run):
        # Of two that were asked for at the same moment, the other was quicker.
        if (other := session.scalars(under_way).one_or_none()) is None:
            raise PublishedError
        raise AllocationUnderWayError(other.id)
    ALLOCATION_RUNS.note(session, desk.actor, desk.clock, run, "asked", {"errand": run.errand.value})
    return run


def _term(session: Session, term_id: UUID) -> Term:
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    return term


def _text(value: object) -> str:
    """Return JSON as one text for one content, so that its digest tells."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
