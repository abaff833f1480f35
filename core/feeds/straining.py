"""Somebody else's iCalendar bytes, strained: the lines that say when, and nothing else.

Titles, people, places and notes are passed over unread, so nothing further on could keep them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from icalendar import Parameters

from core.feeds.values import line_of

#: Longer calendars are refused.
MOST_BYTES: Final = 5_000_000
#: Longer lines are no times.
_MOST_IN_A_LINE: Final = 200_000

#: What is kept of each component. An entry's UID says which exceptions belong to which series, and is then dropped.
_KEPT: Final = {
    "VEVENT": frozenset(
        {
            "UID",
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
            "EXDATE",
            "RECURRENCE-ID",
            "STATUS",
            "TRANSP",
            "X-MICROSOFT-CDO-BUSYSTATUS",
        }
    ),
    "VFREEBUSY": frozenset({"FREEBUSY"}),
}
_FOLD = re.compile(r"\r?\n[ \t]|\r[ \t]")
_ENDS = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"[A-Za-z0-9-]+")


class UnreadableCalendarError(Exception):
    """What was given is no calendar (`code` is `no_calendar`), or more of one than is worked out (`too_much`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One property: its parameters and its value as it is written."""

    parameters: Parameters
    value: str


@dataclass(frozen=True)
class Strained:
    """A component with what was kept of it, by the names of properties; those of a time zone are its raw lines."""

    kind: str
    lines: dict[str, list[Line]] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """Return the first property of that name."""
        return next(iter(self.lines.get(name, ())), None)

    def word(self, name: str) -> str:
        """Return the value of a property that is one word, in capitals; empty if there is none."""
        line = self.first(name)
        return line.value.strip().upper() if line else ""


def strain(content: bytes) -> Iterator[Strained]:
    """Yield the entries, lists of times taken and time zones of a calendar, each as it ends.

    UnreadableCalendarError if there is no calendar in the bytes.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableCalendarError("too_much")
    text = _FOLD.sub("", content.decode("utf-8-sig", "replace"))
    if "BEGIN:VCALENDAR" not in text.upper():
        raise UnreadableCalendarError("no_calendar")
    within: list[str] = []
    current: Strained | None = None
    for line in _ENDS.split(text):
        word, _, rest = line.partition(":")
        word, rest = word.strip().upper(), rest.strip().upper()
        if word == "BEGIN":
            within.append(rest)
            current = _begun(current, within)
        if current is not None and current.kind == "VTIMEZONE":
            current.raw.append(line)
        elif current is not None and within and within[-1] == current.kind:
            _keep(current, line)
        if word == "END" and within and within.pop() == rest and current is not None and current.kind == rest:
            yield current
            current = None


def _begun(current: Strained | None, within: list[str]) -> Strained | None:
    """Return the component whose lines count now: one within another is passed over."""
    if current is not None or within[0] != "VCALENDAR":
        return current
    kind = within[-1]
    return Strained(kind) if kind in {"VEVENT", "VFREEBUSY", "VTIMEZONE"} and len(within) == 2 else None  # noqa: PLR2004


def _keep(current: Strained, line: str) -> None:
    name = _NAME.match(line)
    if name is None or len(line) > _MOST_IN_A_LINE or name.group().upper() not in _KEPT[current.kind]:
        return
    try:
        if line[name.end() : name.end() + 1] == ":":
            parameters, value = Parameters(), line[name.end() + 1 :]
        else:
            parameters, value = line_of(line)
    except ValueError:
        current.lines.setdefault("MALFORMED", []).append(Line(Parameters(), ""))
        return
    current.lines.setdefault(name.group().upper(), []).append(Line(parameters, value))
