"""The demo in a browser: served by a thread of the test process from a copy of its own."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from tests.functional.demo.conftest import demo

__all__ = ["demo"]


@dataclass(frozen=True)
class Site:
    """A served installation: where it is, the passwords of its logins, and the folder it lies in."""

    address: str
    passwords: dict[str, str]
    folder: Path

    def sign_in(self, page: Page, login: str) -> None:
        """Sign in by the form, as a person would."""
        page.goto(f"{self.address}/account/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[type=password]", self.passwords[login])
        page.press("input[type=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture(scope="module")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a copy of the demo on a free port."""
    folder = Path(shutil.copytree(demo, tmp_path_factory.mktemp("site") / "demo"))
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    server = make_server("127.0.0.1", 0, create_app(Settings.in_directory(folder, demo=True)), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.server_port}", summary["logins"], folder)
    server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window."""
    found = os.environ.get("WEIBAO_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
