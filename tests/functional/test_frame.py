"""The frame of every page: the menu's present entry, and moments in the station's own time."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from core.domain.actor import Role
from core.web.text import moment
from tests.functional.browsing import Browser


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the key of a program that has two entries in the menu."""
    return ("parent_school",)


@pytest.mark.parametrize(
    "path", ["/parent-school/appointments", "/parent-school/families", "/activities/", "/reports/"]
)
def test_one_entry_of_the_menu_is_the_present_one(app: Flask, path: str) -> None:
    browser = Browser(app.test_client())
    browser.sign_in(f"{Role.ORGANIZER.value}@qingshi")
    menu = browser.get(path, follow_redirects=True).text.partition('class="site-nav"')[2].partition("</nav>")[0]
    assert menu.count('aria-current="page"') == 1
    assert menu.count("aria-current=") <= 2, "the section and the page, nothing else"
    assert path in menu.partition('aria-current="page"')[0].rpartition("<a")[2]


def test_a_section_shows_its_pages_to_whoever_is_in_it_and_a_single_page_stands_for_its_section(app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.sign_in(f"{Role.HEAD.value}@qingshi")
    outside, inside = (
        browser.get(path).text.partition('class="site-nav"')[2].partition("</nav>")[0]
        for path in ("/overview", "/children/")
    )
    assert "site-subnav" not in outside
    assert "/consents/" not in outside
    assert "/consents/" in inside.partition("site-subnav")[2]


def test_a_moment_late_in_the_evening_of_greenwich_is_the_next_day_here(app: Flask) -> None:
    with app.test_request_context():
        assert moment(datetime(2026, 11, 22, 22, 11, tzinfo=UTC)) == "2026年11月23日 06:11"
