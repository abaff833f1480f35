"""Invitations have the identity of the feed's entry, and answers are read whatever a stranger sends."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.ics import render
from core.feeds.itip import LONGEST_ANSWER, Answer, Partstat, Party, answers_in, file_of, invitation, method_of

START = datetime(2027, 1, 25, 9)  # noqa: DTZ001 (wall-clock time of the station)
STATION = Party("duty@weibao.example", "青石站")
VOLUNTEER = Party("v@example.org", '陶 "测试"')


def an_entry(**changes: object) -> FeedEntry:
    values: dict[str, object] = {
        "uid": "duty-1@demo",
        "sequence": 3,
        "starts_at": START,
        "ends_at": START + timedelta(hours=1),
        "timezone": "Asia/Shanghai",
        "title": "亲子阅读, 第1场",
        "changed_at": datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
        "location": "活动室一",
    }
    return FeedEntry(**{**values, **changes})  # type: ignore[arg-type]


def the_event(content: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(content).events
    return event


def reply(partstat: str = "DECLINED", *, mail: str = "V@Example.org", method: str = "REPLY") -> bytes:
    """Return an answer as calendar programs write it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Somebody//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        "UID:duty-1@demo",
        "SEQUENCE:3",
        "DTSTAMP:20261126T010000Z",
        "DTSTART:20270125T010000Z",
        "ORGANIZER:mailto:duty@weibao.example",
        f'ATTENDEE;PARTSTAT={partstat};CN="T":mailto:{mail}',
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


def test_an_invitation_is_the_feeds_entry_with_those_whom_it_concerns() -> None:
    content = invitation(an_entry(), STATION, VOLUNTEER, answer=True)
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.events
    (same,) = icalendar.Calendar.from_ical(render(Feed("f", (an_entry(),), "Asia/Shanghai"))).events
    assert calendar["METHOD"] == "REQUEST"
    for name in ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION"):
        assert event[name].to_ical() == same[name].to_ical()
    assert str(event["ORGANIZER"]) == "mailto:duty@weibao.example"
    assert event["ORGANIZER"].params["CN"] == "青石站"
    assert str(event["ATTENDEE"]) == "mailto:v@example.org"
    assert {name: str(event["ATTENDEE"].params[name]) for name in ("PARTSTAT", "RSVP", "ROLE", "CN")} == {
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
        "ROLE": "REQ-PARTICIPANT",
        "CN": "陶 '测试'",
    }
    assert vobject.readOne(content.decode()).vevent.attendee.value == "mailto:v@example.org"


def test_nobody_is_asked_for_an_answer_that_nobody_reads() -> None:
    event = the_event(invitation(an_entry(), STATION, VOLUNTEER, answer=False))
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"


def test_what_is_cancelled_is_taken_out_by_the_same_identity() -> None:
    entry = an_entry(status=EntryStatus.CANCELLED, sequence=4)
    calendar = icalendar.Calendar.from_ical(invitation(entry, STATION, VOLUNTEER, answer=True))
    assert (method_of(entry), calendar["METHOD"]) == ("CANCEL", "CANCEL")
    (event,) = calendar.events
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("duty-1@demo", 4, "CANCELLED")


def test_one_entry_is_a_file_that_calendars_take_in() -> None:
    calendar = icalendar.Calendar.from_ical(file_of(an_entry()))
    assert calendar["METHOD"] == "PUBLISH"
    assert "X-WR-CALNAME" not in calendar
    assert [str(event["UID"]) for event in calendar.events] == ["duty-1@demo"]
    assert len(calendar.timezones) == 1


@pytest.mark.parametrize("partstat", Partstat)
def test_an_answer_is_read(partstat: Partstat) -> None:
    assert answers_in(reply(partstat)) == (Answer("duty-1@demo", "v@example.org", partstat),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"BEGIN:VCALENDAR",
        reply(method="REQUEST"),
        reply("NEEDS-ACTION"),
        reply("DELEGATED"),
        reply().replace(b"mailto:V@", b"tel:V@"),
        reply().replace(b"ATTENDEE;", b"X-ATTENDEE;"),
        reply() + b" " * LONGEST_ANSWER,
    ],
)
def test_what_is_no_answer_is_none(content: bytes) -> None:
    assert answers_in(content) == ()


@given(st.binary(max_size=400), st.integers(0, 300))
def test_nothing_that_a_stranger_sends_breaks_the_reader(content: bytes, place: int) -> None:
    answer = reply()
    for broken in (content, answer[:place] + content + answer[place:]):
        assert all(isinstance(one.partstat, Partstat) for one in answers_in(broken))
