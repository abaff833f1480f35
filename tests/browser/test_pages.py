"""The pages in Chromium: readable, accessible and quiet, on a phone and on a desk, with and without script."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[2] / "core/web/frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
PHONE, DESK = {"width": 400, "height": 800}, {"width": 1440, "height": 900}
PAGES = (
    "/overview",
    "/timetable/",
    "/activities/",
    "/plans/",
    "/calendar/",
    "/feeds/",
    "/admin/",
    "/account/password",
)


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Open a page; what its console complains of fails the test."""
    # The policy would refuse the checker's own script, as it should.
    context = chromium.new_context(viewport=request.param, locale="zh-CN", bypass_csp=False)
    page = context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, each with the places where it is."""
    # Evaluated by the browser's own tools, which no content security policy binds.
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {', '.join(node['html'] for node in one['nodes'])}" for one in found]


def width_beyond(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))


def test_the_public_timetable_is_accessible_and_fits(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/p/qingyang")
    expect(page.get_by_role("heading", level=1)).to_contain_text("青阳街道")
    assert violations(page) == []
    assert width_beyond(page) <= 0


def test_every_page_of_an_administrator_is_accessible_and_fits(site: Site, page: Page) -> None:
    site.sign_in(page, "admin")
    wrong = {}
    for path in PAGES:
        answer = page.goto(f"{site.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if found := violations(page):
            wrong[path] = found
        assert width_beyond(page) <= 0, path
    assert wrong == {}


def test_the_language_is_switched_and_kept(site: Site, page: Page) -> None:
    site.sign_in(page, "organizer")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{site.address}/timetable/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Timetable")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")


def test_a_shortfall_is_read_in_chinese_with_its_reason_and_its_cure(site: Site, page: Page) -> None:
    site.sign_in(page, "organizer")
    page.goto(f"{site.address}/plans/")
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("心理辅导")
    expect(page.get_by_role("main")).not_to_contain_text("Nobody")


def test_without_script_the_timetable_is_read_and_the_weeks_are_turned(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site.address}/p/qingyang")
    # Which sessions lie in the first week is the planner's choice.
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d\d:\d\d–\d\d:\d\d\s+\S+"))
    before = page.url
    page.get_by_role("link", name="下一周").click()
    assert page.url != before
    expect(page.get_by_role("main")).to_contain_text("12月")
    context.close()


def test_nobody_elses_name_is_on_the_public_page(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/p/qingyang")
    expect(page.get_by_role("main")).not_to_contain_text("测员")
    expect(page.get_by_role("main")).not_to_contain_text("知心小圈")
