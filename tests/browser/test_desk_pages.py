"""The registration pages in Chromium: accessible on a phone and on a desk, from the door to the merging."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from core.services.registration.importing import HEADINGS
from core.services.spreadsheets import as_xlsx
from tests.browser.conftest import Site
from tests.browser.test_pages import DESK, PHONE, violations, width_beyond
from tests.browser.test_registering import CUT, asked

pytestmark = pytest.mark.browser

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Activities of the demo that take registrations and have free places, by title: their ids, as the database has them.
FREE = """
SELECT a.title, a.id FROM activities a JOIN activity_intakes i ON i.activity_id = a.id
WHERE i.given_up_on IS NULL AND i.capacity > 12 ORDER BY a.title
"""
FULLEST = "SELECT activity_id FROM registrations GROUP BY activity_id ORDER BY count(*) DESC LIMIT 1"
#: Who has a place, and in what.
PLACED = "SELECT id, child_id, request_id FROM registrations WHERE state = 'placed' ORDER BY id LIMIT 1"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """Open a page of one of the two widths."""
    context = chromium.new_context(viewport=request.param, locale="zh-CN")
    yield context.new_page()
    context.close()


@pytest.fixture
def head(site: Site, page: Page) -> Page:
    """Return a page of the station's head, who may do all of it."""
    site.sign_in(page, "head")
    return page


def pages(site: Site) -> list[str]:
    """Return the addresses of all pages of registration, with what the demo has on them."""
    ((registration, child, receipt),) = asked(site, PLACED)
    ((fullest,),) = asked(site, FULLEST)
    ((term,),) = asked(site, "SELECT term_id FROM term_intakes LIMIT 1")
    free = asked(site, FREE)[0][1]
    return [
        "",
        f"?child={UUID(child)}",
        f"receipts/{UUID(receipt)}",
        f"{UUID(registration)}/leave",
        "children/new",
        "activities",
        f"activities/{UUID(fullest)}",
        f"activities/{UUID(free)}/intake",
        f"activities/{UUID(free)}/decide",
        f"terms/{UUID(term)}",
        "class",
        "class?grade=3",
        "import",
        "small",
        "clashes",
        "to-tell",
        "sizes",
        f"places/terms/{UUID(term)}",
    ]


def test_every_page_of_registration_is_accessible_and_fits(site: Site, head: Page) -> None:
    found: dict[str, object] = {}
    for path in pages(site):
        answer = head.goto(f"{site.address}/registration/{path}")
        assert answer is not None
        assert answer.ok, path
        for details in head.locator("main details").all():
            details.evaluate("shown => { shown.open = true; }")
        if wrong := (violations(head), max(0, width_beyond(head))) != ([], 0):
            found[path] = (violations(head), width_beyond(head), wrong)
    assert found == {}


def test_somebody_at_the_door_is_registered_for_the_activity_that_is_on(site: Site, head: Page) -> None:
    title, activity = asked(site, FREE)[0]
    head.goto(f"{site.address}/registration/activities/{UUID(activity)}")
    head.get_by_role("link", name="现场来人").click()
    number = "C101" if head.viewport_size == PHONE else "C103"
    head.fill("#looked_for", number)
    head.press("#looked_for", "Enter")
    head.locator("main a.button", has_text=number).click()
    box = head.get_by_role("checkbox", name=re.compile(re.escape(title)))
    expect(box).to_be_checked()
    expect(head.get_by_text("现场来人")).to_be_visible()
    # Whatever a rule says: with the reason it is waived, and what was ticked stays where the reason is missing.
    head.get_by_role("button", name="报名", exact=True).last.click()
    head.locator("[role=alert], .receipt-code").first.wait_for()
    if head.get_by_role("alert").is_visible():
        expect(box).to_be_checked()
        head.fill("#reason", "家长在场说明")
        head.get_by_role("button", name="报名", exact=True).last.click()
    head.wait_for_url("**/receipts/**")
    receipt = UUID(head.url.rpartition("/")[2]).hex
    ((channel, state),) = asked(site, "SELECT channel, state FROM registrations WHERE request_id = ?", receipt)
    assert (channel, state) == ("walk_in", "placed")


def test_an_import_names_every_error_and_keeps_its_file_while_the_line_is_cut(site: Site, head: Page) -> None:
    title = asked(site, FREE)[1][0]
    free = "SELECT number FROM children WHERE id NOT IN (SELECT child_id FROM registrations) ORDER BY number DESC"
    numbers = [row[0] for row in asked(site, free)]
    head.goto(f"{site.address}/registration/import")
    rows = [("C999", "", "", title), ("C001", "", "", "没有的活动"), ("C002", "", "错名", title)]
    choose(head, rows)
    expect(head.locator("main tbody tr")).to_have_count(3)
    assert (violations(head), max(0, width_beyond(head))) == ([], 0)
    head.context.set_offline(True)
    choose(head, [(number, "", "", title) for number in numbers[:1]])
    expect(head.get_by_role("alert").last).to_contain_text(CUT)
    assert head.locator("input[type=file]").evaluate("field => field.files.length") == 1
    head.context.set_offline(False)
    head.get_by_role("button", name="导入").click()
    expect(head.get_by_role("alert").last).not_to_contain_text(CUT)


def choose(page: Page, rows: list[tuple[str, ...]]) -> None:
    """Choose a workbook of these rows, and send it."""
    book = {"name": "报名.xlsx", "mimeType": EXCEL, "buffer": as_xlsx(HEADINGS, rows)}
    page.set_input_files("input[type=file]", book)  # type: ignore[arg-type]
    page.get_by_role("button", name="导入").click()


def test_what_is_too_small_waits_or_is_merged_and_its_families_are_told(site: Site, head: Page) -> None:
    title, activity = asked(site, FREE)[-1 if head.viewport_size == PHONE else -2]
    key = UUID(activity)
    head.goto(f"{site.address}/registration/activities/{key}/intake")
    head.fill("#minimum", "12")
    head.fill("#minimum_by", "2020-01-01")
    head.get_by_role("button", name="保存").click()
    head.goto(f"{site.address}/registration/small")
    head.get_by_role("link", name=f"去决定 {title}").click()
    head.wait_for_url("**/decide")
    assert (violations(head), max(0, width_beyond(head))) == ([], 0)
    head.get_by_role("button", name="再等等").click()
    head.wait_for_url("**/small?**")
    head.goto(f"{site.address}/registration/activities/{key}/decide")
    head.fill("#reason-merge", "报名人数不够")
    head.get_by_role("button", name="看看谁能跟过去").click()
    expect(head.get_by_role("heading", name="在那边有名额")).to_be_visible()
    assert (violations(head), max(0, width_beyond(head))) == ([], 0)
    head.get_by_role("button", name="合并").click()
    head.get_by_role("dialog").get_by_role("button", name="合并").click()
    head.locator(".error-summary, .flash-success").first.wait_for()
    head.wait_for_load_state()
    assert head.locator(".error-summary").all_inner_texts() == []
    expect(head.get_by_text("已合并")).to_be_visible()
    assert (violations(head), max(0, width_beyond(head))) == ([], 0)
    held = "SELECT count(*) FROM sessions WHERE activity_id = ? AND status = 'held'"
    assert asked(site, held, activity) == [(0,)]
