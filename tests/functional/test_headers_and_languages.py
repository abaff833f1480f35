"""What every answer carries, in which language it speaks, and how errors look."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.app import create_app
from core.config import Settings
from core.db.session import Database
from core.domain.actor import Role
from core.hooks.manager import build_hooks
from core.web.logs import without_secrets
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, County


@pytest.mark.parametrize("path", ["/account/sign-in", "/p/qingshi", "/nowhere", "/healthz"])
def test_every_answer_carries_the_strict_headers(visitor: FlaskClient, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_behind_tls_browsers_are_told_to_stay_there(settings: Settings, database: Database) -> None:
    secure = Settings(**{**vars(settings), "secure_cookies": True})
    client = create_app(secure, build_hooks([]), database=database).test_client()
    answer = client.get("/account/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_no_page_has_an_inline_script_or_style(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser = sign_in(Role.ORGANIZER)
    for path in ("/overview", "/timetable/", "/plans/", "/calendar/", "/feeds/", f"/activities/{county.here.activity}"):
        page = browser.get(path).get_data(as_text=True)
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script type=" in page
        assert page.count("<script") == 1


def test_pages_of_somebody_signed_in_are_kept_by_nobody(sign_in: Callable[[Role], Browser]) -> None:
    assert sign_in(Role.ORGANIZER).get("/timetable/").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.sign_in("organizer@qingshi").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_everybody_meets_chinese_first_whatever_the_browser_asks_for(visitor: FlaskClient) -> None:
    page = visitor.get("/account/sign-in", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-Hans-CN">' in page
    assert "登录名" in page


def test_a_visitor_can_switch_to_english_and_back(browser: Browser) -> None:
    browser.send("/language", {"language": "en", "next": "/p/qingshi"}, seen_on="/account/sign-in")
    page = browser.get("/account/sign-in").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "Login name" in page
    browser.send("/language", {"language": "zh_Hans_CN"}, seen_on="/account/sign-in")
    assert "登录名" in browser.get("/account/sign-in").get_data(as_text=True)


def test_the_language_of_an_account_is_met_again_in_another_browser(app: Flask) -> None:
    first, second = Browser(app.test_client()), Browser(app.test_client())
    first.sign_in("organizer@qingshi")
    first.send("/language", {"language": "en"}, seen_on="/overview")
    second.sign_in("organizer@qingshi")
    assert '<html lang="en">' in second.get("/overview").get_data(as_text=True)


def test_an_unknown_language_is_refused(browser: Browser) -> None:
    assert browser.send("/language", {"language": "xx"}, seen_on="/account/sign-in").status_code == 400


def test_an_error_is_a_page_in_the_readers_language(visitor: FlaskClient) -> None:
    answer = visitor.get("/nowhere")
    assert answer.status_code == 404
    assert "没有找到" in answer.get_data(as_text=True)


def test_what_fails_unforeseen_tells_no_detail(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["home.health"] = _fail
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert "the secret" not in answer.get_data(as_text=True)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    unforeseen = next(line for line in logged if line["event"] == "unforeseen_error")
    assert unforeseen["error"] == "builtins.RuntimeError"
    assert unforeseen["frames"][-1].endswith("_fail")
    assert "the secret" not in str(logged)


def test_the_log_of_a_request_has_no_query_and_no_login(browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    browser.sign_in("organizer@qingshi")
    browser.get("/timetable/?week=2026-11-28")
    lines = capsys.readouterr().err
    assert '"path": "/timetable/"' in lines
    for secret in ("2026-11-28", "organizer@qingshi", PASSWORD, "csrf"):
        assert secret not in lines


def test_too_large_a_request_is_refused(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = app.test_client().post("/account/sign-in", data={"login": "x" * 2000})
    assert answer.status_code == 413


def test_guessing_from_one_address_is_slowed_down(app: Flask) -> None:
    browser = Browser(app.test_client())
    statuses = [browser.sign_in(f"nobody{number}", "x" * 12).status_code for number in range(32)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/feeds/" + "k" * 43 + ".ics", "/feeds/…"),
        ("/feeds/" + "k" * 43, "/feeds/…"),
        ("/feeds/", "/feeds/"),
        ("/account/invitation/" + "k" * 43, "/account/invitation/…"),
        ("/account/codes/" + "k" * 80, "/account/codes/…"),
        ("/account/passkey/" + "k" * 80, "/account/passkey/…"),
        ("/timetable/", "/timetable/"),
    ],
)
def test_a_secret_in_an_address_is_not_logged(path: str, logged: str) -> None:
    assert without_secrets(path) == logged


def _fail() -> str:
    raise RuntimeError("the secret")
