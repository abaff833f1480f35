"""Passkeys in a browser with an authenticator that Chromium plays: made, signed in with, asked for after a password."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from core.app import create_app
from core.config import Settings
from core.domain.actor import EVERYTHING
from core.domain.clock import SystemClock
from core.hooks.manager import build_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from tests.databases import migrated
from tests.functional.county import PASSWORD, found_county

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Yield the pages of a county with its accounts."""
    folder = tmp_path_factory.mktemp("passkeys")
    database = migrated(folder / "weibao.db", Vault(Keys.fresh()))
    with database.writing(EVERYTHING) as session:
        found_county(session, SystemClock())
    yield create_app(Settings.in_directory(Path(folder)), build_hooks([]), database=database)
    database.dispose()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Serve the pages; passkeys are bound to a name, so the address has one."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Yield a page in English whose browser has an authenticator of its own; nothing may go wrong in its console."""
    context = chromium.new_context()
    page, problems = context.new_page(), list[str]()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield page
    context.close()
    assert problems == []


@pytest.mark.browser
def test_a_passkey_is_made_signs_in_alone_and_is_asked_for_after_a_password(page: Page, address: str) -> None:
    _sign_in(page, address, "head@qingshi")
    _make_passkey(page, address)
    expect(page.get_by_text("办公室电脑").first).to_be_visible()
    page.goto(f"{address}/overview")
    expect(page.locator("h1")).to_be_visible()

    page.click("form[action='/account/sign-out'] button")
    page.click("form[action='/account/passkey'] button")
    page.wait_for_url(f"{address}/overview")

    page.click("form[action='/account/sign-out'] button")
    _sign_in(page, address, "head@qingshi")
    page.wait_for_url(lambda url: "/account/passkey?" in url)
    page.click("form[action^='/account/passkey'] button")
    page.wait_for_url(f"{address}/overview")


@pytest.mark.browser
def test_a_passkey_proves_again_who_it_is_and_is_deleted_then(page: Page, address: str, app: Flask) -> None:
    _sign_in(page, address, "organizer@qingshi")
    _make_passkey(page, address)
    long = app.config["SECURITY_FRESHNESS"]
    app.config["SECURITY_FRESHNESS"] = app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(microseconds=1)
    # The first page ends the time in which nobody is asked again, the second asks.
    page.goto(f"{address}/account/codes")
    page.goto(f"{address}/account/passkeys")
    page.click("form[action^='/account/passkey-again'] button")
    app.config["SECURITY_FRESHNESS"] = app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = long
    page.wait_for_url(f"{address}/account/passkeys")
    page.goto(f"{address}/account/")
    page.click("form[action='/account/passkeys/delete'] button")
    page.click("dialog .button-danger")
    page.goto(f"{address}/account/")
    expect(page.get_by_text("办公室电脑")).to_have_count(0)


def _make_passkey(page: Page, address: str) -> None:
    page.wait_for_url(f"{address}/account/")
    page.click("a[href='/account/passkeys']")
    page.fill("[name=name]", "办公室电脑")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{address}/account/")


def _sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
