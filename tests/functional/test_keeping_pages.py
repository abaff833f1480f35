"""What goes next, the yearly audit and the register of incidents, as their people use them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.db.models import Child, Incident, RightsRequest, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from tests.functional.browsing import Browser
from tests.functional.county import County

SignIn = Callable[[Role], Browser]
TODAY = date(2026, 11, 26)


@pytest.fixture
def leaving(database: Database, county: County) -> Child:
    """Let the first station's child have left so that the file goes tomorrow, and no guardian wait for an answer."""
    with database.writing(EVERYTHING) as session:
        session.delete(session.get_one(RightsRequest, county.here.request))
        child = session.get_one(Child, county.here.child)
        child.left_on = date(2023, 11, 26)
    return child


def test_the_head_sees_what_goes_and_keeps_it_longer(
    sign_in: SignIn, database: Database, county: County, leaving: Child
) -> None:
    head = sign_in(Role.HEAD)
    page = head.get("/retention/").text
    assert leaving.number in page
    address = f"/retention/child_files/{leaving.id}"
    assert address in page
    assert head.send(address, {"until": "2026-11-26", "reason": "诉讼"}).status_code == 422
    assert head.send(address, {"until": "2027-11-26", "reason": "诉讼"}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Child, leaving.id).kept_until == date(2027, 11, 26)
    assert address not in head.get("/retention/").text
    for elsewhere in (
        f"/retention/child_files/{county.elsewhere.child}",
        f"/retention/audit_log/{leaving.id}",
        f"/retention/anything/{leaving.id}",
    ):
        assert head.get(elsewhere).status_code == 404


def test_the_head_sets_how_long_files_are_kept(sign_in: SignIn, database: Database, county: County) -> None:
    head = sign_in(Role.HEAD)
    for wrong in ("2", "31", "x"):
        assert head.send("/retention/years", {"years": wrong}, seen_on="/retention/").status_code == 422
    assert head.send("/retention/years", {"years": "5"}, seen_on="/retention/").status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Station, county.here.station).keeps_files_years == 5
        assert session.get_one(Station, county.elsewhere.station).keeps_files_years is None


@pytest.mark.parametrize("role", [Role.HEAD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_yearly_audit_is_shown_and_taken_along(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)
    page = browser.get("/compliance/")
    assert "2026" in page.text
    assert browser.get("/compliance/?year=2025").status_code == 200
    assert browser.get("/compliance/?year=2027").status_code == 400
    file = browser.send("/compliance/", {"year": "2026"})
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert "incidents.xlsx" in archive.namelist()


def test_an_incident_is_noted_once_it_is_whole(sign_in: SignIn, database: Database) -> None:
    head = sign_in(Role.HEAD)
    told = {"noticed_at": "2026-11-26T08:00", "kind": "device", "children": "3", "measures": "已远程锁定"}
    wrong = {"measures": ""}, {"noticed_at": "2026-11-27T08:00"}, {"told": "网信办"}, {"children": "-1"}
    for values in wrong:
        assert head.send("/incidents/", {**told, **values}).status_code == 422
    assert head.send("/incidents/", {**told, "told": "网信办", "told_at": "2026-11-26T08:30"}).status_code == 302
    assert "已远程锁定" in head.get("/incidents/").text
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(Incident)).one()
    assert row.told_at is not None
    assert row.told_at - row.noticed_at == timedelta(minutes=30)
