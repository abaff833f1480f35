"""Entries one at a time: as a file to take along, as an invitation by mail, and the answers to one.

iTIP (RFC 5546) as iMIP carries it (RFC 6047). An entry's UID and SEQUENCE are those of the feed, so that a calendar
that has both shows one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from icalendar import Calendar, Event, vCalAddress, vText

from core.feeds.entry import EntryStatus, FeedEntry
from core.feeds.ics import bare, event_of, parameter

#: No calendar program's answer is longer.
LONGEST_ANSWER: Final = 64 * 1024
_MAILTO: Final = "mailto:"


class Method(StrEnum):
    """What an entry is sent for: RFC 5546, section 1.4."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Partstat(StrEnum):
    """What somebody answers: RFC 5545, section 3.2.12."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


@dataclass(frozen=True)
class Party:
    """Who invites or is invited: a mail address, and a name to show."""

    mail: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    """What the owner of a mail address says about an entry; the address is in small letters."""

    uid: str
    mail: str = field(repr=False)
    partstat: Partstat


def file_of(entry: FeedEntry) -> bytes:
    """Return one entry as a file that any calendar program takes in."""
    return _content(entry, Method.PUBLISH, event_of(entry, None))


def method_of(entry: FeedEntry) -> Method:
    """Return what an invitation to the entry is sent for: to be answered, or to be taken out."""
    return Method.CANCEL if entry.status is EntryStatus.CANCELLED else Method.REQUEST


def invitation(entry: FeedEntry, organizer: Party, attendee: Party, *, answer: bool) -> bytes:
    """Return the entry as an invitation; `answer` asks the attendee's calendar program for one."""
    event = event_of(entry, None)
    event.add("organizer", _address(organizer))
    invited = _address(attendee)
    invited.params["ROLE"] = vText("REQ-PARTICIPANT")
    invited.params["PARTSTAT"] = vText("NEEDS-ACTION")
    invited.params["RSVP"] = vText("TRUE" if answer else "FALSE")
    event.add("attendee", invited)
    return _content(entry, method_of(entry), event)


def answers_in(content: bytes) -> tuple[Answer, ...]:
    """Return the answers in what a calendar program sent; none where it is too long, broken or something else."""
    if len(content) > LONGEST_ANSWER:
        return ()
    try:
        calendar = Calendar.from_ical(content)
        if str(calendar.get("method", "")).upper() != "REPLY":
            return ()
        return tuple(answer for event in calendar.events for answer in _answers(event))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        # Whatever a stranger has sent, it must not stop the others from being read.
        return ()


def _answers(event: Event) -> Iterator[Answer]:
    attendees: Any = event.get("attendee", [])
    for one in attendees if isinstance(attendees, list) else [attendees]:
        said = str(getattr(one, "params", {}).get("PARTSTAT", "")).upper()
        mail = str(one).strip().lower()
        if said in set(Partstat) and mail.startswith(_MAILTO):
            yield Answer(str(event.get("uid", "")), mail.removeprefix(_MAILTO), Partstat(said))


def _content(entry: FeedEntry, method: Method, event: Event) -> bytes:
    calendar = bare(entry.timezone)
    calendar.add("method", method.value)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"{_MAILTO}{party.mail}")
    if party.name:
        address.params["CN"] = vText(parameter(party.name))
    return address
