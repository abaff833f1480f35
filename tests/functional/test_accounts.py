"""Looking after accounts: who gives what to whom, invitations, shutting out, a second proof that was lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import AuditEntry, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

OWN = "ein ganz eigener Satz"


def test_a_head_invites_somebody_who_sets_the_password(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], database: Database
) -> None:
    link = _invited(sign_in(Role.HEAD), county, Role.SOCIAL_WORKER)
    newcomer = Browser(app.test_client())
    assert "lin.example" in newcomer.get(link).get_data(as_text=True)
    assert newcomer.send(link, {"password": "short"}).status_code == 422
    assert newcomer.send(link, {"password": OWN}).status_code == 302
    assert newcomer.get("/overview").status_code == 200
    assert Browser(app.test_client()).get(link).status_code == 404
    again = Browser(app.test_client())
    assert again.sign_in("lin.example", OWN).status_code == 302
    with database.reading(EVERYTHING) as session:
        told = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("account.%"))).all()
    assert {"account.added", "account.invitation_accepted"} <= set(told)


def test_an_invitation_runs_out(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], clock: MovingClock
) -> None:
    link = _invited(sign_in(Role.HEAD), county, Role.ORGANIZER)
    clock.advance(timedelta(days=7, minutes=1))
    assert app.test_client().get(link).status_code == 404


def test_nobody_signs_in_before_the_password_is_set(
    app: Flask, county: County, sign_in: Callable[[Role], Browser]
) -> None:
    _invited(sign_in(Role.HEAD), county, Role.ORGANIZER)
    assert Browser(app.test_client()).sign_in("lin.example", " ").status_code == 422


def test_the_database_holds_no_invitation(
    county: County, sign_in: Callable[[Role], Browser], database: Database
) -> None:
    secret = _invited(sign_in(Role.HEAD), county, Role.ORGANIZER).rsplit("/", 1)[1]
    with database.reading(EVERYTHING) as session:
        user = session.scalars(select(User).where(User.login == "lin.example")).one()
        assert user.invitation_hash is not None
        assert secret.encode() not in user.invitation_hash


def test_a_head_makes_no_administrator(county: County, sign_in: Callable[[Role], Browser], database: Database) -> None:
    head = sign_in(Role.HEAD)
    form = {"login": "x", "role": "administrator", "station": county.here.station}
    assert head.send("/accounts/new", form).status_code == 422
    worker = county.here.users[Role.SOCIAL_WORKER]
    assert (
        head.send(f"/accounts/{worker}", {"role": "administrator", "station": county.here.station}).status_code == 422
    )
    assert _role(database, worker) is Role.SOCIAL_WORKER


@pytest.mark.parametrize("deed", ["shut-out", "invite", "second-factor", "", "let-in"])
def test_a_head_touches_no_administrator(
    county: County, sign_in: Callable[[Role], Browser], database: Database, deed: str
) -> None:
    administrator = county.here.users[Role.ADMINISTRATOR]
    form = {"reason": "lost", "role": "organizer", "station": county.here.station}
    path = f"/accounts/{administrator}/{deed}".rstrip("/")
    answer = sign_in(Role.HEAD).send(path, form, seen_on="/accounts/new")
    assert answer.status_code in {403, 422}
    assert _role(database, administrator) is Role.ADMINISTRATOR


@pytest.mark.parametrize("role", [Role.HEAD, Role.ADMINISTRATOR])
@pytest.mark.parametrize("deed", ["shut-out", "second-factor", "", "let-in"])
def test_nobody_looks_after_the_own_account(
    county: County, sign_in: Callable[[Role], Browser], database: Database, role: Role, deed: str
) -> None:
    own = county.here.users[role]
    form = {"reason": "lost", "role": "auditor", "station": county.here.station}
    path = f"/accounts/{own}/{deed}".rstrip("/")
    assert sign_in(role).send(path, form, seen_on="/accounts/new").status_code in {403, 422}
    assert _role(database, own) is role


def test_another_role_ends_the_sessions(app: Flask, county: County, sign_in: Callable[[Role], Browser]) -> None:
    worker = sign_in(Role.SOCIAL_WORKER)
    form = {"role": "auditor", "station": county.here.station}
    path = f"/accounts/{county.here.users[Role.SOCIAL_WORKER]}"
    assert sign_in(Role.HEAD).send(path, form).status_code == 302
    assert worker.get("/account/").status_code == 302


def test_nobody_is_moved_out_of_reach(county: County, sign_in: Callable[[Role], Browser]) -> None:
    form = {"role": "organizer", "station": county.elsewhere.station}
    path = f"/accounts/{county.here.users[Role.SOCIAL_WORKER]}"
    assert sign_in(Role.HEAD).send(path, form).status_code == 422


def test_who_is_shut_out_is_out_at_once_and_may_be_let_in_again(
    app: Flask, county: County, sign_in: Callable[[Role], Browser]
) -> None:
    head, worker = sign_in(Role.HEAD), sign_in(Role.SOCIAL_WORKER)
    path = f"/accounts/{county.here.users[Role.SOCIAL_WORKER]}"
    assert head.send(f"{path}/shut-out", {}, seen_on=path).status_code == 302
    assert worker.get("/overview").status_code == 302
    assert Browser(app.test_client()).sign_in("social_worker@qingshi").status_code == 422
    assert head.send(f"{path}/let-in", {}, seen_on=path).status_code == 302
    assert Browser(app.test_client()).sign_in("social_worker@qingshi").status_code == 302


def test_the_last_administrator_stays(county: County, sign_in: Callable[[Role], Browser], database: Database) -> None:
    here, there = county.here.users[Role.ADMINISTRATOR], county.elsewhere.users[Role.ADMINISTRATOR]
    with database.writing(EVERYTHING) as session:
        session.get_one(User, there).active = False
        second = session.get_one(User, county.here.users[Role.AUDITOR])
        second.role = Role.ADMINISTRATOR
    browser = sign_in(Role.ADMINISTRATOR)
    path = f"/accounts/{county.here.users[Role.AUDITOR]}"
    assert browser.send(f"{path}/shut-out", {}, seen_on=path).status_code == 302
    assert browser.send(f"{path}/let-in", {}, seen_on=path).status_code == 302
    with database.writing(EVERYTHING) as session:
        session.get_one(User, here).active = False
    assert browser.get("/accounts/").status_code == 302


def test_a_lost_second_proof_is_taken_back_with_a_reason(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], database: Database
) -> None:
    worker = county.here.users[Role.SOCIAL_WORKER]
    with database.writing(EVERYTHING) as session:
        session.get_one(User, worker).totp_secret = "{}"
    head, path = sign_in(Role.HEAD), f"/accounts/{worker}"
    assert head.send(f"{path}/second-factor", {"reason": "no such"}, seen_on=path).status_code == 422
    assert head.send(f"{path}/second-factor", {"reason": "lost"}, seen_on=path).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(User, worker).totp_secret is None
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "account.second_factor_reset")).one()
    assert entry.detail == {"reason": "lost"}
    assert Browser(app.test_client()).sign_in("social_worker@qingshi").headers["Location"] == "/"


def test_a_new_invitation_makes_the_old_password_worth_nothing(
    app: Flask, county: County, sign_in: Callable[[Role], Browser]
) -> None:
    worker, path = sign_in(Role.SOCIAL_WORKER), f"/accounts/{county.here.users[Role.SOCIAL_WORKER]}"
    page = sign_in(Role.HEAD).send(f"{path}/invite", {}, seen_on=path).get_data(as_text=True)
    assert worker.get("/overview").status_code == 302
    assert Browser(app.test_client()).sign_in("social_worker@qingshi").status_code == 422
    newcomer = Browser(app.test_client())
    assert newcomer.send(_link_in(page), {"password": OWN}).status_code == 302
    assert Browser(app.test_client()).sign_in("social_worker@qingshi", OWN).status_code == 302


def test_an_invitation_does_not_get_round_the_second_proof(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], database: Database
) -> None:
    path = f"/accounts/{county.here.users[Role.SOCIAL_WORKER]}"
    with database.writing(EVERYTHING) as session:
        session.get_one(User, county.here.users[Role.SOCIAL_WORKER]).totp_secret = "{}"
    page = sign_in(Role.HEAD).send(f"{path}/invite", {}, seen_on=path).get_data(as_text=True)
    newcomer = Browser(app.test_client())
    assert newcomer.send(_link_in(page), {"password": OWN}).headers["Location"] == "/account/sign-in"
    assert newcomer.get("/account/").status_code == 302
    assert newcomer.sign_in("social_worker@qingshi", OWN).headers["Location"].startswith("/account/code")


def test_a_login_that_is_taken_elsewhere_is_refused(county: County, sign_in: Callable[[Role], Browser]) -> None:
    form = {"login": "head@yuanqiao", "role": "organizer", "station": county.here.station}
    assert sign_in(Role.HEAD).send("/accounts/new", form).status_code == 422


def _invited(browser: Browser, county: County, role: Role) -> str:
    form = {"login": "lin.example", "display_name": "林〇〇", "role": role.value, "station": county.here.station}
    answer = browser.send("/accounts/new", form)
    assert answer.status_code == 200
    return _link_in(answer.get_data(as_text=True))


def _link_in(page: str) -> str:
    found = re.search(r'value="http://127\.0\.0\.1:8000(/account/invitation/[\w-]{43})"', page)
    assert found
    return found[1]


def _role(database: Database, user_id: UUID) -> Role:
    with database.reading(EVERYTHING) as session:
        user = session.get_one(User, user_id)
        assert user.active
        assert user.password
        return user.role
