"""The ledger of what each feed says: brought up to date when something is published, then only read.

An item's sequence and moment of change rise only when what it says changes, so that the bytes of an untouched entry
stay the same for ever. An item that ended is kept as cancelled.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, DutyRequest, FeedChange, FeedItem, Room
from core.db.models.feed import FeedKind, OfASession
from core.db.queries import feeds as queries
from core.db.queries import replies, subscriptions, timetable
from core.domain.calendar.work import WorkCalendar
from core.domain.clock import Clock
from core.domain.errors import Message
from core.domain.replies import RequestState
from core.domain.vocabulary import Zone
from core.hooks.calling import Hooks
from core.hooks.types import SessionOutline, SessionText
from core.services.calendar import work_calendar
from core.services.notices.changes import Before, tell_changes
from core.services.wording import CHINESE, ENGLISH, Wording

#: Whose feed an item stands in, and of which session it speaks.
ItemKey = tuple[FeedKind, str, UUID]
#: What people said last of a session, by session, volunteer and the time for which they said it.
Words = Mapping[tuple[UUID, UUID, datetime], DutyRequest]
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
class _When:
    """When and in which room a session is held, or would be."""

    starts_at: datetime
    ends_at: datetime
    room: Room | None


@dataclass(frozen=True)
class _Caveats:
    """What isn't certain about an entry, or not to be told in it."""

    hidden: bool
    provisional: bool
    asked: bool

    def said(self) -> Iterator[Message]:
        """Yield what isn't certain, in sentences."""
        if self.asked:
            yield Message("You are asked for this duty: please answer.")
        if self.provisional:
            yield Message("Provisional: the State Council has not announced this year's holidays yet.")


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


def update_ledger(
    session: Session,
    clock: Clock,
    hooks: Hooks,
    *,
    station_id: UUID,
    only: Collection[UUID] | None = None,
    tells: bool = True,
) -> int:
    """Bring the items of a station's feeds up to date with its published sessions; return how many changed.

    `only` names the sessions that have changed, where nothing else has. A volunteer's own calendar also says for what
    they are asked, published or not: as tentative until they agree. Volunteers in whose own feed a time or a place
    changes are told, in the same transaction, unless it is done otherwise (`tells` is False).
    """
    session.flush()
    author = _Author(hooks, work_calendar(session))
    # As stored: what the session has loaded before may still point to the room of yesterday.
    held = session.scalars(
        timetable.held_sessions_of_station(station_id, only), execution_options={"populate_existing": True}
    )
    asked = session.scalars(
        replies.requests_to_tell(station_id, only), execution_options={"populate_existing": True}
    ).all()
    last_words = {(one.session_id, one.volunteer_id, one.starts_at): one for one in asked}
    wanted = {key: said for one in last_words.values() for key, said in author.question(one)}
    wanted |= {key: said for row in held for key, said in author.sayings(row, last_words)}
    items = {
        (item.kind, item.subject, item.session_id): item
        for item in session.scalars(queries.items_of_sessions(station_id, only))
    }
    before = {key: (Before.of(item), _told_of(item)) for key, item in items.items()}
    changed = [key for key, item in items.items() if _update(item, wanted.get(key), clock)]
    new = {key: _item(key, wanted[key], clock) for key in wanted if key not in items}
    session.add_all(new.values())
    session.flush()
    session.add_all(_change(items[key], *before[key][1]) for key in changed if key[0] is FeedKind.VOLUNTEER)
    session.add_all(_change(item) for key, item in new.items() if key[0] is FeedKind.VOLUNTEER)
    session.flush()
    session.execute(subscriptions.forget_changes(clock.now() - REMEMBERED_FOR))
    if tells:
        told = [(items[key], before[key][0]) for key in changed]
        tell_changes(session, clock, [*told, *((item, None) for item in new.values())])
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

    def question(self, request: DutyRequest) -> Iterator[tuple[ItemKey, _Wanted]]:
        """Yield what a volunteer's feed says of a duty that isn't theirs yet: asked, or agreed to in a draft."""
        asked, drafted = request.state is RequestState.ASKED, request.plan_id is not None
        if not request.stands or not (asked or (drafted and request.state is RequestState.ACCEPTED)):
            return
        room = request.room if drafted else request.session.room
        saying = self._saying(request.session, _When(request.starts_at, request.ends_at, room), asked=asked)
        volunteer = request.volunteer
        yield (FeedKind.VOLUNTEER, volunteer.id.hex, request.session_id), _Wanted(volunteer.station_id, saying)

    def sayings(self, row: ActivitySession, words: Words) -> Iterator[tuple[ItemKey, _Wanted]]:
        """Yield for each feed in which the session stands what that feed says of it; `words` are people's own."""
        if row.starts_at is None or row.ends_at is None:
            raise ValueError("A held session has a time: the database sees to it.")
        held = _When(row.starts_at, row.ends_at, row.room)
        saying, question = self._saying(row, held), None
        yield (FeedKind.STATION, row.station_id.hex, row.id), _Wanted(row.station_id, saying)
        yield (FeedKind.PROGRAM, row.activity.program, row.id), _Wanted(row.station_id, saying)
        if row.room is not None:
            yield (FeedKind.ROOM, row.room.id.hex, row.id), _Wanted(row.room.station_id, saying)
        for volunteer in (assignment.volunteer for assignment in row.assignments):
            word, own = words.get((row.id, volunteer.id, row.starts_at)), saying
            if word is not None and word.state is not RequestState.ACCEPTED:
                own = question = question or self._saying(row, held, asked=True)
            yield (FeedKind.VOLUNTEER, volunteer.id.hex, row.id), _Wanted(volunteer.station_id, own)

    def _saying(self, row: ActivitySession, when: _When, *, asked: bool = False) -> Saying:
        hidden = is_private(row) or (when.room is not None and when.room.zone is Zone.PRIVATE)
        provisional = self._work.is_provisional(when.starts_at.date())
        text = None if hidden else self._hooks.session_text(session_outline(row))
        chinese, english = (
            self._words(row, text, wording, _Caveats(hidden=hidden, provisional=provisional, asked=asked))
            for wording in (self._chinese, self._english)
        )
        program = self._hooks.programs.get(row.activity.program)
        venue = None if hidden or when.room is None else when.room.venue
        return Saying(
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            title=chinese.title,
            location="" if hidden else _location(row, when.room),
            description=chinese.description,
            category=chinese.category,
            title_en=english.title,
            description_en=english.description,
            category_en=english.category,
            color="" if hidden or program is None else program.color,
            position=venue.map_position if venue else "",
            provisional=provisional or asked,
        )

    def _words(self, row: ActivitySession, text: SessionText | None, wording: Wording, caveats: _Caveats) -> _Words:
        hidden = caveats.hidden
        sentences = [*(() if hidden else _particulars(row, text)), *caveats.said()]
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


def is_private(row: ActivitySession) -> bool:
    """Tell whether a session is nobody else's business: a closed activity or group, a home visit or a private room."""
    in_private_room = row.room is not None and row.room.zone is Zone.PRIVATE
    for_closed_group = any(group.closed for group in row.activity.groups)
    at_home = not row.activity.zones and row.activity.place_id is None
    return row.activity.closed or for_closed_group or in_private_room or at_home


def _location(row: ActivitySession, room: Room | None) -> str:
    if room is not None:
        venue = room.venue
        return " ".join(part for part in (venue.name, room.name, venue.address) if part)
    return row.activity.place.name if row.activity.place else ""
