"""A family ranks its wishes on a phone at its guardian's address, with the network cut in the middle."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from core.db.models import AuditEntry, Station, WishList
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.hooks.manager import load_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from tests.browser.test_pages import violations, width_beyond
from tests.databases import migrated
from tests.functional.county import MovingClock, found_county
from tests.functional.wishing_family import Address, a_told_term, an_address
from tests.integration.wishing import TO_THE_END, Wished

pytestmark = pytest.mark.browser

PHONE = {"width": 400, "height": 800}
#: What a thumb needs, in CSS pixels.
THUMB = 44


@dataclass(frozen=True)
class House:
    """A served installation with a family that gives its wishes."""

    address: str
    database: Database
    clock: MovingClock
    wished: Wished
    mother: Address
    father: Address

    def lists(self) -> list[WishList]:
        """Return what is stored of the child."""
        with self.database.reading(EVERYTHING) as session:
            return list(session.scalars(select(WishList).where(WishList.child_id == self.wished.children[0])))

    def saved(self) -> int:
        """Return how often a list was saved, by the log."""
        with self.database.reading(EVERYTHING) as session:
            return len(session.scalars(select(AuditEntry).where(AuditEntry.action == "wishes.saved")).all())

    def ranked(self, *places: int) -> list[str]:
        """Return activities as lists store them, by position."""
        return [str(self.wished.activities[one]) for one in places]

    def open(self, page: Page, of: Address) -> None:
        """Open the address with its code and go on to the wishes."""
        page.goto(f"{self.address}{of.path}")
        page.locator("input[name=code]").fill(of.code)
        page.get_by_role("button", name="继续").click()
        page.get_by_role("link", name="志愿填到").click()
        expect(page.locator("html")).to_have_class("js")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Serve a county whose term takes wishes for five activities."""
    clock, database = MovingClock(), migrated(tmp_path / "weibao.db", Vault(Keys.fresh()))
    with database.writing(EVERYTHING) as session:
        county = found_county(session, clock)
        wished = a_told_term(session, session.get_one(Station, county.here.station), activities=5, capacity=8)
        mother, father = (an_address(session, clock, wished.children[0]) for _ in range(2))
    settings = Settings.in_directory(tmp_path, second_factor_forced=False)
    app = create_app(settings, load_hooks(only=()), database=database, clock=clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield House(f"http://127.0.0.1:{server.server_port}", database, clock, wished, mother, father)
    server.shutdown()
    database.dispose()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a phone."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield context
    context.close()


def tap(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).tap()


def titles(page: Page) -> list[str]:
    return page.locator("[data-wish-list] strong").all_inner_texts()


#: Of a box to tick its label is tapped as well.
SMALL = """(all, thumb) => all.filter(one => one.checkVisibility()).filter(one => {
  const tapped = one.matches("[type=checkbox], [type=radio]") ? one.labels[0] ?? one : one
  const {width, height} = tapped.getBoundingClientRect()
  return width < thumb || height < thumb
}).map(one => one.outerHTML)"""


def too_small(page: Page) -> list[str]:
    """Return what can be tapped and is smaller than a thumb."""
    tapped = page.locator("main :is(button:not([aria-hidden]), select, summary, input:not([type=hidden]))")
    found: list[str] = tapped.evaluate_all(SMALL, THUMB)
    return found


def test_wishes_are_ranked_by_touch_with_the_network_cut_in_the_middle(house: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    house.open(page, house.mother)
    assert width_beyond(page) <= 0
    assert violations(page) == []
    assert too_small(page) == []
    state = page.locator("[data-wish-state]")
    expect(state).to_have_text("还没有保存")
    for title in ("绘画课", "篮球", "围棋"):
        tap(page, f"加入：{title}")
    tap(page, "上移：围棋")
    expect(state).to_have_text("有改动，还没有保存")
    phone.set_offline(True)
    tap(page, "保存")
    expect(state).to_contain_text("没有网络")
    tap(page, "上移：围棋")
    tap(page, "移出：篮球")
    assert titles(page) == ["围棋", "绘画课"]
    assert house.lists() == []
    phone.set_offline(False)
    expect(state).to_contain_text("已保存")
    (row,) = house.lists()
    assert (row.ranked, row.revision) == (house.ranked(2, 0), 1)
    assert titles(page) == ["围棋", "绘画课"]
    page.get_by_text("和好朋友一起").tap()
    expect(page.locator("[data-wish-fresh=code]")).to_contain_text(row.code)
    page.reload()
    assert titles(page) == ["围棋", "绘画课"]
    assert violations(page) == []
    assert house.saved() == 1


@pytest.mark.parametrize("goes_on", [False, True], ids=["sent-again", "changed-and-sent-again"])
def test_an_answer_that_is_lost_on_the_way_doubles_nothing(
    house: House, phone: BrowserContext, *, goes_on: bool
) -> None:
    page = phone.new_page()
    house.open(page, house.mother)
    tap(page, "加入：绘画课")

    def swallow(route: Route) -> None:
        if route.request.method == "POST":
            # The server does its work, and nobody hears of it.
            route.fetch(max_redirects=0)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/wishes/**", swallow)
    tap(page, "保存")
    state = page.locator("[data-wish-state]")
    expect(state).to_contain_text("没有保存")
    assert [row.ranked for row in house.lists()] == [house.ranked(0)]
    page.unroute("**/wishes/**")
    if goes_on:
        tap(page, "加入：合唱")
    tap(page, "保存")
    expect(state).to_contain_text("已保存")
    expect(page.get_by_role("heading", name="别人已经保存的")).to_have_count(0)
    wanted = house.ranked(0, 3) if goes_on else house.ranked(0)
    assert [(row.ranked, row.revision) for row in house.lists()] == [(wanted, 2 if goes_on else 1)]
    assert house.saved() == (2 if goes_on else 1)


def test_the_other_guardians_list_is_shown_beside_and_put_together_by_one_tap(
    house: House, phone: BrowserContext, chromium: Browser
) -> None:
    page, other = phone.new_page(), chromium.new_context(viewport=PHONE, has_touch=True, locale="zh-CN")
    theirs = other.new_page()
    house.open(page, house.mother)
    house.open(theirs, house.father)
    tap(theirs, "加入：合唱")
    tap(theirs, "保存")
    expect(theirs.locator("[data-wish-state]")).to_contain_text("已保存")
    tap(page, "加入：绘画课")
    tap(page, "保存")
    expect(page.get_by_role("heading", name="别人已经保存的")).to_be_visible()
    expect(page.get_by_role("heading", name="这一页上的，还没有保存")).to_be_visible()
    assert violations(page) == []
    assert width_beyond(page) <= 0
    phone.set_offline(True)
    tap(page, "两份合在一起")
    expect(page.locator("[data-wish-warning]")).to_contain_text("没有发出去")
    phone.set_offline(False)
    tap(page, "两份合在一起")
    expect(page.locator("[data-wish-state]")).to_contain_text("已保存")
    assert titles(page) == ["绘画课", "合唱"]
    assert [row.ranked for row in house.lists()] == [house.ranked(0, 3)]
    other.close()


def test_a_list_is_kept_on_the_page_when_wishes_end_meanwhile(house: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    house.open(page, house.mother)
    tap(page, "加入：绘画课")
    # Time enough that wishes end, and not so much that the code is asked for.
    house.clock.advance(TO_THE_END)
    tap(page, "保存")
    expect(page.get_by_text("再输一次验证码")).to_be_visible()
    page.locator("input[name=code]").fill(house.mother.code)
    page.get_by_role("button", name="继续").tap()
    expect(page.get_by_role("main")).to_contain_text("志愿已在")
    expect(page.get_by_role("main")).to_contain_text("绘画课")
    assert house.lists() == []


def test_leaving_with_a_changed_list_is_asked_about(house: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    asked: list[str] = []

    def answer(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", answer)
    house.open(page, house.mother)
    page.reload()
    assert asked == []
    tap(page, "加入：绘画课")
    page.reload()
    assert asked == ["beforeunload"]


def test_the_keyboard_alone_ranks_and_saves(house: House, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    house.open(page, house.mother)

    def focused() -> str:
        return str(page.evaluate("() => document.activeElement?.getAttribute('aria-label') ?? ''"))

    def tab_to(words: str) -> None:
        for _ in range(60):
            if focused() == words:
                return
            page.keyboard.press("Tab")
        pytest.fail(f"the keyboard doesn't come to {words}, but to {focused()}")

    tab_to("加入：合唱")
    page.keyboard.press("Enter")
    assert focused() == "加入：围棋" or focused().startswith("加入：")
    tab_to("加入：绘画课")
    page.keyboard.press("Space")
    page.locator("h1").click()
    tab_to("上移：绘画课")
    page.keyboard.press("Enter")
    assert focused() == "下移：绘画课"
    expect(page.locator("[data-wish-said]")).to_have_text("绘画课：第1志愿")
    for _ in range(60):
        if page.evaluate("() => document.activeElement?.hasAttribute('data-wish-save')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-wish-state]")).to_contain_text("已保存")
    assert [row.ranked for row in house.lists()] == [house.ranked(0, 3)]
    context.close()


def test_without_script_the_same_buttons_do_it(house: House, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{house.address}{house.mother.path}")
    page.locator("input[name=code]").fill(house.mother.code)
    page.get_by_role("button", name="继续").click()
    page.get_by_role("link", name="志愿填到").click()
    for words in ("加入：绘画课", "加入：合唱", "上移：合唱"):
        page.get_by_role("button", name=words, exact=True).click()
    expect(page.locator("[data-wish-state]")).to_have_text("有改动，还没有保存")
    page.locator("[data-wish-save]").click()
    expect(page.locator("[data-wish-state]")).to_contain_text("已保存")
    assert [row.ranked for row in house.lists()] == [house.ranked(3, 0)]
    context.close()
