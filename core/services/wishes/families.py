"""What a family may know and do at a guardian's secret address: its own child's wishes, and nothing of others."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child
from core.db.queries import wishes as queries
from core.db.scope import scope_of, seeing_all
from core.domain.errors import Message, NotFoundError
from core.services.guardian_links import Visit, require_full
from core.services.registration.desk import Desk
from core.services.wishes.choices import Choice, all_choices
from core.services.wishes.lists import WishDraft, Wishes, keep_list, stored
from core.services.wishes.rounds import Round, round_of


@dataclass(frozen=True)
class FamilyList:
    """A term's round, what the child can wish for in it, and its list."""

    of_term: Round
    choices: tuple[Choice, ...]
    wishes: Wishes


def family_rounds(session: Session, desk: Desk, found: Visit) -> tuple[Round, ...]:
    """Return the rounds of the child's station, and of those above it, whose term isn't over, by date.

    Raises NotFoundError where the guardian's access isn't full.
    """
    require_full(found)
    stations = scope_of(session).lineage
    with seeing_all(session):
        terms = session.scalars(queries.terms_taking_wishes(stations, desk.now.date())).all()
        rounds = (round_of(session, term.id) for term in terms)
        return tuple(one for one in rounds if one is not None)


def family_list(session: Session, desk: Desk, found: Visit, term_id: UUID) -> FamilyList:
    """Return the child's list in a term with what it can wish for; NotFoundError for a term that isn't its own."""
    of_term, child_id = _own_round(session, desk, found, term_id), found.child.id
    with seeing_all(session):
        offered = all_choices(session, desk, session.get_one(Child, child_id), term_id)
        return FamilyList(of_term, offered, stored(session, child_id, term_id))


def save_family_wishes(
    session: Session, desk: Desk, found: Visit, term_id: UUID, draft: WishDraft, *, seen: int
) -> Wishes:
    """Save the child's list as its guardian gives it, of which revision `seen` was shown; errors as `save_wishes`."""
    _own_round(session, desk, found, term_id)
    child_id, guardian_id = found.child.id, found.guardian.id
    with seeing_all(session):
        return keep_list(session, desk, child_id, term_id, draft, seen=seen, guardian_id=guardian_id)


def _own_round(session: Session, desk: Desk, found: Visit, term_id: UUID) -> Round:
    for one in family_rounds(session, desk, found):
        if one.term_id == term_id:
            return one
    raise NotFoundError(Message("There is nothing at this address."))
