"""The questionnaire: asked for by one, approved by another, sealed in the database, each look on record."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from core.db.models import Attendance, AuditEntry, Child
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.hooks.reports import Period
from plugins.sst import queries
from plugins.sst.models import Answers, Grant, Occasion
from plugins.sst.reports import changes
from plugins.sst.services import grant_held
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.plugins.sst.conftest import Courses
from tests.integration.builders import restrict

SignIn = Callable[[Role], Browser]
GIVEN = {"first": "5", "second": "4", "third": "3", "fourth": "4", "fifth": "5"}


def ask(browser: Browser, course: UUID, until: str = "2026-12-31", reason: str = "组织小组填写问卷") -> TestResponse:
    page = f"/sst/courses/{course}"
    return browser.send(f"{page}/grant", {"reason": reason, "valid_until": until}, seen_on=f"{page}/answers")


def approve(browser: Browser, database: Database) -> TestResponse:
    with database.reading(EVERYTHING) as session:
        grant = session.scalars(select(Grant.id)).one()
    return browser.send(f"/sst/grants/{grant}/approve", {}, seen_on="/sst/grants")


def enter(browser: Browser, course: UUID, child: UUID, occasion: str = "before", **scores: str) -> TestResponse:
    form = {"child": str(child), "occasion": occasion, **GIVEN, **scores}
    return browser.send(f"/sst/courses/{course}/answers", form)


def look(browser: Browser, course: UUID) -> TestResponse:
    return browser.send(f"/sst/courses/{course}/answers/open", {}, seen_on=f"/sst/courses/{course}/answers")


def deeds(database: Database) -> list[str]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("sst.%"))))


@pytest.fixture
def holder(sign_in: SignIn, courses: Courses, database: Database) -> Browser:
    """Return somebody of the staff whose grant an administrator has approved."""
    staff = sign_in(Role.STATION_STAFF)
    assert ask(staff, courses.course).status_code == 302
    assert approve(sign_in(Role.ADMINISTRATOR), database).status_code == 302
    return staff


def test_without_a_grant_nothing_is_entered_or_opened(sign_in: SignIn, courses: Courses, database: Database) -> None:
    for role in (Role.STATION_STAFF, Role.ORGANIZER, Role.HEAD):
        browser = sign_in(role)
        assert enter(browser, courses.course, courses.children[0]).status_code == 403
        assert look(browser, courses.course).status_code == 403
    assert deeds(database) == []


def test_of_a_child_under_restricted_use_no_answers_are_entered(
    holder: Browser, courses: Courses, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        restrict(session, courses.children[0])
    assert str(courses.children[0]) not in holder.get(f"/sst/courses/{courses.course}/answers").get_data(as_text=True)
    assert enter(holder, courses.course, courses.children[0]).status_code == 422
    assert enter(holder, courses.course, courses.children[1]).status_code == 302


def test_asking_alone_opens_nothing(sign_in: SignIn, courses: Courses) -> None:
    staff = sign_in(Role.STATION_STAFF)
    ask(staff, courses.course)
    assert look(staff, courses.course).status_code == 403


def test_with_a_grant_answers_are_entered_opened_and_each_look_is_on_record(
    holder: Browser, courses: Courses, database: Database
) -> None:
    assert enter(holder, courses.course, courses.children[0]).status_code == 302
    for _ in range(2):
        page = look(holder, courses.course).get_data(as_text=True)
        assert "5 · 4 · 3 · 4 · 5" in page
        assert "例童1" in page
    assert deeds(database) == [
        "sst.grant_asked",
        "sst.grant_approved",
        "sst.answers_entered",
        "sst.answers_opened",
        "sst.answers_opened",
    ]


def test_the_page_to_enter_answers_shows_none(holder: Browser, courses: Courses) -> None:
    enter(holder, courses.course, courses.children[0])
    assert "5 · 4 · 3" not in holder.get(f"/sst/courses/{courses.course}/answers").get_data(as_text=True)


def test_entering_again_replaces(holder: Browser, courses: Courses, database: Database) -> None:
    enter(holder, courses.course, courses.children[0])
    enter(holder, courses.course, courses.children[0], first="1")
    with database.reading(EVERYTHING) as session:
        assert [row.scores for row in session.scalars(select(Answers))] == ["14345"]


def test_no_answer_and_no_child_is_readable_in_the_database(
    holder: Browser, courses: Courses, database: Database
) -> None:
    enter(holder, courses.course, courses.children[0], first="1", second="2", third="2", fourth="1", fifth="2")
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM sst_answers")).mappings().one()
        logged = str(connection.execute(text("SELECT detail FROM audit_entries")).all())
    assert "12212" not in str(dict(row))
    assert b"12212" not in row["scores"]
    assert courses.children[0].hex not in logged.replace("-", "")


def test_unanswered_questions_are_asked_for_again(holder: Browser, courses: Courses, database: Database) -> None:
    answer = enter(holder, courses.course, courses.children[0], third="7")
    assert answer.status_code == 422
    assert "请选择一个数字" in answer.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Answers)).all() == []


@pytest.mark.usefixtures("holder")
def test_a_grant_ends_with_its_day(courses: Courses, county: County, database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        course = queries.course(session, date(2027, 1, 1), courses.course)
        staff = Actor(Role.STATION_STAFF, county.here.station, county.here.users[Role.STATION_STAFF])
        assert grant_held(session, staff, course, date(2026, 12, 31))
        assert grant_held(session, staff, course, date(2027, 1, 1)) is None


def test_nobody_approves_what_they_have_asked_for(sign_in: SignIn, courses: Courses, database: Database) -> None:
    head = sign_in(Role.HEAD)
    ask(head, courses.course)
    assert "等待另一位负责人批准" in head.get("/sst/grants").get_data(as_text=True)
    assert approve(head, database).status_code == 403
    assert deeds(database) == ["sst.grant_asked"]


def test_the_database_too_refuses_a_grant_of_ones_own(courses: Courses, county: County, database: Database) -> None:
    me = county.here.users[Role.ADMINISTRATOR]
    grant = Grant(
        station_id=county.here.station,
        activity_id=courses.course,
        user_id=me,
        reason="x",
        valid_until=date(2026, 12, 31),
        asked_at=MovingClock().now(),
        approved_by_id=me,
        approved_at=MovingClock().now(),
    )
    with pytest.raises(IntegrityError), database.writing(EVERYTHING) as session:
        session.add(grant)


@pytest.mark.parametrize("role", [Role.STATION_STAFF, Role.ORGANIZER])
def test_only_those_in_charge_approve(sign_in: SignIn, courses: Courses, role: Role) -> None:
    ask(sign_in(Role.STATION_STAFF), courses.course)
    assert sign_in(role).get("/sst/grants").status_code == 403


@pytest.mark.parametrize("until", ["2026-11-01", "2028-01-01"])
def test_a_grant_ends_within_months(sign_in: SignIn, courses: Courses, until: str, database: Database) -> None:
    assert ask(sign_in(Role.STATION_STAFF), courses.course, until).status_code == 422
    assert deeds(database) == []


def test_an_administrator_takes_a_grant_back(
    holder: Browser, sign_in: SignIn, courses: Courses, database: Database
) -> None:
    with database.reading(EVERYTHING) as session:
        grant = session.scalars(select(Grant.id)).one()
    administrator = sign_in(Role.ADMINISTRATOR)
    assert administrator.send(f"/sst/grants/{grant}/end", {}, seen_on="/sst/grants").status_code == 302
    assert look(holder, courses.course).status_code == 403
    assert deeds(database)[-1] == "sst.grant_ended"


def test_a_course_without_a_questionnaire_has_no_page_for_it(
    sign_in: SignIn, courses: Courses, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.execute(text("SELECT settings FROM activities WHERE title = '情绪小课堂'")).scalar_one()
        session.execute(
            text("UPDATE activities SET settings = :s WHERE title = '情绪小课堂'"), {"s": row.replace("true", "false")}
        )
    staff = sign_in(Role.STATION_STAFF)
    assert staff.get(f"/sst/courses/{courses.course}/answers").status_code == 409
    assert "问卷" not in staff.get(f"/sst/courses/{courses.course}").get_data(as_text=True)


# --- The report -----------------------------------------------------------------


def answered(database: Database, county: County, courses: Courses, children: int) -> list[tuple[object, ...]]:
    with database.writing(EVERYTHING) as session:
        for child in courses.children[:children]:
            for occasion, scores in ((Occasion.BEFORE, "22222"), (Occasion.AFTER, "44443")):
                row = Answers(
                    station_id=county.here.station,
                    activity_id=courses.course,
                    child_id=child,
                    occasion=occasion,
                    answered_on=date(2026, 12, 20),
                )
                row.scores = scores
                session.add(row)
    with database.reading(EVERYTHING) as session:
        return list(changes(session, Period(county.here.station, date(2026, 12, 1), date(2026, 12, 31))).rows)


def test_the_report_shows_averages_of_five_children(database: Database, county: County, courses: Courses) -> None:
    assert answered(database, county, courses, 5) == [("情绪小课堂", 5, 2.0, 3.8)]


def test_of_four_children_the_report_says_nothing(database: Database, county: County, courses: Courses) -> None:
    assert answered(database, county, courses, 4) == [("情绪小课堂", None, None, None)]


def test_a_course_that_was_not_asked_again_in_the_period_is_not_in_the_report(
    database: Database, county: County, courses: Courses
) -> None:
    answered(database, county, courses, 5)
    with database.reading(EVERYTHING) as session:
        assert not changes(session, Period(county.here.station, date(2027, 1, 1), date(2027, 1, 31))).rows


def test_a_childs_answers_go_with_its_file(database: Database, county: County, courses: Courses) -> None:
    answered(database, county, courses, 2)
    with database.writing(EVERYTHING) as session:
        session.execute(delete(Attendance).where(Attendance.child_id == courses.children[0]))
        session.delete(session.get_one(Child, courses.children[0]))
    with database.reading(EVERYTHING) as session:
        assert set(session.scalars(select(Answers.child_id))) == {courses.children[1]}


def test_whoever_refuses_says_why_whoever_asked_reads_it_and_may_ask_again(
    sign_in: SignIn, courses: Courses, database: Database
) -> None:
    staff, head = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    ask(staff, courses.course)
    with database.reading(EVERYTHING) as session:
        refuse = f"/sst/grants/{session.scalars(select(Grant.id)).one()}/refuse"
    for reason in (" ", "长" * 201):
        assert head.send(refuse, {"reason": reason}, seen_on="/sst/grants").status_code == 422
    told = "请先与<b>负责老师</b>联系"
    assert head.send(refuse, {"reason": told}, seen_on="/sst/grants").status_code == 302
    for reader, page in ((head, "/sst/grants"), (staff, f"/sst/courses/{courses.course}/answers")):
        assert "请先与&lt;b&gt;负责老师&lt;/b&gt;联系" in reader.get(page).get_data(as_text=True)
    assert approve(head, database).status_code == 409, "It is decided."
    assert look(staff, courses.course).status_code == 403
    assert deeds(database) == ["sst.grant_asked", "sst.grant_refused"]
    with database.reading(EVERYTHING) as session:
        assert told not in str(session.scalars(select(AuditEntry.detail)).all())
    assert ask(staff, courses.course).status_code == 302
