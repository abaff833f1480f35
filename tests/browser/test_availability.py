"""A volunteer says on a phone when they can, and gives their calendar; staff look at a shared room."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from core.db.models import BusyTime, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.availability import Answer
from core.hooks.manager import load_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from core.services.availability import answer_of
from tests.browser.test_pages import violations, width_beyond
from tests.databases import migrated
from tests.functional.county import PASSWORD, MovingClock, found_county

pytestmark = pytest.mark.browser

SIZES = {"phone": {"width": 400, "height": 800}, "desk": {"width": 1440, "height": 900}}
#: What a thumb needs, in CSS pixels.
THUMB = 44
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261128T010000Z\r\nDURATION:PT1H\r\n"
    b"RRULE:FREQ=WEEKLY;COUNT=4\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@dataclass(frozen=True)
class House:
    """A served installation with a volunteer and a room."""

    address: str
    database: Database
    volunteer: UUID
    room: UUID

    def sign_in(self, page: Page, login: str) -> None:
        """Sign in by the form."""
        page.goto(f"{self.address}/account/sign-in")
        page.fill("input[name=login]", f"{login}@qingshi")
        page.fill("input[type=password]", PASSWORD)
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)

    def answer(self) -> Answer:
        """Return what is stored of the volunteer."""
        with self.database.reading(EVERYTHING) as session:
            return answer_of(session.get_one(Volunteer, self.volunteer))

    def busy(self) -> int:
        """Return how many busy times are stored."""
        with self.database.reading(EVERYTHING) as session:
            return session.scalar(select(func.count()).select_from(BusyTime)) or 0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock, database = MovingClock(), migrated(tmp_path / "weibao.db", Vault(Keys.fresh()))
    with database.writing(EVERYTHING) as session:
        county = found_county(session, clock)
    settings = Settings.in_directory(tmp_path, second_factor_forced=False)
    app = create_app(settings, load_hooks(), database=database, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield House(f"http://127.0.0.1:{server.server_port}", database, county.here.volunteer, county.here.room)
    server.shutdown()
    database.dispose()


@pytest.fixture(params=SIZES)
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(viewport=SIZES[request.param], locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def low(page: Page) -> list[str]:
    """Return what can be tapped and is lower than a thumb; of a week's cell its label is tapped."""
    found = []
    for place in page.locator(
        "main :is(button, select, .week-grid label, input:not([type=hidden], [type=checkbox]))"
    ).all():
        box = place.bounding_box() if place.is_visible() else None
        if box and box["height"] < THUMB:
            found.append(place.evaluate("one => one.outerHTML"))
    return found


def test_a_pattern_a_day_away_and_a_calendar_are_given_by_touch(house: House, page: Page, tmp_path: Path) -> None:
    house.sign_in(page, "volunteer")
    page.goto(f"{house.address}/duties/when")
    assert width_beyond(page) <= 0
    assert violations(page) == []
    assert low(page) == []
    page.locator(".week-grid label", has_text="星期六 上午").click()
    page.locator(".week-grid label", has_text="星期日 晚上").click()
    page.locator("input[name=away_first]").first.fill("2026-12-24")
    page.locator("input[name=away_last]").first.fill("2026-12-26")
    page.get_by_label("每周最多几场").fill("2")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存，今后按此排期")).to_be_visible()
    answer = house.answer()
    assert {(one.weekday, one.part) for one in answer.free} >= {(5, "morning"), (6, "evening")}
    assert (answer.away, answer.max_per_week) == (((date(2026, 12, 24), date(2026, 12, 26)),), 2)
    file = tmp_path / "mine.ics"
    file.write_bytes(CALENDAR)
    page.get_by_label("或者日历文件").set_input_files(file)
    page.get_by_role("button", name="读取占用时间").click()
    expect(page.get_by_text("共4个占用时段")).to_be_visible()
    assert house.busy() == 4
    assert width_beyond(page) <= 0
    assert violations(page) == []
    page.get_by_role("button", name="撤销上次保存").click()
    expect(page.get_by_text("已恢复到之前的内容")).to_be_visible()
    assert house.answer().away == ()


def test_a_room_that_others_use_shows_when_and_what_clashes(house: House, page: Page) -> None:
    house.sign_in(page, "organizer")
    page.goto(f"{house.address}/rooms/{house.room}")
    page.locator("input[name=single_day]").first.fill("2026-11-28")
    page.locator("input[name=single_from]").first.fill("08:30")
    page.locator("input[name=single_to]").first.fill("12:00")
    page.get_by_role("button", name="登记这些时段").click()
    expect(page.get_by_text("时段已登记")).to_be_visible()
    expect(page.locator(".notice-warning")).to_contain_text("已被他人占用")
    for address in (f"/rooms/{house.room}", "/rooms/"):
        page.goto(f"{house.address}{address}")
        assert width_beyond(page) <= 0
        assert violations(page) == []
