"""Feeds: their secret addresses and what they have said."""

from uuid import UUID

from sqlalchemy import Select, func, select

from core.db.models import ActivitySession, FeedItem, FeedToken
from core.db.models.feed import FeedKind


def items_of_sessions(station_id: UUID) -> Select[FeedItem]:
    """All that feeds have said of a station's sessions, those of its communities' rooms and volunteers included."""
    sessions = ActivitySession.id == FeedItem.session_id
    return select(FeedItem).join(ActivitySession, sessions).where(ActivitySession.station_id == station_id)


def items_of_feed(station_id: UUID, kind: FeedKind, subject: str) -> Select[FeedItem]:
    """What one feed says, by time."""
    return (
        select(FeedItem)
        .where(FeedItem.station_id == station_id, FeedItem.kind == kind, FeedItem.subject == subject)
        .order_by(FeedItem.starts_at, FeedItem.id)
    )


def token_with_hash(token_hash: bytes) -> Select[FeedToken]:
    """The feed address whose token has that SHA-256, unless it was revoked."""
    return select(FeedToken).where(FeedToken.token_hash == token_hash, FeedToken.revoked_at.is_(None))


def tokens_of_subject(kind: FeedKind, subject: str) -> Select[FeedToken]:
    """Addresses of one feed that still work, the newest first."""
    return (
        select(FeedToken)
        .where(FeedToken.kind == kind, FeedToken.subject == subject, FeedToken.revoked_at.is_(None))
        .order_by(FeedToken.created_at.desc())
    )


def feeds_that_speak() -> Select[UUID, FeedKind, str]:
    """Every feed that has ever said something, as station, kind and subject."""
    columns = (FeedItem.station_id, FeedItem.kind, FeedItem.subject)
    return select(*columns).distinct().order_by(*columns)


def busiest_subject(kind: FeedKind) -> Select[str]:
    """The subject of the feed of that kind that says most."""
    return (
        select(FeedItem.subject)
        .where(FeedItem.kind == kind, FeedItem.cancelled.is_(False))
        .group_by(FeedItem.subject)
        .order_by(func.count().desc(), FeedItem.subject)
        .limit(1)
    )
