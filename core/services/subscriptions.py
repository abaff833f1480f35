"""Secret feed addresses as the pages list them, and the fetch of a feed by its token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import FeedToken
from core.db.models.feed import FeedKind
from core.db.queries import subscriptions as queries
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.feeds.entry import Feed
from core.hooks.calling import Hooks
from core.services.feeds import FeedAddress, feed_of, find_feed, open_feed, revoke_feed
from core.services.stations import scope_of_station

#: A fetch is noted no more often than this: calendars ask every few minutes, and each note is a write.
NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Fetched:
    """A feed as its address gives it, with the moment of its last change; `unnoted` when the fetch should be noted."""

    token_id: UUID
    feed: Feed
    changed_at: datetime
    unnoted: bool


@dataclass(frozen=True)
class Subject:
    """Something that can be subscribed to: what `name` calls it is unknown for a program, whose key it then is."""

    address: FeedAddress
    name: str

    @property
    def value(self) -> str:
        """The subject as a form sends it."""
        return f"{self.address.kind}:{self.address.station_id}:{self.address.subject}"


def fetch_feed(session: Session, clock: Clock, hooks: Hooks, token: str) -> Fetched:
    """Return the feed of a secret address, with the session limited to its station from then on.

    Raises NotFoundError, the same for an unknown and a revoked address.
    """
    set_scope(session, EVERYTHING)
    row = find_feed(session, token)
    set_scope(session, scope_of_station(session, row.station_id))
    feed = feed_of(session, hooks, FeedAddress(row.station_id, row.kind, row.subject))
    changed_at = max((row.created_at, *(entry.changed_at for entry in feed.entries)))
    unnoted = row.last_fetched_at is None or clock.now() - row.last_fetched_at > NOTED_EVERY
    return Fetched(row.id, feed, changed_at, unnoted)


def note_fetch(session: Session, clock: Clock, token_id: UUID) -> None:
    """Note on an address that it was fetched now."""
    row = session.get(FeedToken, token_id)
    if row is not None:
        row.last_fetched_at = clock.now()


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


def hand_out(session: Session, actor: Actor, clock: Clock, wanted: str, offered: list[Subject]) -> tuple[Subject, str]:
    """Make an address for one of the offered subjects, as a form sends it; return the subject and the token."""
    subject = next((subject for subject in offered if subject.value == wanted), None)
    if subject is None:
        raise NotFoundError(Message("There is nothing of that name to subscribe to."))
    return subject, open_feed(session, actor, clock, subject.address)


def renew_own(session: Session, actor: Actor, clock: Clock) -> str:
    """Give a volunteer a new address for their own duties and end the one before; return its token."""
    address = own_address(actor)
    end_own(session, actor, clock)
    return open_feed(session, actor, clock, address)


def end_own(session: Session, actor: Actor, clock: Clock) -> None:
    """End a volunteer's addresses for their own duties."""
    for row in session.scalars(queries.live_tokens_of(own_address(actor).subject)):
        revoke_feed(session, actor, clock, row.id)


def own_address(actor: Actor) -> FeedAddress:
    """Return the feed of a volunteer's own duties; raise NotFoundError for an account without a volunteer."""
    if actor.volunteer_id is None or actor.station_id is None:
        raise NotFoundError(Message("There is no such volunteer."))
    return FeedAddress(actor.station_id, FeedKind.VOLUNTEER, actor.volunteer_id.hex)
