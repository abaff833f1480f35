"""Tests of reading when somebody is busy from their own calendar."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.feeds.busy import Busy, busy_times, joined
from core.feeds.confined import busy_of_stranger
from core.feeds.series import Moment, moments_of
from core.feeds.straining import UnreadableCalendarError

_FROM, _TO = datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2028-01-01")
_ZONE = "Asia/Shanghai"


def _calendar(*events: str, before: str = "") -> bytes:
    entries = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{before}{entries}END:VCALENDAR\n".encode()


def _busy(*events: str, zone: str = _ZONE, before: str = "") -> Busy:
    return busy_times(_calendar(*events, before=before), (_FROM, _TO), zone)


def _told(busy: Busy) -> list[str]:
    return [f"{begin:%m-%d %H:%M}–{end:%m-%d %H:%M}" for begin, end in busy.times]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ("DTSTART:20270301T010000Z\nDTEND:20270301T020000Z", ["03-01 09:00–03-01 10:00"]),
        ("DTSTART:20270301T090000\nDURATION:PT90M", ["03-01 09:00–03-01 10:30"]),
        ("DTSTART;TZID=Europe/Berlin:20270301T090000\nDURATION:PT1H", ["03-01 16:00–03-01 17:00"]),
        ("DTSTART;TZID=China Standard Time:20270301T090000\nDURATION:PT1H", ["03-01 09:00–03-01 10:00"]),
        ("DTSTART;TZID=/x.org/2005/Asia/Tokyo:20270301T090000\nDURATION:PT1H", ["03-01 08:00–03-01 09:00"]),
        ("DTSTART;VALUE=DATE:20270301", ["03-01 00:00–03-02 00:00"]),
        ("DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270301", ["03-01 00:00–03-02 00:00"]),
        ("DTSTART;VALUE=DATE:20270301\nDTEND;VALUE=DATE:20270304", ["03-01 00:00–03-04 00:00"]),
        ("DTSTART:20270301T090000\nDTEND:20270301T090000", []),
        ("DTSTART:20270301T100000\nDTEND:20270301T090000", []),
        ("DTSTART:20270301T090000\nDURATION:PT1H\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20270301T090000\nDURATION:PT1H\nSTATUS:CANCELLED", []),
        ("DTSTART:20270301T090000\nDURATION:PT1H\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("DTSTART:20270301T090000\nDURATION:PT1H\nSTATUS:TENTATIVE", ["03-01 09:00–03-01 10:00"]),
        ("DTSTART:20261231T230000\nDTEND:20270101T010000", ["01-01 00:00–01-01 01:00"]),
        ("DTSTART:20260301T090000\nDTEND:20260301T100000", []),
    ],
)
def test_an_entry_takes_the_time_that_it_says(event: str, told: list[str]) -> None:
    found = _busy(f"UID:1\n{event}")
    assert (_told(found), found.unread) == (told, 0)


def test_a_series_leaves_out_its_exceptions_and_takes_its_additions() -> None:
    found = _busy(
        "UID:1\nDTSTART;TZID=Asia/Shanghai:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4\n"
        "EXDATE:20270308T010000Z\nRDATE;TZID=Asia/Shanghai:20270303T090000",
        "UID:1\nRECURRENCE-ID;TZID=Asia/Shanghai:20270315T090000\nDTSTART:20270316T060000Z\nDURATION:PT2H",
    )
    assert _told(found) == [
        "03-01 09:00–03-01 10:00",
        "03-03 09:00–03-03 10:00",
        "03-16 14:00–03-16 16:00",
        "03-22 09:00–03-22 10:00",
    ]


def test_a_cancelled_exception_frees_its_time() -> None:
    found = _busy(
        "UID:1\nDTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
        "UID:1\nRECURRENCE-ID:20270308T090000\nDTSTART:20270308T090000\nDURATION:PT1H\nSTATUS:CANCELLED",
    )
    assert _told(found) == ["03-01 09:00–03-01 10:00"]


def test_an_exception_for_all_that_follow_moves_them() -> None:
    found = _busy(
        "UID:1\nDTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3",
        "UID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270308T090000\nDTSTART:20270309T100000\nDURATION:PT2H",
    )
    assert _told(found) == ["03-01 09:00–03-01 10:00", "03-09 10:00–03-09 12:00", "03-16 10:00–03-16 12:00"]


def test_a_series_keeps_its_own_clock_when_that_is_put_forward() -> None:
    found = _busy("UID:1\nDTSTART;TZID=Europe/Berlin:20270327T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2")
    assert _told(found) == ["03-27 17:00–03-27 18:00", "03-28 16:00–03-28 17:00"]


def test_a_series_from_long_ago_ends_where_it_says() -> None:
    found = _busy("UID:1\nDTSTART;VALUE=DATE:20050101\nRRULE:FREQ=YEARLY;UNTIL=20270101")
    assert _told(found) == ["01-01 00:00–01-02 00:00"]


def test_a_zone_that_only_the_calendar_knows_counts_by_its_rules() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Station\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0600\nTZOFFSETTO:+0600\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    found = _busy("UID:1\nDTSTART;TZID=Station:20270301T090000\nDURATION:PT1H", before=zone)
    assert _told(found) == ["03-01 11:00–03-01 12:00"]


def test_times_taken_without_entries_count_unless_they_are_free() -> None:
    told = (
        "BEGIN:VFREEBUSY\nFREEBUSY:20270301T010000Z/PT1H,20270302T010000Z/20270302T020000Z\n"
        "FREEBUSY;FBTYPE=FREE:20270303T010000Z/PT1H\nEND:VFREEBUSY\n"
    )
    assert _told(_busy(before=told)) == ["03-01 09:00–03-01 10:00", "03-02 09:00–03-02 10:00"]


@pytest.mark.parametrize(
    "event",
    [
        "DTSTART:20270301T25",
        "DTSTART;TZID=Nowhere/Land:20270301T090000\nDURATION:PT1H",
        "DTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES",
        "DTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0",
        "DTSTART:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=SECONDLY",
        "SUMMARY:when?",
    ],
)
def test_an_entry_that_makes_no_sense_is_counted_and_the_others_are_read(event: str) -> None:
    found = _busy(f"UID:1\n{event}", "UID:2\nDTSTART:20270401T090000\nDURATION:PT1H")
    assert found.unread == 1
    assert "04-01 09:00–04-01 10:00" in _told(found)


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 5),
    st.sampled_from(["", ";BYDAY=MO,TH", ";BYMONTH=3,4", ";BYDAY=SU;WKST=SU", ";COUNT=40", ";UNTIL=20270401"]),
    st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2027-03-01")),
)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_an_old_series_goes_on_as_it_began(frequency: str, interval: int, more: str, begin: datetime) -> None:
    start, since, until = (
        Moment(begin, None),
        datetime.fromisoformat("2027-02-01"),
        datetime.fromisoformat("2027-06-01"),
    )
    rule = [f"FREQ={frequency};INTERVAL={interval}{more}"]
    whole = moments_of(start, rule, [], since=datetime.min, until=until)  # noqa: DTZ901 (a clock's)
    near = moments_of(start, rule, [], since=since, until=until)
    assert [one for one in near if one >= since] == [one for one in whole if one >= since]


def test_nothing_but_times_comes_out() -> None:
    found = _busy("UID:secret-uid\nSUMMARY:secret\nDESCRIPTION:secret\nDTSTART:20270301T090000\nDURATION:PT1H")
    assert "secret" not in repr(found)


def test_stretches_that_touch_become_one() -> None:
    times = [_FROM + timedelta(hours=hour) for hour in range(4)]
    assert list(joined([(times[2], times[3]), (times[0], times[1]), (times[1], times[2])])) == [(times[0], times[3])]


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe\x00", b"BEGIN:VEVENT\nEND:VEVENT\n"])
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableCalendarError, match="no_calendar"):
        busy_of_stranger(content, (_FROM, _TO), _ZONE)


_ENDLESS = "UID:{}\nDTSTART:20270301T090000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"


def test_one_endless_series_costs_only_itself() -> None:
    content = _calendar(_ENDLESS.format(1), "UID:2\nDTSTART:20270401T090000\nDURATION:PT1H")
    found = busy_of_stranger(content, (_FROM, _TO), _ZONE)
    assert (_told(found), found.unread) == (["04-01 09:00–04-01 10:00"], 1)


@pytest.mark.parametrize(
    "content",
    [
        _calendar(*(_ENDLESS.format(number) for number in range(500))),
        _calendar(*(f"UID:{number}\nDTSTART:20270301T090000\nDURATION:PT1H" for number in range(6_000))),
        b"BEGIN:VCALENDAR\n" + b"X" * 5_000_000,
    ],
    ids=["endless", "entries", "bytes"],
)
def test_too_much_of_a_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableCalendarError, match="too_much"):
        busy_of_stranger(content, (_FROM, _TO), _ZONE)


def test_a_large_calendar_that_is_mostly_past_is_read() -> None:
    past = [f"UID:{n}\nDTSTART:2020010{n % 9 + 1}T090000\nDURATION:PT1H\nSUMMARY:{'x' * 200}" for n in range(4_000)]
    found = busy_of_stranger(_calendar(*past, "UID:new\nDTSTART:20270301T090000\nDURATION:PT1H"), (_FROM, _TO), _ZONE)
    assert _told(found) == ["03-01 09:00–03-01 10:00"]


def test_the_window_bounds_what_is_told() -> None:
    content = _calendar("UID:1\nDTSTART:20270301T000000\nDURATION:P3D")
    day = datetime.fromisoformat("2027-03-02")
    assert busy_times(content, (day, day + timedelta(days=1)), _ZONE).times == ((day, day + timedelta(days=1)),)


def test_mutated_calendars_crash_nothing() -> None:
    program = Path(__file__).parents[2] / "benchmarks/strange_calendars.py"
    done = subprocess.run([sys.executable, program, "400"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "crashed                                           0" in done.stdout
