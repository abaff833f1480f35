"""Time zones as calendars are told them: how a zone's clocks go today, in as few lines as the standard allows.

icalendar lists every change of a zone by itself, in values of RDATE that vobject and ical.js pass over, an hour late; a
yearly rule is understood by all. Only where a zone's changes follow none, as in Morocco, its list has to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

#: The years by which a zone's rule is told; no entry of a feed is older.
_YEARS: Final = range(2020, 2038)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class _Turn:
    """A change of a zone's clocks: when, by the clock as it was before, and the offsets from UTC."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str


@cache
def time_zone(name: str) -> Timezone:
    """Return the zone of that IANA name as a VTIMEZONE (RFC 5545, section 3.6.5), the same at every call."""
    zone = ZoneInfo(name)
    years = [list(_turns(zone, year)) for year in _YEARS]
    made = Timezone()
    made.add("tzid", name)
    if not any(years):
        now = datetime(_YEARS[0], 1, 1, tzinfo=zone)
        offset = now.utcoffset() or timedelta(0)
        made.add_component(_part(_Turn(now.replace(tzinfo=None), offset, offset, now.tzname() or name), None))
        return made
    rules = [_rule(turns) for turns in zip(*years, strict=False)]
    if len({len(turns) for turns in years}) > 1 or None in rules:
        return Timezone.from_tzid(name, first_date=date(_YEARS[0], 1, 1), last_date=date(2050, 1, 1))
    for turn, rule in zip(years[0], rules, strict=True):
        made.add_component(_part(turn, rule))
    return made


def _turns(zone: ZoneInfo, year: int) -> Iterator[_Turn]:
    """Yield the changes within a year, to the minute."""
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        before, after = (one.astimezone(zone).utcoffset() or timedelta(0) for one in (moment, later))
        if before != after:
            while later - moment > _MINUTE:
                middle = moment + (later - moment) // 2 // _MINUTE * _MINUTE
                unchanged = middle.astimezone(zone).utcoffset() == before
                moment, later = (middle, later) if unchanged else (moment, middle)
            onset = (later + before).replace(tzinfo=None)
            yield _Turn(onset, before, after, later.astimezone(zone).tzname() or zone.key)
        moment = later


def _rule(turns: tuple[_Turn, ...]) -> dict[str, object] | None:
    """Return the yearly rule of the same change in each year, None if it follows none."""
    first = turns[0]
    alike = {(one.onset.month, one.onset.weekday(), one.onset.time(), one.before, one.after) for one in turns}
    numbers = {(one.onset.day - 1) // 7 + 1 for one in turns}
    is_last = all((one.onset + timedelta(days=7)).month != one.onset.month for one in turns)
    if len(alike) > 1 or not (is_last or len(numbers) == 1):
        return None
    number = -1 if is_last else numbers.pop()
    return {"freq": "yearly", "bymonth": first.onset.month, "byday": f"{number}{_WEEKDAYS[first.onset.weekday()]}"}


def _part(turn: _Turn, rule: dict[str, object] | None) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if turn.after > turn.before else TimezoneStandard()
    part.add("dtstart", turn.onset)
    part.add("tzname", turn.name)
    part.add("tzoffsetfrom", turn.before)
    part.add("tzoffsetto", turn.after)
    if rule is not None:
        part.add("rrule", rule)
    return part
