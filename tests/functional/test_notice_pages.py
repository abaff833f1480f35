"""The pages of notices: everybody chooses how they are told, the station calls and sends again; sessions as files."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from core.config import Encryption, MailServer, NoticeWays, Settings
from core.db.models import NoticeChoices, OutboxNotice
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.notices import NoticeKind, NoticeState
from core.extensions import wiring
from core.hooks.manager import build_hooks
from core.services.feed_ledger import update_ledger
from tests.functional.browsing import Browser, fields_of
from tests.functional.county import County, MovingClock

CHOICES = {
    "mail": "v@example.org",
    "mobile": "",
    "wecom": "",
    "channels": ["mail"],
    "language": "en",
    "pace": "daily",
    "quiet_from": "20:00",
    "quiet_until": "09:30",
    "invitations": "y",
}
SignIn = Callable[[Role], Browser]


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.GRID_WORKER])
def test_everybody_chooses_how_they_are_told_and_finds_it_as_they_left_it(
    sign_in: SignIn, database: Database, role: Role
) -> None:
    browser = sign_in(role)
    answer = browser.send("/notices/mine", CHOICES)
    assert answer.status_code == 302
    page = browser.get("/notices/mine").get_data(as_text=True)
    assert fields_of(page) == {name: [value] if isinstance(value, str) else value for name, value in CHOICES.items()}
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(NoticeChoices)).all()
        assert (row.volunteer_id is None) is (role is not Role.VOLUNTEER)


def test_the_first_time_the_form_shows_what_holds(sign_in: SignIn) -> None:
    found = fields_of(sign_in(Role.GRID_WORKER).get("/notices/mine").get_data(as_text=True))
    assert (found["quiet_from"], found["quiet_until"], found["pace"]) == (["21:00"], ["08:00"], ["at_once"])
    assert "channels" not in found


@pytest.mark.parametrize("wrong", [{"mail": "nobody"}, {"mobile": "12"}, {"quiet_from": "25:00"}, {"pace": "never"}])
def test_what_can_not_be_right_comes_back_with_what_was_typed(
    sign_in: SignIn, database: Database, wrong: dict[str, str]
) -> None:
    answer = sign_in(Role.GRID_WORKER).send("/notices/mine", {**CHOICES, **wrong})
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(NoticeChoices)).all() == []


def test_the_station_writes_down_how_a_volunteer_is_told(sign_in: SignIn, database: Database, county: County) -> None:
    head = sign_in(Role.HEAD)
    person = f"/volunteers/{county.here.volunteer}"
    path = f"/notices/of/{county.here.volunteer}"
    assert path in head.get(person).get_data(as_text=True)
    assert urlsplit(head.send(path, CHOICES).location).path == person
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(NoticeChoices)).all()
        assert (row.volunteer_id, row.mail) == (county.here.volunteer, "v@example.org")
    assert head.get(f"/notices/of/{county.elsewhere.volunteer}").status_code == 404


def test_the_station_sees_whom_to_call_and_notes_it(sign_in: SignIn, database: Database, county: County) -> None:
    head = sign_in(Role.HEAD)
    page = head.get("/notices/").get_data(as_text=True)
    assert "青石陶测试" in page
    assert "您的志愿服务证明已开好" in page
    assert "远桥" not in page
    assert "没有设置邮件和短信" in page
    assert head.send(f"/notices/{county.here.notice}/called", {}, seen_on="/notices/").status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.get_one(OutboxNotice, county.here.notice)
        assert (row.state, row.handled_by) == (NoticeState.CALLED, county.here.users[Role.HEAD])
    again = head.client.get("/notices/").get_data(as_text=True)
    assert "没有人需要打电话" in again


def test_what_somebody_else_has_done_already_is_said(sign_in: SignIn, county: County) -> None:
    head = sign_in(Role.HEAD)
    for words in ("已记下", "已不需要处理"):
        head.send(f"/notices/{county.here.notice}/called", {}, seen_on="/account/")
        page = head.get("/notices/").get_data(as_text=True)
        assert words in page or words == "已记下"
    assert head.send(f"/notices/{county.elsewhere.notice}/again", {}, seen_on="/account/").status_code == 404


def test_a_notice_is_sent_again_from_the_page(sign_in: SignIn, database: Database, county: County) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(OutboxNotice, county.here.notice)
        row.state, row.error, row.attempts = NoticeState.GIVEN_UP, "smtp_550", 3
    head = sign_in(Role.HEAD)
    assert "smtp_550" in head.get("/notices/").get_data(as_text=True)
    assert head.send(f"/notices/{county.here.notice}/again", {}, seen_on="/notices/").status_code == 302
    with database.reading(EVERYTHING) as session:
        row = session.get_one(OutboxNotice, county.here.notice)
        assert (row.state, row.attempts) == (NoticeState.WAITING, 0)


@pytest.mark.parametrize(("language", "words"), [("zh_Hans_CN", "请您服务："), ("en", "Can you serve?")])
def test_the_preview_shows_every_kind_in_both_languages(sign_in: SignIn, language: str, words: str) -> None:
    head = sign_in(Role.HEAD)
    head.send("/language", {"language": language}, seen_on="/notices/preview")
    page = head.get("/notices/preview").get_data(as_text=True)
    letters = re.findall(r'<pre class="letter">(.*?)</pre>', page, re.DOTALL)
    assert len(letters) == len(NoticeKind)
    assert words in page
    assert "%(" not in page


@pytest.fixture
def ledger(database: Database, county: County, clock: MovingClock) -> None:
    with database.writing(EVERYTHING) as session:
        for rows in (county.here, county.elsewhere):
            update_ledger(session, clock, build_hooks([]), station_id=rows.station)


@pytest.mark.usefixtures("ledger")
def test_a_session_is_a_file_for_the_calendar(sign_in: SignIn, county: County) -> None:
    volunteer, worker = sign_in(Role.VOLUNTEER), sign_in(Role.GRID_WORKER)
    path = f"/sessions/{county.here.session}"
    assert f"{path}.ics" in volunteer.get(path).get_data(as_text=True)
    assert f"{path}.ics" in volunteer.get("/duties/").get_data(as_text=True)
    uids = set()
    for browser, kind in ((volunteer, "duty-"), (worker, "session-")):
        answer = browser.get(f"{path}.ics")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=session-")
        (event,) = Calendar.from_ical(answer.data).events
        assert str(event["SUMMARY"]) == "青石绘画课"
        assert str(event["UID"]).startswith(kind)
        uids.add(str(event["UID"]))
    assert len(uids) == 2


@pytest.mark.usefixtures("ledger")
def test_a_closed_groups_file_is_neutral_and_others_have_none(sign_in: SignIn, county: County) -> None:
    closed = f"/sessions/{county.here.closed_session}.ics"
    own = sign_in(Role.VOLUNTEER).get(closed)
    assert "静心小组".encode() not in own.data
    assert str(Calendar.from_ical(own.data).events[0]["SUMMARY"]) == "站内活动"
    assert sign_in(Role.GRID_WORKER).get(closed).status_code == 404
    assert sign_in(Role.HEAD).get(f"/sessions/{county.elsewhere.session}.ics").status_code == 404


def test_a_session_that_no_calendar_knows_has_no_file(sign_in: SignIn, county: County) -> None:
    assert sign_in(Role.HEAD).get(f"/sessions/{county.here.session}.ics").status_code == 404


def test_the_page_warns_only_where_nothing_is_set_up(app: Flask, sign_in: SignIn, settings: Settings) -> None:
    head = sign_in(Role.HEAD)
    ways = NoticeWays(mail=MailServer("127.0.0.1", "a@b.c", 25, Encryption.NONE))
    with app.app_context():
        composed = wiring()
    replace(composed, settings=replace(settings, notices=ways)).bind(app)
    assert "没有设置邮件和短信" not in head.get("/notices/").get_data(as_text=True)
    assert "没有设置邮件和短信" not in head.get("/notices/mine").get_data(as_text=True)
