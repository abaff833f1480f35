"""Consents from both sides: as staff keep them, and as a guardian gives and withdraws them on a phone."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import Consent, Guardian, GuardianLeave
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess
from core.web.logs import without_secrets
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.test_desk_pages import SignIn

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
    browser.send(f"/consents/{row.id}/withdraw", {}, seen_on=page)
    assert "撤回" in browser.get(page).get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Consent, row.id)
        assert (row.withdrawn_on, row.withdrawn_how) == (date(2026, 11, 26), ConsentHow.PAPER)
        assert row.withdrawn_by == county.here.users[Role.STATION_STAFF]


def test_a_duty_is_noted_with_its_law(sign_in: SignIn, county: County) -> None:
    browser, page = sign_in(Role.HEAD), f"/consents/children/{county.here.child}"
    sent = [
        browser.send(f"{page}/duty", {"duty": "data", "law": law}, seen_on=page).status_code
        for law in ("", "未成年人保护法第四十三条", "未成年人保护法第四十三条")
    ]
    assert sent == [422, 302, 422]
    assert "未成年人保护法第四十三条" in browser.get(page).get_data(as_text=True)


def test_what_ends_or_has_an_old_text_is_listed(sign_in: SignIn, county: County) -> None:
    page = sign_in(Role.SOCIAL_WORKER).get("/consents/").get_data(as_text=True)
    # The county's consent to photographs was noted without a text.
    assert "qingshi-001" in page
    assert "yuanqiao-001" not in page


def test_a_guardian_agrees_and_withdraws_after_the_code(
    app: Flask, sign_in: SignIn, database: Database, county: County
) -> None:
    path, code = handed_out(sign_in, county)
    browser = opened(app, path, code)
    text = browser.get(f"{path}/consents/health").get_data(as_text=True)
    assert "如果不同意" in text
    browser.send(f"{path}/consents/health", {})
    assert "您已同意" in browser.get(path).get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        (row,) = session.scalars(select(Consent).where(Consent.purpose == ConsentPurpose.HEALTH))
        assert (row.how, row.guardian_id) == (ConsentHow.LINK, county.here.guardian)
    browser.send(f"{path}/consents/health/withdraw", {}, seen_on=f"{path}/consents/health")
    with database.reading(EVERYTHING) as session:
        row = session.get_one(Consent, row.id)
        assert (row.withdrawn_how, row.withdrawn_by) == (ConsentHow.LINK, county.here.guardian)


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
    staff = sign_in(Role.STATION_STAFF)
    assert (
        staff.send(f"/consents/guardians/{county.here.guardian}/access", {"access": "x"}, seen_on=page).status_code
        == 400
    )
    staff.send(f"/consents/guardians/{county.here.guardian}/access", {"access": "restricted"}, seen_on=page)
    with database.reading(EVERYTHING) as session:
        leave = session.scalars(select(GuardianLeave).where(GuardianLeave.guardian_id == county.here.guardian)).one()
        assert (leave.access, leave.decided_by) == (GuardianAccess.RESTRICTED, county.here.users[Role.STATION_STAFF])
    shown = opened(app, path, code).get(path).get_data(as_text=True)
    assert ("您的同意书" in shown, "孩子参加的活动" in shown) == (True, False)
    form = re.search(r'action="(/consents/links/[^"]+)"', staff.get(page).get_data(as_text=True))
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
