"""What can't be is refused with a sentence that says what to do, and nothing of it is stored."""

from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.db.models import AuditEntry, FeedItem, Room, StationHours, Term, Venue, Volunteer, VolunteerSkill
from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import build_hooks
from core.services.feed_ledger import update_ledger
from tests.functional.admin.examples import EXAMPLES, around
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock, deed

HOURS = {"weekday": "5", "opens": "08:30", "closes": "17:30"}
TERM = {"name": "寒假", "kind": "winter", "first": "2027-01-25", "last": "2027-02-21"}
VENUE = {"name": "新馆", "kind": "centre", "address": ""}

REFUSED = [
    ("station_hours", {**HOURS, "closes": "08:00"}, "关门时间"),
    ("station_hours", {**HOURS, "weekday": "9"}, 'href="#weekday"'),
    ("station_hours", {**HOURS, "opens": "25:00"}, 'href="#opens"'),
    ("terms", {**TERM, "last": "2027-01-01"}, "最后一天"),
    ("terms", {**TERM, "first": "someday"}, 'href="#first"'),
    ("venues", {**VENUE, "name": "青石文体中心"}, "已经有"),
    ("venues", {**VENUE, "name": ""}, 'href="#name"'),
    ("venues", {**VENUE, "name": "长" * 81}, 'href="#name"'),
    ("venues", {**VENUE, "kind": "palace"}, 'href="#kind"'),
    ("volunteers", {"phone": "12345"}, 'href="#phone"'),
]


@pytest.mark.parametrize(("section", "answers", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_wrong_answer_is_refused(
    section: str,
    answers: Mapping[str, str],
    said: str,
    sign_in: Callable[[Role], Browser],
    database: Database,
) -> None:
    before = _counts(database)
    usual = next(example for example in EXAMPLES if example.key == section).new
    sent = sign_in(Role.ORGANIZER).send(f"/admin/{section}/new/", {**usual(None), **answers})  # type: ignore[arg-type]
    assert sent.status_code == 422
    assert said in sent.get_data(as_text=True)
    assert _counts(database) == before


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "99999999999999999999", "NaN", "1.5", ""],
    ids=["none", "less", "huge", "nan", "half", "empty"],
)
def test_a_room_has_a_sensible_number_of_places(
    number: str, sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    example = next(example for example in EXAMPLES if example.key == "rooms")
    answers = {**example.new(around(database, county.here)), "capacity": number}
    assert sign_in(Role.ORGANIZER).send("/admin/rooms/new/", answers).status_code == 422


def test_what_is_in_use_says_what_holds_it_and_stays(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = sign_in(Role.ORGANIZER)
    for address in (f"rooms/delete/?id={county.here.room}", f"activities/delete/?id={county.here.activity}"):
        page = browser.get(f"/admin/{address}").get_data(as_text=True)
        assert "场次（1 条）" in page
        assert '<button type="submit" class="button button-danger"' not in page
        sent = browser.send(f"/admin/{address}", {}, seen_on="/admin/venues/new/")
        assert sent.status_code == 422
        assert "场次（1 条）" in sent.get_data(as_text=True)
    with database.reading(EVERYTHING) as session:
        assert session.get(Room, county.here.room) is not None
        assert session.scalar(select(func.count(AuditEntry.id)).where(deed())) == 0


def test_parts_go_along_and_are_named_before(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = sign_in(Role.STATION_STAFF)
    answers = next(example for example in EXAMPLES if example.key == "volunteers").new(None)  # type: ignore[arg-type]
    row_id = browser.send("/admin/volunteers/new/", answers).headers["Location"].partition("id=")[2]
    skill = {"volunteer_id": row_id, "skill": "art", "valid_until": ""}
    assert browser.send("/admin/volunteer_skills/new/", skill).status_code == 302
    assert "志愿者技能（1 条）" in browser.get(f"/admin/volunteers/delete/?id={row_id}").get_data(as_text=True)
    assert browser.send(f"/admin/volunteers/delete/?id={row_id}", {}).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.get(Volunteer, UUID(row_id)) is None
        assert session.scalar(select(func.count(VolunteerSkill.id))) == 0


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999999999999999",
        "sort=99&desc=1",
        "sort=0&desc=1",
        "search=%00",
        "search=%25_%5E",
        "search=" + "x" * 5000,
        "page_size=1000000",
        "_scheme=javascript&_external=1",
        "flt0_0=1",
        "venue_id=1",
    ],
)
def test_a_lists_address_may_ask_for_anything(query: str, sign_in: Callable[[Role], Browser]) -> None:
    answer = sign_in(Role.ADMINISTRATOR).get(f"/admin/rooms/?{query}")
    assert answer.status_code == 200
    assert "javascript" not in answer.get_data(as_text=True).replace('value="/admin/rooms/?_scheme=javascript', "")


def test_a_page_shows_no_more_rows_than_fifty(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        venue = session.scalars(select(Venue).where(Venue.station_id == county.here.station)).one()
        session.add_all(
            Room(station_id=venue.station_id, venue_id=venue.id, name=f"{number:03}室", zone="activity", capacity=5)
            for number in range(120)
        )
    browser = sign_in(Role.STATION_STAFF)
    assert browser.get("/admin/rooms/?page_size=1000").get_data(as_text=True).count("<tr>") == 51
    second = browser.get("/admin/rooms/?page=1&sort=0").get_data(as_text=True)
    assert "050室" in second
    assert "page=2" in second


def test_calendars_say_the_new_name_of_a_room(
    sign_in: Callable[[Role], Browser], county: County, database: Database, app: object
) -> None:
    with database.writing(EVERYTHING) as session:
        update_ledger(session, MovingClock(), build_hooks([]), station_id=county.here.station)
    browser = sign_in(Role.ORGANIZER)
    with database.reading(EVERYTHING) as session:
        room = session.get_one(Room, county.here.room)
        answers = {"venue_id": room.venue_id, "name": "向阳教室", "zone": "activity", "capacity": "20", "turnover": "0"}
    assert browser.send(f"/admin/rooms/edit/?id={county.here.room}", answers).status_code == 302
    with database.reading(EVERYTHING) as session:
        item = session.scalars(
            select(FeedItem).where(FeedItem.kind == FeedKind.ROOM, FeedItem.subject == county.here.room.hex)
        ).one()
        assert "向阳教室" in item.location
        assert item.sequence == 1


def _counts(database: Database) -> list[int | None]:
    with database.reading(EVERYTHING) as session:
        tables = (StationHours, Term, Venue, Volunteer)
        deeds = session.scalar(select(func.count(AuditEntry.id)).where(deed()))
        return [deeds, *(session.scalar(select(func.count(table.id))) for table in tables)]
