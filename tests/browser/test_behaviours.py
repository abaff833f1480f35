"""What the script does for a page's data attributes, in Chromium, under the content security policy of the product."""

import json
import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = pytest.mark.browser

DIST = Path(__file__).parents[2] / "core/web/static/dist"
POLICY = (
    "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; form-action 'self'; connect-src 'self'"
)
PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8"><title>周六</title><meta name="csrf-token" content="a-token">
<link rel="stylesheet" href="/{style.css}"><link rel="icon" href="data:,">
<script type="module" src="/{main.js}"></script>
</head><body data-cancel-label="返回"><main>
<form action="/week"><select name="week" data-autosubmit><option>1<option>2</select>
<button class="without-js">Go</button></form>
<form action="/closed" data-confirm="关闭这一天？"><button>关闭</button></form>
<form action="/search"><input type="search" name="q" aria-label="搜索"></form>
<button data-print>打印</button><div id="more" hx-get="/fragment">more</div>
</main></body></html>"""


class Site(SimpleHTTPRequestHandler):
    """Serves the built assets, and one page at every other address; `/fragment` answers with the token it was sent."""

    def do_GET(self) -> None:
        """Answer with an asset, the fragment or the page."""
        if (DIST / self.path[1:]).is_file():
            super().do_GET()
            return
        text = self.headers.get("X-CSRFToken", "none") if self.path == "/fragment" else self.page()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(text.encode())

    @staticmethod
    def page() -> str:
        """Return the page with the names of the built files."""
        text = PAGE
        for plain, hashed in json.loads((DIST / "manifest.json").read_text("utf-8")).items():
            text = text.replace(f"{{{plain}}}", hashed)
        return text

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the page on a free port and return its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(DIST))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """Open the page; afterwards nothing may have been refused by the policy or gone wrong in the script."""
    complaints: list[str] = []
    with sync_playwright() as driver:
        chromium = os.environ.get("WEIBAO_CHROMIUM") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 400, "height": 800})
        opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(address)
        expect(opened.locator("html")).to_have_class("js")
        yield opened
        browser.close()
    assert complaints == []


def test_choosing_a_week_sends_its_form(page: Page) -> None:
    expect(page.get_by_role("button", name="Go")).to_be_hidden()
    page.get_by_role("combobox").select_option("2")
    page.wait_for_url("**/week?week=2")


def test_a_dialog_asks_before_a_day_is_closed(page: Page) -> None:
    page.get_by_role("button", name="关闭").click()
    dialog = page.get_by_role("dialog", name="关闭这一天？")
    expect(dialog.get_by_role("button", name="返回")).to_be_focused()
    dialog.get_by_role("button", name="关闭").click()
    page.wait_for_url("**/closed?")


@pytest.mark.parametrize("way", ["button", "escape"])
def test_going_back_from_the_dialog_sends_nothing(page: Page, address: str, way: str) -> None:
    page.get_by_role("button", name="关闭").click()
    if way == "button":
        page.get_by_role("button", name="返回").click()
    else:
        page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == address


def test_the_dialog_asks_again_the_next_time(page: Page) -> None:
    for _ in range(2):
        page.get_by_role("button", name="关闭").click()
        page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="关闭").click()
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_a_slash_takes_the_keyboard_to_the_search_and_is_typed_there(page: Page) -> None:
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    page.keyboard.press("/")
    expect(search).to_have_value("/")


def test_the_print_button_prints(page: Page) -> None:
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")


def test_htmx_works_under_the_policy_and_sends_the_token(page: Page) -> None:
    page.locator("#more").click()
    expect(page.locator("#more")).to_have_text("a-token")
