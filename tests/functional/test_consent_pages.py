"""Consents from both sides: as staff keep them, and as a guardian gives and withdraws them on a phone."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import Consent, ConsentText, Guardian, GuardianLeave
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess
from core.web.logs import without_secrets
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.test_desk_pages import SignIn

TODAY = date(2026, 11, 26)
_ADDRESS = re.compile(r"/guardians/by-link/([\w-]{43})\"")
_CODE = re.compile(r"<strong>(\d{6})</strong>")


def handed_out(sign_in: SignIn, county: County) -> tuple[str, str]:
    """Return the path and the code of an address that the station's staff has made."""
    page = f"/consents/children/{county.here.child}"
    browser = sign_in(Role.STATION_STAFF)
    made = browser.send(f"/consents/guardians/{county.here.guardian}/link", {}, seen_on=page).get_data(as_text=True)
    address, code = _ADDRESS.search(made), _CODE.search(made)
    assert address is not None
    assert code is not None
    assert 'src="data:image/svg+xml' in made
    return f"/guardians/by-link/{address[1]}", code[1]


def opened(app: Flask, path: str, code: str) -> Browser:
    browser = Browser(app.test_client())
    assert browser.send(path, {"code": code}).status_code == 302
    return browser


def test_staff_note_a_consent_and_withdraw_it(sign_in: SignIn, database: Database, county: County) -> None:
    browser, page = sign_in(Role.STATION_STAFF), f"/consents/children/{county.here.child}"
    form = {"purpose": "outing", "guardian": str(county.here.guardian), "given_on": "2026-11-20", "valid_until": ""}
    wrong = ({"given_on": "2027-01-01"}, {"given_on": "2026-11-21", "valid_until": "2026-11-01"})
    sent = [browser.send(page, {**form, **changes}).status_code for changes in ({}, {}, *wrong)]
    assert sent == [302, 422, 422, 422]
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.OUTING))
        assert (row.guardian_id, row.text_version, row.withdrawn_on) == (county.here.guardian, 1, None)
    assert "已撤回" not in browser.get(page).get_data(as_text=True)
    withdrawn = {"withdrawn": "outing", "by": str(county.here.guardian)}
    # The second time there is nothing to withdraw, and nothing is said to be withdrawn.
    for status, done in ((302, True), (422, False)):
        answer = browser.send(f"{page}/withdraw", withdrawn, seen_on=page)
        shown = answer.get_data(as_text=True) + browser.get(page).get_data(as_text=True)
        assert (answer.status_code, "同意从今天起撤回" in shown, "没有可撤回的同意" in shown) == (
            status,
            done,
            not done,
        )
    assert "已撤回" in browser.get(page).get_data(as_text=True)
    assert "由样亲〇〇〇撤回" in browser.get(page).get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Consent, row.id)
        assert (row.withdrawn_on, row.withdrawn_how) == (date(2026, 11, 26), ConsentHow.PAPER)
        assert row.withdrawn_by == county.here.users[Role.STATION_STAFF]
        assert row.withdrawn_guardian_id == county.here.guardian


def test_a_duty_is_noted_with_its_law(sign_in: SignIn, county: County) -> None:
    browser, page = sign_in(Role.HEAD), f"/consents/children/{county.here.child}"
    sent = [
        browser.send(f"{page}/duty", {"duty": "data", "law": law}, seen_on=page).status_code
        for law in ("", "未成年人保护法第四十三条", "未成年人保护法第四十三条")
    ]
    assert sent == [422, 302, 422]
    assert "未成年人保护法第四十三条" in browser.get(page).get_data(as_text=True)


def test_a_guardian_agrees_and_withdraws_after_the_code(
    app: Flask, sign_in: SignIn, database: Database, county: County
) -> None:
    path, code = handed_out(sign_in, county)
    browser = opened(app, path, code)
    text = browser.get(f"{path}/consents/health").get_data(as_text=True)
    assert "如果不同意" in text
    browser.send(f"{path}/consents/health", {"version": "1"})
    assert "您已同意" in browser.get(path).get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.HEALTH))
        assert (row.how, row.guardian_id) == (ConsentHow.LINK, county.here.guardian)
    browser.send(f"{path}/consents/health/withdraw", {}, seen_on=f"{path}/consents/health")
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Consent, row.id)
        assert (row.withdrawn_how, row.withdrawn_by) == (ConsentHow.LINK, county.here.guardian)


def shown_version(page: str) -> dict[str, str]:
    """Return what the form to agree sends besides its token."""
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found is not None
    return {"version": found[1]}


def renew_text(database: Database, valid_from: date, version: int = 2) -> None:
    with database.writing(EVERYTHING) as session:
        said = {"chinese": "新的文本", "english": "The new text"}
        session.add(ConsentText(purpose=ConsentPurpose.HEALTH, version=version, valid_from=valid_from, **said))


def health_consents(database: Database) -> list[tuple[int | None, bool]]:
    """Return of each consent to tell health its text's version, and whether it still counts."""
    with database.reading(EVERYTHING) as session:
        rows = session.scalars(
            select(Consent).where(Consent.purpose == ConsentPurpose.HEALTH).order_by(Consent.text_version)
        )
        return [(row.text_version, row.withdrawn_on is None) for row in rows]


def test_nobody_agrees_to_a_text_that_was_renewed_since_it_was_shown(
    app: Flask, sign_in: SignIn, database: Database, county: County, clock: MovingClock
) -> None:
    path, code = handed_out(sign_in, county)
    browser = opened(app, path, code)
    shown = shown_version(browser.get(f"{path}/consents/health").get_data(as_text=True))
    renew_text(database, TODAY)
    answer = browser.send(f"{path}/consents/health", shown)
    said = answer.get_data(as_text=True)
    assert (answer.status_code, "本次操作未记录" in said, "新的文本" in said) == (409, True, True)
    assert health_consents(database) == []
    assert browser.send(f"{path}/consents/health", {}).status_code == 409
    assert browser.send(f"{path}/consents/health", shown_version(said)).status_code == 302
    assert health_consents(database) == [(2, True)]


def test_who_agreed_to_an_older_text_is_asked_anew_and_told_when_it_was_renewed(
    app: Flask, sign_in: SignIn, database: Database, county: County, clock: MovingClock
) -> None:
    path, code = handed_out(sign_in, county)
    page = f"{path}/consents/health"
    browser = opened(app, path, code)
    browser.send(page, {"version": "1"})
    assert "我已阅读并同意" not in browser.get(page).get_data(as_text=True)
    renew_text(database, TODAY + timedelta(days=1))
    assert "更新" not in browser.get(path).get_data(as_text=True)
    clock.advance(timedelta(days=1))
    browser = opened(app, path, code)
    assert "文本已于2026年11月27日更新" in browser.get(path).get_data(as_text=True)
    asked = browser.get(page).get_data(as_text=True)
    assert ("文本已于2026年11月27日更新" in asked, "新的文本" in asked, "撤回" in asked) == (True, True, True)
    assert browser.send(page, shown_version(asked)).status_code == 302
    assert "更新" not in browser.get(path).get_data(as_text=True)
    assert health_consents(database) == [(1, True), (2, True)]
    browser.send(f"{page}/withdraw", {}, seen_on=page)
    assert health_consents(database) == [(1, False), (2, False)]


@pytest.mark.parametrize(("access", "left"), [("full", False), ("restricted", True)])
def test_a_paper_without_a_name_is_withdrawn_by_a_guardian_with_full_access_alone(
    app: Flask, sign_in: SignIn, database: Database, county: County, access: str, *, left: bool
) -> None:
    with database.writing(EVERYTHING) as session:
        child = session.get_one(Guardian, county.here.guardian).child_id
        own = {"station_id": county.here.station, "child_id": child}
        session.add(Consent(purpose=ConsentPurpose.HEALTH, given_on=date(2026, 11, 1), text_version=1, **own))
    decide = f"/consents/guardians/{county.here.guardian}/access"
    sign_in(Role.HEAD).send(decide, {"access": access}, seen_on=f"/consents/children/{child}")
    path, code = handed_out(sign_in, county)
    browser, page = opened(app, path, code), f"{path}/consents/health"
    assert ("未登记由哪位监护人签署" in browser.get(page).get_data(as_text=True)) is not left
    browser.send(f"{page}/withdraw", {}, seen_on="/account/sign-in")
    assert ("从今天起撤回" in browser.get(path).get_data(as_text=True)) is not left
    assert health_consents(database) == [(1, left)]


def test_a_locked_address_opens_with_the_new_code_that_staff_make(app: Flask, sign_in: SignIn, county: County) -> None:
    path, code = handed_out(sign_in, county)
    browser, wrong = Browser(app.test_client()), f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        browser.send(path, {"code": wrong})
    staff, page = sign_in(Role.STATION_STAFF), f"/consents/children/{county.here.child}"
    shown = staff.get(page).get_data(as_text=True)
    form = re.search(r'action="(/consents/links/[^"]+/code)"', shown)
    assert form is not None
    assert "网址已锁定" in shown
    made = _CODE.search(staff.send(form[1], {}, seen_on=page).get_data(as_text=True))
    assert made is not None
    assert "网址已锁定" not in staff.get(page).get_data(as_text=True)
    assert "您的同意书" in opened(app, path, made[1]).get(path).get_data(as_text=True)


def test_staff_read_what_a_guardian_may_do_and_whom_to_ask(sign_in: SignIn, county: County, database: Database) -> None:
    page, secret = f"/consents/children/{county.here.child}", "法院裁定第8号"
    decide = f"/consents/guardians/{county.here.guardian}/access"
    head, staff = sign_in(Role.HEAD), sign_in(Role.STATION_STAFF)
    assert head.send(decide, {"access": "none", "reason": secret}, seen_on=page).status_code == 302
    shown = staff.get(page).get_data(as_text=True)
    assert ("此项由站长决定" in shown, 'name="access"' in shown, secret in shown) == (True, False, False)
    assert staff.send(decide, {"access": "full"}, seen_on=page).status_code == 403
    with database.reading(EVERYTHING) as session:
        leave = session.scalars(select(GuardianLeave).where(GuardianLeave.guardian_id == county.here.guardian)).one()
        assert leave.access is GuardianAccess.NONE


def test_the_pages_shut_after_half_an_hour_and_are_open_for_their_own_address_alone(
    app: Flask, sign_in: SignIn, county: County, clock: MovingClock
) -> None:
    path, code = handed_out(sign_in, county)
    browser = opened(app, path, code)
    clock.advance(timedelta(minutes=29, seconds=59))
    assert "例童〇〇〇" in browser.get(path).get_data(as_text=True)
    clock.advance(timedelta(seconds=1))
    assert "例童〇〇〇" not in browser.get(path).get_data(as_text=True)
    browser = opened(app, path, code)
    other, _ = handed_out(sign_in, county)
    assert browser.get(path).status_code == 404
    assert "例童〇〇〇" not in browser.get(other).get_data(as_text=True)
    assert browser.get(f"{other}/consents/photo").status_code == 302


@pytest.mark.parametrize("purpose", ["nothing", "PHOTO"])
def test_a_purpose_that_does_not_exist_is_not_found(app: Flask, sign_in: SignIn, county: County, purpose: str) -> None:
    path, code = handed_out(sign_in, county)
    assert opened(app, path, code).get(f"{path}/consents/{purpose}").status_code == 404


def test_wrong_codes_are_counted_though_the_answer_is_a_refusal(app: Flask, sign_in: SignIn, county: County) -> None:
    path, code = handed_out(sign_in, county)
    browser = Browser(app.test_client())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert [browser.send(path, {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert browser.send(path, {"code": code}).status_code == 422


def test_deciding_less_access_is_kept_and_an_address_is_revoked(
    app: Flask, sign_in: SignIn, database: Database, county: County
) -> None:
    path, code = handed_out(sign_in, county)
    page = f"/consents/children/{county.here.child}"
    staff, head = sign_in(Role.STATION_STAFF), sign_in(Role.HEAD)
    decide = f"/consents/guardians/{county.here.guardian}/access"
    less = {"access": "restricted", "reason": "法院裁定（2026）第7号"}
    assert [head.send(decide, form, seen_on=page).status_code for form in ({"access": "x"}, less)] == [400, 302]
    with database.reading(EVERYTHING) as session:
        leave = session.scalars(select(GuardianLeave).where(GuardianLeave.guardian_id == county.here.guardian)).one()
        assert (leave.access, leave.decided_by) == (GuardianAccess.RESTRICTED, county.here.users[Role.HEAD])
        assert leave.reason == less["reason"]
    assert less["reason"] in head.get(page).get_data(as_text=True)
    shown = opened(app, path, code).get(path).get_data(as_text=True)
    assert ("您的同意书" in shown, "孩子参加的活动" in shown) == (True, False)
    form = re.search(r'action="(/consents/links/[^"]+/revoke)"', staff.get(page).get_data(as_text=True))
    assert form is not None
    staff.send(form[1], {}, seen_on=page)
    assert Browser(app.test_client()).get(path).status_code == 404


def test_guardians_see_nothing_of_each_other(app: Flask, sign_in: SignIn, database: Database, county: County) -> None:
    with database.writing(EVERYTHING) as session:
        mother = session.get_one(Guardian, county.here.guardian)
        own = {"station_id": mother.station_id, "child_id": mother.child_id}
        father = Guardian(relation=mother.relation, name="例父〇〇〇", phone="1", phone_index=bytes(32), **own)
        session.add(father)
        session.flush()
        values = {"purpose": ConsentPurpose.OUTING, "given_on": date(2026, 11, 1), "guardian_id": father.id}
        session.add(Consent(**values, **own))
    path, code = handed_out(sign_in, county)
    page = opened(app, path, code).get(path).get_data(as_text=True)
    assert ("您已同意" in page, "例父〇〇〇" in page) == (False, False)


@pytest.mark.parametrize("rest", ["", "/consents/photo", "/calendar.ics"])
def test_no_secret_of_a_guardian_stands_in_the_log(rest: str) -> None:
    assert without_secrets(f"/guardians/by-link/{'k' * 43}{rest}") == f"/guardians/by-link/…{rest}"
