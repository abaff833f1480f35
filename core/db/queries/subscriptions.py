"""Secret feed addresses, and what can be subscribed to."""

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from core.db.models import FeedToken, Room, Station, Term, Volunteer
from core.db.models.feed import FeedKind


def live_tokens() -> Select[FeedToken]:
    """Addresses that answer, the newest first."""
    return select(FeedToken).where(FeedToken.revoked_at.is_(None)).order_by(FeedToken.created_at.desc(), FeedToken.id)


def live_tokens_of(volunteer: str) -> Select[FeedToken]:
    """Addresses of one volunteer's duties that answer."""
    return live_tokens().where(FeedToken.kind == FeedKind.VOLUNTEER, FeedToken.subject == volunteer)


def stations_with_terms() -> Select[Station]:
    """The stations in reach that plan terms, by name."""
    return select(Station).where(exists().where(Term.station_id == Station.id)).order_by(Station.name)


def rooms() -> Select[Room]:
    """The rooms in reach with their venues, by name."""
    return select(Room).options(joinedload(Room.venue)).order_by(Room.name, Room.id)


def active_volunteers() -> Select[Volunteer]:
    """The volunteers in reach who serve, by name."""
    return select(Volunteer).where(Volunteer.active).order_by(Volunteer.name, Volunteer.id)
