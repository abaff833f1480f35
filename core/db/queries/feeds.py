"""Feeds: their secret addresses and what they have said."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, Update, Uuid, and_, bindparam, case, cast, func, or_, select, update
from sqlalchemy.orm import aliased

from core.db.models import ActivitySession, FeedItem, FeedToken, Room, Station, Volunteer
from core.db.models.feed import FeedKind


def items_of_sessions(station_id: UUID, only: Collection[UUID] | None = None) -> Select[FeedItem]:
    """All that feeds have said of a station's sessions, those of its communities' rooms and volunteers included.

    `only` names the sessions that are meant, where not all are.
    """
    sessions = ActivitySession.id == FeedItem.session_id
    found = select(FeedItem).join(ActivitySession, sessions).where(ActivitySession.station_id == station_id)
    return found if only is None else found.where(FeedItem.session_id.in_(only))


def items_of_feed(station_id: UUID, kind: FeedKind, subject: str, cancelled_since: datetime) -> Select[FeedItem]:
    """What one feed says, by time; of what was cancelled, what has been since then."""
    return (
        select(FeedItem)
        .where(FeedItem.station_id == station_id, FeedItem.kind == kind, FeedItem.subject == subject)
        .where(or_(FeedItem.cancelled.is_(False), FeedItem.changed_at > cancelled_since))
        .order_by(FeedItem.starts_at, FeedItem.id)
    )


@cache
def standing_of_feed() -> Select[*tuple[Any, ...]]:
    """How the feed with the address `token_hash` stands, in one row, none for an address that doesn't answer.

    The names are its station's, and that of its volunteer or room where it has one. What was cancelled counts if it
    was after `cancelled_since`. Whatever changes what the feed says changes its count of items, the sum of their
    sequences or the last change. It is asked at every fetch, so it is made once.
    """
    item = aliased(FeedItem)
    says = and_(
        item.subject == FeedToken.subject,
        item.kind == FeedToken.kind,
        item.station_id == FeedToken.station_id,
        or_(item.cancelled.is_(False), item.changed_at > bindparam("cancelled_since")),
    )
    return (
        select(
            FeedToken.id,
            FeedToken.station_id,
            FeedToken.kind,
            FeedToken.subject,
            FeedToken.language,
            FeedToken.alarm,
            FeedToken.created_at,
            FeedToken.last_fetched_at,
            select(Station.name).where(Station.id == FeedToken.station_id).scalar_subquery().label("station_name"),
            case(
                (FeedToken.kind == FeedKind.VOLUNTEER, _named(Volunteer)),
                (FeedToken.kind == FeedKind.ROOM, _named(Room)),
                (FeedToken.kind == FeedKind.STATION, _named(Station)),
            ).label("subject_name"),
            func.count(item.sequence).label("items"),
            func.coalesce(func.sum(item.sequence), 0).label("sequences"),
            func.max(item.changed_at).label("changed_at"),
        )
        .outerjoin(item, says)
        .where(FeedToken.token_hash == bindparam("token_hash"), FeedToken.revoked_at.is_(None))
        .group_by(FeedToken.id)
    )


def _named(kind: type[Volunteer | Room | Station]) -> ScalarSelect[str]:
    # A program's key is no id: this may stand only where the kind of feed has been asked before.
    return select(kind.name).where(kind.id == cast(FeedToken.subject, Uuid)).scalar_subquery()


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


@cache
def name_of_subject(kind: FeedKind) -> Select[str]:
    """What the volunteer, room or station `subject` is called whose feed it is; made once as well."""
    key, name = {
        FeedKind.VOLUNTEER: (Volunteer.id, Volunteer.name),
        FeedKind.ROOM: (Room.id, Room.name),
        FeedKind.STATION: (Station.id, Station.name),
    }[kind]
    return select(name).where(key == bindparam("subject"))


@cache
def fetched() -> Update:
    """Note on the address `key` that it was fetched at `moment`."""
    return update(FeedToken).where(FeedToken.id == bindparam("key")).values(last_fetched_at=bindparam("moment"))
