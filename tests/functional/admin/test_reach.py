"""Nothing of another station is reached through the back office, by no route.

Flask-Admin scopes its lists and nothing else: once, the details, the form and the delete button of a foreign row worked
with its id alone, look-ups were open and files held all rows.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.base import Base
from core.db.models import (
    Activity,
    Room,
    SchoolBreak,
    Station,
    Term,
    Venue,
    Volunteer,
    VolunteerSkill,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.vocabulary import Skill
from tests.functional.browsing import Browser
from tests.functional.county import County

#: Stands in everything that belongs to the other station.
CANARY = "远桥"


@pytest.fixture
def foreign(database: Database, county: County) -> dict[str, UUID]:
    """Return a row of the other station for several sections."""
    with database.writing(EVERYTHING) as session:
        skill = VolunteerSkill(
            station_id=county.elsewhere.station, volunteer_id=county.elsewhere.volunteer, skill=Skill.ART
        )
        session.add(skill)
        session.flush()
        venue = session.scalars(select(Venue.id).where(Venue.station_id == county.elsewhere.station)).one()
        return {
            "stations": county.elsewhere.station,
            "venues": venue,
            "rooms": county.elsewhere.room,
            "volunteers": county.elsewhere.volunteer,
            "volunteer_skills": skill.id,
            "terms": county.elsewhere.term,
            "activities": county.elsewhere.activity,
        }


SECTIONS = ("stations", "venues", "rooms", "volunteers", "volunteer_skills", "terms", "activities")


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("page", ["details", "edit", "delete"])
def test_a_foreign_rows_pages_are_not_found(
    section: str, page: str, sign_in: Callable[[Role], Browser], foreign: dict[str, UUID]
) -> None:
    answer = sign_in(Role.HEAD).get(f"/admin/{section}/{page}/?id={foreign[section]}")
    assert answer.status_code == 404
    assert CANARY not in answer.get_data(as_text=True)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("page", ["edit", "delete"])
def test_a_foreign_row_is_neither_changed_nor_deleted(
    section: str, page: str, sign_in: Callable[[Role], Browser], foreign: dict[str, UUID], database: Database
) -> None:
    before = _told(database)
    browser = sign_in(Role.HEAD)
    sent = browser.send(f"/admin/{section}/{page}/?id={foreign[section]}", {"name": "x"}, seen_on="/admin/venues/new/")
    # An activity is changed on its own pages alone, so nothing may be sent to its form here.
    assert sent.status_code == (405 if (section, page) == ("activities", "edit") else 404)
    assert _told(database) == before


@pytest.mark.parametrize("section", SECTIONS)
def test_lists_searches_and_files_hold_nothing_foreign(
    section: str, sign_in: Callable[[Role], Browser], foreign: dict[str, UUID], county: County
) -> None:
    browser = sign_in(Role.HEAD)
    for address in (
        "",
        f"?search={CANARY}",
        f"?volunteer_id={county.elsewhere.volunteer}",
        f"?venue_id={foreign['venues']}",
        "export/csv/",
    ):
        content = browser.get(f"/admin/{section}/{address}").get_data().decode(errors="replace")
        # What was asked for stands in the page's search field and in its addresses, and nowhere else.
        assert CANARY not in content.replace(f'value="{CANARY}"', "").replace(f"search={CANARY}", "")
        assert f"?id={foreign[section]}" not in content


def test_the_same_pages_show_ones_own_rows(sign_in: Callable[[Role], Browser], county: County) -> None:
    browser = sign_in(Role.HEAD)
    assert "青石陶测试" in browser.get("/admin/volunteers/").get_data(as_text=True)
    assert "青石陶测试" in browser.get(f"/admin/volunteers/details/?id={county.here.volunteer}").get_data(as_text=True)
    assert "青石大教室" in browser.get("/admin/rooms/export/csv/").get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["details/?id=", "details/?id=no-id", "edit/?id=01920000-0000-7000-8000-000000000000", "delete/?id=1,2"]
)
def test_an_id_that_is_none_is_not_found(address: str, sign_in: Callable[[Role], Browser]) -> None:
    assert sign_in(Role.HEAD).get(f"/admin/rooms/{address}").status_code == 404


def test_a_form_offers_and_takes_no_foreign_reference(
    sign_in: Callable[[Role], Browser], foreign: dict[str, UUID], county: County, database: Database
) -> None:
    browser = sign_in(Role.HEAD)
    page = f"/admin/rooms/new/?venue_id={foreign['venues']}"
    assert CANARY not in browser.get(page).get_data(as_text=True)
    answers = {"venue_id": foreign["venues"], "name": "混进来", "zone": "activity", "capacity": "5", "turnover": "0"}
    assert browser.send(page, answers).status_code == 422
    moved = browser.send(f"/admin/rooms/edit/?id={county.here.room}", answers)
    assert moved.status_code == 422
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Room).where(Room.name == "混进来")).all() == []
        assert session.get_one(Room, county.here.room).name == "青石大教室"


def test_a_form_takes_no_field_that_it_does_not_show(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    answers = {
        "name": "青石分馆",
        "kind": "centre",
        "address": "",
        "station_id": county.elsewhere.station,
        "id": uuid4(),
    }
    assert sign_in(Role.HEAD).send("/admin/venues/new/", answers).status_code == 302
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(Venue.station_id).where(Venue.name == "青石分馆")).all() == [county.here.station]


def test_details_show_no_foreign_parts(
    sign_in: Callable[[Role], Browser], foreign: dict[str, UUID], county: County
) -> None:
    page = sign_in(Role.HEAD).get(f"/admin/stations/details/?id={county.here.station}")
    assert CANARY not in page.get_data(as_text=True)


def test_what_a_station_above_lets_one_see_is_not_ones_own_to_change(
    sign_in: Callable[[Role], Browser], county: County, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        top = session.scalars(select(Station.id).where(Station.parent_id.is_(None))).one()
        row = SchoolBreak(station_id=top, name="全县寒假", first=date(2027, 2, 1), last=date(2027, 2, 2))
        session.add(row)
        session.flush()
        row_id = row.id
    browser = sign_in(Role.HEAD)
    details = browser.get(f"/admin/school_breaks/details/?id={row_id}")
    assert "全县寒假" in details.get_data(as_text=True)
    assert "/edit/" not in details.get_data(as_text=True)
    for page in (f"school_breaks/edit/?id={row_id}", f"school_breaks/delete/?id={row_id}", f"stations/edit/?id={top}"):
        assert browser.get(f"/admin/{page}").status_code == 403
        assert browser.send(f"/admin/{page}", {}, seen_on="/admin/venues/new/").status_code == 403


def test_the_county_chooses_the_station_of_a_new_row_among_its_own(
    at_county: Callable[[Role], Browser], county: County, database: Database
) -> None:
    browser = at_county(Role.ADMINISTRATOR)
    answers = {"name": "流动课堂", "kind": "outdoor", "address": ""}
    assert browser.send("/admin/venues/new/", {**answers, "station_id": uuid4()}).status_code == 422
    assert browser.send("/admin/venues/new/", {**answers, "station_id": county.elsewhere.station}).status_code == 302
    with database.reading(EVERYTHING) as session:
        owner = session.scalars(select(Venue.station_id).where(Venue.name == "流动课堂")).one()
        assert owner == county.elsewhere.station
    assert "远桥未保站" in browser.get("/admin/venues/").get_data(as_text=True)


def test_a_row_never_moves_to_another_station(
    at_county: Callable[[Role], Browser], foreign: dict[str, UUID], county: County, database: Database
) -> None:
    browser = at_county(Role.ADMINISTRATOR)
    answers = {"venue_id": foreign["venues"], "name": "搬走", "zone": "activity", "capacity": "5", "turnover": "0"}
    assert browser.send(f"/admin/rooms/edit/?id={county.here.room}", answers).status_code == 422
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Room, county.here.room).station_id == county.here.station


def test_a_station_hangs_neither_below_itself_nor_out_of_reach(
    at_county: Callable[[Role], Browser], county: County
) -> None:
    browser = at_county(Role.ADMINISTRATOR)
    page = f"/admin/stations/edit/?id={county.here.station}"
    answers = {"kind": "station", "name": "青石未保站", "slug": "qingshi"}
    assert browser.send(page, {**answers, "parent_id": county.here.station}).status_code == 422
    assert browser.send(page, {**answers, "parent_id": county.elsewhere.station}).status_code == 302


@pytest.mark.parametrize("route", ["ajax/lookup/?name=venue&query=", "ajax/update/", "action/"])
def test_what_flask_admin_offers_beside_the_pages_is_not_there(
    route: str, sign_in: Callable[[Role], Browser], app: Flask
) -> None:
    browser = sign_in(Role.HEAD)
    assert browser.get(f"/admin/venues/{route}").status_code == 404
    sent = browser.send(f"/admin/venues/{route}", {"action": "delete", "rowid": "1"}, seen_on="/admin/venues/new/")
    assert sent.status_code == 404
    assert browser.get("/admin/static/admin/js/actions.js").status_code == 404
    assert {rule.endpoint.partition(".")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/admin")} == {
        "index",
        "index_view",
        "create_view",
        "edit_view",
        "details_view",
        "delete_view",
        "export",
    }


def _told(database: Database) -> list[list[tuple[object, ...]]]:
    tables = (Activity, Room, Station, Term, Venue, Volunteer, VolunteerSkill)
    with database.reading(EVERYTHING) as session:
        return [sorted((str(row.id), *_values(row)) for row in session.scalars(select(table))) for table in tables]


def _values(row: Base) -> list[str]:
    return [str(getattr(row, column.key)) for column in row.__mapper__.column_attrs if column.key != "sealed_phone"]
