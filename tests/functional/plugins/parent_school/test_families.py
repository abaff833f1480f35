"""Attendance by family, and the report that counts it without telling of few."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError
from core.hooks.reports import Period
from core.hooks.types import ActivityOutline, TermOutline
from core.services.program_facts import held_sessions
from plugins.parent_school import services
from plugins.parent_school.models import CareRatio, FamilyAttendance
from plugins.parent_school.planning import contribution
from plugins.parent_school.reports import count
from tests.functional.browsing import Browser
from tests.functional.county import MovingClock
from tests.functional.plugins.parent_school.conftest import World
from tests.integration.builders import restrict

PAGE = "/parent-school/families"
SignIn = Callable[[Role], Browser]


@pytest.fixture
def staff(sign_in: SignIn, clock: MovingClock) -> Browser:
    clock.advance(timedelta(days=4))
    return sign_in(Role.STATION_STAFF)


def noted(database: Database) -> dict[UUID, int]:
    with database.reading(EVERYTHING) as session:
        return {row.child_id: row.adults for row in session.scalars(select(FamilyAttendance))}


def figures(world: World, database: Database) -> list[tuple[Any, ...]]:
    with database.reading(EVERYTHING) as session:
        table = count(session, Period(world.station, date(2026, 11, 1), date(2026, 12, 31)))
        assert all(len(row) == len(table.headings) for row in table.rows)
        return [tuple(row[1:]) for row in table.rows]


def note_all(world: World, database: Database, clock: MovingClock, talk: UUID, families: int, adults: int = 2) -> None:
    with database.writing(EVERYTHING) as session:
        (row,) = (
            one
            for one in held_sessions(session, "parent_school", date(2026, 11, 1), date(2026, 12, 31))
            if one.id == talk
        )
        adults_of = dict.fromkeys(world.children[:families], adults)
        services.note_families(session, SYSTEM, FixedClock(clock.now()), row, adults_of)


def test_of_a_child_under_restricted_use_nothing_new_is_noted(
    staff: Browser, world: World, database: Database, clock: MovingClock
) -> None:
    note_all(world, database, clock, world.talk, families=1)
    with database.writing(EVERYTHING) as session:
        restrict(session, world.children[0])
        restrict(session, world.children[1])
    page = staff.get(f"{PAGE}/{world.talk}").get_data(as_text=True)
    assert f"adults-{world.children[0]}" not in page
    assert "C000" in page
    assert page.count("限制处理") == 2
    sent = {f"adults-{child}": "3" for child in world.children[:3]}
    assert staff.send(f"{PAGE}/{world.talk}", sent).status_code == 302
    assert noted(database) == {world.children[0]: 2, world.children[2]: 3}
    more = staff.send(f"{PAGE}/{world.talk}/more", {"number": "C001"}, seen_on=f"{PAGE}/{world.talk}")
    assert more.status_code == 422
    assert "限制处理" in more.get_data(as_text=True)


def test_families_of_the_talks_groups_are_ticked(staff: Browser, world: World, database: Database) -> None:
    page = staff.get(f"{PAGE}/{world.talk}").get_data(as_text=True)
    assert "C000 青童0" in page
    assert "C003" not in page
    first, second, third = world.children[:3]
    form = {f"adults-{first}": "2", f"adults-{second}": "1", f"adults-{third}": "0"}
    assert staff.send(f"{PAGE}/{world.talk}", form).status_code == 302
    assert noted(database) == {first: 2, second: 1}
    staff.send(f"{PAGE}/{world.talk}", {f"adults-{first}": "0"})
    assert noted(database) == {second: 1}


def test_odd_numbers_change_nothing(staff: Browser, world: World, database: Database) -> None:
    staff.send(f"{PAGE}/{world.talk}", {f"adults-{world.children[0]}": "x", f"adults-{world.children[5]}": "2"})
    assert noted(database) == {}
    assert staff.send(f"{PAGE}/{world.talk}", {f"adults-{world.children[0]}": "9"}).status_code == 400
    assert noted(database) == {}


def test_a_family_beyond_the_groups_is_added_by_number(staff: Browser, world: World, database: Database) -> None:
    page = staff.get(f"{PAGE}/{world.open_talk}").get_data(as_text=True)
    assert 'class="empty"' in page
    path = f"{PAGE}/{world.open_talk}"
    assert staff.send(f"{path}/more", {"number": "C004"}, seen_on=path).status_code == 302
    assert noted(database) == {world.children[4]: 1}
    assert "C004 青童4" in staff.get(path).get_data(as_text=True)
    assert staff.send(f"{path}/more", {"number": "C900"}, seen_on=path).status_code == 422
    assert staff.send(f"{path}/more", {"number": "C004"}, seen_on=path).status_code == 302
    assert noted(database) == {world.children[4]: 1}


def test_talks_are_listed_once_they_lie_behind_us(sign_in: SignIn, world: World, clock: MovingClock) -> None:
    browser = sign_in(Role.STATION_STAFF)
    assert 'class="empty"' in browser.get(PAGE).get_data(as_text=True)
    assert browser.get(f"{PAGE}/{world.talk}").status_code == 404
    clock.advance(timedelta(days=4))
    page = sign_in(Role.STATION_STAFF).get(PAGE).get_data(as_text=True)
    assert str(world.talk) in page
    assert str(world.open_talk) in page
    assert str(world.slots[0]) not in page


def test_more_grown_ups_than_a_family_has_are_refused(world: World, database: Database, clock: MovingClock) -> None:
    with pytest.raises(InvalidInputError):
        note_all(world, database, clock, world.talk, 1, adults=5)


def test_the_report_counts_each_family_once(world: World, database: Database, clock: MovingClock) -> None:
    note_all(world, database, clock, world.talk, 5)
    note_all(world, database, clock, world.open_talk, 6, adults=1)
    talks, courses, advice, everybody, children = figures(world, database)
    assert talks == (1, 5, 10)
    assert courses == (1, 6, 6)
    assert advice == (2, None, None)
    assert everybody == (None, 6, None)
    assert children == (1, 5, None)


def test_fewer_than_five_families_are_not_told(world: World, database: Database, clock: MovingClock) -> None:
    note_all(world, database, clock, world.talk, 4)
    assert figures(world, database)[0] == (1, None, None)
    assert figures(world, database)[3] == (None, None, None)


def test_families_with_an_appointment_are_reached_as_well(world: World, database: Database, clock: MovingClock) -> None:
    note_all(world, database, clock, world.talk, 5)
    with database.writing(EVERYTHING) as session:
        slots = [
            one
            for one in held_sessions(session, "parent_school", date(2026, 11, 1), date(2026, 12, 31))
            if one.id in world.slots
        ]
        kept, cancelled = (
            services.book(session, SYSTEM, clock, slot, child)
            for slot, child in zip(slots, (world.children[5], world.foreign_child), strict=True)
        )
        services.cancel(session, SYSTEM, clock, cancelled.id)
        assert kept.is_active
    assert figures(world, database)[3] == (None, 6, None)


def outline(kind: str, **changes: Any) -> ActivityOutline:
    values = {"sessions": 2, "size": 20, "groups": (), "settings": {}, **changes}
    return ActivityOutline(id=kind, type_key=f"parent_school.{kind}", title=kind, **values)


def told(world: World, database: Database, *activities: ActivityOutline) -> dict[str, Any]:
    with database.reading(EVERYTHING) as session:
        term = TermOutline(world.term, world.station, date(2026, 12, 31), date(2027, 1, 4))
        found = contribution(activities, term, session)
        return {} if found is None else dict(found.extension)


def test_the_planner_is_told_the_days_off_of_the_term(world: World, database: Database) -> None:
    found = told(world, database, outline("lecture"), outline("course"))
    assert found["evening_or_weekend"]["activities"] == ["lecture", "course"]
    assert found["evening_or_weekend"]["days_off"][:3] == ["2027-01-01", "2027-01-02", "2027-01-03"]
    assert "2026-12-31" not in found["evening_or_weekend"]["days_off"]


def test_the_planner_is_told_the_carers_by_the_stations_own_ratios(world: World, database: Database) -> None:
    care = outline("care", size=20, settings={"youngest": 3})
    assert told(world, database, care)["enough_carers"]["carers"] == {"care": 4}
    with database.writing(EVERYTHING) as session:
        session.add(CareRatio(station_id=world.station, up_to_age=17, children_per_adult=3, source="本站规定"))
    assert told(world, database, care)["enough_carers"] == {"carers": {"care": 7}, "roles": ["carer", "assistant"]}


def test_the_planner_is_told_of_series_of_advice_that_ask_for_it(world: World, database: Database) -> None:
    assert told(world, database, outline("counselling")) == {"advice_in_a_row": ["counselling"]}
    assert told(world, database, outline("counselling", settings={"in_a_row": False})) == {}
    assert told(world, database, outline("counselling", sessions=1)) == {}
    assert told(world, database, outline("lecture", settings={"care_required": True}))["care_in_parallel"] == {
        "lecture": 0
    }


def test_without_activities_of_its_own_the_program_says_nothing(world: World, database: Database) -> None:
    other = ActivityOutline("1", "sst.companionship", "陪伴", 1, 10, (), {})
    assert told(world, database, other) == {}
