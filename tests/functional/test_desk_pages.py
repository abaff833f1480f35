"""The organizer's desk in pages: drafts, approval, many at once, attendance, who may take part, reports, programs."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import ModuleType
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.config import Settings
from core.db.models import Activity, ActivityGroup, Attendance, Child, Group, GroupMember, Plan, Station, Term
from core.db.models.activity import ActivityState
from core.db.models.plan import PlanStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.errors import Message
from core.domain.vocabulary import Presence, TermKind
from core.hooks.calling import Plugin
from core.hooks.manager import build_hooks, load_hooks
from core.hooks.reports import ReportSection, ReportTable
from core.hooks.specs import hookimpl
from core.hooks.types import Objection
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

SignIn = Callable[[Role], Browser]
DESK = "/activities/"
BATCH = "/activities/batch/"


@pytest.fixture
def app(settings: Settings, database: Database, clock: MovingClock) -> Flask:
    """Return the application with one program, and a plugin that has something to say on every page."""
    module = ModuleType("toy.plugin")
    module.__file__ = __file__
    table = ReportTable((Message("Games"), Message("Children")), ((3, None),))
    hooks = {
        "report_sections": lambda: [ReportSection("toy_games", Message("Games"), lambda *_: table)],
    }
    for name, hook in hooks.items():
        setattr(module, name, hookimpl(hook))
    plugins = (*load_hooks(only=["sst"]).plugins, Plugin("toy", module))
    return create_app(settings, build_hooks(plugins), database=database, clock=clock)


def states_of(database: Database) -> dict[str, ActivityState]:
    with database.reading(EVERYTHING) as session:
        return {row.title: row.state for row in session.scalars(select(Activity))}


def an_answer(**changes: object) -> dict[str, object]:
    return {
        "title": "包饺子",
        "line": "companionship",
        "session_count": "3",
        "duration": "90",
        "size": "20",
        "times": "09:00",
        "zones": ["activity"],
        "min_adults": "2",
        "priority": "1",
        "max_per_day": "1",
        "min_days": "1",
        "role_0-required": "2",
        "role_0-wanted": "2",
        "role_1-required": "0",
        "role_1-wanted": "0",
        "setting_theme": "包饺子",
        **changes,
    }


def chosen(database: Database, *titles: str) -> list[str]:
    with database.reading(EVERYTHING) as session:
        return [str(row.id) for row in session.scalars(select(Activity).where(Activity.title.in_(titles)))]


def test_what_is_saved_without_more_is_a_draft(sign_in: SignIn, database: Database, county: County) -> None:
    browser, path = sign_in(Role.ORGANIZER), f"/activities/new/{county.here.term}/sst.companionship"
    assert browser.send(path, an_answer()).status_code == 302
    assert browser.send(path, an_answer(title="做灯笼", complete="1")).status_code == 302
    found = states_of(database)
    assert (found["包饺子"], found["做灯笼"]) == (ActivityState.DRAFT, ActivityState.READY)
    page = browser.get(f"{DESK}?term={county.here.term}").get_data(as_text=True)
    assert "草稿" in page
    assert "可以排期" in page


def test_the_head_approves_where_the_station_wants_it(sign_in: SignIn, database: Database, county: County) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Station, county.here.station).approves_activities = True
    organizer, head = sign_in(Role.ORGANIZER), sign_in(Role.ADMINISTRATOR)
    path = f"/activities/new/{county.here.term}/sst.companionship"
    organizer.send(path, an_answer(complete="1"))
    assert states_of(database)["包饺子"] is ActivityState.SUBMITTED
    form = {"step": "approve", "chosen": chosen(database, "包饺子")}
    assert organizer.send(BATCH, form, seen_on=DESK).status_code == 422
    assert states_of(database)["包饺子"] is ActivityState.SUBMITTED
    assert head.send(BATCH, form, seen_on=DESK).status_code == 302
    assert states_of(database)["包饺子"] is ActivityState.READY


def test_removing_asks_first(sign_in: SignIn, database: Database, county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    browser.send(f"/activities/new/{county.here.term}/sst.companionship", an_answer())
    form = {"step": "remove", "chosen": chosen(database, "包饺子")}
    answer = browser.send(BATCH, form, seen_on=DESK)
    assert (answer.status_code, "包饺子" in answer.get_data(as_text=True)) == (200, True)
    assert "包饺子" in states_of(database)
    assert browser.send(BATCH, {**form, "confirmed": "1"}, seen_on=DESK).status_code == 302
    assert "包饺子" not in states_of(database)


def test_what_was_published_is_not_removed_and_neither_is_what_was_chosen_with_it(
    sign_in: SignIn, database: Database, county: County
) -> None:
    browser = sign_in(Role.ORGANIZER)
    browser.send(f"/activities/new/{county.here.term}/sst.companionship", an_answer())
    before = states_of(database)
    form = {"step": "remove", "confirmed": "1", "chosen": chosen(database, "包饺子", "青石绘画课")}
    answer = browser.send(BATCH, form, seen_on=DESK)
    assert answer.status_code == 422
    assert "青石绘画课" in answer.get_data(as_text=True)
    assert states_of(database) == before


def test_several_are_changed_together_or_none(sign_in: SignIn, database: Database, county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    for title in ("包饺子", "做灯笼"):
        browser.send(f"/activities/new/{county.here.term}/sst.companionship", an_answer(title=title))
    form = {"step": "change", "chosen": chosen(database, "包饺子", "做灯笼"), "size": "15", "times": "10:00、15:00"}
    assert browser.send(BATCH, form, seen_on=DESK).status_code == 200
    assert browser.send(BATCH, {**form, "confirmed": "1"}, seen_on=DESK).status_code == 302
    with database.reading(EVERYTHING) as session:
        rows = session.scalars(select(Activity).where(Activity.title.in_(["包饺子", "做灯笼"]))).all()
        assert {(row.size, *row.times) for row in rows} == {(15, "10:00", "15:00")}
    wrong = {**form, "confirmed": "1", "size": "16", "first": "2020-01-01"}
    assert browser.send(BATCH, wrong, seen_on=DESK).status_code == 422
    with database.reading(EVERYTHING) as session:
        assert {row.size for row in session.scalars(select(Activity).where(Activity.title == "包饺子"))} == {15}


def test_last_years_activities_are_used_again(sign_in: SignIn, database: Database, county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    browser.send(f"/activities/new/{county.here.term}/sst.companionship", an_answer())
    with database.writing(EVERYTHING) as session:
        spring = Term(
            station_id=county.here.station,
            name="春天",
            kind=TermKind.WEEKENDS,
            first=date(2027, 3, 6),
            last=date(2027, 6, 30),
        )
        session.add(spring)
        session.flush()
        term = spring.id
    page = browser.get(f"/activities/new/{term}").get_data(as_text=True)
    assert "包饺子" in page
    form = {"step": "copy", "confirmed": "1", "term": str(term), "chosen": chosen(database, "包饺子")}
    answer = browser.send(BATCH, form, seen_on=f"/activities/new/{term}")
    assert answer.headers["Location"].endswith(f"term={term}")
    with database.reading(EVERYTHING) as session:
        (copy,) = session.scalars(select(Activity).where(Activity.term_id == term))
        assert (copy.title, copy.state) == ("包饺子", ActivityState.DRAFT)


@pytest.mark.parametrize("form", [{}, {"step": "fly"}, {"step": "remove"}, {"step": "remove", "chosen": ["x"]}])
def test_a_batch_of_nothing_is_refused(sign_in: SignIn, county: County, form: dict[str, object]) -> None:
    del county
    assert sign_in(Role.ORGANIZER).send(BATCH, form, seen_on=DESK).status_code in {400, 404}


# --- Programs, reports, attendance, taking part -------------------------------


def test_a_program_is_switched_off_and_on(sign_in: SignIn, database: Database, county: County) -> None:
    head = sign_in(Role.ADMINISTRATOR)
    path = f"/activities/new/{county.here.term}"
    assert head.send("/programs/sst", {"on": "0"}, seen_on="/programs/").status_code == 302
    page = head.get(path).get_data(as_text=True)
    assert "本站已停用" in page
    assert "sst.companionship" not in page
    assert "项目已停用" in head.get(f"{DESK}?term={county.here.term}").get_data(as_text=True)
    head.send("/programs/sst", {"on": "1"}, seen_on="/programs/")
    assert "sst.companionship" in head.get(path).get_data(as_text=True)
    assert head.send("/programs/gone", {"on": "1"}, seen_on="/programs/").status_code == 404


def test_activities_of_a_program_that_is_gone_are_shown_with_their_data(
    settings: Settings, database: Database, clock: MovingClock, county: County, sign_in: SignIn
) -> None:
    del county
    bare = create_app(settings, load_hooks(only=()), database=database, clock=clock)
    bare.config["WTF_CSRF_ENABLED"] = False
    cookie = sign_in(Role.ORGANIZER).client.get_cookie("weibao")
    assert cookie is not None
    client = bare.test_client()
    client.set_cookie("weibao", cookie.value)
    page = client.get(DESK).get_data(as_text=True)
    assert "青石绘画课" in page
    assert "项目未安装" in page
    assert "sst" in client.get("/programs/").get_data(as_text=True)


def test_a_report_shows_what_programs_count_and_a_dash_for_what_is_not_told(sign_in: SignIn, county: County) -> None:
    del county
    browser = sign_in(Role.STATION_STAFF)
    page = browser.get("/reports/").get_data(as_text=True)
    assert "Games" in page
    assert "<td>–</td>" in page
    assert browser.get("/reports/?first=2026-12-01&last=2026-11-01").status_code == 422
    assert browser.get("/reports/?first=x&last=").status_code == 422


def a_child_in_a_group(database: Database, county: County) -> str:
    with database.writing(EVERYTHING) as session:
        own = {"station_id": county.here.station}
        group = Group(name="一组", from_age=6, to_age=12, **own)
        child = Child(
            number="C001",
            name="例童〇〇一",
            id_number="测试号",
            id_number_index=bytes(32),
            birth_date="2016-05-01",
            created_at=datetime(2026, 11, 1, tzinfo=UTC),
            **own,
        )
        session.add_all([group, child])
        session.flush()
        session.add(GroupMember(group_id=group.id, child_id=child.id, **own))
        session.add(ActivityGroup(group_id=group.id, activity_id=county.here.activity, **own))
        return str(child.id)


def test_attendance_is_noted_by_staff(sign_in: SignIn, database: Database, county: County, clock: MovingClock) -> None:
    child, browser = a_child_in_a_group(database, county), sign_in(Role.STATION_STAFF)
    path, noted = (
        f"/sessions/{county.here.session}/attendance",
        select(Attendance).where(Attendance.child_id == UUID(child)),
    )
    assert "还没有开始" in browser.get(path).get_data(as_text=True)
    assert browser.send(path, {f"child_{child}": "present"}).status_code == 409
    clock.at = datetime(2027, 3, 1, tzinfo=UTC)
    browser = sign_in(Role.STATION_STAFF)
    assert browser.send(path, {f"child_{child}": "present"}).status_code == 302
    assert "例童〇〇一" in browser.get(path).get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        assert [row.presence for row in session.scalars(noted)] == [Presence.PRESENT]
    browser.send(path, {f"child_{child}": ""})
    with database.reading(EVERYTHING) as session:
        assert session.scalars(noted).all() == []
    browser.send(path, {f"child_{child}": "", "rest": "present"})
    with database.reading(EVERYTHING) as session:
        assert [row.presence for row in session.scalars(noted)] == [Presence.PRESENT]
    assert sign_in(Role.VOLUNTEER).get(path).status_code == 403


def test_staff_see_what_a_child_can_join_and_why_not_the_rest(
    settings: Settings, database: Database, clock: MovingClock, county: County, sign_in: SignIn
) -> None:
    del settings, clock
    a_child_in_a_group(database, county)
    browser = sign_in(Role.STATION_STAFF)
    page = browser.send("/joining/", {"number": "C001"}).get_data(as_text=True)
    assert "青石绘画课" in page
    assert "例童〇〇一" not in page
    assert "已参加" in page
    assert browser.send("/joining/", {"number": "C999"}).status_code == 422


def test_what_programs_want_settled_keeps_a_plan_from_being_published(
    app: Flask, sign_in: SignIn, database: Database, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = app.extensions["weibao"].hooks
    open_still = (Objection(str(county.here.activity), 0, Message("The school has not answered.")),)
    monkeypatch.setattr(hooks, "publishing_objections", lambda *_: open_still)
    browser, path = sign_in(Role.ORGANIZER), f"/plans/{county.here.plan}/publish"
    page = browser.get(path).get_data(as_text=True)
    assert "The school has not answered." in page
    assert browser.send(path, {}).status_code == 409
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Plan, county.here.plan).status is PlanStatus.DRAFT
    monkeypatch.undo()
    assert browser.send(path, {}).status_code == 302
