"""Feeds as bytes, read back with two independent parsers."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.ics import render, tag_of

START = datetime(2027, 1, 25, 9)  # noqa: DTZ001 - wall-clock time of the station
SHANGHAI = ZoneInfo("Asia/Shanghai")
AWKWARD = "亲子阅读, 第1场; C:\\new\n带水杯 🎉"


def an_entry(number: int = 1, **changes: object) -> FeedEntry:
    values: dict[str, object] = {
        "uid": f"session-{number}@demo",
        "sequence": 0,
        "starts_at": START + timedelta(days=number),
        "ends_at": START + timedelta(days=number, hours=1),
        "timezone": "Asia/Shanghai",
        "title": "亲子阅读",
        "changed_at": datetime(2026, 11, 1, 8, 30, 15, 999, tzinfo=UTC),
    }
    return FeedEntry(**{**values, **changes})  # type: ignore[arg-type]


def a_feed(*entries: FeedEntry, **changes: object) -> Feed:
    values: dict[str, object] = {"name": "青阳未保站", "entries": entries, "timezone": "Asia/Shanghai"}
    return Feed(**{**values, **changes})  # type: ignore[arg-type]


def events_of(content: bytes) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar.errors == []
    assert all(event.errors == [] for event in calendar.events)
    return calendar.events


def lines_of(content: bytes) -> list[str]:
    """Return the content lines unfolded."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def event_blocks(content: bytes) -> dict[str, bytes]:
    blocks = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", content, re.DOTALL)
    return {re.search(rb"UID:(.*)\r\n", block).group(1).decode(): block for block in blocks}  # type: ignore[union-attr]


def test_a_feed_of_one_session_is_this_text() -> None:
    entry = an_entry(sequence=2, location="活动室 1", description="带水杯", categories=("SST", "阅读"))
    content = render(a_feed(entry, description="公开场次", url="https://example.org/timetable"))
    assert content.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Weibao//Calendar feeds//ZH",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:公开场次",
        "X-WR-CALDESC:公开场次",
        "NAME:青阳未保站",
        "X-WR-CALNAME:青阳未保站",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "URL;VALUE=URI:https://example.org/timetable",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-TIMEZONE:Asia/Shanghai",
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:20200101T000000",
        "TZNAME:CST",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "SUMMARY:亲子阅读",
        "DTSTART;TZID=Asia/Shanghai:20270126T090000",
        "DTEND;TZID=Asia/Shanghai:20270126T100000",
        "DTSTAMP:20261101T083015Z",
        "UID:session-1@demo",
        "SEQUENCE:2",
        "CATEGORIES:SST,阅读",
        "DESCRIPTION:带水杯",
        "LAST-MODIFIED:20261101T083015Z",
        "LOCATION:活动室 1",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_icalendar_reads_back_what_was_written() -> None:
    entry = an_entry(title=AWKWARD, location=AWKWARD, description=AWKWARD, categories=("a, b", "c; d"))
    (event,) = events_of(render(a_feed(entry)))
    assert [str(event[key]) for key in ("summary", "location", "description")] == [AWKWARD] * 3
    assert event.categories == ["a, b", "c; d"]
    assert event.start == entry.starts_at.replace(tzinfo=SHANGHAI)
    assert event.end == entry.ends_at.replace(tzinfo=SHANGHAI)
    assert event.DTSTAMP == event.LAST_MODIFIED == entry.changed_at.replace(microsecond=0)


def test_vobject_reads_back_what_was_written() -> None:
    entry = an_entry(title=AWKWARD, location=AWKWARD, description=AWKWARD)
    calendar = vobject.readOne(render(a_feed(entry, name=AWKWARD)).decode())
    event = calendar.vevent
    assert [item.value for item in calendar.contents["x-wr-calname"]] == [AWKWARD]
    assert [event.summary.value, event.location.value, event.description.value] == [AWKWARD] * 3
    assert event.dtstart.value.replace(tzinfo=None) == entry.starts_at
    assert event.dtstart.value.utcoffset() == timedelta(hours=8)
    assert event.uid.value == entry.uid


def test_a_feed_of_no_sessions_is_still_a_calendar() -> None:
    content = render(a_feed())
    assert events_of(content) == []
    assert "TZID:Asia/Shanghai" in lines_of(content)
    assert vobject.readOne(content.decode()).version.value == "2.0"


def test_a_subscription_has_no_method() -> None:
    assert not any(line.startswith("METHOD") for line in lines_of(render(a_feed(an_entry()))))


@pytest.mark.parametrize(
    ("refresh", "written"),
    [
        (timedelta(hours=1), "PT1H"),
        (timedelta(minutes=90), "PT1H30M"),
        (timedelta(minutes=15), "PT15M"),
        (timedelta(days=1), "PT24H"),
    ],
)
def test_the_refresh_interval_has_hours_and_minutes_only(refresh: timedelta, written: str) -> None:
    lines = lines_of(render(a_feed(refresh=refresh)))
    assert f"REFRESH-INTERVAL;VALUE=DURATION:{written}" in lines
    assert f"X-PUBLISHED-TTL:{written}" in lines


@pytest.mark.parametrize("key", ["NAME", "X-WR-CALNAME"])
def test_the_name_of_a_calendar_is_escaped(key: str) -> None:
    assert f"{key}:a\\, b\\; c\\nd" in lines_of(render(a_feed(name="a, b; c\nd")))


def test_a_cancelled_session_keeps_its_uid_and_frees_the_time() -> None:
    (event,) = events_of(render(a_feed(an_entry(status=EntryStatus.CANCELLED, sequence=3))))
    assert (event["status"], event["transp"], event["uid"], event["sequence"]) == (
        "CANCELLED",
        "TRANSPARENT",
        "session-1@demo",
        3,
    )


def test_a_tentative_session_is_marked_and_takes_the_time() -> None:
    (event,) = events_of(render(a_feed(an_entry(status=EntryStatus.TENTATIVE))))
    assert (event["status"], event["transp"]) == ("TENTATIVE", "OPAQUE")


def test_the_time_zone_has_no_summer_time_and_no_other_history() -> None:
    (zone,) = icalendar.Calendar.from_ical(render(a_feed(an_entry()))).timezones
    assert (len(zone.standard), len(zone.daylight)) == (1, 0)


def test_the_time_zone_does_not_change_with_the_dates() -> None:
    def zone(*entries: FeedEntry) -> bytes:
        return render(a_feed(*entries)).partition(b"BEGIN:VTIMEZONE")[2].partition(b"END:VTIMEZONE")[0]

    later = an_entry(starts_at=START.replace(year=2035), ends_at=START.replace(year=2036))
    assert zone() == zone(an_entry()) == zone(later) != b""


def test_a_second_time_zone_is_defined_as_well() -> None:
    calendar = icalendar.Calendar.from_ical(render(a_feed(an_entry(timezone="Asia/Urumqi"))))
    assert [zone.tz_name for zone in calendar.timezones] == ["Asia/Shanghai", "Asia/Urumqi"]
    assert calendar.get_missing_tzids() == set()


def test_the_order_of_the_entries_does_not_change_the_bytes() -> None:
    entries = [an_entry(number) for number in range(5)]
    assert render(a_feed(*entries)) == render(a_feed(*reversed(entries)))


def test_an_untouched_event_keeps_its_bytes_when_another_changes() -> None:
    entries = [an_entry(number, title=AWKWARD * 4) for number in (1, 2, 3)]
    changed_at = datetime(2026, 12, 1, tzinfo=UTC)
    moved = replace(entries[1], starts_at=START, ends_at=START + timedelta(hours=2), sequence=1, changed_at=changed_at)
    before = event_blocks(render(a_feed(*entries)))
    after = event_blocks(render(a_feed(entries[0], moved, entries[2])))
    assert before.keys() == after.keys()
    assert {key for key in before if before[key] != after[key]} == {moved.uid}


def test_long_chinese_lines_are_folded_at_75_octets_between_characters() -> None:
    title = "亲子阅读与手工制作🎉" * 40
    content = render(a_feed(an_entry(title=title)))
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert sum(line.startswith(b" ") for line in lines) > 15
    assert all(line.decode("utf-8") is not None for line in lines)
    assert str(events_of(content)[0]["summary"]) == title


def test_every_line_ends_as_the_standard_says() -> None:
    content = render(a_feed(an_entry(title="a\rb\r\nc\nd")))
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
    assert str(events_of(content)[0]["summary"]) == "a\nb\nc\nd"


def test_text_cannot_smuggle_in_another_property() -> None:
    trap = "x\r\nATTENDEE:mailto:a@example.org\r\nEND:VEVENT\u2028END:VCALENDAR\x85\x0bEND:VEVENT"
    content = render(a_feed(an_entry(title=trap, location=trap, description=trap, categories=(trap,)), name=trap))
    (event,) = events_of(content)
    assert "attendee" not in event


def test_an_address_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="may not contain CR or LF"):
        render(a_feed(an_entry(url="https://example.org/\r\nATTENDEE:x")))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t,;\\:\"'nN^"), min_size=1))
@example("\\n")
@example("\\\\n\\,;")
@example("C:\\New")
@example("\\\\N\\\\\\N")
@example(" leading and trailing ")
def test_any_text_comes_back_as_it_was(text: str) -> None:
    content = render(a_feed(an_entry(title=text, location=text, description=text), name=text))
    (event,) = events_of(content)
    assert [str(event[key]) for key in ("summary", "location", "description")] == [text] * 3
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


@given(st.text(st.characters(codec=None), min_size=1))
@example("\ud800\x00\x07")
def test_any_text_at_all_gives_a_calendar(text: str) -> None:
    assert len(events_of(render(a_feed(an_entry(title=text, categories=(text,)), name=text)))) == 1


def test_the_entity_tag_follows_the_bytes() -> None:
    content = render(a_feed(an_entry()))
    assert tag_of(content) == tag_of(render(a_feed(an_entry())))
    assert tag_of(content) != tag_of(render(a_feed(an_entry(sequence=1))))
    assert re.fullmatch(r"[0-9a-f]{32}", tag_of(content))
