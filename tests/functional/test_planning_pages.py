"""An organizer plans from the page: asks, watches, stops, is told what to do about a failure, and pins sessions."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.models import Pin, Plan, PlanningRun
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.errors import Message
from core.planning.errors import ContradictoryPinsError
from core.planning.outcome import Progress
from core.services.planning.news import News
from core.services.planning.runs import fail_run, note_progress, take_run
from core.services.run_rows import PATIENCE
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

HELD = 2


class Bench:
    """An engine that only remembers what it was told to start."""

    def __init__(self) -> None:
        self.started: list[UUID] = []

    def start(self, run_id: UUID) -> None:
        """Remember the run."""
        self.started.append(run_id)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the key of one program."""
    return ("sst",)


@pytest.fixture
def engine(bench: Bench) -> Bench:
    """Return an engine that carries nothing out."""
    return bench


@pytest.fixture
def organizer(sign_in: Callable[[Role], Browser]) -> Browser:
    return sign_in(Role.ORGANIZER)


def ask(browser: Browser, term: UUID, seconds: int = 15) -> str:
    """Ask for a run and return the address of its page."""
    answer = browser.send("/plans/runs/", {"term": str(term), "seconds": str(seconds)}, seen_on="/plans/")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def newest_run(database: Database) -> PlanningRun:
    with database.reading(EVERYTHING) as session:
        return session.scalars(select(PlanningRun).order_by(PlanningRun.id.desc())).first() or pytest.fail("no run")


@pytest.mark.parametrize("page", ["/plans/", "/activities/?term={term}", "/timetable/{term}"])
def test_the_button_stands_where_an_organizer_would_look_and_for_organizers_alone(
    sign_in: Callable[[Role], Browser], county: County, page: str
) -> None:
    path = page.format(term=county.here.term)
    for role in (Role.ORGANIZER, Role.STATION_STAFF):
        shown = 'action="/plans/runs/"' in text(sign_in(role), path)
        assert shown == (role is Role.ORGANIZER)


def test_asking_starts_a_process_once_the_row_is_there(
    organizer: Browser, database: Database, county: County, bench: Bench
) -> None:
    page = ask(organizer, county.here.term)
    run = newest_run(database)
    assert page == f"/plans/runs/{run.id}"
    assert (run.state, run.seconds, run.asked_by) == (RunState.QUEUED, 15, county.here.users[Role.ORGANIZER])
    assert bench.started == [run.id]
    assert "正在启动排期程序" in text(organizer, page)
    assert page in text(organizer, "/plans/")


def test_a_second_wish_leads_to_the_run_that_is_under_way(organizer: Browser, county: County, bench: Bench) -> None:
    first = ask(organizer, county.here.term)
    assert ask(organizer, county.here.term) == first
    assert len(bench.started) == 1
    assert "正在排期" in text(organizer, first)


@pytest.mark.parametrize(("term", "seconds", "status"), [("elsewhere", 15, 404), ("", 15, 404), ("here", 86_400, 400)])
def test_a_term_of_others_and_a_time_that_is_no_choice_are_refused(
    organizer: Browser, county: County, bench: Bench, term: str, seconds: int, status: int
) -> None:
    asked = {"here": str(county.here.term), "elsewhere": str(county.elsewhere.term), "": ""}[term]
    form = {"term": asked, "seconds": str(seconds)}
    assert organizer.send("/plans/runs/", form, seen_on="/plans/").status_code == status
    assert bench.started == []


def test_the_page_shows_how_far_the_run_is_and_asks_for_itself_again(
    organizer: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    page, run = ask(organizer, county.here.term, 60), newest_run(database).id
    news = News(elapsed=12.4, session_count=4).told(Progress(11.9, 1_500, 1_200, {"required": 3}, held=HELD))
    with database.writing(EVERYTHING) as session:
        take_run(session, clock, run, "a process")
        note_progress(session, clock, run, "a process", news)
    shown = text(organizer, page)
    for part in ("已用12秒，共60秒", 'value="12"', "2 / 4", "1,500", "1,200", "20.0%", "停止，保留目前最好的排期"):
        assert part in shown
    again = re.search(r'hx-get="([^"]+)"', shown)
    assert again is not None
    assert 'hx-trigger="every 1s"' in shown
    polled = text(organizer, again[1])
    assert 'id="run-news"' in polled
    # What was read aloud already isn't sent again, so that nobody hears it every second.
    assert 'id="run-status"' in shown
    assert 'id="run-status"' not in polled
    assert "<script>" not in shown
    assert 'style="' not in shown


def test_looking_has_a_run_carried_out_again_whose_process_died(
    organizer: Browser, database: Database, county: County, clock: MovingClock, bench: Bench
) -> None:
    page, run = ask(organizer, county.here.term), newest_run(database).id
    with database.writing(EVERYTHING) as session:
        take_run(session, clock, run, "a process")
    text(organizer, page)
    assert bench.started == [run]
    clock.advance(PATIENCE + timedelta(seconds=1))
    text(organizer, page)
    text(organizer, "/plans/")
    assert bench.started == [run] * 3


def test_a_run_that_waits_is_stopped_at_once_and_the_page_offers_another(
    organizer: Browser, database: Database, county: County
) -> None:
    page = ask(organizer, county.here.term)
    assert organizer.send(f"{page}/cancel", {}, seen_on=page).status_code == 302
    assert newest_run(database).state is RunState.CANCELLED
    shown = text(organizer, page)
    assert "什么都没有改变" in shown
    assert "hx-get" not in shown
    assert 'action="/plans/runs/"' in shown


def test_a_run_that_is_over_leads_to_its_draft(organizer: Browser, database: Database, county: County) -> None:
    page, run = ask(organizer, county.here.term), newest_run(database).id
    with database.writing(EVERYTHING) as session:
        row = session.get_one(PlanningRun, run)
        row.state, row.plan_id = RunState.DONE, county.here.plan
    assert f"/plans/{county.here.plan}" in text(organizer, page)


def test_a_run_that_failed_for_its_pins_names_them_and_lets_them_go(
    organizer: Browser, database: Database, county: County, clock: MovingClock
) -> None:
    page, run = ask(organizer, county.here.term), newest_run(database).id
    pin = Message("%(activity)s #%(number)s", {"activity": str(county.here.activity), "number": 1})
    error = ContradictoryPinsError(Message("This pin can't be kept: %(pins)s. Take it back.", {"pins": (pin,)}))
    with database.writing(EVERYTHING) as session:
        take_run(session, clock, run, "a process")
        row = session.get_one(PlanningRun, run)
        fail_run(session, SYSTEM, clock, run, row.worker, error)
    shown = text(organizer, page)
    assert "青石绘画课第1场" in shown
    assert f"/pins/{county.here.pin}/remove" in shown


@pytest.fixture
def session_id(database: Database, county: County) -> UUID:
    """Let the plan hold the first session of painting, which isn't pinned, and return its id."""
    planned = {
        "activity": str(county.here.activity),
        "index": 0,
        "start": "2026-11-29T14:00",
        "room": str(county.here.room),
        "staff": {"lead": [str(county.here.volunteer)]},
    }
    with database.writing(EVERYTHING) as session:
        plan = session.get_one(Plan, county.here.plan)
        plan.document = {**plan.document, "sessions": [planned]}
        session.delete(session.get_one(Pin, county.here.pin))
    return county.here.session


def test_a_session_is_pinned_where_the_newest_plan_holds_it_and_let_go_again(
    organizer: Browser, database: Database, county: County, session_id: UUID
) -> None:
    plan, form = f"/plans/{county.here.plan}", f"/pins/new/{session_id}"
    assert form in text(organizer, plan)
    shown = text(organizer, form)
    for part in ("11月29日", "14:00", "青石大教室", "青石陶测试"):
        assert part in shown
    answer = organizer.send(form, {"reason": "已经通知家长", "with_staff": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (302, plan)
    with database.reading(EVERYTHING) as session:
        pin = session.scalars(select(Pin).where(Pin.session_id == session_id)).one()
        assert pin.staff == {"lead": [str(county.here.volunteer)]}
    shown = text(organizer, plan)
    assert "已经通知家长" in shown
    assert "qingshi-organizer" in shown
    assert "锁定在" in text(organizer, f"/sessions/{session_id}")
    assert organizer.send(f"/pins/{pin.id}/remove", {}, seen_on=plan).status_code == 302
    assert "已经通知家长" not in text(organizer, plan)


def test_who_may_not_plan_sees_what_is_pinned_and_changes_nothing(
    sign_in: Callable[[Role], Browser], county: County, session_id: UUID
) -> None:
    sign_in(Role.ORGANIZER).send(f"/pins/new/{session_id}", {"reason": "已经通知家长"})
    shown = text(sign_in(Role.STATION_STAFF), f"/plans/{county.here.plan}")
    assert "已经通知家长" in shown
    assert "/pins/" not in shown


def test_what_no_plan_holds_can_not_be_pinned(organizer: Browser, county: County) -> None:
    assert organizer.get(f"/pins/new/{county.here.session}").status_code == 409


def test_a_reason_that_is_too_long_is_refused_at_its_field(organizer: Browser, session_id: UUID) -> None:
    answer = organizer.send(f"/pins/new/{session_id}", {"reason": "长" * 201})
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
