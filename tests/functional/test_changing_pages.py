"""Pages that change something: publishing, closing days, arranged years and activities."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.db.models import Activity, ActivitySession, ArrangedYear, AuditEntry, Closure, FeedItem, Plan, Venue
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County, deed

YEAR = "年份,2027\n来源,某通知\n发布日期,2026-11-04\n放假,2027-01-01,2027-01-03,元旦\n上班,2027-01-10\n"


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the key of one program."""
    return ("sst",)


def test_publishing_shows_first_what_it_changes_and_then_does_it(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/plans/{county.here.plan}/publish"
    with _unchanged(database):
        page = browser.get(path).get_data(as_text=True)
    assert "已取消" in page
    assert "青石绘画课" in page
    assert browser.send(path, {}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Plan, county.here.plan).status is PlanStatus.PUBLISHED
        assert session.get_one(ActivitySession, county.here.session).status is SessionStatus.CANCELLED


def test_a_plan_is_published_once(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/plans/{county.here.plan}/publish"
    answers = [browser.send(path, {}, seen_on="/plans/").status_code for _ in range(2)]
    assert answers == [302, 409]
    assert "已经公布" in browser.get(path).get_data(as_text=True)


def test_the_page_of_a_run_tells_cost_bound_and_amounts(sign_in: Callable[[Role], Browser], county: County) -> None:
    page = sign_in(Role.STATION_STAFF).get(f"/plans/{county.here.plan}").get_data(as_text=True)
    assert "120" in page
    assert "100" in page
    assert "空缺的必需岗位人数" in page


def test_the_page_of_a_run_says_what_is_short_and_why(sign_in: Callable[[Role], Browser], county: County) -> None:
    page = sign_in(Role.ORGANIZER).get(f"/plans/{county.here.plan}").get_data(as_text=True)
    assert "青石绘画课 第1场" in page
    assert "没有人会教学。" in page
    assert f"/activities/{county.here.activity}" in page


def test_closing_a_day_shows_first_whom_it_hits_and_then_cancels(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    form = {"place": str(county.here.station), "first": "2026-11-28", "last": "2026-11-28", "reason": "暴雨"}
    address = "/calendar/closures/new?" + "&".join(f"{key}={value}" for key, value in form.items())
    with _unchanged(database):
        page = browser.get(address).get_data(as_text=True)
    assert "将取消已公布的2场" in page
    assert browser.send("/calendar/closures", form, seen_on=address).status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.get_one(ActivitySession, county.here.session)
        assert (row.status, row.reason) == (SessionStatus.CANCELLED, "暴雨")
        assert session.get_one(ActivitySession, county.elsewhere.session).status is SessionStatus.HELD


def test_a_room_can_be_closed_alone(sign_in: Callable[[Role], Browser], county: County) -> None:
    query = f"?place={county.here.room}&first=2026-11-28&last=2026-11-28&reason=漏水"
    page = sign_in(Role.STATION_STAFF).get(f"/calendar/closures/new{query}").get_data(as_text=True)
    assert "将取消已公布的1场" in page


@pytest.mark.parametrize(
    ("first", "last", "reason"), [("2026-11-29", "2026-11-28", "暴雨"), ("", "2026-11-28", "暴雨"), ("x", "y", "")]
)
def test_a_closure_that_makes_no_sense_is_refused_with_a_reason(
    sign_in: Callable[[Role], Browser], database: Database, county: County, first: str, last: str, reason: str
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    form = {"place": str(county.here.station), "first": first, "last": last, "reason": reason}
    with _unchanged(database):
        asked = browser.get("/calendar/closures/new?" + "&".join(f"{key}={value}" for key, value in form.items()))
        sent = browser.send("/calendar/closures", form, seen_on="/calendar/")
    assert (asked.status_code, sent.status_code) == (422, 422)
    assert "error-summary" in asked.get_data(as_text=True)


def test_another_stations_place_can_not_be_closed(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    form = {"place": str(county.elsewhere.station), "first": "2026-11-28", "last": "2026-11-28", "reason": "x"}
    with _unchanged(database):
        answer = sign_in(Role.STATION_STAFF).send("/calendar/closures", form, seen_on="/calendar/")
    assert answer.status_code == 422


def test_a_closure_can_be_taken_back(sign_in: Callable[[Role], Browser], database: Database, county: County) -> None:
    path = f"/calendar/closures/{county.here.closure}/reopen"
    assert sign_in(Role.STATION_STAFF).send(path, {}, seen_on="/calendar/").status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get(Closure, county.here.closure) is None


@pytest.mark.parametrize("by_file", [True, False])
def test_a_year_is_arranged_by_text_or_by_file(sign_in: Callable[[Role], Browser], *, by_file: bool) -> None:
    browser = sign_in(Role.ORGANIZER)
    assert "2027年的放假安排还是暂定" in browser.get("/calendar/").get_data(as_text=True)
    form = {"file": (BytesIO(YEAR.encode("utf-8-sig")), "2027.csv")} if by_file else {"text": YEAR}
    assert browser.send("/calendar/years/new", form).status_code == 302
    page = browser.get("/calendar/").get_data(as_text=True)
    assert "2027年的放假安排还是暂定" not in page
    assert "某通知" in page
    assert "暂定" not in browser.get("/timetable/?week=2027-01-09").get_data(as_text=True)


def test_an_arrangement_with_an_error_names_the_line(sign_in: Callable[[Role], Browser], database: Database) -> None:
    with _unchanged(database):
        answer = sign_in(Role.ORGANIZER).send("/calendar/years/new", {"text": YEAR.replace("01-10", "13-10")})
    assert answer.status_code == 422
    assert "第5行" in answer.get_data(as_text=True)


def test_an_activity_is_described_by_its_types_form(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser = sign_in(Role.ORGANIZER)
    assert "亲情陪伴" in browser.get(f"/activities/new/{county.here.term}").get_data(as_text=True)
    answer = browser.send(f"/activities/new/{county.here.term}/sst.companionship", _an_activity())
    assert answer.status_code == 302, answer.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(Activity).where(Activity.title == "包饺子")).one()
        assert row.settings == {"theme": "包饺子", "with_guardians": True, "video_call": False}
        assert row.times == ["09:00", "14:30"]
        assert row.weekdays == [5, 6]
        assert [role.role for role in row.roles] == ["companion", "helper"]
        assert len(row.sessions) == 3
        assert row.station_id == county.here.station


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"times": "9 o'clock"},
        {"session_count": "0"},
        {"min_adults": "1"},
        {"first": "2020-01-01"},
        {"role_0-wanted": "1"},
        {"setting_theme": ""},
        {"setting_theme": "x" * 81},
        {"zones": "no such zone"},
        {"title": "青石绘画课"},
    ],
    ids=str,
)
def test_an_activity_that_can_not_be_is_refused_with_a_reason(
    sign_in: Callable[[Role], Browser], database: Database, county: County, wrong: dict[str, str]
) -> None:
    with _unchanged(database):
        answer = sign_in(Role.ORGANIZER).send(
            f"/activities/new/{county.here.term}/sst.companionship", {**_an_activity(), **wrong}
        )
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_a_changed_activity_keeps_its_published_sessions(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/activities/{county.here.activity}"
    assert browser.send(path, {**_an_activity(), "session_count": "5"}).status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Activity, county.here.activity)
        assert len(row.sessions) == 5
        assert row.sessions[0].id == county.here.session
        assert row.sessions[0].status is SessionStatus.HELD


def test_a_form_that_is_sent_back_as_it_was_shown_changes_nothing(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Activity, county.here.activity)
        row.zones, row.features, row.settings = [], [], {"theme": "画画"}
        row.room_choices.clear()
        row.place_id = session.scalars(select(Venue.id).where(Venue.station_id == row.station_id)).first()
        row.roles[0].max_people = 4
        assert row.place_id is not None
    before = _described(database, county.here.activity)
    browser, path = sign_in(Role.ORGANIZER), f"/activities/{county.here.activity}"
    shown = fields_of(browser.get(path).get_data(as_text=True))
    assert browser.send(path, shown).status_code == 302
    after = _described(database, county.here.activity)
    # Answers that the form asks for and nobody gave are given now.
    after["settings"] = {key: after["settings"][key] for key in before["settings"]}
    assert after == before


def _described(database: Database, activity_id: UUID) -> dict[str, Any]:
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Activity, activity_id)
        roles = [
            (role.role, role.skill, role.required, role.wanted, role.continuity, role.max_people) for role in row.roles
        ]
        columns = {column.key: getattr(row, column.key) for column in Activity.__table__.columns}
        return {**columns, "roles": roles, "groups": sorted(choice.group_id for choice in row.group_choices)}


def test_what_staff_change_is_in_the_audit_log(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    sign_in(Role.ORGANIZER).send(f"/activities/{county.here.activity}", _an_activity())
    with database.reading(EVERYTHING) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "activity.changed")).one()
        assert entry.actor_id == county.here.users[Role.ORGANIZER]


def _an_activity() -> dict[str, str | list[str]]:
    return {
        "title": "包饺子",
        "session_count": "3",
        "duration": "90",
        "size": "16",
        "times": "14:30, 09:00",
        "weekdays": ["5", "6"],
        "zones": ["activity"],
        "min_adults": "2",
        "priority": "1",
        "max_per_day": "1",
        "min_days": "1",
        "role_0-required": "2",
        "role_0-wanted": "3",
        "role_1-required": "0",
        "role_1-wanted": "1",
        "setting_theme": "包饺子",
        "setting_with_guardians": "y",
    }


@contextmanager
def _unchanged(database: Database) -> Iterator[None]:
    """See that the block changes none of what the pages are about."""
    before = _fingerprint(database)
    yield
    assert _fingerprint(database) == before


def _fingerprint(database: Database) -> list[object]:
    with database.reading(EVERYTHING) as session:
        sessions = session.execute(select(ActivitySession.id, ActivitySession.status).order_by(ActivitySession.id))
        counted = (Activity, ArrangedYear, Closure, FeedItem, Plan)
        deeds = select(func.count()).select_from(AuditEntry).where(deed())
        counts = [session.scalar(select(func.count()).select_from(model)) for model in counted]
        return [sessions.all(), session.scalar(deeds), *counts]
