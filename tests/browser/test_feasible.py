"""The activity form in a browser: it says whether it can be held while it is filled in, and takes over a change."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

#: The demo's activity for whose counsellors there are too few.
SHORT = "年末家庭辅导专场"


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """Open the form of the activity on a phone; afterwards nothing may have gone wrong in the script."""
    complaints: list[str] = []
    page = chromium.new_page(viewport={"width": 400, "height": 800})
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    site.sign_in(page, "organizer")
    page.goto(f"{site.address}/activities/")
    page.get_by_role("link", name=SHORT).click()
    yield page
    page.close()
    assert complaints == []


def test_the_form_says_at_once_whether_it_can_be_held_fits_a_phone_and_follows_its_fields(page: Page) -> None:
    answer = page.locator("#feasible-answer")
    expect(answer).to_contain_text("这样办不成")
    expect(answer).to_contain_text("可能的开始时间")
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    page.get_by_label("可开始的时刻").fill("23:30")
    expect(answer).to_contain_text("站点都没有连续开放")
    page.get_by_label("可开始的时刻").fill("")
    expect(answer).to_contain_text("请先填好：可开始的时刻")


def test_a_change_that_helps_is_taken_over_by_keyboard_and_told_at_once(page: Page) -> None:
    answer = page.locator("#feasible-answer")
    change = answer.get_by_role("button", name=re.compile("减少场次：2场"))
    change.focus()
    page.keyboard.press("Enter")
    sessions = page.get_by_label("场次数")
    expect(sessions).to_have_value("2")
    expect(sessions).to_be_focused()
    expect(answer).not_to_contain_text("这样办不成")
