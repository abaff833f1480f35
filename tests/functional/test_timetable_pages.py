"""The timetable: for staff, for volunteers and for the public, each as much as is theirs to know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, delete, event
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Assignment, Room, Venue
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import Zone
from tests.functional.browsing import Browser
from tests.functional.county import SATURDAY, County, MovingClock

WEEK = "/timetable/?week=2026-11-28"


def test_staff_see_every_session_with_the_people_it_lacks(sign_in: Callable[[Role], Browser]) -> None:
    page = sign_in(Role.STATION_STAFF).get(WEEK).get_data(as_text=True)
    assert "青石绘画课" in page
    assert "青石静心小组" in page
    assert "缺1人" in page


def test_the_timetable_opens_at_the_week_of_the_next_session(sign_in: Callable[[Role], Browser]) -> None:
    assert "青石绘画课" in sign_in(Role.STATION_STAFF).get("/timetable/").get_data(as_text=True)


def test_a_volunteer_sees_of_a_closed_group_only_where_they_serve(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser = sign_in(Role.VOLUNTEER)
    assert "青石静心小组" in browser.get(WEEK).get_data(as_text=True)
    with database.writing(EVERYTHING) as session:
        session.execute(delete(Assignment))
    page = browser.get(WEEK).get_data(as_text=True)
    assert "青石静心小组" not in page
    assert "青石谈心室" not in page
    assert "站内活动" in page
    assert browser.get(f"/sessions/{county.here.closed_session}").status_code == 404


def test_only_staff_read_the_names_of_those_who_serve(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    path = f"/sessions/{county.here.session}"
    assert "青石陶测试" in sign_in(Role.STATION_STAFF).get(path).get_data(as_text=True)
    volunteer = sign_in(Role.VOLUNTEER)
    assert "青石陶测试" in volunteer.get(path).get_data(as_text=True), "their own duty"
    with database.writing(EVERYTHING) as session:
        session.execute(delete(Assignment))
    assert "青石陶测试" not in volunteer.get(path).get_data(as_text=True)


def test_the_public_notice_names_no_person_and_nothing_closed(visitor: FlaskClient) -> None:
    page = visitor.get("/p/qingshi?week=2026-11-28").get_data(as_text=True)
    assert "青石绘画课" in page
    for secret in ("陶测试", "静心小组", "谈心室", "缺", "站内活动", "organizer"):
        assert secret not in page


def test_the_public_notice_of_a_county_lists_its_stations(visitor: FlaskClient) -> None:
    page = visitor.get("/p/yunshan").get_data(as_text=True)
    assert "/p/qingshi" in page
    assert "/p/yuanqiao" in page


def test_an_unknown_public_address_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get("/p/nowhere").status_code == 404


def test_anybody_of_one_station_can_read_the_notice_of_another(sign_in: Callable[[Role], Browser]) -> None:
    page = sign_in(Role.VOLUNTEER).get("/p/yuanqiao?week=2026-11-28").get_data(as_text=True)
    assert "远桥绘画课" in page
    assert "静心小组" not in page


def test_a_home_visit_is_not_on_the_public_notice(visitor: FlaskClient, database: Database, county: County) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(ActivitySession, county.here.session)
        row.room_id, row.activity.zones = None, []
    assert "青石绘画课" not in visitor.get("/p/qingshi?week=2026-11-28").get_data(as_text=True)


def test_closed_days_and_provisional_ones_are_marked(sign_in: Callable[[Role], Browser]) -> None:
    browser = sign_in(Role.STATION_STAFF)
    assert "闭站：台风" in browser.get("/timetable/?week=2026-12-06").get_data(as_text=True)
    assert "暂定" in browser.get("/timetable/?week=2027-01-09").get_data(as_text=True)
    assert "暂定" not in browser.get(WEEK).get_data(as_text=True)


@pytest.mark.parametrize("week", ["1999-01-01", "9999-12-31", "0001-01-01", "nonsense", ""])
def test_a_week_beyond_the_term_is_the_nearest_one_in_it(sign_in: Callable[[Role], Browser], week: str) -> None:
    assert sign_in(Role.STATION_STAFF).get(f"/timetable/?week={week}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_timetable(
    sign_in: Callable[[Role], Browser], database: Database, county: County
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    # The first page gives the session its form token, which is stored.
    browser.get(WEEK)
    with _counting(database) as few:
        browser.get(WEEK)
    with database.writing(EVERYTHING) as session:
        _fill_the_week(session, county)
    with _counting(database) as many:
        page = browser.get(WEEK).get_data(as_text=True)
    assert page.count("青石绘画课") > 20
    assert len(many) == len(few) <= 18


def test_the_days_ahead_stand_on_the_start_page(sign_in: Callable[[Role], Browser], clock: MovingClock) -> None:
    page = sign_in(Role.ORGANIZER).get("/overview").get_data(as_text=True)
    assert "青石绘画课" in page
    assert "草稿" in page
    clock.advance(timedelta(days=30))
    later = Browser(sign_in(Role.ORGANIZER).client).get("/overview").get_data(as_text=True)
    assert "青石绘画课" not in later


@contextmanager
def _counting(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def _fill_the_week(session: Session, county: County) -> None:
    venue = session.get_one(Venue, session.get_one(Room, county.here.room).venue_id)
    for number in range(24):
        room = Room(
            station_id=county.here.station, venue_id=venue.id, name=f"教室{number}", zone=Zone.ACTIVITY, capacity=20
        )
        session.add(room)
        session.flush()
        start = datetime.combine(SATURDAY, time(10))
        session.add(
            ActivitySession(
                station_id=county.here.station,
                activity_id=county.here.activity,
                position=number + 10,
                status=SessionStatus.HELD,
                starts_at=start,
                ends_at=start + timedelta(hours=1),
                room_id=room.id,
                room_free_at=start + timedelta(hours=1),
            )
        )
