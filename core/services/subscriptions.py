"""Secret feed addresses as the pages list them, and the fetch of a feed by its token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models.feed import FeedKind
from core.db.queries import feeds as feed_queries
from core.db.queries import subscriptions as queries
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.feeds.entry import Feed
from core.hooks.calling import Hooks
from core.services.feeds import (
    TOLD_FOR,
    Choices,
    FeedAddress,
    Reader,
    feed_of,
    open_feed,
    revoke_feed,
    title_of,
    token_hash,
)
from core.services.stations import scope_of_station

#: A fetch is noted no more often than this: calendars ask every few minutes, and each note is a write.
NOTED_EVERY: Final = timedelta(hours=1)
#: Of how the same items become bytes: another number here tells all calendars to fetch anew.
_FORMAT: Final = 2


@dataclass(frozen=True)
class Standing:
    """How the feed of a secret address stands, without what it says: little enough to ask for at every fetch."""

    token_id: UUID
    address: FeedAddress
    choices: Choices
    name: str
    #: Items, the sum of their sequences, the last change: no change of what the feed says leaves all three.
    says: tuple[int, int, datetime | None]
    #: When the feed or its address last changed.
    changed_at: datetime
    #: Whether the fetch is to be noted.
    unnoted: bool

    @property
    def tag(self) -> str:
        """A word of letters and digits that changes with every change of the feed's bytes, and with nothing else."""
        told = (_FORMAT, self.address, self.choices, self.name, self.says)
        return sha256(repr(told).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Subject:
    """Something that can be subscribed to: what `name` calls it is unknown for a program, whose key it then is."""

    address: FeedAddress
    name: str

    @property
    def value(self) -> str:
        """The subject as a form sends it."""
        return f"{self.address.kind}:{self.address.station_id}:{self.address.subject}"


def standing_of(session: Session, clock: Clock, hooks: Hooks, token: str) -> Standing | None:
    """Return how the feed of a secret address stands; None, the same for an unknown and a revoked address.

    The session is within no station's scope: the address is what says to which station it belongs.
    """
    row = session.execute(feed_queries.standing_of_feed(), _asked(clock, token)).mappings().one_or_none()
    return _standing(clock, hooks, row)


def standing_at_a_glance(database: Database, clock: Clock, hooks: Hooks, token: str) -> Standing | None:
    """Return the same as `standing_of`, without a session: calendars ask it at every fetch."""
    return _standing(clock, hooks, database.glance(feed_queries.standing_of_feed(), _asked(clock, token)))


def _asked(clock: Clock, token: str) -> dict[str, object]:
    return {"token_hash": token_hash(token), "cancelled_since": clock.now() - TOLD_FOR}


def _standing(clock: Clock, hooks: Hooks, row: Mapping[Any, Any] | None) -> Standing | None:
    if row is None or (row["subject_name"] is None and row["kind"] is not FeedKind.PROGRAM):
        return None
    address = FeedAddress(row["station_id"], row["kind"], row["subject"])
    said_at, fetched_at = row["changed_at"], row["last_fetched_at"]
    changed_at = max(filter(None, (row["created_at"], said_at)))
    return Standing(
        token_id=row["id"],
        address=address,
        choices=Choices(row["language"], row["alarm"]),
        name=title_of(hooks, address, row["language"], row["station_name"], row["subject_name"]),
        says=(row["items"], row["sequences"], said_at),
        changed_at=changed_at,
        unnoted=is_unnoted(fetched_at, changed_at, clock.now()),
    )


def is_unnoted(fetched_at: datetime | None, changed_at: datetime, now: datetime) -> bool:
    """Tell whether a fetch is to be noted: the last was long ago, or before the last change."""
    return fetched_at is None or fetched_at < changed_at or now - fetched_at > NOTED_EVERY


def feed_at(session: Session, clock: Clock, hooks: Hooks, standing: Standing, site: str) -> Feed:
    """Return what the feed says, with the session limited to its station from then on; `site` is the pages' address."""
    set_scope(session, scope_of_station(session, standing.address.station_id))
    return feed_of(session, clock, hooks, standing.address, Reader(standing.choices, site))


def note_fetches(session: Session, fetches: Mapping[UUID, datetime]) -> None:
    """Note when addresses were last fetched; one that has gone meanwhile is passed over."""
    for key, moment in fetches.items():
        session.execute(feed_queries.fetched(), {"key": key, "moment": moment})


def subjects(session: Session, programs: dict[str, str]) -> list[Subject]:
    """Return all that staff may hand out within the session's scope; `programs` are names by key."""
    stations = list(session.scalars(queries.stations_with_terms()))
    found = [Subject(FeedAddress(row.id, FeedKind.STATION, row.id.hex), row.name) for row in stations]
    found += [
        Subject(FeedAddress(row.id, FeedKind.PROGRAM, key), name) for row in stations for key, name in programs.items()
    ]
    found += [
        Subject(FeedAddress(row.station_id, FeedKind.ROOM, row.id.hex), f"{row.name} ({row.venue.name})")
        for row in session.scalars(queries.rooms())
    ]
    found += [
        Subject(FeedAddress(row.station_id, FeedKind.VOLUNTEER, row.id.hex), row.name)
        for row in session.scalars(queries.active_volunteers())
    ]
    return found


def hand_out(
    session: Session, actor: Actor, clock: Clock, wanted: str, offered: list[Subject], choices: Choices
) -> tuple[Subject, str]:
    """Make an address for one of the offered subjects, as a form sends it; return the subject and the token."""
    subject = next((subject for subject in offered if subject.value == wanted), None)
    if subject is None:
        raise NotFoundError(Message("There is nothing of that name to subscribe to."))
    return subject, open_feed(session, actor, clock, subject.address, choices)


def renew_own(session: Session, actor: Actor, clock: Clock, choices: Choices) -> str:
    """Give a volunteer a new address for their own duties and end the one before; return its token."""
    address = own_address(actor)
    end_own(session, actor, clock)
    return open_feed(session, actor, clock, address, choices)


def end_own(session: Session, actor: Actor, clock: Clock) -> None:
    """End a volunteer's addresses for their own duties."""
    for row in session.scalars(queries.live_tokens_of(own_address(actor).subject)):
        revoke_feed(session, actor, clock, row.id)


def own_address(actor: Actor) -> FeedAddress:
    """Return the feed of a volunteer's own duties; raise NotFoundError for an account without a volunteer."""
    if actor.volunteer_id is None or actor.station_id is None:
        raise NotFoundError(Message("There is no such volunteer."))
    return FeedAddress(actor.station_id, FeedKind.VOLUNTEER, actor.volunteer_id.hex)
