"""Secret feed addresses, and what can be subscribed to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Delete, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import joinedload

from core.db.models import FeedChange, FeedItem, FeedToken, Room, Station, Term, Volunteer
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


def changes_between(first: datetime, last: datetime) -> Select[FeedChange, FeedItem]:
    """What of volunteers' calendars changed about sessions that are, or were to be, between two times, nobody called.

    The oldest change comes first. The times are the station's wall-clock times.
    """
    soon = or_(
        and_(FeedItem.starts_at >= first, FeedItem.starts_at <= last),
        and_(FeedChange.was_starts_at >= first, FeedChange.was_starts_at <= last),
    )
    return (
        select(FeedChange, FeedItem)
        .join(FeedItem, FeedItem.id == FeedChange.item_id)
        .where(FeedChange.called_at.is_(None), soon)
        .order_by(FeedChange.changed_at, FeedItem.starts_at, FeedChange.id)
    )


def last_fetches(volunteers: Collection[str]) -> Select[str, datetime | None]:
    """When a calendar of each volunteer was last fetched at an address that answers; no row: there is none."""
    return (
        select(FeedToken.subject, func.max(FeedToken.last_fetched_at))
        .where(FeedToken.kind == FeedKind.VOLUNTEER, FeedToken.revoked_at.is_(None), FeedToken.subject.in_(volunteers))
        .group_by(FeedToken.subject)
    )


def forget_changes(before: datetime) -> Delete:
    """Forget what calendars said before changes that are older."""
    return delete(FeedChange).where(FeedChange.changed_at < before)
