"""Series of a calendar: the moments of RRULE and RDATE, worked out by dateutil on the clock of the entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from typing import Final

from dateutil.rrule import rrulestr

#: A series with more moments up to the window's end is refused: every five minutes for a month.
_MOST_MOMENTS: Final = 10_000
_LONGEST_RULE: Final = 500
_PARTS: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
    | {"BYHOUR", "BYMINUTE", "BYSECOND"}
)


class TooMuchError(Exception):
    """A series takes longer to work out than is given to it."""


@dataclass(frozen=True)
class Moment:
    """A moment by the clock of a zone; without zone by whatever clock hangs on the wall."""

    moment: datetime
    zone: tzinfo | None
    whole_day: bool = False

    def utc(self) -> datetime:
        """Return the same moment in UTC."""
        return self.moment.replace(tzinfo=self.zone).astimezone(UTC)

    def like(self, other: "Moment") -> datetime:
        """Return another moment on this one's clock, by which a series is counted."""
        if self.whole_day:
            return other.moment.replace(hour=0, minute=0, second=0)
        if other.whole_day:
            return datetime.combine(other.moment.date(), self.moment.time())
        if self.zone is None or other.zone is None:
            return other.moment
        return other.utc().astimezone(self.zone).replace(tzinfo=None)


def moments_of(
    start: Moment, rules: list[str], extra: list[datetime], *, since: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield when the entry begins, on its own clock, each time once and up to `until`: DTSTART, RRULE and RDATE.

    Those before `since` may be left out.

    ValueError for a rule that isn't one, TooMuchError for too many moments.
    """
    seen = {start.moment, *extra}
    yield from sorted(moment for moment in seen if moment <= until)
    for rule in rules:
        for moment in _following(start, rule, since, until):
            if moment not in seen:
                seen.add(moment)
                yield moment


def _following(start: Moment, rule: str, since: datetime, until: datetime) -> Iterator[datetime]:
    if len(rule) > _LONGEST_RULE:
        raise TooMuchError
    parts = dict(part.upper().split("=", 1) for part in rule.strip().strip(";").split(";"))
    ends = parts.pop("UNTIL", None)
    if not parts.keys() <= _PARTS or int(parts.get("INTERVAL", "1")) < 1:
        raise ValueError
    last = until if ends is None else min(until, _last(start, ends))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    found = iter(rrulestr(f"RRULE:{text}", dtstart=_brought_near(start.moment, parts, since)))
    for moment in islice(found, _MOST_MOMENTS):
        if moment > last:
            return
        yield moment
    if next(found, None) is not None:
        raise TooMuchError


def _brought_near(begin: datetime, parts: dict[str, str], since: datetime) -> datetime:
    """Return a begin nearer to `since` from which the same moments follow, where that is simple."""
    step = {"DAILY": 1, "WEEKLY": 7}.get(parts.get("FREQ", ""), 0) * int(parts.get("INTERVAL", "1"))
    if step == 0 or "COUNT" in parts or begin >= since:
        return begin
    return begin + timedelta(days=(since - begin).days // step * step)


def _last(start: Moment, ends: str) -> datetime:
    """Return the last moment that UNTIL allows, on the entry's clock; a date allows all of its day."""
    digits = ends.strip()
    if "T" not in digits:
        return datetime.strptime(digits, "%Y%m%d").replace(hour=23, minute=59, second=59)  # noqa: DTZ007 (a clock's)
    moment = datetime.strptime(digits.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (likewise)
    return start.like(Moment(moment, UTC if digits.endswith("Z") else None))
