"""An organizer plans a term from the page: watches, stops, reads the draft and pins, on a phone and by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import PHONE, violations, width_beyond

pytestmark = pytest.mark.browser

#: The process imports the planner first, on a machine that does other things as well.
SOON = 60_000


@pytest.fixture
def organizer(site: Site, chromium: Browser) -> Iterator[Page]:
    """Open the plans on a phone; what its console complains of fails the test."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    site.sign_in(page, "organizer")
    page.goto(f"{site.address}/plans/")
    yield page
    context.close()
    assert complaints == []


def press(control: Locator) -> None:
    """Press a button or follow a link by the keyboard."""
    control.focus()
    control.press("Enter")


def is_sound(page: Page) -> bool:
    """See that the page is accessible and fits."""
    return violations(page) == [] and width_beyond(page) <= 0


@pytest.mark.verify
def test_a_term_is_planned_stopped_and_pinned(organizer: Page) -> None:
    page = organizer
    page.get_by_label("仔细程度").select_option("300")
    press(page.get_by_role("button", name="开始排期"))
    # It stays the same element from the first word to the last, so that each is read aloud.
    status = page.locator("#run-status[role=status]")
    expect(status).to_contain_text("正在排期：寻找更好的安排", timeout=SOON)
    held = page.locator("#run-news .figure-large").first
    expect(held).to_have_text(re.compile(r"^[1-9]\d* / \d+$"), timeout=SOON)
    assert is_sound(page)

    press(page.get_by_role("button", name="停止"))
    draft = page.get_by_role("link", name="查看草稿")
    expect(draft).to_be_visible(timeout=SOON)
    expect(status).to_contain_text("完成")
    assert is_sound(page)

    press(draft)
    expect(page.get_by_role("main")).to_contain_text("提前停止，采用已找到的最好排期")
    press(page.locator("summary"))
    press(page.get_by_role("link", name=re.compile("^锁定")).first)
    page.get_by_label("原因").fill("已经通知家长")
    assert is_sound(page)
    press(page.get_by_role("button", name="锁定"))
    expect(page.get_by_role("main")).to_contain_text("已经通知家长")
    press(page.locator("summary"))
    assert is_sound(page)
    press(page.get_by_role("button", name="取消锁定"))
    expect(page.get_by_role("main")).not_to_contain_text("已经通知家长")


def test_without_script_a_run_is_watched_by_looking_again(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    site.sign_in(page, "organizer")
    page.goto(f"{site.address}/plans/")
    page.get_by_role("button", name="开始排期").click()
    page.get_by_role("button", name="停止").click()
    ended = page.get_by_text(re.compile("查看草稿|什么都没有改变"))
    again = page.get_by_role("link", name="再看一次")
    for _ in range(SOON // 1_000):
        if ended.count():
            break
        again.click()
        page.wait_for_timeout(1_000)
    expect(ended).to_be_visible()
    context.close()
