"""When somebody can serve, entered on their own page and for them, and rooms that are shared with others."""

from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from core.config import Settings
from core.daily import Work
from core.db.models import AuditEntry, BusyCalendar, BusyTime, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.availability import Answer, FreeTime
from core.security.fetching import Fetched, FetchError
from core.services import busy_calendars
from core.services.availability import answer_of
from core.waiting import calendars_are_due, fetch_calendars
from tests.functional.browsing import Browser
from tests.functional.county import SATURDAY, County, MovingClock

OWN = "/duties/when"
SignIn = Callable[[Role], Browser]
WEEK = {"cell": ["5-morning", "5-afternoon", "6-evening"], "max_per_day": "2", "deed": "save"}
CALENDAR = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:geheim-uid\r\nSUMMARY:私人事情\r\nLOCATION:某处\r\n"
    "DTSTART;TZID=Asia/Shanghai:20261128T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def answer_in(database: Database, volunteer_id: UUID) -> Answer:
    with database.reading(EVERYTHING) as session:
        return answer_of(session.get_one(Volunteer, volunteer_id))


def calendars(database: Database) -> list[tuple[BusyCalendar, list[tuple[datetime, datetime]]]]:
    with database.reading(EVERYTHING) as session:
        return [
            (row, [(one.starts_at, one.ends_at) for one in row.times])
            for row in session.scalars(select(BusyCalendar).order_by(BusyCalendar.given_at, BusyCalendar.id))
        ]


def test_a_volunteer_taps_a_week_and_says_what_else_counts(county: County, database: Database, sign_in: SignIn) -> None:
    browser = sign_in(Role.VOLUNTEER)
    assert browser.get(OWN).status_code == 200
    sent = browser.send(
        OWN,
        {
            **WEEK,
            "exact_day": ["2", ""],
            "exact_from": ["14:30", ""],
            "exact_to": ["16:00", ""],
            "exact_first": ["", ""],
            "exact_last": ["", ""],
            "single_day": "2026-12-01",
            "single_from": "09:00",
            "single_to": "10:00",
            "away_first": "2026-12-24",
            "away_last": "",
            "max_per_week": "3",
        },
    )
    assert sent.status_code == 302
    answer = answer_in(database, county.here.volunteer)
    assert set(answer.free) == {
        FreeTime(time(8), time(12), 5),
        FreeTime(time(12), time(18), 5),
        FreeTime(time(18), time(21), 6),
        FreeTime(time(14, 30), time(16), 2),
        FreeTime(time(9), time(10), None, date(2026, 12, 1), date(2026, 12, 1)),
    }
    assert (answer.away, answer.max_per_day, answer.max_per_week) == (((date(2026, 12, 24),) * 2,), 2, 3)
    page = browser.get(OWN).get_data(as_text=True)
    assert page.count("checked") >= 3
    assert 'value="14:30"' in page


def test_a_save_is_taken_back_and_again(county: County, database: Database, sign_in: SignIn) -> None:
    browser, before = sign_in(Role.VOLUNTEER), answer_in(database, county.here.volunteer)
    browser.send(OWN, WEEK)
    saved = answer_in(database, county.here.volunteer)
    assert saved != before
    browser.send(OWN, {"deed": "undo"})
    assert answer_in(database, county.here.volunteer) == before
    browser.send(OWN, {"deed": "undo"})
    assert answer_in(database, county.here.volunteer) == saved


def test_the_log_says_that_something_was_saved_and_not_what(
    county: County, database: Database, sign_in: SignIn
) -> None:
    sign_in(Role.VOLUNTEER).send(OWN, WEEK)
    with database.reading(EVERYTHING) as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "availability.saved"))
        assert (entry.subject_id, entry.detail) == (county.here.volunteer, {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_per_day": ""},
        {"max_per_week": "0"},
        {"single_day": "2026-12-01", "single_from": "", "single_to": ""},
        {"single_day": "2026-12-01", "single_from": "10:00", "single_to": "09:00"},
        {"away_first": "2026-12-24", "away_last": "2026-12-23"},
        {"away_first": "soon", "away_last": ""},
        {"only_with": "没有这个人"},
        {"venues": "00000000-0000-0000-0000-000000000000"},
        {"deed": "undo"},
        {"deed": "carry_on"},
    ],
)
def test_what_can_not_be_meant_comes_back_as_it_was_sent(
    county: County, database: Database, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    before = answer_in(database, county.here.volunteer)
    sent = sign_in(Role.VOLUNTEER).send(OWN, {**WEEK, **wrong})
    assert sent.status_code == 422
    assert 'value="5-morning"' in sent.get_data(as_text=True)
    assert answer_in(database, county.here.volunteer) == before


def test_the_last_terms_pattern_is_copied_into_the_coming_one(
    county: County, database: Database, sign_in: SignIn
) -> None:
    browser = sign_in(Role.VOLUNTEER)
    browser.send(OWN, {**WEEK, "period_first": "2026-03-01", "period_last": "2026-06-30"})
    assert "carry_on" in browser.get(OWN).get_data(as_text=True)
    assert browser.send(OWN, {"deed": "carry_on"}).status_code == 302
    answer = answer_in(database, county.here.volunteer)
    assert {one.weekday for one in answer.free} == {5, 6}
    assert all(one.first is not None and one.first > date(2026, 7, 1) for one in answer.free)
    assert "carry_on" not in browser.get(OWN).get_data(as_text=True)


def test_with_whom_is_for_the_person_and_the_head_and_survives_what_staff_enter(
    county: County, database: Database, sign_in: SignIn
) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Volunteer, county.here.volunteer)
        other = Volunteer(
            station_id=row.station_id,
            number="Y-9",
            name="某同伴",
            kind=row.kind,
            birth_date=row.birth_date,
            max_sessions=1,
        )
        session.add(other)
        session.flush()
        other_id = other.id
    sign_in(Role.VOLUNTEER).send(OWN, {**WEEK, "never_with": "某同伴"})
    assert answer_in(database, county.here.volunteer).company.never_with == {other_id}
    address = f"/volunteers/{county.here.volunteer}/when"
    staff, head = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    assert "某同伴" not in staff.get(address).get_data(as_text=True)
    assert staff.send(address, {**WEEK, "max_per_day": "1", "never_with": ""}).status_code == 302
    answer = answer_in(database, county.here.volunteer)
    assert (answer.max_per_day, answer.company.never_with) == (1, {other_id})
    assert "某同伴" in head.get(address).get_data(as_text=True)
    assert head.send(address, {**WEEK, "never_with": ""}).status_code == 302
    assert answer_in(database, county.here.volunteer).company.never_with == frozenset()


def test_a_file_gives_busy_times_and_nothing_else(
    county: County, database: Database, sign_in: SignIn, settings: Settings
) -> None:
    sent = sign_in(Role.VOLUNTEER).send(f"{OWN}/calendars", {"file": (BytesIO(CALENDAR), "私人.ics")}, seen_on=OWN)
    assert sent.status_code == 302
    ((row, times),) = calendars(database)
    begin = datetime.combine(SATURDAY, time(9))
    assert (row.volunteer_id, times) == (county.here.volunteer, [(begin, begin.replace(hour=10))])
    written = b"".join(path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file())
    assert written
    assert not any(word.encode() in written for word in ("私人事情", "geheim-uid", "某处", "私人.ics"))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"url": "http://127.0.0.1:6379/"},
        {"url": "https://user:word@calendar.example/"},
        {"url": "file:///etc/passwd"},
        {"file": (BytesIO(b"<html></html>"), "a.ics")},
        {"drop": "nothing"},
    ],
)
def test_what_is_no_calendar_is_refused_with_a_reason(
    county: County, database: Database, sign_in: SignIn, wrong: dict[str, object]
) -> None:
    sent = sign_in(Role.VOLUNTEER).send(f"{OWN}/calendars", wrong, seen_on=OWN)
    assert sent.status_code == 422
    assert calendars(database) == []


def test_an_address_is_sealed_fetched_by_the_clock_and_its_failure_is_shown(
    county: County,
    database: Database,
    sign_in: SignIn,
    settings: Settings,
    clock: MovingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = sign_in(Role.VOLUNTEER)
    browser.send(f"{OWN}/calendars", {"url": "webcal://calendar.example/secret-word.ics"}, seen_on=OWN)
    with database.engine.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT url FROM busy_calendars").scalars()
    assert b"secret" not in stored
    answers: list[Fetched | FetchError] = [Fetched(CALENDAR, '"a"'), Fetched(None, '"a"'), FetchError("name")]
    asked: list[tuple[str, str]] = []

    def fetch(url: str, *, etag: str, **_others: object) -> Fetched:
        asked.append((url, etag))
        answer = answers.pop(0)
        if isinstance(answer, FetchError):
            raise answer
        return answer

    monkeypatch.setattr(busy_calendars, "fetch", fetch)
    work = Work(database, clock, settings)
    for _ in range(3):
        assert calendars_are_due(work)
        fetch_calendars(work)
        assert not calendars_are_due(work)
        ((row, times),) = calendars(database)
        assert len(times) == 1
        clock.advance(busy_calendars.EVERY)
    assert asked == [
        ("https://calendar.example/secret-word.ics", ""),
        ("https://calendar.example/secret-word.ics", '"a"'),
        ("https://calendar.example/secret-word.ics", ""),
    ]
    browser = sign_in(Role.VOLUNTEER)
    page = browser.get(OWN).get_data(as_text=True)
    assert "找不到这个地址" in page
    assert "secret" not in page
    assert browser.send(f"{OWN}/calendars", {"drop": str(row.id)}, seen_on=OWN).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(BusyTime)).all() == []


def test_a_shared_room_is_taken_by_hand_and_clashes_are_listed(
    county: County, database: Database, sign_in: SignIn
) -> None:
    address, organizer = f"/rooms/{county.here.room}", sign_in(Role.ORGANIZER)
    taken = {
        "deed": "hand",
        "single_day": [SATURDAY.isoformat(), ""],
        "single_from": ["09:30", ""],
        "single_to": ["11:00", ""],
    }
    assert organizer.send(address, taken).status_code == 302
    begin = datetime.combine(SATURDAY, time(9, 30))
    ((row, times),) = calendars(database)
    assert (row.room_id, times) == (county.here.room, [(begin, datetime.combine(SATURDAY, time(11)))])
    for page in (address, "/rooms/"):
        assert str(county.here.session) in organizer.get(page).get_data(as_text=True)
    assert organizer.send(address, {**taken, "single_to": ["09:00", ""]}).status_code == 422
    assert organizer.send(address, {"drop": str(row.id)}).status_code == 302
    assert str(county.here.session) not in organizer.get("/rooms/").get_data(as_text=True)


def test_nobody_takes_away_what_is_anothers(county: County, database: Database, sign_in: SignIn) -> None:
    sign_in(Role.ORGANIZER).send(f"/rooms/{county.here.room}", {"file": (BytesIO(CALENDAR), "a.ics")})
    ((row, _),) = calendars(database)
    assert sign_in(Role.VOLUNTEER).send(f"{OWN}/calendars", {"drop": str(row.id)}, seen_on=OWN).status_code == 404
    assert len(calendars(database)) == 1
