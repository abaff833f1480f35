"""An organizer makes an activity of each program in an empty term, plans and publishes: on a phone, by keyboard alone.

Screenshots of each page are kept where WEIBAO_SCREENSHOTS says; `make test` keeps them in `.state/screenshots`.
"""

import os
import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from sqlalchemy import select

from core.config import Settings
from core.db.models import Availability, Station, Term, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import TermKind
from core.security.keys import read_keys
from core.security.vault import Vault
from core.services.demo.workbook import DEMO_STATION
from tests.browser.conftest import Site
from tests.browser.test_pages import PHONE, violations, width_beyond

pytestmark = pytest.mark.browser

TERM = "2027年春天"
MOST_PAGES = 12
#: The process imports the planner first, on a machine that does other things as well.
SOON = 60_000


class Walk:
    """A page that counts the pages it was led to, looks at each, and presses everything by the keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages = 0
        self._last = ""
        page.on("framenavigated", self._navigated)

    def press(self, control: Locator) -> None:
        """Press a button or follow a link."""
        control.focus()
        control.press("Enter")

    def look(self) -> None:
        """See that the page is accessible and fits, and keep its picture."""
        self.page.wait_for_load_state()
        assert violations(self.page) == []
        assert width_beyond(self.page) <= 0
        if folder := os.environ.get("WEIBAO_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"making-{self.pages:02}.png", full_page=True)

    def fill(self, label: str, value: str) -> None:
        """Fill a field in as somebody types."""
        field = self.page.get_by_label(label, exact=True)
        field.focus()
        field.fill(value)

    def _navigated(self, frame: Frame) -> None:
        # The page of a run loads itself anew when the run is over; that is no further page.
        self.pages += frame == self.page.main_frame and frame.url != self._last
        self._last = frame.url


@pytest.fixture
def walk(site: Site, chromium: Browser) -> Iterator[Walk]:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    site.sign_in(page, "organizer")
    yield Walk(page)
    context.close()
    # A refused form is answered with 422, and a question that is under way when the page is left gets no answer: the
    # console calls both errors.
    assert [text for text in complaints if not re.search("422|htmx:(afterRequest|sendError|sendAbort)", text)] == []


@pytest.fixture
def term(site: Site) -> str:
    """Add a term without any activity, in which every volunteer comes at weekends, and return its id."""
    settings = Settings.in_directory(site.folder, demo=True)
    database = Database(settings.database_url, Vault(read_keys(settings.key_file)))
    with database.writing(EVERYTHING) as session:
        station = session.scalars(select(Station.id).where(Station.slug == DEMO_STATION)).one()
        added = Term(
            station_id=station, name=TERM, kind=TermKind.WEEKENDS, first=date(2027, 3, 6), last=date(2027, 4, 25)
        )
        session.add(added)
        for volunteer in session.scalars(select(Volunteer).where(Volunteer.station_id == station)):
            for weekday in (5, 6):
                hours = Availability(weekday=weekday, from_time=time(8), to_time=time(18), station_id=station)
                volunteer.availabilities.append(hours)
        session.flush()
        made = str(added.id)
    database.dispose()
    return made


def describe(walk: Walk, kind: str, title: str, answers: dict[str, str]) -> None:
    """Choose a kind of activity and fill its form in."""
    walk.look()
    walk.press(walk.page.get_by_role("link", name=re.compile(f"^{kind}")).first)
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("新建活动")
    walk.fill("活动名称", title)
    for label, answer in answers.items():
        field = walk.page.get_by_label(label, exact=True)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.focus()
            field.select_option(label=answer)
        else:
            walk.fill(label, answer)


def test_from_an_empty_term_to_a_published_timetable_in_twelve_pages(walk: Walk, site: Site, term: str) -> None:
    page = walk.page
    page.goto(f"{site.address}/activities/new/{term}")
    walk.pages = 1
    another = page.get_by_role("button", name="再建一项")
    describe(walk, "亲情陪伴", "春日阅读", {"一起做什么": "一起读书"})
    walk.look()
    walk.press(another)
    describe(walk, "美德工坊", "诚信故事会", {"美德": "诚信"})
    walk.press(another)
    describe(walk, "作业辅导课堂", "周末作业", {"共建学校": "虚构实验小学"})
    walk.press(another)

    describe(walk, "家长讲堂", "怎样陪伴孩子", {"主题": "陪伴"})
    walk.fill("可开始的时刻", "23:00")
    answer = page.locator("#feasible-answer")
    expect(answer).to_contain_text("这样办不成", timeout=SOON)
    expect(answer).to_contain_text("没有连续开放")
    walk.look()
    walk.fill("可开始的时刻", "09:00、14:30")
    expect(answer).not_to_contain_text("这样办不成", timeout=SOON)
    walk.press(page.get_by_role("button", name="保存，可以排期", exact=True))
    walk.look()
    expect(page.get_by_role("main")).to_contain_text("怎样陪伴孩子")

    walk.press(page.get_by_role("button", name="开始排期"))
    expect(page.get_by_role("main")).to_contain_text("4 / 4", timeout=SOON)
    walk.look()
    walk.press(page.get_by_role("button", name="停止，保留目前最好的排期"))
    publish = page.get_by_role("link", name="对比并公布")
    expect(publish).to_be_visible(timeout=SOON)
    walk.look()
    walk.press(publish)
    walk.look()
    walk.press(page.get_by_role("button", name="公布", exact=True))
    expect(page.get_by_role("main")).to_contain_text("已公布")
    walk.look()
    assert walk.pages <= MOST_PAGES
