"""The demo: a real station with people whom nobody could be."""

from collections import Counter
from datetime import date

import pytest

from core.domain.errors import InvalidInputError
from core.domain.id_numbers import read_id_number
from core.domain.phones import read_phone
from core.domain.vocabulary import Skill, VolunteerKind, Zone
from core.hooks.manager import load_hooks
from core.services.demo.days import FESTIVAL, SHORT_WEEKEND
from core.services.demo.places import CENTRE, COMMUNITIES
from core.services.demo.workbook import demo_content, demo_workbook
from core.services.volunteering import PAID

HOOKS = load_hooks()
DEMO = demo_content(HOOKS)
TODAY = date(2026, 11, 26)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert demo_workbook(HOOKS, 7) == demo_workbook(HOOKS, 7)
    assert demo_workbook(HOOKS, 7) != demo_workbook(HOOKS, 8)


def test_the_demo_has_the_size_of_a_street() -> None:
    assert len(COMMUNITIES) == 14
    assert (len(DEMO.stations), len(DEMO.volunteers), len(DEMO.children)) == (16, 90, 240)
    assert len(DEMO.activities) >= 30
    assert {volunteer.kind for volunteer in DEMO.volunteers} == set(VolunteerKind) - PAID
    assert {activity.type_key for activity in DEMO.activities} == set(HOOKS.activity_types)
    assert len({key.partition(".")[0] for key in HOOKS.activity_types}) == 4


def test_the_centre_has_all_four_zones_apart() -> None:
    assert {room.zone for room in DEMO.rooms if room.venue == CENTRE} == set(Zone)


def test_nobody_in_the_demo_can_exist() -> None:
    for child in DEMO.children:
        assert child.name.startswith("例童")
        with pytest.raises(InvalidInputError):
            read_id_number(child.id_number, today=TODAY, demo=False)
        assert read_id_number(child.id_number, today=TODAY, demo=True).born == child.birth_date
    for person in (*DEMO.guardians, *DEMO.volunteers):
        assert person.name.startswith(("样亲", "测员"))
        assert person.phone is not None
        with pytest.raises(InvalidInputError):
            read_phone(person.phone, demo=False)


def test_every_child_has_a_guardian_and_a_group_of_its_age() -> None:
    guarded = {guardian.child for guardian in DEMO.guardians}
    ages = {group.name: (group.from_age, group.to_age) for group in DEMO.groups}
    for child in DEMO.children:
        assert child.number in guarded
        assert child.birth_date is not None
        age = (date(2026, 11, 28) - child.birth_date).days / 365.2425
        assert child.groups
        assert all(ages[name][0] <= age < ages[name][1] + 1 for name in child.groups)


def test_groups_and_rooms_are_large_enough_for_the_activities() -> None:
    capacity = {f"{room.venue}/{room.name}": room.capacity for room in DEMO.rooms}
    for activity in DEMO.activities:
        fitting = [size for name, size in capacity.items() if not activity.rooms or name in activity.rooms]
        assert max(fitting) >= activity.size


def test_some_volunteers_may_not_be_assigned() -> None:
    cleared = {check.volunteer for check in DEMO.clearances if check.passed and check.valid_until >= TODAY}
    assert len(DEMO.volunteers) - len(cleared) == 8
    assert any(not check.passed for check in DEMO.clearances)
    assert any(date(2026, 12, 1) <= check.valid_until <= date(2027, 1, 24) for check in DEMO.clearances)


def test_home_visits_have_no_room_and_counselling_is_private_and_neither_is_public() -> None:
    visits = [activity for activity in DEMO.activities if not activity.zones]
    talks = [activity for activity in DEMO.activities if activity.type_key == "parent_school.counselling"]
    assert visits
    assert talks
    assert all(activity.zones == (Zone.PRIVATE,) for activity in talks)
    assert all(activity.closed for activity in (*visits, *talks))


def test_counsellors_are_short_on_one_weekend_only() -> None:
    counsellors = {skill.volunteer for skill in DEMO.skills if skill.skill is Skill.COUNSELLING}
    away = Counter((row.first, row.last) for row in DEMO.blackouts if row.volunteer in counsellors)
    assert away == {SHORT_WEEKEND: len(counsellors) - 1}
    (short,) = (activity for activity in DEMO.activities if activity.title == "年末家庭辅导专场")
    assert (short.first, short.last) == SHORT_WEEKEND
    (left,) = (row for row in DEMO.volunteers if row.number in counsellors - {b.volunteer for b in DEMO.blackouts})
    assert left.max_per_day * 2 < short.session_count


def test_the_station_is_closed_around_the_spring_festival() -> None:
    assert FESTIVAL[0] < date(2027, 2, 5) < date(2027, 2, 6) < FESTIVAL[1]
    assert {(row.first, row.last) for row in DEMO.closures} == {FESTIVAL}
