"""When somebody is busy, by their own calendar: iCalendar bytes in, stretches of time out, and nothing else.

What counts is RFC 5545: entries that are neither cancelled nor transparent, with their series and exceptions, and the
times of VFREEBUSY. A caller who doesn't trust the bytes uses `confined`, which bounds time and memory as well.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from core.feeds.series import Moment, TooMuchError, moments_of
from core.feeds.straining import Line, Strained, UnreadableCalendarError, strain
from core.feeds.values import date_of, lasting_of, moment_of
from core.feeds.zone_names import zone_named

#: A calendar with more entries in the window, or stretches, is refused.
MOST_ENTRIES: Final = 5_000
MOST_STRETCHES: Final = 20_000
_DAY: Final = timedelta(days=1)
_SHIFTED: Final = timedelta(days=8)
#: No zone is farther from another than this, and an entry's date alone then says that it is over.
_FAR: Final = timedelta(days=3)
_DATE_DIGITS: Final = 8

Stretch = tuple[datetime, datetime]
Brake = Callable[[], AbstractContextManager[None]]


class _OddEntryError(Exception):
    """An entry doesn't say when it is."""


@dataclass(frozen=True)
class Busy:
    """Stretches of the station's wall-clock time, in order and apart; `unread` entries said nothing that made sense."""

    times: tuple[Stretch, ...]
    unread: int = 0


@dataclass
class _Reading:
    """A calendar while it is read: entries by their UID, as long as that is needed."""

    window: Stretch
    zone: tzinfo
    brake: Brake
    zones: dict[str, list[str]] = field(default_factory=dict)
    found: list[Stretch] = field(default_factory=list)
    unread: int = 0

    def add(self, begin: datetime, end: datetime) -> None:
        """Note a stretch as far as it lies in the window; what lasts no time is none."""
        begin, end = max(begin, self.window[0]), min(end, self.window[1])
        if begin < end:
            self.found.append((begin, end))
            if len(self.found) > 2 * MOST_STRETCHES:
                self.join()

    def join(self) -> None:
        """Join the stretches that touch; UnreadableCalendarError for too many of them."""
        self.found = list(joined(self.found))
        if len(self.found) > MOST_STRETCHES:
            raise UnreadableCalendarError("too_much")


def busy_times(content: bytes, window: Stretch, zone: str, *, brake: Brake = nullcontext) -> Busy:
    """Return when the calendar says somebody is busy within the window, in wall-clock time of the zone.

    `window` is given in that time too, without offset. `brake` bounds the working out of one entry: it raises
    `TooMuchError` in time. UnreadableCalendarError if this is no calendar or too much of one.
    """
    reading = _Reading(window, ZoneInfo(zone), brake)
    entries: dict[str, list[Strained]] = {}
    alone: list[Strained] = []
    for part in strain(content):
        if part.kind == "VTIMEZONE":
            reading.zones.setdefault(_tzid(part), part.raw)
        elif part.kind == "VFREEBUSY" or _may_matter(part, window):
            uid = part.first("UID")
            (alone if uid is None else entries.setdefault(uid.value, [])).append(part)
            if len(alone) + len(entries) > MOST_ENTRIES:
                raise UnreadableCalendarError("too_much")
    for family in (*([one] for one in alone), *entries.values()):
        if len(family) > MOST_ENTRIES:
            raise UnreadableCalendarError("too_much")
        _family(reading, family)
    reading.join()
    return Busy(tuple(reading.found), reading.unread)


def joined(times: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches in order, those that touch as one."""
    last: Stretch | None = None
    for begin, end in sorted(times):
        if last is not None and begin <= last[1]:
            last = (last[0], max(last[1], end))
        else:
            if last is not None:
                yield last
            last = (begin, end)
    if last is not None:
        yield last


def _tzid(part: Strained) -> str:
    for line in part.raw:
        name, _, value = line.partition(":")
        if name.strip().upper().partition(";")[0] == "TZID":
            return value.strip()
    return ""


def _may_matter(part: Strained, window: Stretch) -> bool:
    """Tell whether an entry could touch the window, by the digits of its dates: most calendars are mostly past."""
    if part.lines.keys() & {"RRULE", "RDATE", "RECURRENCE-ID", "DURATION", "MALFORMED"}:
        return True
    first, last = part.first("DTSTART"), part.first("DTEND") or part.first("DTSTART")
    if first is None or last is None:
        return True
    early, late = (f"{moment:%Y%m%d}" for moment in (window[0] - _FAR, window[1] + _FAR))
    return first.value[:_DATE_DIGITS] <= late and last.value[:_DATE_DIGITS] >= early


def _family(reading: _Reading, family: list[Strained]) -> None:
    """Read a series with its exceptions, or single entries; one that makes no sense is counted and passed over."""
    others = [one for one in family if "RECURRENCE-ID" in one.lines]
    for one in family:
        try:
            with reading.brake():
                _one(reading, one, others)
        except UnreadableCalendarError:
            raise
        except (_OddEntryError, TooMuchError, ValueError, OverflowError, LookupError, TypeError, ArithmeticError):
            reading.unread += 1


def _one(reading: _Reading, one: Strained, others: list[Strained]) -> None:
    if one.kind == "VFREEBUSY":
        _taken(reading, one)
    elif "RECURRENCE-ID" in one.lines:
        _single(reading, one)
    else:
        _entry(reading, one, others)


def _counts(one: Strained) -> bool:
    free = one.word("TRANSP") == "TRANSPARENT" or one.word("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
    return not free and one.word("STATUS") != "CANCELLED"


def _entry(reading: _Reading, one: Strained, others: list[Strained]) -> None:
    if not _counts(one):
        return
    start = _start(reading, one)
    lasts = _lasting(reading, one, start)
    left_out = {_at(reading, exception, start) for exception in map(_named, others)}
    left_out |= {start.like(when) for line in one.lines.get("EXDATE", ()) for when in _each(reading, line)}
    shifts = sorted(_shift(reading, exception, start) for exception in others if _and_future(exception))
    since, until = (_in(moment, reading.zone, start) for moment in reading.window)
    # Shifted ones may come from before, and what is long lasts into the window.
    since -= abs(lasts) + _SHIFTED + sum((abs(by) for _, by, _ in shifts), timedelta())
    extra = [start.like(when) for line in one.lines.get("RDATE", ()) for when in _each(reading, line)]
    rules = [line.value for line in one.lines.get("RRULE", ())]
    for moment in moments_of(start, rules, extra, since=since, until=until + _SHIFTED):
        if moment not in left_out:
            by, instead = next(
                ((by, other) for since, by, other in reversed(shifts) if since <= moment), (timedelta(), lasts)
            )
            _note(reading, start, moment + by, instead)


def _and_future(exception: Strained) -> bool:
    return str(_named(exception).parameters.get("RANGE", "")).upper() == "THISANDFUTURE" and _counts(exception)


def _shift(reading: _Reading, exception: Strained, start: Moment) -> tuple[datetime, timedelta, timedelta]:
    """Return since when a series is moved, by how much, and how long its entries are from then on."""
    since, moved = _at(reading, _named(exception), start), _start(reading, exception)
    return since, start.like(moved) - since, _lasting(reading, exception, moved)


def _single(reading: _Reading, one: Strained) -> None:
    """Note the exception of a series in the place of what it stands for."""
    if _counts(one):
        start = _start(reading, one)
        _note(reading, start, start.moment, _lasting(reading, one, start))


def _note(reading: _Reading, start: Moment, moment: datetime, lasts: timedelta) -> None:
    if start.zone is None:
        reading.add(moment, moment + lasts)
    else:
        begin = Moment(moment, start.zone).utc()
        reading.add(_wall(begin, reading.zone), _wall(begin + lasts, reading.zone))


def _start(reading: _Reading, one: Strained) -> Moment:
    line = one.first("DTSTART")
    if line is None or "MALFORMED" in one.lines:
        raise _OddEntryError
    return _moment(reading, line, line.value)


def _lasting(reading: _Reading, one: Strained, start: Moment) -> timedelta:
    """Return how long an entry is: a whole day for a date, no time for a moment, if it doesn't say."""
    ends, lasts = one.first("DTEND"), one.first("DURATION")
    if ends is not None:
        last = _moment(reading, ends, ends.value)
        if start.zone is not None and last.zone is not None:
            return last.utc() - start.utc()
        # Some programs end a whole day on the day on which it begins.
        return last.moment - start.moment or (_DAY if start.whole_day else timedelta())
    if lasts is not None:
        return lasting_of(lasts.value)
    return _DAY if start.whole_day else timedelta()


def _named(one: Strained) -> Line:
    return one.lines["RECURRENCE-ID"][0]


def _at(reading: _Reading, line: Line, start: Moment) -> datetime:
    return start.like(_moment(reading, line, line.value))


def _each(reading: _Reading, line: Line) -> Iterator[Moment]:
    """Yield the moments of a list; a period counts by its begin."""
    values = line.value.split(",")
    if len(values) > MOST_STRETCHES:
        raise TooMuchError
    for value in values:
        yield _moment(reading, line, value.partition("/")[0])


def _moment(reading: _Reading, line: Line, value: str) -> Moment:
    """Return the moment: a date, a time by the station's clock, in UTC, or in the zone that the line names."""
    value = value.strip()
    if len(value) == _DATE_DIGITS:
        return Moment(datetime.combine(date_of(value), time.min), None, whole_day=True)
    moment = moment_of(value)
    if moment.tzinfo is not None:
        return Moment(moment.replace(tzinfo=None), UTC)
    name = line.parameters.get("TZID")
    if name is None:
        return Moment(moment, None)
    zone = zone_named(str(name), reading.zones)
    if zone is None:
        raise _OddEntryError
    return Moment(moment, zone)


def _taken(reading: _Reading, one: Strained) -> None:
    """Note the times of a VFREEBUSY, which are in UTC."""
    for line in one.lines.get("FREEBUSY", ()):
        if str(line.parameters.get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        for value in line.value.split(","):
            first, _, second = value.strip().partition("/")
            begin = moment_of(first).astimezone(UTC)
            end = begin + lasting_of(second) if second[:1] in "P+-" else moment_of(second)
            reading.add(_wall(begin, reading.zone), _wall(end.astimezone(UTC), reading.zone))


def _wall(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _in(moment: datetime, zone: tzinfo, start: Moment) -> datetime:
    """Return a moment of the station's clock as the entry's own clock shows it."""
    return moment if start.zone is None else moment.replace(tzinfo=zone).astimezone(start.zone).replace(tzinfo=None)
