"""Schools confirm, decline or propose by a secret address, and nothing is published before."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import AuditEntry, Term, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import VenueKind
from core.hooks.calling import Hooks
from core.services.outlines import term_outline
from core.services.program_facts import planned_sessions
from plugins.school_link.models import Confirmation, LiaisonLink, School, SchoolClass, State
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.plugins.school_link.conftest import STARTS, Rows, add_plan

PAGE = "/school-link/confirmations"
_TOKEN = re.compile(r"/school-link/by-link/([\w-]{40,})")
SignIn = Callable[[Role], Browser]


@pytest.fixture
def staff(rows: Rows, sign_in: SignIn) -> Browser:
    """Return the browser of a member of staff."""
    return sign_in(Role.STATION_STAFF)


@pytest.fixture
def address(staff: Browser, rows: Rows) -> str:
    """Ask the school for its session, and return the path of a secret address of its own."""
    staff.send(f"{PAGE}/{rows.school}/ask", {}, seen_on=PAGE)
    shown = staff.send(f"{PAGE}/{rows.school}/link", {}, seen_on=PAGE).get_data(as_text=True)
    found = _TOKEN.search(shown)
    assert found is not None
    return found[0]


def confirmation(database: Database) -> Confirmation:
    with database.reading(EVERYTHING) as session:
        return session.scalars(select(Confirmation)).one()


def objections(database: Database, county: County, hooks: Hooks) -> list[str]:
    with database.reading(EVERYTHING) as session:
        term = term_outline(session.get_one(Term, county.here.term))
        found = hooks.publishing_objections(term, planned_sessions(session, "school_link", term.id), session)
        return [str(one.reason) for one in found]


def test_nothing_is_published_until_the_school_has_confirmed_time_and_room(
    address: str, browser: Browser, database: Database, county: County, rows: Rows, clock: MovingClock, hooks: Hooks
) -> None:
    assert objections(database, county, hooks) == [
        "青石测试小学 hasn't confirmed this time and room: ask on the page “School confirmations”."
    ]
    browser.send(f"{address}/confirm", {}, seen_on=address)
    assert confirmation(database).state is State.CONFIRMED
    assert objections(database, county, hooks) == []
    with database.writing(EVERYTHING) as session:
        add_plan(session, county, clock, rows.activity, STARTS[1], version=3)
    assert len(objections(database, county, hooks)) == 1, "A session that has moved is confirmed anew."
    assert "没有需要贵校确认的活动" in browser.get(address).get_data(as_text=True)


def test_a_school_that_needs_not_confirm_holds_nothing_up(
    rows: Rows, database: Database, county: County, hooks: Hooks
) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(School, rows.school).confirms = False
    assert objections(database, county, hooks) == []
    with database.writing(EVERYTHING) as session:
        session.delete(session.scalars(select(SchoolClass)).one())
    assert "none of its groups is on its class lists" in objections(database, county, hooks)[0]


def test_a_school_declines_with_a_reason(
    address: str, browser: Browser, database: Database, county: County, hooks: Hooks, staff: Browser
) -> None:
    path = f"{address}/{confirmation(database).id}/decline"
    assert browser.send(path, {"reason": " "}, seen_on=address).status_code == 400
    assert confirmation(database).state is State.ASKED
    browser.send(path, {"reason": "那天有 运动会"}, seen_on=address)
    assert objections(database, county, hooks) == ["青石测试小学 has declined: 那天有 运动会"]
    assert "那天有 运动会" in staff.get(PAGE).get_data(as_text=True)


def test_a_school_proposes_one_of_the_times_that_the_planner_offers(
    address: str, browser: Browser, database: Database, county: County, hooks: Hooks
) -> None:
    one = confirmation(database)
    page = f"{address}/{one.id}/other-times"
    shown = browser.get(page).get_data(as_text=True)
    assert re.findall(r'value="(2026[^"]+)"', shown) == ["2026-12-12T09:00", "2026-12-19T09:00"]
    path = f"{address}/{one.id}/propose"
    assert browser.send(path, {"start": "2026-12-24T09:00"}, seen_on=page).status_code == 409
    browser.send(path, {"start": "2026-12-19T09:00"}, seen_on=page)
    found = confirmation(database)
    assert (found.state, found.proposed_start) == (State.PROPOSED, datetime.fromisoformat("2026-12-19T09:00"))
    assert objections(database, county, hooks) == ["青石测试小学 has proposed another time: 2026-12-19 09:00."]


def test_unknown_expired_and_revoked_addresses_answer_alike(
    address: str, browser: Browser, staff: Browser, database: Database, clock: MovingClock
) -> None:
    unknown = browser.get("/school-link/by-link/" + "x" * 43)
    assert unknown.status_code == 404
    assert browser.get(address).status_code == 200
    with database.reading(EVERYTHING) as session:
        link = session.scalars(select(LiaisonLink)).one()
    staff.send(f"{PAGE}/link/{link.id}/revoke", {}, seen_on=PAGE)
    revoked = browser.get(address)
    with database.writing(EVERYTHING) as session:
        session.get_one(LiaisonLink, link.id).revoked_at = None
    assert browser.get(address).status_code == 200
    clock.advance(timedelta(days=61))
    expired = browser.get(address)
    told = {
        (answer.status_code, _without_token(answer.get_data(as_text=True))) for answer in (unknown, revoked, expired)
    }
    assert len(told) == 1


def _without_token(page: str) -> str:
    return re.sub(r'by-link/[\w-]+|value="[^"]+"', "…", page)


def test_the_page_tells_of_no_person_and_asks_not_to_be_listed(
    address: str, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = browser.get(address)
    page = answer.get_data(as_text=True)
    assert "走进未保站" in page
    assert "陶测试" not in page
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert address.rpartition("/")[2] not in capsys.readouterr().err, "No log knows the secret."


def test_only_the_hash_of_the_secret_is_stored_and_every_answer_is_audited(
    address: str, browser: Browser, database: Database
) -> None:
    browser.send(f"{address}/confirm", {"confirmation": str(confirmation(database).id)}, seen_on=address)
    token = address.rpartition("/")[2]
    with database.reading(EVERYTHING) as session:
        link = session.scalars(select(LiaisonLink)).one()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("school_link."))).all()
    assert token.encode() not in link.token_hash
    assert [entry.action for entry in entries] == [
        "school_link.asked",
        "school_link.link_opened",
        "school_link.confirmed",
    ]
    assert all(token not in str(entry.detail) for entry in entries)


def test_a_secret_of_one_school_answers_for_no_other(
    address: str, browser: Browser, staff: Browser, database: Database, county: County
) -> None:
    own = {"station_id": county.here.station}
    with database.writing(EVERYTHING) as session:
        venue = Venue(name="青石第二小学", kind=VenueKind.SCHOOL, **own)
        session.add(venue)
        session.flush()
        hours = {"opens": time(8), "closes": time(18), "lessons_end": time(16)}
        other = School(venue_id=venue.id, confirms=True, **hours, **own)
        session.add(other)
        session.flush()
        other_id = other.id
    shown = staff.send(f"{PAGE}/{other_id}/link", {}, seen_on=PAGE).get_data(as_text=True)
    others = next(path for path in (found[0] for found in _TOKEN.finditer(shown)) if path != address)
    assert "走进未保站" not in browser.get(others).get_data(as_text=True)
    one = confirmation(database).id
    for asked in (str(one), "x"):
        assert browser.send(f"{others}/confirm", {"confirmation": asked}, seen_on=others).status_code == 404
    decline = browser.send(f"{others}/{one}/decline", {"reason": "不行"}, seen_on=others)
    assert decline.status_code == 404
    assert confirmation(database).state is State.ASKED


def test_the_liaisons_page_is_limited_in_its_rate(address: str, browser: Browser) -> None:
    codes = [browser.get(address).status_code for _ in range(61)]
    assert codes[-1] == 429


@pytest.mark.parametrize("role", [Role.VOLUNTEER])
def test_others_than_staff_make_no_addresses(rows: Rows, sign_in: SignIn, role: Role) -> None:
    assert sign_in(role).get(PAGE).status_code == 403


def test_staff_of_another_station_see_nothing_of_the_school(rows: Rows, app: Flask) -> None:
    other = Browser(app.test_client())
    other.sign_in("station_staff@yuanqiao")
    assert "青石测试小学" not in other.get(PAGE).get_data(as_text=True)
