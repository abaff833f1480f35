"""Feeds by secret address: making and revoking one, and putting together what it says."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import FeedToken, Installation, Room, Station, Volunteer
from core.db.models.feed import FeedKind, OfASession
from core.db.queries import feeds as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.feeds.entry import EntryStatus, Feed, FeedEntry, uid
from core.hooks.calling import Hooks
from core.services.audit import record
from core.services.wording import CHINESE, Wording

#: 256 bits; at least 128 are asked for.
TOKEN_BYTES: Final = 32

#: What an entry stands for, as its UID says it: the same session has one identity in each kind of feed.
_UID_KINDS: Final = {
    FeedKind.STATION: "session",
    FeedKind.PROGRAM: "program",
    FeedKind.ROOM: "booking",
    FeedKind.VOLUNTEER: "duty",
}


@dataclass(frozen=True)
class FeedAddress:
    """Which feed it is: a volunteer's, room's or station's id, or a program's key at a station."""

    station_id: UUID
    kind: FeedKind
    subject: str


def open_feed(session: Session, actor: Actor, clock: Clock, address: FeedAddress) -> str:
    """Make a new secret address for a feed and return its token, which is shown once and not stored."""
    _name(session, address)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken(
        station_id=address.station_id,
        kind=address.kind,
        subject=address.subject,
        token_hash=token_hash(token),
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "feed.opened")
    return token


def revoke_feed(session: Session, actor: Actor, clock: Clock, token_id: UUID) -> None:
    """End a secret address; it answers from now on as if it had never been."""
    row = session.get(FeedToken, token_id)
    if row is None:
        raise NotFoundError(Message("This feed address doesn't exist."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        _record(session, actor, clock, row, "feed.revoked")


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; it is random enough that a plain SHA-256 can't be guessed back."""
    return hashlib.sha256(token.encode()).digest()


def find_feed(session: Session, token: str) -> FeedToken:
    """Return the feed behind a token; raise NotFoundError, the same for unknown and revoked ones."""
    row = session.scalars(queries.token_with_hash(token_hash(token))).one_or_none()
    if row is None:
        raise NotFoundError(Message("This feed address doesn't exist."))
    return row


def feed_of(session: Session, hooks: Hooks, address: FeedAddress) -> Feed:
    """Return what a feed says now, from the ledger."""
    installation = session.scalars(select(Installation)).one()
    items = session.scalars(queries.items_of_feed(address.station_id, address.kind, address.subject))
    return Feed(
        name=feed_name(session, hooks, address),
        entries=tuple(entry_of(item, _UID_KINDS[item.kind], installation) for item in items),
        timezone=installation.timezone,
    )


def feed_name(session: Session, hooks: Hooks, address: FeedAddress) -> str:
    """Return the name under which calendars list the feed."""
    station = session.get_one(Station, address.station_id)
    subject = _name(session, address)
    if address.kind is FeedKind.PROGRAM:
        # A program whose plugin was taken out keeps its feed, under its bare key.
        program = hooks.programs.get(address.subject)
        subject = Wording(CHINESE, hooks.translation_folders).say(program.name) if program else subject
    return station.name if address.kind is FeedKind.STATION else f"{station.name} · {subject}"


def _name(session: Session, address: FeedAddress) -> str:
    """Return the subject's name; raise NotFoundError where the scope has no such volunteer, room or station."""
    if address.kind is FeedKind.PROGRAM:
        return address.subject
    model = {FeedKind.VOLUNTEER: Volunteer, FeedKind.ROOM: Room, FeedKind.STATION: Station}[address.kind]
    row = session.get(model, UUID(address.subject))
    if row is None:
        raise NotFoundError(Message("There is nothing of that name to subscribe to."))
    return str(row)


def entry_of(item: OfASession, uid_kind: str, installation: Installation) -> FeedEntry:
    """Return an item of the ledger as a calendar's entry; `uid_kind` is what it stands for, as its UID says it."""
    status = EntryStatus.TENTATIVE if item.provisional else EntryStatus.CONFIRMED
    return FeedEntry(
        uid=uid(uid_kind, item.id.hex, installation.id.hex),
        sequence=item.sequence,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        timezone=installation.timezone,
        title=item.title,
        changed_at=item.changed_at,
        location=item.location or None,
        description=item.description,
        status=EntryStatus.CANCELLED if item.cancelled else status,
        categories=tuple(item.category.splitlines()),
    )


def _record(session: Session, actor: Actor, clock: Clock, row: FeedToken, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="feed",
        subject_id=row.id,
        detail={"kind": row.kind, "subject": row.subject},
    )
