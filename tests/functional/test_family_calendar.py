"""A guardian's calendar over HTTP: answered as any other, as the guardian chose it, and seen to be fetched."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from core.db.models import ActivityGroup, ActivitySession, Child, GroupMember, GuardianLink
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.vocabulary import GuardianAccess
from core.hooks.manager import build_hooks
from core.services import guardian_links as links
from core.services.feed_ledger import update_ledger
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

_MADE = re.compile(r'id="made"[^>]*value="http://127\.0\.0\.1:8000([^"]+)"')
_FETCHED = re.compile(r"最近一次读取：([^<]+?)\s*<")
ENGLISH_IN_AN_HOUR = {"language": "en", "alarm": "60"}


@dataclass(frozen=True)
class Family:
    """A guardian at their address, in a browser in which its code was entered."""

    browser: Browser
    path: str

    def subscribe(self, **choices: str) -> str:
        """Make an address for the calendar; return its path."""
        page = self.browser.send(f"{self.path}/calendar", choices, seen_on=self.path).get_data(as_text=True)
        found = _MADE.search(page)
        assert found is not None
        return unescape(found[1])

    def page(self) -> str:
        """Return the guardian's page."""
        return self.browser.get(self.path).get_data(as_text=True)


@pytest.fixture
def family(app: Flask, database: Database, county: County, clock: MovingClock) -> Family:
    """Put the child into a group that meets, and give its guardian an address with full access."""
    with database.writing(EVERYTHING) as session:
        held = session.get_one(ActivitySession, county.here.session)
        group = session.scalars(select(ActivityGroup).where(ActivityGroup.activity_id == held.activity_id)).first()
        assert group is not None
        known = select(GroupMember.id).where(
            GroupMember.group_id == group.group_id, GroupMember.child_id == county.here.child
        )
        if session.scalars(known).first() is None:
            own = {"station_id": county.here.station, "child_id": county.here.child}
            session.add(GroupMember(group_id=group.group_id, **own))
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)
        assert held.starts_at is not None
        clock.advance(held.starts_at.replace(tzinfo=ZoneInfo("Asia/Shanghai")) - timedelta(hours=20) - clock.now())
        links.decide_access(session, SYSTEM, clock, county.here.guardian, GuardianAccess.FULL)
        made = links.make_link(session, SYSTEM, clock, county.here.guardian)
    browser, path = Browser(app.test_client()), f"/guardians/by-link/{made.token}"
    assert browser.send(path, {"code": made.code}).status_code == 302
    return Family(browser, path)


def test_it_is_answered_by_gzip_and_not_again_to_who_has_it(family: Family, visitor: FlaskClient) -> None:
    address = family.subscribe()
    plain, zipped = visitor.get(address), visitor.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    for answer, accepted in ((plain, "identity"), (zipped, "gzip")):
        for known in (
            {"If-None-Match": answer.headers["ETag"]},
            {"If-Modified-Since": answer.headers["Last-Modified"]},
        ):
            again = visitor.get(address, headers={**known, "Accept-Encoding": accepted})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    head = visitor.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers == plain.headers


def test_what_changes_is_told_to_who_had_the_calendar(
    family: Family, visitor: FlaskClient, database: Database, county: County, clock: MovingClock
) -> None:
    address = family.subscribe()
    before = visitor.get(address)
    clock.advance(timedelta(minutes=5))
    with database.writing(EVERYTHING) as session:
        session.get_one(ActivitySession, county.here.session).activity.title = "风筝坊"
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)
    for known, header in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        after = visitor.get(address, headers={known: before.headers[header]})
        assert (after.status_code, "风筝坊" in after.get_data(as_text=True)) == (200, True)


def test_it_speaks_and_reminds_as_the_guardian_chose(family: Family, visitor: FlaskClient) -> None:
    chosen = Calendar.from_ical(visitor.get(family.subscribe(**ENGLISH_IN_AN_HOUR)).data)
    assert chosen["X-WR-CALNAME"] == "Station activities"
    alarms = [alarm["TRIGGER"].dt for alarm in chosen.walk("VALARM")]
    assert alarms == [timedelta(hours=-1)] * len(chosen.walk("VEVENT")) != []
    other = Calendar.from_ical(visitor.get(family.subscribe(language="zh_Hans_CN", alarm="")).data)
    assert (other["X-WR-CALNAME"], other.walk("VALARM")) == ("本站活动", [])


def test_what_is_not_offered_makes_no_address(family: Family, database: Database, county: County) -> None:
    for wrong in ({"language": "xx"}, {"alarm": "7"}, {"alarm": "x"}):
        answer = family.browser.send(f"{family.path}/calendar", wrong, seen_on=family.path)
        assert answer.status_code == 400
    with database.reading(EVERYTHING) as session:
        own = select(GuardianLink.feed_hash).where(GuardianLink.guardian_id == county.here.guardian)
        assert set(session.scalars(own)) == {None}


def test_guardian_and_staff_see_when_it_was_last_fetched(
    family: Family, visitor: FlaskClient, clock: MovingClock, county: County, sign_in: Callable[[Role], Browser]
) -> None:
    browser = sign_in(Role.STATION_STAFF)

    def staffs_page() -> str:
        return browser.get(f"/consents/children/{county.here.child}").get_data(as_text=True)

    assert "读取" not in family.page() + staffs_page()
    address = family.subscribe()
    assert all("还没有被读取过" in page for page in (family.page(), staffs_page()))
    seen = []
    for minutes in (0, 59, 2):
        clock.advance(timedelta(minutes=minutes))
        visitor.get(address)
        seen.append(_FETCHED.findall(staffs_page()))
        if not minutes:
            assert _FETCHED.findall(family.page()) == seen[0]
    assert len(seen[0]) == 1
    assert seen[0] == seen[1] != seen[2]


def test_a_new_address_was_never_fetched(family: Family, visitor: FlaskClient) -> None:
    visitor.get(family.subscribe())
    family.subscribe()
    assert "还没有被读取过" in family.page()


def test_a_family_that_has_not_seen_a_change_is_called_and_ticked_off(
    family: Family, visitor: FlaskClient, county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    with database.reading(EVERYTHING) as session:
        name = session.get_one(Child, county.here.child).name
    browser, path = sign_in(Role.STATION_STAFF), f"/feeds/unseen/families/{county.here.child}"

    def listed() -> str:
        return browser.get("/feeds/unseen").get_data(as_text=True)

    assert name not in listed()
    address = family.subscribe()
    assert name in listed()
    organizers = sign_in(Role.ORGANIZER)
    assert name not in organizers.get("/feeds/unseen").get_data(as_text=True)
    assert organizers.send(path, {}, seen_on="/feeds/unseen").status_code == 404
    assert browser.send(path, {}, seen_on="/feeds/unseen").status_code == 302
    assert name not in listed()
    assert browser.send(path, {}, seen_on="/feeds/").status_code == 404
    assert len(Calendar.from_ical(visitor.get(address).data).walk("VEVENT")) > 0
