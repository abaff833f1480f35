"""What of a term's wishes is kept when, and erased after: lists, and the documents of how places were given."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from core.db.models import AllocationRun, Term, WishList, WishRound
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.services.audit import record


def terms_ended(session: Session) -> Sequence[Term]:
    """Return the terms in reach of which lists, or documents of a round or a run, are still kept, by their last day."""
    kept = (
        exists().where(WishList.term_id == Term.id)
        | exists().where(WishRound.term_id == Term.id, WishRound.sealed_lists.is_not(None))
        | exists().where(AllocationRun.term_id == Term.id, AllocationRun.sealed_problem.is_not(None))
    )
    return session.scalars(select(Term).where(kept).order_by(Term.last, Term.id)).all()


def erase_wishes(session: Session, actor: Actor, clock: Clock, term_id: UUID) -> bool:
    """Erase all lists of a term and empty the documents of its runs, whose figures stay; tell whether there were any.

    From then on nobody counts by them who got nothing. Whoever calls this sees to it that the term is long over.
    """
    term = session.scalars(select(Term).where(Term.id == term_id).with_for_update()).one()
    if term not in terms_ended(session):
        return False
    session.execute(delete(WishList).where(WishList.term_id == term_id))
    for of_term in session.scalars(select(WishRound).where(WishRound.term_id == term_id)):
        of_term.lists = None
    for run in session.scalars(select(AllocationRun).where(AllocationRun.term_id == term_id)):
        run.problem = run.allocation = run.reasons = None
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=term.station_id,
        action="wishes.erased",
        subject_kind="term",
        subject_id=term_id,
        detail={},
    )
    return True
