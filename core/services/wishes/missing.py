"""Children whose family hasn't given its wishes yet, so that somebody calls while there is time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, GuardianLeave, GuardianLink, Station, Term, WishList
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import Message, NotFoundError
from core.domain.vocabulary import GuardianAccess
from core.security.permissions import require
from core.services.desk import Desk
from core.services.stations import scope_of_station


@dataclass(frozen=True)
class Silent:
    """A child without a wish; `by_phone` tells whether a guardian has an address at which it could give some."""

    child_id: UUID
    number: str
    name: str = field(repr=False)
    station_id: UUID
    station: str
    by_phone: bool


@dataclass(frozen=True)
class Answers:
    """How many children in reach have wishes, and who has none, by station and number."""

    given: int
    silent: tuple[Silent, ...] = field(repr=False)


def answers_of(session: Session, desk: Desk, term_id: UUID) -> Answers:
    """Return who of the children in reach whom a term is for has wishes in it; an empty list counts as none."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    station = term.station_id
    with seeing_all(session):
        below = scope_of_station(session, station).stations
    given = {row.child_id for row in _lists(session, term_id) if row.ranked}
    rows = session.execute(
        select(Child, Station.name)
        .join(Station, Station.id == Child.station_id)
        .where(Child.left_on.is_(None), ~Child.sealed_file, Child.station_id.in_(below))
        .order_by(Station.name, Child.number)
    ).all()
    reached = _reached(session, desk.clock.now())
    silent = tuple(
        Silent(child.id, child.number, child.name, child.station_id, name, child.id in reached)
        for child, name in rows
        if child.id not in given
    )
    return Answers(len(rows) - len(silent), silent)


def _lists(session: Session, term_id: UUID) -> Sequence[WishList]:
    return session.scalars(select(WishList).where(WishList.term_id == term_id)).all()


def _reached(session: Session, now: datetime) -> set[UUID]:
    query = (
        select(GuardianLink.child_id)
        .join(GuardianLeave, GuardianLeave.guardian_id == GuardianLink.guardian_id)
        .where(GuardianLeave.access == GuardianAccess.FULL)
        .where(GuardianLink.revoked_at.is_(None), GuardianLink.expires_at > now)
    )
    return set(session.scalars(query))
