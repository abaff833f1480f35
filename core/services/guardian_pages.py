"""What a guardian with full access is told: the dates of their own child's sessions, and these as a calendar.

The calendar is that child's own: its entries keep their identity, and what the child has no part in any more is
cancelled in it, since calendar programs keep whatever a feed merely leaves out. It has a ledger of its own, which is
brought up to date when the calendar is fetched; what nobody has fetched nobody has been told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, ChildFeedItem, FeedItem, Installation
from core.db.queries import consents as queries
from core.domain.clock import Clock
from core.domain.errors import Message
from core.feeds.entry import Feed
from core.services.feed_ledger import said_of
from core.services.feeds import TOLD_FOR, Choices, Reader, entry_of
from core.services.guardian_links import Visit, require_full
from core.services.subscriptions import is_unnoted
from core.services.wording import Wording

#: What an entry stands for, as its UID says it.
_UID_KIND: Final = "part"
#: What the ledger has, and what it ought to say; None on either side where there is nothing.
Difference = tuple[ChildFeedItem | None, FeedItem | None]


@dataclass(frozen=True)
class FamilyCalendar:
    """What a guardian's calendar says, when that or its address last changed, and whether its fetch is to be noted."""

    feed: Feed
    changed_at: datetime
    unnoted: bool


def dates_ahead(session: Session, found: Visit, now: datetime) -> list[FeedItem]:
    """Return what the station's feed says of the child's sessions that are still to come, by time.

    It is as neutral as that feed: of closed groups and private rooms neither title nor place. `now` is the station's
    wall-clock time. Raises NotFoundError where the access isn't full.
    """
    require_full(found)
    items = session.scalars(queries.items_of_child(found.child.id))
    return [item for item in items if item.starts_at >= now and not item.cancelled]


def is_behind(session: Session, found: Visit, now: datetime) -> bool:
    """Tell whether the child's sessions have changed since the calendar was brought up to date; `now` as above."""
    require_full(found)
    return any(True for _ in _differences(session, found.child.id, now))


def bring_up_to_date(session: Session, clock: Clock, found: Visit, now: datetime) -> None:
    """Let the calendar say what is true now; `now` is the station's wall-clock time, as above.

    Entries are added while their session is to come. One that is over stays as it was last told.
    """
    require_full(found)
    # Two calendars of one child may ask at once: the second waits here, and then finds it done.
    session.scalars(select(Child.id).where(Child.id == found.child.id).with_for_update()).one()
    write_down(session, clock, found.child, list(_differences(session, found.child.id, now)))


def write_down(session: Session, clock: Clock, child: Child, told: Iterable[Difference]) -> None:
    """Let the ledger of a child's calendar say what its guardians are told."""
    for item, wanted in told:
        if item is None and wanted is not None:
            session.add(_new(child, wanted, clock))
        elif item is not None:
            _change(item, wanted, clock)
    session.flush()


def note_fetch(clock: Clock, found: Visit) -> None:
    """Note that the calendar is fetched and says what is true now."""
    found.link.feed_fetched_at = clock.now()


def calendar_of(session: Session, clock: Clock, found: Visit) -> FamilyCalendar:
    """Return the calendar of the child's sessions, which names neither the child nor the station.

    What was cancelled is in it for 60 days.
    """
    require_full(found)
    link = found.link
    reader = Reader(Choices(link.feed_language, link.feed_alarm))
    installation = session.scalars(select(Installation)).one()
    since = clock.now() - TOLD_FOR
    items = session.scalars(queries.calendar_of_child(found.child.id))
    feed = Feed(
        name=Wording(link.feed_language, ()).say(Message("Station activities")),
        entries=tuple(
            entry_of(item, _UID_KIND, installation, reader)
            for item in items
            if not item.cancelled or item.changed_at > since
        ),
        timezone=installation.timezone,
        alarm=reader.choices.before,
    )
    changed_at = max([link.feed_opened_at or link.created_at, *(entry.changed_at for entry in feed.entries)])
    return FamilyCalendar(feed, changed_at, is_unnoted(link.feed_fetched_at, changed_at, clock.now()))


def _differences(session: Session, child_id: UUID, now: datetime) -> Iterator[Difference]:
    wanted = {item.session_id: item for item in session.scalars(queries.items_of_child(child_id)) if not item.cancelled}
    items = {item.session_id: item for item in session.scalars(queries.calendar_of_child(child_id))}
    yield from differences(items, wanted, now)


def differences(
    items: Mapping[UUID, ChildFeedItem], wanted: Mapping[UUID, FeedItem], now: datetime
) -> Iterator[Difference]:
    """Yield where a calendar's ledger doesn't say what it ought to, both given by session; what is over stays."""
    for key, item in items.items():
        source = wanted.get(key)
        if source is None:
            if not item.cancelled and item.ends_at > now:
                yield item, None
        elif item.cancelled or said_of(item) != said_of(source):
            yield item, source
    yield from ((None, one) for key, one in wanted.items() if key not in items and one.ends_at > now)


def _change(item: ChildFeedItem, wanted: FeedItem | None, clock: Clock) -> None:
    item.cancelled = wanted is None
    if wanted is not None:
        for name, value in asdict(said_of(wanted)).items():
            setattr(item, name, value)
    item.sequence += 1
    item.changed_at = clock.now()


def _new(child: Child, wanted: FeedItem, clock: Clock) -> ChildFeedItem:
    return ChildFeedItem(
        station_id=child.station_id,
        child_id=child.id,
        session_id=wanted.session_id,
        changed_at=clock.now(),
        **asdict(said_of(wanted)),
    )
