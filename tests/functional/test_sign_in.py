"""Signing in and out: with the right password only, not by guessing, and for as long as a session lasts."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import AuditEntry, WebSession
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, MovingClock

LOGIN = "organizer@qingshi"
SIGN_IN = "/account/sign-in"


def test_the_right_password_leads_to_where_one_wanted_to_go(browser: Browser) -> None:
    asked = browser.get("/account/password?x=1")
    assert asked.status_code == 302
    answer = browser.sign_in(LOGIN, to=asked.headers["Location"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/password?x=1")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil", "evil"])
def test_sign_in_never_leads_to_another_site(browser: Browser, target: str) -> None:
    browser.get("/account/sign-in")
    answer = browser.send("/account/sign-in?" + f"next={target}", {"login": LOGIN, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(browser: Browser) -> None:
    wrong = browser.sign_in(LOGIN, "not it at all, really")
    unknown = browser.sign_in("nobody@nowhere", "not it at all, really")
    assert wrong.status_code == unknown.status_code == 422
    as_asked = wrong.get_data(as_text=True).replace(LOGIN, "nobody@nowhere")
    assert _without_tokens(as_asked) == _without_tokens(unknown.get_data(as_text=True))


def test_five_failures_lock_the_account_for_fifteen_minutes(app: Flask, clock: MovingClock) -> None:
    for _ in range(5):
        assert Browser(app.test_client()).sign_in(LOGIN, "not it at all, really").status_code == 422
    assert Browser(app.test_client()).sign_in(LOGIN).status_code == 422
    clock.advance(timedelta(minutes=16))
    assert Browser(app.test_client()).sign_in(LOGIN).status_code == 302


def test_the_right_password_takes_earlier_failures_back(app: Flask) -> None:
    for _ in range(2):
        for _ in range(4):
            Browser(app.test_client()).sign_in(LOGIN, "not it at all, really")
        assert Browser(app.test_client()).sign_in(LOGIN).status_code == 302


def test_sign_ins_and_locks_are_in_the_audit_log(app: Flask, database: Database) -> None:
    Browser(app.test_client()).sign_in(LOGIN)
    for _ in range(5):
        Browser(app.test_client()).sign_in(LOGIN, "not it at all, really")
    with database.reading(EVERYTHING) as session:
        told = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("account.%")).order_by(AuditEntry.number)
        ).all()
    assert told == ["account.signed_in", "account.locked"]


def test_a_session_ends_after_an_hour_of_silence(browser: Browser, clock: MovingClock) -> None:
    browser.sign_in(LOGIN)
    clock.advance(timedelta(minutes=59))
    assert browser.get("/account/password").status_code == 200
    clock.advance(timedelta(minutes=59))
    assert browser.get("/account/password").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert browser.get("/account/password").status_code == 302


def test_a_session_ends_after_twelve_hours_however_busy(browser: Browser, clock: MovingClock) -> None:
    browser.sign_in(LOGIN)
    for _ in range(23):
        clock.advance(timedelta(minutes=30))
        assert browser.get("/account/password").status_code == 200
    clock.advance(timedelta(minutes=31))
    assert browser.get("/account/password").status_code == 302


def test_signing_in_changes_the_cookie_and_signing_out_ends_the_session_on_the_server(browser: Browser) -> None:
    browser.get("/account/sign-in")
    before = _cookie(browser)
    browser.sign_in(LOGIN)
    token = _cookie(browser)
    assert token != before
    browser.send("/account/sign-out", {}, seen_on="/account/password")
    browser.client.set_cookie("weibao", token)
    assert browser.get("/account/password").status_code == 302


def test_the_database_holds_no_token(browser: Browser, database: Database) -> None:
    browser.sign_in(LOGIN)
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(WebSession)).one()
        assert _cookie(browser).encode() not in row.content + row.token_hash


def test_a_new_password_signs_out_other_browsers_and_not_this_one(app: Flask) -> None:
    here, there = Browser(app.test_client()), Browser(app.test_client())
    here.sign_in(LOGIN)
    there.sign_in(LOGIN)
    new = "ein ganz anderes Passwort"
    changed = here.send("/account/password", {"password": PASSWORD, "new_password": new})
    assert changed.status_code == 302
    assert here.get("/account/password").status_code == 200
    assert there.get("/account/password").status_code == 302
    assert there.sign_in(LOGIN, new).status_code == 302


@pytest.mark.parametrize("weak", ["short", "123456789012", "aaaaaaaaaaaaaa", "Password1234"])
def test_a_weak_password_is_refused_with_a_reason(browser: Browser, weak: str) -> None:
    browser.sign_in(LOGIN)
    answer = browser.send("/account/password", {"password": PASSWORD, "new_password": weak})
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_a_cookie_nobody_gave_out_is_taken_back(browser: Browser) -> None:
    browser.client.set_cookie("weibao", "x" * 43)
    answer = browser.get("/account/sign-in")
    assert answer.status_code == 200
    assert "x" * 43 not in str(browser.client.get_cookie("weibao"))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_meets_its_start_page(browser: Browser, role: Role) -> None:
    browser.sign_in(f"{role.value}@qingshi")
    assert browser.get("/", follow_redirects=True).status_code == 200


def _cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie("weibao")
    assert cookie is not None
    return str(cookie.value)


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_of_several_first_pages_at_once_each_form_holds_where_the_browser_says_it_is_the_sites_own(
    app: Flask,
) -> None:
    tabs = [app.test_client() for _ in range(2)]
    pages = [tab.get(SIGN_IN).get_data(as_text=True) for tab in tabs]
    tokens = [re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0] for page in pages]
    # The browser keeps the cookie of the second; the form of the first is sent.
    sent = {"csrf_token": tokens[0], "login": LOGIN, "password": PASSWORD}
    for site in ("cross-site", "same-site", None):
        headers = {"Sec-Fetch-Site": site} if site else {}
        assert tabs[1].post(SIGN_IN, data=sent, headers=headers).status_code == 400
    forged = {**sent, "csrf_token": "made.up.token"}
    own = {"Sec-Fetch-Site": "same-origin"}
    assert tabs[1].post(SIGN_IN, data=forged, headers=own).status_code == 400
    assert tabs[1].post(SIGN_IN, data=sent, headers=own).status_code == 302
    # Whoever is signed in has one token, and no other holds.
    assert tabs[1].post("/account/sign-out", data={"csrf_token": tokens[0]}, headers=own).status_code == 400
