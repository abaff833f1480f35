"""Feeds by secret address: making and revoking one, and putting together what it says."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import FeedToken, Installation
from core.db.models.feed import FeedKind, OfASession
from core.db.queries import feeds as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.domain.position import read_position
from core.feeds.entry import EntryStatus, Feed, FeedEntry, uid
from core.hooks.calling import Hooks
from core.services.audit import record
from core.services.wording import CHINESE, ENGLISH, LANGUAGES, Wording

#: 256 bits; at least 128 are asked for.
TOKEN_BYTES: Final = 32

#: What an entry stands for, as its UID says it: the same session has one identity in each kind of feed.
SESSION: Final = "session"
DUTY: Final = "duty"
_UID_KINDS: Final = {
    FeedKind.STATION: SESSION,
    FeedKind.PROGRAM: "program",
    FeedKind.ROOM: "booking",
    FeedKind.VOLUNTEER: DUTY,
}


#: Minutes before a session at which a calendar may be asked to remind.
ALARMS: Final = (0, 15, 30, 60, 120, 24 * 60)
#: How long a calendar says of an entry that it is cancelled; by then every program has asked.
TOLD_FOR: Final = timedelta(days=60)


@dataclass(frozen=True)
class FeedAddress:
    """Which feed it is: a volunteer's, room's or station's id, or a program's key at a station."""

    station_id: UUID
    kind: FeedKind
    subject: str


@dataclass(frozen=True)
class Choices:
    """What a subscriber chose: the language, and how many minutes before each session the calendar reminds, if ever.

    Raises InvalidInputError for a language that nobody has written, or minutes that are not offered.
    """

    language: str = CHINESE
    alarm: int | None = None

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES or self.alarm not in {None, *ALARMS}:
            raise InvalidInputError(Message("Choose a language and a reminder from the list."))

    @property
    def before(self) -> timedelta | None:
        """How long before each session the calendar reminds, None for never."""
        return None if self.alarm is None else timedelta(minutes=self.alarm)


@dataclass(frozen=True)
class Reader:
    """For whom a feed is written: what they chose, and the address of the pages that its entries lead to.

    Without `site` the entries lead nowhere: not every reader may open the pages.
    """

    choices: Choices = Choices()
    site: str = ""


def open_feed(
    session: Session, actor: Actor, clock: Clock, address: FeedAddress, choices: Choices | None = None
) -> str:
    """Make a new secret address for a feed and return its token, which is shown once and not stored."""
    _name(session, address)
    chosen = choices or Choices()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken(
        station_id=address.station_id,
        kind=address.kind,
        subject=address.subject,
        token_hash=token_hash(token),
        created_at=clock.now(),
        created_by=actor.user_id,
        language=chosen.language,
        alarm=chosen.alarm,
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


def feed_of(session: Session, clock: Clock, hooks: Hooks, address: FeedAddress, reader: Reader | None = None) -> Feed:
    """Return what a feed says now, from the ledger; what was cancelled is in it for 60 days."""
    installation = session.scalars(select(Installation)).one()
    reader = reader or Reader()
    items = session.scalars(
        queries.items_of_feed(address.station_id, address.kind, address.subject, clock.now() - TOLD_FOR)
    )
    return Feed(
        name=feed_name(session, hooks, address, reader.choices.language),
        entries=tuple(entry_of(item, _UID_KINDS[item.kind], installation, reader) for item in items),
        timezone=installation.timezone,
        url=reader.site or None,
        alarm=reader.choices.before,
    )


def feed_name(session: Session, hooks: Hooks, address: FeedAddress, language: str) -> str:
    """Return the name under which calendars list the feed."""
    station = _name_of(session, FeedKind.STATION, address.station_id)
    return title_of(hooks, address, language, station, _name(session, address))


def title_of(hooks: Hooks, address: FeedAddress, language: str, station: str, subject: str) -> str:
    """Return the feed's name, made of the names of its station and its subject; a program's is its plugin's to give."""
    if address.kind is FeedKind.STATION:
        return station
    if address.kind is FeedKind.PROGRAM:
        # A program whose plugin was taken out keeps its feed, under its bare key.
        program = hooks.programs.get(address.subject)
        subject = Wording(language, hooks.translation_folders).say(program.name) if program else address.subject
    return f"{station} · {subject}"


def _name(session: Session, address: FeedAddress) -> str:
    """Return the subject's name; raise NotFoundError where the scope has no such volunteer, room or station."""
    if address.kind is FeedKind.PROGRAM:
        return address.subject
    return _name_of(session, address.kind, UUID(address.subject))


def _name_of(session: Session, kind: FeedKind, subject: UUID) -> str:
    name = session.scalars(queries.name_of_subject(kind), {"subject": subject}).one_or_none()
    if name is None:
        raise NotFoundError(Message("There is nothing of that name to subscribe to."))
    return name


def entry_of(item: OfASession, uid_kind: str, installation: Installation, reader: Reader) -> FeedEntry:
    """Return an item of the ledger as a calendar's entry; `uid_kind` is what it stands for, as its UID says it."""
    status = EntryStatus.TENTATIVE if item.provisional else EntryStatus.CONFIRMED
    english = reader.choices.language == ENGLISH
    return FeedEntry(
        uid=uid(uid_kind, item.id.hex, installation.id.hex),
        sequence=item.sequence,
        starts_at=item.starts_at,
        ends_at=item.ends_at,
        timezone=installation.timezone,
        title=(english and item.title_en) or item.title,
        changed_at=item.changed_at,
        location=item.location or None,
        description=(english and item.description_en) or item.description,
        status=EntryStatus.CANCELLED if item.cancelled else status,
        categories=tuple(((english and item.category_en) or item.category).splitlines()),
        url=f"{reader.site}/sessions/{item.session_id}" if reader.site else None,
        color=item.color or None,
        position=read_position(item.position) if item.position else None,
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
