"""What somebody says of when, how often, where, in which programs and with whom they serve."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from core.domain.errors import InvalidInputError, Message

#: What stands for a program in which somebody never serves; others are liked from 2 to -2.
NEVER: Final = -3
MOST_LINES: Final = 200
MOST_A_DAY: Final = 20
MOST_A_WEEK: Final = 100


class Part(StrEnum):
    """A part of the day, as people divide it; they touch, so that two in a row are one stretch."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


#: From when to when each lasts.
HOURS: Final[Mapping[Part, tuple[time, time]]] = {
    Part.MORNING: (time(8), time(12)),
    Part.AFTERNOON: (time(12), time(18)),
    Part.EVENING: (time(18), time(21)),
}


@dataclass(frozen=True)
class FreeTime:
    """When somebody can serve: between two times, on a weekday (Monday is 0) or with None on any, between two dates."""

    from_time: time
    to_time: time
    weekday: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def single(self) -> date | None:
        """The one day on which it holds, if it holds on one alone."""
        return self.first if self.weekday is None and self.first == self.last else None

    @property
    def part(self) -> Part | None:
        """The part of the day that it is on a weekday, if it is exactly one."""
        hours = (self.from_time, self.to_time)
        return None if self.weekday is None else next((part for part in Part if HOURS[part] == hours), None)


@dataclass(frozen=True)
class Company:
    """With whom somebody serves, by ids: only beside one of these, never beside one of those; who they live with."""

    only_with: frozenset[UUID] = frozenset()
    never_with: frozenset[UUID] = frozenset()
    lives_with: frozenset[UUID] = frozenset()

    def to_json(self) -> dict[str, list[str]]:
        """Return it as it is stored."""
        return {name: sorted(map(str, getattr(self, name))) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, told: Mapping[str, list[str]]) -> "Company":
        """Return what was stored."""
        return cls(**{name: frozenset(map(UUID, told.get(name, ()))) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Answer:
    """All of it; `away` are first and last days, `programs` likings from 2 to -2 or NEVER, no venues mean anywhere."""

    free: tuple[FreeTime, ...] = ()
    away: tuple[tuple[date, date], ...] = ()
    max_per_day: int = 1
    max_per_week: int | None = None
    venues: frozenset[UUID] = frozenset()
    programs: Mapping[str, int] = field(default_factory=dict)
    company: Company = field(default_factory=Company)

    def require_sound(self) -> None:
        """Raise InvalidInputError for what can't be meant."""
        if len(self.free) + len(self.away) > MOST_LINES:
            raise InvalidInputError(Message("That is more than fits: at most %(most)s lines.", {"most": MOST_LINES}))
        if any(one.from_time >= one.to_time for one in self.free):
            raise InvalidInputError(Message("A time ends before it begins: correct it."))
        if any(one.first and one.last and one.first > one.last for one in self.free):
            raise InvalidInputError(Message("A period ends before it begins: correct the days."))
        if any(first > last for first, last in self.away):
            raise InvalidInputError(Message("Days away end before they begin: correct them."))
        if not 0 <= self.max_per_day <= MOST_A_DAY:
            raise InvalidInputError(Message("Most a day is a number from 0 to %(most)s.", {"most": MOST_A_DAY}))
        if self.max_per_week is not None and not 1 <= self.max_per_week <= MOST_A_WEEK:
            raise InvalidInputError(Message("Most a week is a number from 1 to %(most)s.", {"most": MOST_A_WEEK}))
        if self.company.only_with & self.company.never_with:
            raise InvalidInputError(Message("Somebody stands both under “only with” and under “never with”."))

    def moved_to(self, first: date, last: date) -> "Answer":
        """Return the answer with its weekly pattern for that period in place of the last one; single days stay behind.

        What holds without an end stays as it is.
        """
        weekly = [one for one in self.free if one.single is None]
        ended = max((one.last for one in weekly if one.last is not None and one.last < first), default=None)
        again = tuple(replace(one, first=first, last=last) for one in weekly if one.last == ended and ended is not None)
        kept = tuple(one for one in self.free if one.last is None or one.last >= first)
        return replace(self, free=tuple(dict.fromkeys((*kept, *again))))

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "free": [
                [*map(_text, (one.from_time, one.to_time)), one.weekday, _text(one.first), _text(one.last)]
                for one in self.free
            ],
            "away": [[_text(first), _text(last)] for first, last in self.away],
            "max_per_day": self.max_per_day,
            "max_per_week": self.max_per_week,
            "venues": sorted(map(str, self.venues)),
            "programs": dict(self.programs),
            "company": self.company.to_json(),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Answer":
        """Return what was stored."""
        return cls(
            free=tuple(
                FreeTime(time.fromisoformat(begin), time.fromisoformat(end), weekday, _day(first), _day(last))
                for begin, end, weekday, first, last in told["free"]
            ),
            away=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in told["away"]),
            max_per_day=told["max_per_day"],
            max_per_week=told["max_per_week"],
            venues=frozenset(map(UUID, told["venues"])),
            programs=told["programs"],
            company=Company.from_json(told["company"]),
        )


def _text(value: date | time | datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
