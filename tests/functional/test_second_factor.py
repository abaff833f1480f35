"""The second proof: who must have one, how it is set up, that it is asked for, and the way back when it is lost."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.config import PasswordProfile, Settings
from core.db.models import AuditEntry, User, WebSession
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import build_hooks
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, MovingClock

HOME = "/account/"
READERS = [role for role in Role if role not in {Role.VOLUNTEER, Role.AUDITOR}]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an installation as they are where nobody changes them."""
    return Settings.in_directory(tmp_path)


@pytest.mark.parametrize("role", READERS)
def test_who_reads_data_of_children_is_led_to_set_up_a_second_proof(browser: Browser, role: Role) -> None:
    assert browser.sign_in(f"{role.value}@qingshi").status_code == 302
    for page in ("/", "/timetable/", "/account/password", "/account/recovery-codes"):
        answer = browser.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, HOME), page
    assert "notice-warning" in browser.get(HOME).get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_reads_none_may_do_without(browser: Browser, role: Role) -> None:
    browser.sign_in(f"{role.value}@qingshi")
    assert browser.get("/timetable/", follow_redirects=True).status_code == 200
    assert "notice-warning" not in browser.get(HOME).get_data(as_text=True)


def test_an_app_is_set_up_and_then_asked_for(app: Flask) -> None:
    browser, secret = _with_app(app)
    assert browser.get("/overview").status_code == 200
    other = Browser(app.test_client())
    asked = other.sign_in("head@qingshi", to="/account/sign-in?next=/timetable/")
    assert asked.headers["Location"].startswith("/account/code")
    assert other.get("/timetable/").status_code == 302
    answer = other.send(asked.headers["Location"], {"code": _next_code(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/timetable/")
    assert other.get("/overview").status_code == 200


def test_a_code_is_taken_once(app: Flask) -> None:
    _, secret = _with_app(app)
    code = _next_code(secret)
    assert _with_code(app, code) == 302
    assert _with_code(app, code) == 422


def test_a_wrong_code_lets_nobody_in_and_five_lock_the_account(app: Flask, clock: MovingClock) -> None:
    _, secret = _with_app(app)
    for _ in range(4):
        assert _with_code(app, "000000") == 422
    assert _with_code(app, "000000") == 422
    assert Browser(app.test_client()).sign_in("head@qingshi").status_code == 422
    clock.advance(timedelta(minutes=16))
    assert _with_code(app, _next_code(secret)) == 302


def test_the_right_password_between_wrong_codes_gives_no_further_guesses(app: Flask) -> None:
    _with_app(app)
    answers = [_with_code(app, "000000") for _ in range(12)]
    assert answers.count(0) >= 6, "after five failures the password is not even looked at"


def test_a_password_alone_opens_no_page_between(app: Flask) -> None:
    _with_app(app)
    other = Browser(app.test_client())
    other.sign_in("head@qingshi")
    for page in ("/", "/overview", HOME, "/account/codes", "/account/passkeys", "/account/password"):
        assert "/account/sign-in" in other.get(page).headers["Location"], page


def test_a_password_waits_for_its_code_ten_minutes(app: Flask, clock: MovingClock) -> None:
    _, secret = _with_app(app)
    browser = Browser(app.test_client())
    asked = browser.sign_in("head@qingshi").headers["Location"]
    assert browser.get(asked).status_code == 200
    clock.advance(timedelta(minutes=11))
    assert browser.get(asked).headers["Location"] == "/"
    app.config["WTF_CSRF_ENABLED"] = False
    assert browser.client.post(asked, data={"code": _next_code(secret)}).headers["Location"] == "/"
    assert browser.get(HOME).status_code == 302


def test_a_new_proof_ends_the_sessions_in_which_it_was_not_given(app: Flask) -> None:
    elsewhere = Browser(app.test_client())
    elsewhere.sign_in("head@qingshi")
    here, _ = _with_app(app)
    assert elsewhere.get(HOME).status_code == 302
    assert here.get(HOME).status_code == 200


def test_a_session_of_a_password_alone_changes_no_proof_of_an_account_that_has_one(
    app: Flask, database: Database
) -> None:
    browser = Browser(app.test_client())
    browser.sign_in("head@qingshi")
    with database.writing(EVERYTHING) as session:
        session.scalars(select(User).where(User.login == "head@qingshi")).one().totp_secret = "{}"
    for path in ("/account/codes", "/account/passkeys"):
        assert browser.get(path).status_code == 403, path


def test_recovery_codes_are_shown_once_kept_as_hashes_and_good_for_one_time(app: Flask, database: Database) -> None:
    browser, _ = _with_app(app)
    page = browser.send("/account/recovery-codes", {}).get_data(as_text=True)
    codes = re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", page)
    assert len(codes) == 10
    assert codes[0] not in browser.get("/account/recovery-codes?show_codes=1").get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        kept = session.scalars(select(User.sealed_recovery_codes).where(User.login == "head@qingshi")).one()
        assert kept is not None
        assert codes[0].encode() not in kept.token
    assert _recovered(app, codes[0].upper()) == 302
    assert _recovered(app, codes[0]) == 422
    assert _recovered(app, "0000-0000-0000") == 422


def test_the_secret_of_the_app_is_sealed(app: Flask, database: Database, tmp_path: Path) -> None:
    _, secret = _with_app(app)
    database.dispose()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("weibao.db*"))
    assert secret.encode() not in raw


def test_the_session_gets_another_token_when_the_second_proof_is_given(app: Flask) -> None:
    browser = Browser(app.test_client())
    browser.sign_in("head@qingshi")
    before = browser.client.get_cookie("weibao")
    _set_up(browser)
    after = browser.client.get_cookie("weibao")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    browser.client.set_cookie("weibao", before.value)
    assert browser.get(HOME).status_code == 302


def test_what_changes_the_proofs_asks_for_the_password_again_after_ten_minutes(app: Flask) -> None:
    browser, _ = _with_app(app)
    app.config["SECURITY_FRESHNESS"] = app.config["SECURITY_FRESHNESS_GRACE_PERIOD"] = timedelta(microseconds=1)
    with browser.client.session_transaction() as session:
        session.pop("fs_gexp", None)
    for page in ("/account/codes", "/account/passkeys", "/account/recovery-codes"):
        answer = browser.get(page)
        assert answer.headers["Location"].startswith("/account/verify?next="), page
    assert browser.send("/account/verify", {"password": "not it at all, really"}).status_code == 422
    answer = browser.send("/account/verify?next=/account/codes", {"password": PASSWORD})
    assert answer.headers["Location"] == "/account/codes"


def test_the_session_list_shows_other_browsers_and_ends_one(app: Flask, database: Database) -> None:
    here, there = (Browser(app.test_client()) for _ in range(2))
    for browser in (here, there):
        browser.sign_in("auditor@qingshi")
    page = here.get(HOME).get_data(as_text=True)
    (ended,) = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert "127.0.0.0/24" in page
    assert here.send(ended, {}, seen_on=HOME).status_code == 302
    assert there.get(HOME).status_code == 302
    assert here.get(HOME).status_code == 200
    with database.reading(EVERYTHING) as session:
        assert len(session.scalars(select(WebSession)).all()) == 1


def test_a_session_of_somebody_else_is_not_ended(app: Flask, database: Database) -> None:
    here, there = (Browser(app.test_client()) for _ in range(2))
    here.sign_in("auditor@qingshi")
    there.sign_in("volunteer@qingshi")
    with database.reading(EVERYTHING) as session:
        foreign = session.scalars(
            select(WebSession.id).join(User, User.id == WebSession.user_id).where(User.login == "volunteer@qingshi")
        ).one()
    assert here.send(f"/account/sessions/{foreign}/end", {}, seen_on=HOME).status_code == 404
    assert there.get(HOME).status_code == 200


def test_signing_out_everywhere_ends_all_sessions(app: Flask) -> None:
    here, there = (Browser(app.test_client()) for _ in range(2))
    for browser in (here, there):
        browser.sign_in("auditor@qingshi")
    assert here.send("/account/sessions/end", {}, seen_on=HOME).status_code == 302
    assert here.get(HOME).status_code == there.get(HOME).status_code == 302


def test_what_happens_to_the_proofs_is_in_the_audit_log(app: Flask, database: Database) -> None:
    browser, _ = _with_app(app)
    browser.send("/account/recovery-codes", {})
    with database.reading(EVERYTHING) as session:
        told = session.execute(
            select(AuditEntry.action, AuditEntry.detail)
            .where(AuditEntry.action.like("account.%"))
            .order_by(AuditEntry.number)
        ).all()
    assert [action for action, _ in told] == ["account.signed_in", "account.totp_set", "account.recovery_codes_made"]
    assert told[0].detail == {"how": "password"}


@pytest.fixture
def demo_app(tmp_path: Path, database: Database, clock: MovingClock) -> Flask:
    """Return the application as a demo."""
    return create_app(Settings.in_directory(tmp_path, demo=True), build_hooks([]), database=database, clock=clock)


def test_accounts_of_the_demo_do_without_and_are_told_so(demo_app: Flask, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        session.scalars(select(User).where(User.login == "head@qingshi")).one().demo = True
    browser = Browser(demo_app.test_client())
    browser.sign_in("head@qingshi")
    assert browser.get("/overview").status_code == 200
    assert "演示" in browser.get(HOME).get_data(as_text=True)


def _with_app(app: Flask, login: str = "head@qingshi") -> tuple[Browser, str]:
    """Return a browser in which somebody has just set up an app, and the app's secret."""
    browser = Browser(app.test_client())
    browser.sign_in(login)
    return browser, _set_up(browser)


def _set_up(browser: Browser) -> str:
    page = browser.send("/account/codes", {"setup": "authenticator"}).get_data(as_text=True)
    shown = re.search(r'class="mono">([A-Z2-7-]+)<', page)
    target = re.search(r'action="(/account/codes/[^"]+)"', page)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert shown
    assert target
    assert token
    secret = shown[1].replace("-", "")
    form = {"code": pyotp.TOTP(secret).now(), "csrf_token": unescape(token[1])}
    assert browser.client.post(unescape(target[1]), data=form).headers["Location"] == HOME
    return secret


def _next_code(secret: str) -> str:
    """Return a code that wasn't used in setting the app up: that of the next half minute is taken as well."""
    return pyotp.TOTP(secret).at(time.time() + 30)


def _with_code(app: Flask, code: str) -> int:
    """Return what a sign-in with a code is answered with, 0 where it doesn't come to the code."""
    browser = Browser(app.test_client())
    asked = browser.sign_in("head@qingshi")
    if asked.status_code != 302:
        return 0
    return browser.send(asked.headers["Location"], {"code": code}).status_code


def _recovered(app: Flask, code: str) -> int:
    browser = Browser(app.test_client())
    browser.sign_in("head@qingshi")
    return browser.send("/account/recovery", {"code": code}).status_code


@pytest.fixture
def dengbao(tmp_path: Path, database: Database, clock: MovingClock) -> Flask:
    """Return the application of an installation that follows 等级保护."""
    chosen = Settings.in_directory(tmp_path, second_factor_forced=False)
    settings = replace(chosen, password_profile=PasswordProfile.DENGBAO)
    return create_app(settings, build_hooks([]), database=database, clock=clock)


def test_where_passwords_age_an_old_one_opens_nothing_but_the_page_for_a_new_one(
    dengbao: Flask, clock: MovingClock
) -> None:
    browser = Browser(dengbao.test_client())
    browser.sign_in("organizer@qingshi")
    assert browser.get("/overview").status_code == 200
    clock.advance(timedelta(days=91))
    browser.sign_in("organizer@qingshi")
    for page in ("/", "/overview", HOME, "/account/passkeys"):
        assert browser.get(page).headers["Location"] == "/account/password", page
    plain = {"password": PASSWORD, "new_password": "correct horse battery"}
    assert browser.send("/account/password", plain).status_code == 422
    assert browser.send("/account/password", {**plain, "new_password": "Correct horse 9"}).status_code == 302
    assert browser.get("/overview").status_code == 200


def test_elsewhere_passwords_do_not_age(browser: Browser, clock: MovingClock) -> None:
    clock.advance(timedelta(days=9000))
    browser.sign_in("auditor@qingshi")
    assert browser.get(HOME).status_code == 200
