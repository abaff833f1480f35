"""Wishes as services ask for them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, select

from core.db.models import Activity, AllocationRun, Child, Registration, Term, TermIntake, WishList, WishRound
from core.db.models.run import RunState
from core.domain.registering import HOLDING
from core.domain.wishing import Errand


def round_of(term_id: UUID) -> Select[WishRound]:
    """How a term takes wishes."""
    return select(WishRound).where(WishRound.term_id == term_id)


def term_intake_shared(term_id: UUID) -> Select[TermIntake]:
    """A term's dates, which nobody changes, and whose wishes nobody closes, until the transaction ends."""
    query = select(TermIntake).where(TermIntake.term_id == term_id)
    return query.with_for_update(read=True).execution_options(populate_existing=True)


def term_intake_locked(term_id: UUID) -> Select[TermIntake]:
    """A term's dates, while nobody saves wishes; whoever saved some has committed."""
    query = select(TermIntake).where(TermIntake.term_id == term_id)
    return query.with_for_update().execution_options(populate_existing=True)


def list_of(child_id: UUID, term_id: UUID) -> Select[WishList]:
    """A child's list in a term."""
    return select(WishList).where(WishList.child_id == child_id, WishList.term_id == term_id)


def lists_of(term_id: UUID) -> Select[WishList]:
    """All lists of a term, by number."""
    return select(WishList).where(WishList.term_id == term_id).order_by(WishList.number)


def lists_by_code(term_id: UUID, codes: Collection[str]) -> Select[WishList]:
    """The lists of a term that have one of these codes."""
    return lists_of(term_id).where(WishList.code.in_(codes))


def lists_of_children(term_id: UUID, children: Collection[UUID]) -> Select[WishList]:
    """The lists of children in a term."""
    return lists_of(term_id).where(WishList.child_id.in_(children))


def terms_taking_wishes(stations: Collection[UUID], today: date) -> Select[Term]:
    """The terms of stations that take or took wishes and aren't over, by date."""
    takes = exists().where(TermIntake.term_id == Term.id, TermIntake.wishes_until.is_not(None))
    query = select(Term).where(Term.station_id.in_(stations), Term.last >= today, takes)
    return query.order_by(Term.first, Term.name)


def rounds_to_close(now: datetime) -> Select[UUID]:
    """The terms whose wishes have ended by a wall-clock time and aren't closed yet."""
    return (
        select(WishRound.term_id)
        .join(TermIntake, TermIntake.term_id == WishRound.term_id)
        .where(WishRound.closed_at.is_(None), TermIntake.wishes_until <= now)
        .order_by(WishRound.term_id)
    )


def published_before(term: Term) -> Select[UUID]:
    """The station's earlier terms whose places were given together and published, by date."""
    given = exists().where(
        AllocationRun.term_id == Term.id, AllocationRun.errand == Errand.PUBLISH, AllocationRun.state == RunState.DONE
    )
    query = select(Term.id).where(Term.station_id == term.station_id, Term.first < term.first, given)
    return query.order_by(Term.first)


def empty_handed(terms: Collection[UUID]) -> Select[WishList]:
    """The lists of children in some terms in which they never had a place."""
    had = (
        exists()
        .where(Registration.child_id == WishList.child_id)
        .where(Registration.activity_id == Activity.id, Activity.term_id == WishList.term_id)
        .where(Registration.state.in_(HOLDING) | Registration.former.in_(HOLDING))
    )
    return select(WishList).where(WishList.term_id.in_(terms), ~had)


def lists_with_children(term_id: UUID) -> Select[WishList, Child]:
    """The lists of a term with their children, by the number of the file."""
    return (
        select(WishList, Child)
        .join(Child, Child.id == WishList.child_id)
        .where(WishList.term_id == term_id)
        .order_by(Child.number, Child.id)
    )
