"""Protection in pages: what is sensitive is shown once it was noted; grants, sealed files, harm, the audit log."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from flask import Blueprint, Flask, render_template_string
from sqlalchemy import select

from core.app import create_app
from core.config import Settings
from core.db.models import AccessGrant, ActivityGroup, AuditEntry, Child, GroupMember, HarmReport, Station
from core.db.queries.audit import AuditFilter
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, Message
from core.domain.vocabulary import ConsentPurpose, GrantState, StationKind
from core.extensions import db
from core.hooks.manager import build_hooks
from core.hooks.types import WebPart
from core.services.audit_anchors import anchors_now
from core.services.audit_reading import export_entries
from core.web.showing import sensitive_part, show_fields
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.integration.builders import a_child, a_consent, a_group

SignIn = Callable[[Role], Browser]
HEALTH = "对花生过敏"

_PAGE = """
{% extends "layout.html" %}
{% from "sensitive.html" import offer with context %}
{% from "harm/button.html" import report_button with context %}
{% block content %}
{{ report_button(child.id) }}
{% for field in part.shown %}{{ child[field.value] }}{% endfor %}
{{ offer(part, url_for("toy.show", child_id=child.id)) }}
{% endblock %}
"""


def a_page_of_a_child() -> WebPart:
    """Return a page of a child, as another part of the product builds it, with one that fails after it has read."""
    toy = Blueprint("toy", __name__, url_prefix="/toy")

    @toy.get("/<uuid:child_id>")
    def page(child_id: str) -> str:
        child = db.session.get_one(Child, child_id)
        return render_template_string(_PAGE, child=child, part=sensitive_part(child))

    @toy.post("/<uuid:child_id>")
    def show(child_id: str) -> str:
        child = db.session.get_one(Child, child_id)
        return render_template_string(_PAGE, child=child, part=sensitive_part(child, show_fields(child)))

    @toy.post("/<uuid:child_id>/fail")
    def fail(child_id: str) -> str:
        child = db.session.get_one(Child, child_id)
        show_fields(child)
        child.number = "changed"
        raise ConflictError(Message("It clashes with what is stored already."))

    @toy.get("/<uuid:child_id>/careless")
    def careless(child_id: str) -> str:
        return str(db.session.get_one(Child, child_id).health)

    seen = dict.fromkeys(("toy.page", "toy.show", "toy.fail", "toy.careless"), Capability.SEE_CHILDREN)
    return WebPart("toy", lambda app: app.register_blueprint(toy), seen)


@pytest.fixture
def app(settings: Settings, database: Database, clock: MovingClock) -> Flask:
    """Return the application with a page of a child."""
    hooks = build_hooks([])
    hooks.web_parts = lambda: (a_page_of_a_child(),)  # type: ignore[method-assign]
    return create_app(settings, hooks, database=database, clock=clock)


@pytest.fixture
def child(database: Database, county: County) -> str:
    """Return the path of the page of a child about whom there is something to read."""
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Child, county.here.child)
        row.health, row.address = HEALTH, "虚构路1号"
        a_consent(session, row, ConsentPurpose.HEALTH)
    return f"/toy/{county.here.child}"


def reads(database: Database) -> list[list[str]]:
    with database.reading(EVERYTHING) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == "child.read").order_by(AuditEntry.number))
        return [entry.detail["fields"] for entry in found]


def ask(browser: Browser, county: County, **changes: object) -> None:
    form = {"purpose": "陪同就诊", "wanted": ["health"], "first": "2026-11-26", "last": "2026-12-25", **changes}
    path = f"/grants/ask/{county.here.child}"
    assert browser.send(path, {"numbers": "qingshi-001", **form}).status_code == 302


def newest(database: Database) -> AccessGrant:
    with database.reading(EVERYTHING) as session:
        return session.scalars(select(AccessGrant).order_by(AccessGrant.id.desc())).first() or AccessGrant()


def give(database: Database, sign_in: SignIn, county: County, **changes: object) -> Browser:
    staff = sign_in(Role.STATION_STAFF)
    ask(staff, county, **changes)
    head = sign_in(Role.HEAD)
    assert head.send(f"/grants/{newest(database).id}/approve", {}, seen_on="/grants/desk").status_code == 302
    assert newest(database).state is GrantState.APPROVED
    return staff


def test_a_page_offers_the_ways_to_what_is_closed(sign_in: SignIn, child: str, county: County) -> None:
    page = sign_in(Role.STATION_STAFF).get(child).get_data(as_text=True)
    assert HEALTH not in page
    assert "您无权查看：身份证件号码、家庭住址、健康与饮食" in page
    for way in (f"/grants/ask/{county.here.child}", f"/grants/glass/{county.here.child}"):
        assert way in page


def test_what_is_granted_is_shown_after_it_was_noted(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    staff = give(database, sign_in, county)
    page = staff.get(child).get_data(as_text=True)
    assert HEALTH not in page
    assert reads(database) == []
    shown = staff.send(child, {"field": "health"})
    assert HEALTH in shown.get_data(as_text=True)
    assert "虚构路" not in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "no-store"
    assert reads(database) == [["health"]]
    assert staff.send(child, {"field": ["health", "address"]}).status_code == 403
    assert staff.send(child, {"field": "nonsense"}).status_code == 200
    assert reads(database) == [["health"]]


def test_a_reading_stays_noted_where_the_rest_of_the_request_is_dropped(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    staff = give(database, sign_in, county)
    assert staff.send(f"{child}/fail", {"field": "health"}, seen_on=child).status_code == 409
    assert reads(database) == [["health"]]
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Child, county.here.child).number == "qingshi-001"


def test_a_page_that_forgets_shows_nothing(database: Database, sign_in: SignIn, child: str, county: County) -> None:
    staff = give(database, sign_in, county)
    answer = staff.get(f"{child}/careless")
    assert answer.status_code == 500
    assert HEALTH not in answer.get_data(as_text=True)


def test_a_grant_runs_out_at_midnight_after_its_last_day(
    database: Database, sign_in: SignIn, child: str, county: County, clock: MovingClock
) -> None:
    staff = give(database, sign_in, county, last="2026-11-26")
    # It is nine in the morning there.
    clock.advance(timedelta(hours=14, minutes=59))
    staff = sign_in(Role.STATION_STAFF)
    assert staff.send(child, {"field": "health"}).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert "查看：健康" not in staff.get(child).get_data(as_text=True)


def test_a_wish_that_cannot_be_given_is_told_at_the_form(sign_in: SignIn, county: County) -> None:
    staff = sign_in(Role.STATION_STAFF)
    form = {"purpose": "x", "wanted": ["health"], "first": "2026-11-26", "last": "2026-12-25", "numbers": ""}
    for change, told in (
        ({}, "至少填写一名儿童"),
        ({"numbers": "nobody"}, "没有编号为nobody的档案"),
        ({"numbers": "qingshi-001", "wanted": []}, "选择需要查阅的内容"),
        ({"numbers": "qingshi-001", "last": "2027-11-28"}, "最长一年"),
        ({"numbers": "yuanqiao-001"}, "没有编号为yuanqiao-001的档案"),
    ):
        answer = staff.send("/grants/ask", {**form, **change})
        assert answer.status_code == 422
        assert told in answer.get_data(as_text=True)
    assert staff.send("/grants/ask", {**form, "all_children": "y", "last": "2027-11-25"}).status_code == 302


def test_nobody_decides_about_their_own_in_pages_either(database: Database, sign_in: SignIn, county: County) -> None:
    head = sign_in(Role.HEAD)
    ask(head, county)
    own = newest(database).id
    answer = head.send(f"/grants/{own}/approve", {}, seen_on="/grants/desk")
    assert answer.status_code == 302
    assert "任何人不得审批自己的申请" in head.get("/grants/desk").get_data(as_text=True)
    assert newest(database).state is GrantState.ASKED
    administrator = sign_in(Role.ADMINISTRATOR)
    assert "1份查阅申请" in administrator.get("/overview").get_data(as_text=True)
    administrator.send(f"/grants/desk/{own}/refuse", {"reason": "用不到"})
    assert newest(database).state is GrantState.REFUSED


def test_ending_a_grant_asks_first_and_closes_it(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    staff = give(database, sign_in, county)
    page = staff.get("/grants/").get_data(as_text=True)
    assert "data-confirm" in page
    assert "档案qingshi-001" in page
    staff.send(f"/grants/{newest(database).id}/give-back", {}, seen_on="/grants/")
    assert newest(database).state is GrantState.ENDED
    assert staff.send(child, {"field": "health"}, seen_on="/grants/ask").status_code == 403
    other = give(database, sign_in, county)
    head = sign_in(Role.HEAD)
    assert "data-confirm" in head.get("/grants/desk").get_data(as_text=True)
    head.send(f"/grants/{newest(database).id}/end", {}, seen_on="/grants/desk")
    assert other.send(child, {"field": "health"}, seen_on="/grants/ask").status_code == 403


def test_broken_glass_opens_the_child_and_shows_at_the_head(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    worker = sign_in(Role.SOCIAL_WORKER)
    path = f"/grants/glass/{county.here.child}"
    assert worker.send(path, {"reason": " "}).status_code == 422
    assert worker.send(path, {"reason": "晕倒送医"}).status_code == 302
    assert HEALTH in worker.send(child, {"field": "health"}).get_data(as_text=True)
    head = sign_in(Role.HEAD)
    start = head.get("/overview").get_data(as_text=True)
    assert "qingshi-social_worker" in start
    assert "紧急查阅：晕倒送医" in start
    assert "晕倒送医" not in sign_in(Role.STATION_STAFF).get("/overview").get_data(as_text=True)
    head.send(f"/grants/{newest(database).id}/acknowledge", {}, seen_on="/grants/desk")
    assert "晕倒送医" not in head.get("/overview").get_data(as_text=True)
    assert "晕倒送医" in head.get("/grants/desk").get_data(as_text=True)


def test_the_head_seals_names_and_opens(database: Database, sign_in: SignIn, child: str, county: County) -> None:
    head, staff, worker = (sign_in(role) for role in (Role.HEAD, Role.STATION_STAFF, Role.SOCIAL_WORKER))
    path = f"/sealing/{county.here.child}"
    assert "data-confirm" in head.get(path).get_data(as_text=True)
    head.send(path, {"workers": [str(county.here.users[Role.SOCIAL_WORKER])]})
    assert [one.get(child).status_code for one in (head, worker)] == [200, 200]
    assert path in head.get("/sealing/").get_data(as_text=True)
    assert staff.client.get(child).status_code in {404, 500}
    assert "例童" not in staff.get(child).get_data(as_text=True)
    assert head.send(path, {"workers": [str(county.here.users[Role.VOLUNTEER])]}).status_code == 422
    head.send(path, {})
    assert worker.get(f"/grants/ask/{county.here.child}").status_code == 404
    head.send(f"{path}/open", {}, seen_on=path)
    assert staff.get(child).status_code == 200
    assert head.send(f"{path}/open", {}, seen_on=path).status_code == 302
    assert "该档案未封存" in head.get(path).get_data(as_text=True)


def test_the_roster_counts_a_sealed_child_and_does_not_name_it(
    database: Database, sign_in: SignIn, county: County
) -> None:
    with database.writing(EVERYTHING) as session:
        station = session.get_one(Station, county.here.station)
        group = a_group(session, station)
        session.add(ActivityGroup(station_id=station.id, activity_id=county.here.activity, group_id=group.id))
        for one in (session.get_one(Child, county.here.child), a_child(session, station, name="另一个孩子")):
            session.add(GroupMember(station_id=station.id, group_id=group.id, child_id=one.id))
    path = f"/sessions/{county.here.session}/attendance"
    staff, head = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    assert "例童" in staff.get(path).get_data(as_text=True)
    head.send(f"/sealing/{county.here.child}", {})
    page = staff.get(path).get_data(as_text=True)
    assert "例童" not in page
    assert str(county.here.child) not in page
    assert "另一个孩子" in page
    assert "另有1名儿童" in page
    assert "例童" in head.get(path).get_data(as_text=True)
    assert "另有" not in head.get(path).get_data(as_text=True)


def test_harm_is_reported_in_two_clicks_from_a_child(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    with database.writing(EVERYTHING) as session:
        session.scalars(select(Station).where(Station.kind == StationKind.COUNTY)).one().phone = "059585550000"
    worker = sign_in(Role.GRID_WORKER)
    path = f"/harm/child/{county.here.child}"
    assert path in worker.get(child).get_data(as_text=True)
    calls = worker.get(path).get_data(as_text=True)
    for number in ("110", "12345", "12338", "12355", "059585550000", "059585551234"):
        assert f'href="tel:{number}"' in calls
    answer = worker.send(path, {"reported_at": "2026-11-26T08:30", "authority": "police", "authority_name": "城关所"})
    assert answer.status_code == 302
    receipt = worker.get(answer.headers["Location"]).get_data(as_text=True)
    assert "城关所" in receipt
    assert "2026年11月26日 08:30" in receipt
    assert sign_in(Role.STATION_STAFF).get(answer.headers["Location"]).status_code == 404
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(HarmReport).order_by(HarmReport.id.desc())).first()
        assert row is not None
        assert (row.child_id, row.reporter_id) == (county.here.child, county.here.users[Role.GRID_WORKER])
    register = sign_in(Role.HEAD).get("/harm/register").get_data(as_text=True)
    assert "城关所" in register
    assert "qingshi-001" in register
    assert "qingshi-grid_worker" in register
    audited = sign_in(Role.AUDITOR).get("/harm/register").get_data(as_text=True)
    assert "城关所" in audited
    assert "qingshi-001" not in audited


def test_everybody_finds_the_way_to_report_in_the_frame(sign_in: SignIn) -> None:
    for role in (Role.VOLUNTEER, Role.AUDITOR):
        browser = sign_in(role)
        assert 'href="/harm/"' in browser.get("/timetable/").get_data(as_text=True)
        form = {"reported_at": "2026-11-26T08:30", "authority": "hotline_12345", "reference": "1"}
        assert browser.send("/harm/", form).status_code == 302
        assert browser.send("/harm/", {**form, "authority": "other"}).status_code == 422
        assert browser.send("/harm/", {**form, "reference": "x" * 81}).status_code == 422
        assert browser.send("/harm/", {**form, "reported_at": "2026-11-27T08:30"}).status_code == 422


def test_the_call_list_is_kept_and_asks_before_it_loses_somebody(sign_in: SignIn, county: County) -> None:
    head = sign_in(Role.HEAD)
    assert head.send("/harm/contacts", {"name": "卫生院", "phone": "1"}).status_code == 422
    assert head.send("/harm/contacts", {"name": "卫生院", "phone": "0595-8555 9999"}).status_code == 302
    page = head.get("/harm/contacts").get_data(as_text=True)
    assert "059585559999" in page
    assert "data-confirm" in page
    head.send(f"/harm/contacts/{county.here.contact}/drop", {}, seen_on="/harm/contacts")
    assert "青石派出所" not in head.get("/harm/").get_data(as_text=True)


def test_the_log_is_read_in_plain_words_and_by_filters(
    database: Database, sign_in: SignIn, child: str, county: County
) -> None:
    staff = give(database, sign_in, county)
    staff.send(child, {"field": "health"})
    for role in (Role.HEAD, Role.AUDITOR):
        browser = sign_in(role)
        log = browser.get("/audit/").get_data(as_text=True)
        for words in ("查看儿童敏感信息", "批准授权", "申请查阅授权", "qingshi-station_staff"):
            assert words in log
        assert HEALTH not in log
    reader = county.here.users[Role.STATION_STAFF]
    for query, count in (
        ("action=child.read", 1),
        (f"action=child.read&person={reader}", 1),
        (f"action=child.read&person={county.here.users[Role.HEAD]}", 0),
        (f"subject={county.here.child}", 1),
        ("kind=child", 1),
        ("action=child.read&first=2026-11-26&last=2026-11-26", 1),
        ("action=child.read&first=2026-11-27", 0),
        ("action=child.read&last=2026-11-25", 0),
    ):
        assert f"共{count}条记录" in browser.get(f"/audit/?{query}").get_data(as_text=True), query
    assert browser.get("/audit/?subject=nonsense").status_code == 422
    assert browser.get("/audit/?action=nonsense").status_code == 422
    assert browser.get("/audit/?page=999").status_code == 200


def test_the_log_leaves_as_a_file_and_that_is_noted(database: Database, sign_in: SignIn, county: County) -> None:
    auditor = sign_in(Role.AUDITOR)
    sent = auditor.send("/audit/file/csv", {"action": "account.signed_in"}, seen_on="/audit/")
    assert sent.headers["Content-Disposition"] == "attachment; filename=audit.csv"
    rows = list(csv.reader(io.StringIO(sent.get_data().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["时间", "人员", "内容", "操作代码", "对象", "数据编号", "详情"]
    assert rows[1][1:4] == ["qingshi-auditor", "登录", "account.signed_in"]
    sheet = auditor.send("/audit/file/xlsx", {}, seen_on="/audit/").get_data()
    assert openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].cell(2, 3).value == "导出审计日志"
    assert auditor.send("/audit/file/html", {}, seen_on="/audit/").status_code == 404
    assert auditor.send("/audit/file/csv", {"first": "never"}, seen_on="/audit/").status_code == 400
    assert county.here.station


def test_the_log_is_paged(database: Database, sign_in: SignIn, county: County, clock: MovingClock) -> None:
    with database.writing(EVERYTHING) as session:
        for _ in range(51):
            export_entries(session, Actor(Role.AUDITOR, county.here.station), clock, AuditFilter(subject_kind="none"))
    auditor = sign_in(Role.AUDITOR)
    page = auditor.get("/audit/?action=audit.exported").get_data(as_text=True)
    assert "第1页，共2页" in page
    assert "page=2&amp;action=audit.exported" in page
    assert "第2页，共2页" in auditor.get("/audit/?page=2&action=audit.exported").get_data(as_text=True)


def test_whether_the_log_is_whole_is_told_also_against_anchors(
    database: Database, sign_in: SignIn, clock: MovingClock
) -> None:
    auditor = sign_in(Role.AUDITOR)
    with database.reading(EVERYTHING) as session:
        anchors = "\n".join(anchor.to_line() for anchor in anchors_now(session, clock.now()))
    page = auditor.get("/audit/chain").get_data(as_text=True)
    assert "完整，未被改动" in page
    assert "未与锚点比对" in page
    file = (io.BytesIO(anchors.encode()), "anchors")
    page = auditor.send("/audit/chain", {"anchors": file}).get_data(as_text=True)
    assert "与2026年11月26日 09:00至2026年11月26日 09:00的锚点一致" in page
    forged = anchors.replace('"link": "', '"link": "00')[:-2] if anchors else ""
    for wrong in (b"x", b"\xff\xfe", forged.encode()):
        answer = auditor.send("/audit/chain", {"anchors": (io.BytesIO(wrong), "anchors")})
        assert answer.status_code == 422
    assert auditor.send("/audit/chain", {}).status_code == 422
