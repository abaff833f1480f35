"""The terms in which a desk registers children: those of its own stations, and of those above it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.queries import registration as queries
from core.db.scope import scope_of, seeing_all
from core.domain.registering import Phase
from core.services.registration.intakes import phase_of


@dataclass(frozen=True)
class OfferedTerm:
    """A term in which children are registered; `own`: it is of the desk's stations, whose lists it may keep."""

    id: UUID
    station_id: UUID
    name: str
    first: date
    last: date
    phase: Phase
    own: bool


def offered_terms(session: Session, now: datetime) -> tuple[OfferedTerm, ...]:
    """Return the terms in which the desk may register children, by date; `now` is wall-clock time."""
    scope = scope_of(session)
    with seeing_all(session):
        return tuple(
            OfferedTerm(
                term.id,
                term.station_id,
                term.name,
                term.first,
                term.last,
                phase_of(session, term, now),
                scope.everything or term.station_id in scope.stations,
            )
            for term in session.scalars(queries.terms_with_intake())
            if scope.everything or term.station_id in scope.stations | scope.lineage
        )
