"""Feeds over HTTP: fetched by their secret alone, cheaply, and gone when revoked; and the pages that hand them out."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from core.db.models import ActivitySession, FeedToken, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import build_hooks
from core.services.feed_ledger import update_ledger
from core.web.feeds.door import notes_of
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

FEED = "/feeds/qingshi-token.ics"
_MADE = re.compile(r'id="made"[^>]*value="http://127\.0\.0\.1:8000([^"]+)"')


@pytest.fixture(autouse=True)
def ledger(database: Database, county: County, clock: MovingClock) -> None:
    """Publish what the stations' feeds say."""
    with database.writing(EVERYTHING) as session:
        for rows in (county.here, county.elsewhere):
            update_ledger(session, clock, build_hooks([]), station_id=rows.station)


def test_a_feed_is_a_calendar_that_others_may_not_keep(visitor: FlaskClient) -> None:
    answer = visitor.get(FEED)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["青石绘画课", "站内活动"]
    assert "谈心室".encode() not in answer.data


def test_a_calendar_that_has_the_newest_is_told_so(visitor: FlaskClient) -> None:
    first = visitor.get(FEED)
    again = visitor.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    since = visitor.get(FEED, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    assert visitor.get(FEED, headers={"If-None-Match": '"old"'}).status_code == 200


def test_unknown_and_revoked_addresses_are_answered_alike(
    visitor: FlaskClient, sign_in: Callable[[Role], Browser], county: County
) -> None:
    unknown = visitor.get("/feeds/" + "x" * 43 + ".ics")
    sign_in(Role.STATION_STAFF).send(f"/feeds/{county.here.token}/revoke", {}, seen_on="/feeds/")
    revoked = visitor.get(FEED)
    assert unknown.status_code == revoked.status_code == 404
    assert _plain(unknown.get_data(as_text=True)) == _plain(revoked.get_data(as_text=True))


def test_a_fetch_is_noted_once_an_hour(
    app: Flask, visitor: FlaskClient, database: Database, county: County, clock: MovingClock
) -> None:
    clock.advance(timedelta(minutes=1))
    start = clock.now()
    for minutes in (0, 30, 29, 2):
        clock.advance(timedelta(minutes=minutes))
        visitor.get(FEED)
        notes_of(app).write()
    with database.reading(EVERYTHING) as session:
        assert session.get_one(FeedToken, county.here.token).last_fetched_at == start + timedelta(minutes=61)


def test_staff_hand_out_an_address_that_is_shown_once_and_works(
    app: Flask, sign_in: Callable[[Role], Browser], county: County
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    subject = f"room:{county.here.station}:{county.here.room.hex}"
    made = browser.send("/feeds/open", {"subject": subject}, seen_on="/feeds/").get_data(as_text=True)
    found = _MADE.search(made)
    assert found is not None
    path = unescape(found[1])
    assert "webcal://" in made
    assert path not in browser.get("/feeds/").get_data(as_text=True)
    feed = app.test_client().get(path)
    assert "青石大教室" in Calendar.from_ical(feed.data)["X-WR-CALNAME"]


def test_an_address_of_another_station_can_not_be_made(sign_in: Callable[[Role], Browser], county: County) -> None:
    foreign = f"room:{county.elsewhere.station}:{county.elsewhere.room.hex}"
    answer = sign_in(Role.STATION_STAFF).send("/feeds/open", {"subject": foreign}, seen_on="/feeds/")
    assert answer.status_code == 404


def test_a_volunteer_has_one_address_of_their_own_and_a_new_one_ends_it(
    app: Flask, sign_in: Callable[[Role], Browser]
) -> None:
    browser, paths = sign_in(Role.VOLUNTEER), []
    for _ in range(2):
        found = _MADE.search(browser.send("/duties/subscribe", {}, seen_on="/duties/").get_data(as_text=True))
        assert found is not None
        paths.append(unescape(found[1]))
    fetched = [app.test_client().get(path) for path in paths]
    assert [answer.status_code for answer in fetched] == [404, 200]
    assert len(Calendar.from_ical(fetched[1].data).walk("VEVENT")) == 2
    browser.send("/duties/unsubscribe", {}, seen_on="/duties/")
    assert app.test_client().get(paths[1]).status_code == 404


def test_a_volunteer_reads_their_duties(sign_in: Callable[[Role], Browser]) -> None:
    page = sign_in(Role.VOLUNTEER).get("/duties/").get_data(as_text=True)
    assert "青石绘画课" in page
    assert "青石静心小组" in page


def _plain(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_who_has_not_seen_a_change_is_called_and_ticked_off(
    sign_in: Callable[[Role], Browser], database: Database, county: County, clock: MovingClock
) -> None:
    with database.reading(EVERYTHING) as session:
        name = session.get_one(Volunteer, county.here.volunteer).name
        starts_at = session.get_one(ActivitySession, county.here.session).starts_at
    assert starts_at is not None
    clock.advance(starts_at.replace(tzinfo=ZoneInfo("Asia/Shanghai")) - timedelta(hours=20) - clock.now())
    browser, path = sign_in(Role.STATION_STAFF), f"/feeds/unseen/{county.here.volunteer}"
    page = browser.get("/feeds/unseen").get_data(as_text=True)
    assert name in page
    assert "没有订阅日历" in page
    browser.send(path, {}, seen_on="/feeds/unseen")
    assert name not in browser.get("/feeds/unseen").get_data(as_text=True)
    assert browser.send(path, {}, seen_on="/feeds/").status_code == 404
