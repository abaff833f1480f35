"""The demo's children with their guardians and groups, all of them made up."""

import random
from datetime import date, timedelta
from typing import Any, Final

from core.domain.ages import age_on, grade_on
from core.domain.child_file import Grade
from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import ChildCategory, Relation
from core.services.demo.days import AUTUMN
from core.services.demo.names import made_up
from core.services.demo.places import COMMUNITY_STATIONS, MIDDLE, PRIMARY, STATION
from core.services.workbook.content import ChildRow, GroupRow, GuardianRow

_CHILDREN: Final = 240
_OLDEST: Final = date(2012, 9, 1)
_YOUNGEST: Final = date(2020, 8, 31)
YOUNG_GROUPS: Final = ("低年级一组", "低年级二组")
MIDDLE_GROUPS: Final = ("中年级一组", "中年级二组")
OLD_GROUPS: Final = ("高年级一组", "高年级二组")
FAMILIES: Final = "亲子组"
CIRCLES: Final = ("知心一组", "知心二组")
_CIRCLE_SIZE: Final = 8
_FAMILIES_SIZE: Final = 24
_FIRST_PHONE: Final = 1_000
_FIRST_EMERGENCY_PHONE: Final = 5_000
_LAST_OF_PRIMARY: Final = 6


def groups() -> tuple[GroupRow, ...]:
    """Return two groups for each age, the families' group, and two closed circles."""
    ages = ((YOUNG_GROUPS, 6, 8), (MIDDLE_GROUPS, 9, 11), (OLD_GROUPS, 12, 14))
    by_age = [
        GroupRow(station=STATION, name=name, from_age=first, to_age=last, compact=True)
        for names, first, last in ages
        for name in names
    ]
    circles = [GroupRow(station=STATION, name=name, from_age=9, to_age=14, closed=True) for name in CIRCLES]
    return (*by_age, GroupRow(station=STATION, name=FAMILIES, from_age=6, to_age=8), *circles)


def children(rng: random.Random) -> tuple[ChildRow, ...]:
    """Return children of 6 to 14, spread over the communities, a third of them of some category."""
    days = (_YOUNGEST - _OLDEST).days
    rows: list[ChildRow] = []
    members = dict.fromkeys((FAMILIES, *CIRCLES), 0)
    for number in range(1, _CHILDREN + 1):
        born = _OLDEST + timedelta(days=rng.randrange(days + 1))
        community = COMMUNITY_STATIONS[number % len(COMMUNITY_STATIONS)]
        rows.append(
            ChildRow(
                station=community,
                number=f"C{number:03d}",
                name=made_up("例童", number),
                id_number=demo_id_number(born, 2 * number + rng.randrange(2)),
                birth_date=born,
                ethnicity="汉族",
                **_schooling(born),
                address=f"{community}虚构路{rng.randrange(1, 200)}号",
                registered_address=f"{community}虚构路{number}号",
                diet="不吃海鲜" if number % 17 == 0 else None,
                emergency_name=made_up("样亲", number) + "丙",
                emergency_relation=("姑姑", "舅舅", "邻居")[number % 3],
                emergency_phone=demo_phone(_FIRST_EMERGENCY_PHONE + number),
                health=rng.choice(("花生过敏", "哮喘，随身带药", "近视")) if rng.random() < 0.1 else None,  # noqa: PLR2004
                categories=_categories(rng),
                groups=_groups_of(age_on(born, AUTUMN.first), number, members),
            )
        )
    return tuple(rows)


def guardians(rng: random.Random) -> tuple[GuardianRow, ...]:
    """Return one or two guardians of each child."""
    rows = []
    for number in range(1, _CHILDREN + 1):
        relations = rng.sample(list(Relation), rng.choice((1, 1, 2)))
        for place, relation in enumerate(relations):
            rows.append(
                GuardianRow(
                    child=f"C{number:03d}",
                    name=made_up("样亲", number) + "甲乙"[place],
                    relation=relation,
                    phone=demo_phone(_FIRST_PHONE + 2 * number + place),
                )
            )
    return tuple(rows)


def _schooling(born: date) -> dict[str, Any]:
    """Return a school and the grade that fits the age; who is too young for school has neither."""
    grade = grade_on(born, AUTUMN.first)
    if grade is None:
        return {"grade": Grade.KINDERGARTEN}
    return {"school": MIDDLE if grade > _LAST_OF_PRIMARY else PRIMARY, "grade": Grade(str(grade))}


def _categories(rng: random.Random) -> tuple[ChildCategory, ...]:
    count = rng.choices((0, 1, 2), weights=(66, 28, 6))[0]
    return tuple(sorted(rng.sample(list(ChildCategory), count)))


def _groups_of(age: int, number: int, members: dict[str, int]) -> tuple[str, ...]:
    """Return the group of the child's age, and one of the small groups while it has places; counts the places."""
    names = YOUNG_GROUPS if age <= 8 else MIDDLE_GROUPS if age <= 11 else OLD_GROUPS  # noqa: PLR2004 (the ages of `groups`)
    chosen = [names[number % 2]]
    small = {FAMILIES: _FAMILIES_SIZE} if names is YOUNG_GROUPS else dict.fromkeys(CIRCLES, _CIRCLE_SIZE)
    open_ones = [name for name, places in small.items() if members[name] < places]
    if open_ones and number % 3 == 0:
        members[open_ones[0]] += 1
        chosen.append(open_ones[0])
    return tuple(chosen)
