"""The door for calendar programs: what it answers is as good as what the pages would, only sooner."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy.exc import OperationalError

from core.db.models import Activity, FeedToken, Room, Station, Venue
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import build_hooks
from core.services.feed_ledger import update_ledger
from core.services.feeds import TOLD_FOR
from core.web.feeds.door import Shelf, notes_of
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

FEED = "/feeds/qingshi-token.ics"
_MADE = re.compile(r'id="made"[^>]*value="http://127\.0\.0\.1:8000([^"]+)"')


@pytest.fixture(autouse=True)
def ledger(database: Database, county: County, clock: MovingClock) -> None:
    """Publish what the station's feeds say."""
    with database.writing(EVERYTHING) as session:
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)


def test_who_takes_gzip_is_given_it_with_a_tag_of_its_own(visitor: FlaskClient) -> None:
    plain, zipped = visitor.get(FEED), visitor.get(FEED, headers={"Accept-Encoding": "gzip, deflate"})
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert int(zipped.headers["Content-Length"]) == len(zipped.data)
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert zipped.headers["Vary"] == "Accept-Encoding"
    known = {"If-None-Match": zipped.headers["ETag"], "Accept-Encoding": "gzip"}
    assert visitor.get(FEED, headers=known).status_code == 304


def test_asking_for_the_head_gives_the_same_headers_and_nothing_else(visitor: FlaskClient) -> None:
    head, full = visitor.head(FEED), visitor.get(FEED)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers == full.headers


def test_other_methods_are_not_for_calendars(visitor: FlaskClient) -> None:
    assert visitor.put(FEED).status_code == 405


@pytest.mark.parametrize("change", ["title", "room", "venue", "station"])
def test_the_tag_changes_with_what_the_feed_says_and_only_then(
    visitor: FlaskClient, database: Database, county: County, clock: MovingClock, change: str
) -> None:
    before = visitor.get(FEED)
    clock.advance(timedelta(minutes=5))
    assert visitor.get(FEED).headers["ETag"] == before.headers["ETag"]
    with database.writing(EVERYTHING) as session:
        room = session.get_one(Room, county.here.room)
        if change == "title":
            session.get_one(Activity, county.here.activity).title = "书法课"
        elif change == "room":
            room.name = "东屋"
        elif change == "venue":
            session.get_one(Venue, room.venue_id).map_position = "31.230400,121.473700"
        else:
            session.get_one(Station, county.here.station).name = "新名字"
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)
    after = visitor.get(FEED, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.data != before.data


def test_a_revoked_address_is_gone_with_the_commit(
    visitor: FlaskClient, database: Database, county: County, clock: MovingClock
) -> None:
    tag = visitor.get(FEED).headers["ETag"]
    with database.writing(EVERYTHING) as session:
        session.get_one(FeedToken, county.here.token).revoked_at = clock.now()
    assert visitor.get(FEED).status_code == 404
    assert visitor.get(FEED, headers={"If-None-Match": tag}).status_code == 404


def test_what_is_cancelled_is_told_for_sixty_days(
    visitor: FlaskClient, database: Database, county: County, clock: MovingClock
) -> None:
    with database.writing(EVERYTHING) as session:
        for row in session.get_one(Activity, county.here.activity).sessions:
            row.status = SessionStatus.CANCELLED
        update_ledger(session, clock, build_hooks([]), station_id=county.here.station)
    cancelled_at = clock.now()
    told = visitor.get(FEED)
    assert b"STATUS:CANCELLED" in told.data
    clock.advance(TOLD_FOR - timedelta(seconds=1))
    assert visitor.get(FEED, headers={"If-None-Match": told.headers["ETag"]}).status_code == 304
    clock.advance(timedelta(seconds=1))
    assert clock.now() - cancelled_at == TOLD_FOR
    later = visitor.get(FEED, headers={"If-None-Match": told.headers["ETag"]})
    assert later.status_code == 200
    assert b"STATUS:CANCELLED" not in later.data


def test_a_calendar_reminds_in_the_language_that_was_chosen(app: Flask, sign_in: Callable[[Role], Browser]) -> None:
    form = {"alarm": "60", "language": "en"}
    made = sign_in(Role.VOLUNTEER).send("/duties/subscribe", form, seen_on="/duties/").get_data(as_text=True)
    found = _MADE.search(made)
    assert found is not None
    content = app.test_client().get(unescape(found[1])).data
    events = Calendar.from_ical(content).walk("VEVENT")
    assert events
    assert {str(event["SUMMARY"]) for event in events} == {"青石绘画课", "Station activity"}
    assert [alarm.to_ical() for event in events for alarm in event.walk("VALARM")] != []
    assert content.count(b"TRIGGER:-PT1H") == len(events)
    assert content.count(b"URL:http://127.0.0.1:8000/sessions/") == len(events)


@pytest.mark.parametrize("form", [{"alarm": "7"}, {"alarm": "soon"}, {"language": "tlh"}])
def test_what_is_not_offered_is_refused(sign_in: Callable[[Role], Browser], form: dict[str, str]) -> None:
    answer = sign_in(Role.VOLUNTEER).send("/duties/subscribe", form, seen_on="/duties/")
    assert answer.status_code == 400
    assert "请从列表里选择语言和提醒时间" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; 2211133C) Chrome/130.0", "安卓"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "电脑"),
    ],
)
def test_the_way_for_the_device_in_hand_stands_open(sign_in: Callable[[Role], Browser], agent: str, told: str) -> None:
    page = subscribed(sign_in(Role.VOLUNTEER), agent)
    assert 'href="webcal://' in page
    assert told in "".join(re.findall(r"<details open>.*?</details>", page, re.DOTALL))


def test_wechat_is_given_no_button_that_it_would_not_open(sign_in: Callable[[Role], Browser]) -> None:
    page = subscribed(sign_in(Role.VOLUNTEER), "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) MicroMessenger/8.0.60")
    assert 'href="webcal://' not in page
    assert "微信打不开日历" in page


def subscribed(browser: Browser, agent: str) -> str:
    """Return the page that shows a volunteer's new address on a device that names itself so."""
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    return browser.send("/duties/subscribe", {}, seen_on="/duties/").get_data(as_text=True)


def test_the_shelf_keeps_what_was_asked_for_last_and_no_more_than_it_has_room_for() -> None:
    shelf, addresses = Shelf(most=100), [UUID(int=number) for number in range(10)]
    for address in addresses:
        shelf.put(address, "tag", b"x" * 30)
        shelf.get(addresses[0], "tag")
    assert shelf.size <= 100
    assert shelf.get(addresses[0], "tag") is not None
    assert shelf.get(addresses[9], "tag") is not None
    assert shelf.get(addresses[1], "tag") is None
    shelf.put(addresses[9], "later", b"x")
    assert shelf.get(addresses[9], "tag") is None
    assert shelf.size == 61


def test_what_could_not_be_noted_waits_for_the_next_try(
    app: Flask, visitor: FlaskClient, database: Database, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get(FEED)
    notes = notes_of(app)
    with monkeypatch.context() as broken:
        broken.setattr("core.web.feeds.notes.note_fetches", fail)
        with pytest.raises(OperationalError):
            notes.write()
    assert notes.are_waiting()
    notes.write()
    assert not notes.are_waiting()
    with database.reading(EVERYTHING) as session:
        assert session.get_one(FeedToken, county.here.token).last_fetched_at is not None


def fail(*_given: object) -> None:
    """Do as a database that is away."""
    raise OperationalError("", {}, Exception())
