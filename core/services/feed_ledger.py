"""The ledger of what each feed says: brought up to date when something is published, then only read.

An item's sequence and moment of change rise only when what it says changes, so that the bytes of an untouched entry
stay the same for ever. An item that ended is kept as cancelled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, FeedChange, FeedItem
from core.db.models.feed import FeedKind, OfASession
from core.db.queries import feeds as queries
from core.db.queries import subscriptions, timetable
from core.domain.calendar.work import WorkCalendar
from core.domain.clock import Clock
from core.domain.errors import Message
from core.domain.vocabulary import Zone
from core.hooks.calling import Hooks
from core.hooks.types import SessionOutline, SessionText
from core.services.calendar import work_calendar
from core.services.wording import CHINESE, ENGLISH, Wording

#: Whose feed an item stands in, and of which session it speaks.
ItemKey = tuple[FeedKind, str, UUID]
#: How long it is remembered what a calendar said before it changed; the sessions are long over by then.
REMEMBERED_FOR: Final = timedelta(days=180)
#: What its column has room for.
_LONGEST_CATEGORY = 80


@dataclass(frozen=True)
class Saying:
    """What an item says; fields are named as the item's columns."""

    starts_at: datetime
    ends_at: datetime
    title: str
    location: str
    description: str
    category: str
    title_en: str
    description_en: str
    category_en: str
    color: str
    position: str
    provisional: bool


@dataclass(frozen=True)
class _Words:
    """What is said in one language."""

    title: str
    description: str
    category: str


@dataclass(frozen=True)
class _Wanted:
    """What a feed shall say, and whose feed it is: that of a community's room belongs to the community."""

    station_id: UUID
    saying: Saying


def update_ledger(session: Session, clock: Clock, hooks: Hooks, *, station_id: UUID) -> int:
    """Bring the items of a station's feeds up to date with its published sessions; return how many changed."""
    session.flush()
    author = _Author(hooks, work_calendar(session))
    # As stored: what the session has loaded before may still point to the room of yesterday.
    held = session.scalars(
        timetable.held_sessions_of_station(station_id), execution_options={"populate_existing": True}
    )
    wanted = {key: said for row in held for key, said in author.sayings(row)}
    items = {
        (item.kind, item.subject, item.session_id): item
        for item in session.scalars(queries.items_of_sessions(station_id))
    }
    before = {key: _told_of(item) for key, item in items.items()}
    changed = [key for key, item in items.items() if _update(item, wanted.get(key), clock)]
    new = {key: _item(key, wanted[key], clock) for key in wanted if key not in items}
    session.add_all(new.values())
    session.flush()
    session.add_all(_change(items[key], *before[key]) for key in changed if key[0] is FeedKind.VOLUNTEER)
    session.add_all(_change(item) for key, item in new.items() if key[0] is FeedKind.VOLUNTEER)
    session.flush()
    session.execute(subscriptions.forget_changes(clock.now() - REMEMBERED_FOR))
    return len(changed) + len(new)


def _told_of(item: FeedItem) -> tuple[datetime | None, str]:
    """Return when and where the item says that somebody is expected."""
    return (None, "") if item.cancelled else (item.starts_at, item.location)


def _change(item: FeedItem, starts_at: datetime | None = None, location: str = "") -> FeedChange:
    return FeedChange(
        station_id=item.station_id,
        item_id=item.id,
        changed_at=item.changed_at,
        was_starts_at=starts_at,
        was_location=location,
    )


def _update(item: FeedItem, wanted: _Wanted | None, clock: Clock) -> bool:
    """Bring one item up to date; return whether what it says changed."""
    if wanted is None:
        if item.cancelled:
            return False
        item.cancelled = True
    else:
        item.station_id = wanted.station_id
        if not item.cancelled and wanted.saying == said_of(item):
            return False
        item.cancelled = False
        for field in fields(Saying):
            setattr(item, field.name, getattr(wanted.saying, field.name))
    item.sequence += 1
    item.changed_at = clock.now()
    return True


def said_of(item: OfASession) -> Saying:
    """Return what an item says."""
    return Saying(**{field.name: getattr(item, field.name) for field in fields(Saying)})


def _item(key: ItemKey, wanted: _Wanted, clock: Clock) -> FeedItem:
    kind, subject, session_id = key
    said = {field.name: getattr(wanted.saying, field.name) for field in fields(Saying)}
    return FeedItem(
        station_id=wanted.station_id, kind=kind, subject=subject, session_id=session_id, changed_at=clock.now(), **said
    )


def session_outline(row: ActivitySession) -> SessionOutline:
    """Return what programs may know of a session when its text is written."""
    activity = row.activity
    return SessionOutline(
        type_key=activity.type_key,
        title=activity.title,
        index=row.position,
        sessions=activity.session_count,
        settings=activity.settings,
        line=activity.line,
    )


class _Author:
    """Writes what feeds say of a session, in each language in which somebody may have asked for it."""

    def __init__(self, hooks: Hooks, work: WorkCalendar) -> None:
        self._hooks = hooks
        self._work = work
        self._chinese, self._english = (Wording(one, hooks.translation_folders) for one in (CHINESE, ENGLISH))

    def sayings(self, row: ActivitySession) -> Iterator[tuple[ItemKey, _Wanted]]:
        """Yield for each feed in which the session stands what that feed says of it."""
        saying = self._saying(row)
        yield (FeedKind.STATION, row.station_id.hex, row.id), _Wanted(row.station_id, saying)
        yield (FeedKind.PROGRAM, row.activity.program, row.id), _Wanted(row.station_id, saying)
        if row.room is not None:
            yield (FeedKind.ROOM, row.room.id.hex, row.id), _Wanted(row.room.station_id, saying)
        for volunteer in (assignment.volunteer for assignment in row.assignments):
            yield (FeedKind.VOLUNTEER, volunteer.id.hex, row.id), _Wanted(volunteer.station_id, saying)

    def _saying(self, row: ActivitySession) -> Saying:
        if row.starts_at is None or row.ends_at is None:
            raise ValueError("A held session has a time: the database sees to it.")
        hidden = is_private(row)
        provisional = self._work.is_provisional(row.starts_at.date())
        text = None if hidden else self._hooks.session_text(session_outline(row))
        chinese, english = (
            self._words(row, text, wording, hidden=hidden, provisional=provisional)
            for wording in (self._chinese, self._english)
        )
        program = self._hooks.programs.get(row.activity.program)
        venue = None if hidden or row.room is None else row.room.venue
        return Saying(
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            title=chinese.title,
            location="" if hidden else _location(row),
            description=chinese.description,
            category=chinese.category,
            title_en=english.title,
            description_en=english.description,
            category_en=english.category,
            color="" if hidden or program is None else program.color,
            position=venue.map_position if venue else "",
            provisional=provisional,
        )

    def _words(
        self, row: ActivitySession, text: SessionText | None, wording: Wording, *, hidden: bool, provisional: bool
    ) -> _Words:
        sentences = [*(() if hidden else _particulars(row, text)), *_caveats(provisional=provisional)]
        return _Words(
            title=wording.say(Message("Station activity")) if hidden else row.activity.title,
            description="\n".join(map(wording.say, sentences)),
            category="" if hidden else "\n".join(map(wording.say, self._categories(row, text)))[:_LONGEST_CATEGORY],
        )

    def _categories(self, row: ActivitySession, text: SessionText | None) -> Iterator[Message]:
        """Yield the program's name, its key where its plugin was taken out, and its word for the session."""
        program = self._hooks.programs.get(row.activity.program)
        yield program.name if program else Message(row.activity.program)
        if text is not None and text.category is not None:
            yield text.category


def _particulars(row: ActivitySession, text: SessionText | None) -> Iterator[Message]:
    yield Message("Session %(number)s of %(count)s", {"number": row.position + 1, "count": row.activity.session_count})
    if text is not None:
        yield text.description


def _caveats(*, provisional: bool) -> Iterator[Message]:
    if provisional:
        yield Message("Provisional: the State Council has not announced this year's holidays yet.")


def is_private(row: ActivitySession) -> bool:
    """Tell whether a session is nobody else's business: a closed activity or group, a home visit or a private room."""
    in_private_room = row.room is not None and row.room.zone is Zone.PRIVATE
    for_closed_group = any(group.closed for group in row.activity.groups)
    at_home = not row.activity.zones and row.activity.place_id is None
    return row.activity.closed or for_closed_group or in_private_room or at_home


def _location(row: ActivitySession) -> str:
    if row.room is not None:
        venue = row.room.venue
        return " ".join(part for part in (venue.name, row.room.name, venue.address) if part)
    return row.activity.place.name if row.activity.place else ""
