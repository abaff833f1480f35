"""What a family may know and do at a guardian's secret address: its own child's wishes, and nothing of others."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, Child
from core.db.queries import registration as registration_queries
from core.db.queries import wishes as queries
from core.db.scope import seeing_all
from core.domain.errors import Message, NotFoundError
from core.domain.registering import Place
from core.services.desk import Desk
from core.services.guardian_links import Visit, require_full
from core.services.stations import stations_offering_to
from core.services.wishes.choices import Choice, all_choices
from core.services.wishes.lists import WishDraft, Wishes, keep_list, stored
from core.services.wishes.rounds import Round, is_told, round_of


@dataclass(frozen=True)
class FamilyList:
    """A term's round, what the child can wish for in it, and its list."""

    of_term: Round
    choices: tuple[Choice, ...]
    wishes: Wishes


@dataclass(frozen=True)
class OwnWish:
    """A wish with its rank, from 1, and where the child stands: None where it has neither a place nor waits."""

    activity_id: UUID
    title: str
    rank: int
    state: Place | None
    position: int | None


def family_rounds(session: Session, desk: Desk, found: Visit) -> tuple[Round, ...]:
    """Return the rounds of the child's station, and of those above it, whose term isn't over, by date; none from below.

    Raises NotFoundError where the guardian's access isn't full.
    """
    require_full(found)
    station_id = found.child.station_id
    with seeing_all(session):
        stations = stations_offering_to(session, station_id)
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


def family_outcome(session: Session, desk: Desk, found: Visit, term_id: UUID) -> tuple[OwnWish, ...] | None:
    """Return what became of the child's wishes, the dearest first, as it stands today; None until it is published."""
    _own_round(session, desk, found, term_id)
    child_id = found.child.id
    with seeing_all(session):
        if not is_told(session, term_id):
            return None
        list_of_child = stored(session, child_id, term_id)
        live = {row.activity_id: row for row in session.scalars(registration_queries.live_of_child(child_id))}
        rows = session.scalars(select(Activity).where(Activity.id.in_(list_of_child.ranked)))
        titles = {row.id: row.title for row in rows}
        return tuple(
            OwnWish(key, titles[key], rank, row.state if row else None, row.position if row else None)
            for rank, key in enumerate(list_of_child.ranked, 1)
            if key in titles
            for row in [live.get(key)]
        )


def _own_round(session: Session, desk: Desk, found: Visit, term_id: UUID) -> Round:
    for one in family_rounds(session, desk, found):
        if one.term_id == term_id:
            return one
    raise NotFoundError(Message("There is nothing at this address."))
