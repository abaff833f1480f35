"""A course's page: its modules with their days, who missed which, and where that can be made up."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db.models import ActivitySession, Attendance, GroupMember
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import Presence
from core.hooks.reports import Period
from core.hooks.types import ActivityOutline, PlannedOutline
from core.services.program_facts import activities_of, terms_ahead
from plugins.sst.publishing import objections
from plugins.sst.reports import taking_part
from tests.functional.browsing import Browser
from tests.functional.county import SATURDAY, County
from tests.functional.plugins.sst.conftest import Courses

SignIn = Callable[[Role], Browser]


def page_of(browser: Browser, course: UUID) -> str:
    return browser.get(f"/sst/courses/{course}").get_data(as_text=True)


def test_staff_see_who_missed_a_module_and_which_make_up_fits(sign_in: SignIn, courses: Courses) -> None:
    page = page_of(sign_in(Role.STATION_STAFF), courses.course)
    for words in ("认识情绪", "生气了怎么办", "说出感受", "C001 例童1", "11月30日"):
        assert words in page
    assert "C002" not in page
    assert "已补课" not in page


def test_who_came_to_the_make_up_has_made_it_up(
    sign_in: SignIn, courses: Courses, database: Database, county: County
) -> None:
    with database.writing(EVERYTHING) as session:
        held = session.scalars(select(ActivitySession).where(ActivitySession.activity_id == courses.make_up)).first()
        note = Attendance(
            station_id=county.here.station,
            session_id=held.id,
            child_id=courses.children[0],
            presence=Presence.PRESENT,
            noted_at=session.scalars(select(Attendance.noted_at)).first(),
        )
        session.add(note)
    assert "已补课" in page_of(sign_in(Role.ORGANIZER), courses.course)


def test_the_list_counts_children_and_sessions(sign_in: SignIn, courses: Courses) -> None:
    page = sign_in(Role.ORGANIZER).get("/sst/courses").get_data(as_text=True)
    assert "情绪小课堂" in page
    assert "6人（4至8人）" in page
    assert "共3场，已办1场" in page
    assert str(courses.course) in page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANIZER])
def test_administrators_find_the_grants_from_here(sign_in: SignIn, role: Role) -> None:
    page = sign_in(role).get("/sst/courses").get_data(as_text=True)
    assert ("/sst/grants" in page) is (role is Role.ADMINISTRATOR)


def test_without_courses_the_list_says_how_to_begin(sign_in: SignIn) -> None:
    assert "还没有小组课程" in sign_in(Role.ORGANIZER).get("/sst/courses").get_data(as_text=True)


def test_a_course_of_another_station_is_not_found(app: Flask, courses: Courses) -> None:
    stranger = Browser(app.test_client())
    stranger.sign_in("organizer@yuanqiao")
    assert stranger.get(f"/sst/courses/{courses.course}").status_code == 404
    assert "情绪小课堂" not in stranger.get("/sst/courses").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sst/courses", "/sst/grants"])
def test_neither_visitors_nor_volunteers_see_the_pages(sign_in: SignIn, visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 302
    assert sign_in(Role.VOLUNTEER).get(path).status_code == 403


# --- Publishing -----------------------------------------------------------------


def objected(database: Database, county: County, *titles: str, first: int = 0) -> list[str]:
    with database.reading(EVERYTHING) as session:
        term = next(one for one in terms_ahead(session, SATURDAY) if one.id == county.here.term)
        own = [one for one in activities_of(session, "sst", term.id) if one.title in titles]
        planned = [a_planned(one, index) for one in own for index in range(first, one.sessions)]
        return [str(objection.reason) for objection in objections(term, planned, session)]


def a_planned(activity: ActivityOutline, index: int) -> PlannedOutline:
    start = datetime(2026, 12, 5 + index, 16)  # noqa: DTZ001 (the station's wall clock)
    return PlannedOutline(activity, index, start, start, None, {})


def change(database: Database, courses: Courses, *, members: int | None = None, **settings: object) -> None:
    with database.writing(EVERYTHING) as session:
        found = session.get_one(ActivitySession, session.scalars(select(ActivitySession.id)).first()).activity
        course = session.get_one(type(found), courses.course)
        course.settings = {**course.settings, **settings}
        own = GroupMember.group_id.in_([group.id for group in course.groups])
        rows = session.scalars(select(GroupMember).where(own)).all()
        for row in rows[members:] if members is not None else ():
            session.delete(row)


def test_a_course_with_its_children_and_its_make_up_can_be_published(
    database: Database, county: County, courses: Courses
) -> None:
    assert objected(database, county, "情绪小课堂", "补课") == []


@pytest.mark.parametrize(("members", "objects"), [(0, False), (3, True), (4, False)])
def test_a_group_opens_with_its_minimum(
    database: Database, county: County, courses: Courses, members: int, *, objects: bool
) -> None:
    change(database, courses, members=members)
    assert ["opens with 4" in reason for reason in objected(database, county, "情绪小课堂")] == [True] * objects


def test_a_course_that_has_begun_goes_on_with_those_who_stay(
    database: Database, county: County, courses: Courses
) -> None:
    change(database, courses, members=2)
    assert objected(database, county, "情绪小课堂", first=1) == []


def test_too_many_children_or_modules_are_told(database: Database, county: County, courses: Courses) -> None:
    change(database, courses, maximum=5, modules=["一", "二"])
    reasons = objected(database, county, "情绪小课堂")
    assert len(reasons) == 2
    assert "2 modules and 3 sessions" in reasons[0]
    assert "closed at 5" in reasons[1]


def test_a_make_up_needs_its_course(database: Database, county: County, courses: Courses) -> None:
    with database.writing(EVERYTHING) as session:
        found = session.scalars(select(ActivitySession).where(ActivitySession.activity_id == courses.make_up)).one()
        found.activity.settings = {"course": "别的课", "module": 1}
    assert "别的课" in objected(database, county, "补课")[0]


# --- The report -----------------------------------------------------------------


@pytest.mark.parametrize(("absent", "told"), [(1, 5), (2, None)])
def test_the_report_tells_of_no_fewer_than_five(
    database: Database, county: County, courses: Courses, absent: int, told: int | None
) -> None:
    with database.writing(EVERYTHING) as session:
        for row in session.scalars(select(Attendance).where(Attendance.child_id.in_(courses.children[:absent]))):
            row.presence = Presence.EXCUSED
    with database.reading(EVERYTHING) as session:
        table = taking_part(session, Period(county.here.station, SATURDAY, SATURDAY))
    assert table.rows == [("情绪小课堂", 1, told)]
