"""The demo's volunteers, all of them made up: some whose check is over or missing, and few counsellors once."""

import random
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final

from core.domain.phones import demo_phone
from core.domain.vocabulary import Skill, VolunteerKind
from core.services.demo.days import AUTUMN, SHORT_WEEKEND, WINTER
from core.services.demo.names import made_up
from core.services.demo.places import STATION
from core.services.workbook.content import (
    AvailabilityRow,
    BlackoutRow,
    ClearanceRow,
    SkillRow,
    VolunteerRow,
)

#: How many of each kind, the skills that all of them have, and those of which each has one.
_KINDS: Final = (
    (VolunteerKind.TEACHER, 16, (Skill.TEACHING,), (Skill.SCIENCE, Skill.ART, Skill.SPORT)),
    (VolunteerKind.STUDENT, 24, (), (Skill.TEACHING, Skill.TEACHING, Skill.CHILDCARE, Skill.ART, Skill.SPORT)),
    (VolunteerKind.WOMENS_FEDERATION, 16, (Skill.CHILDCARE,), (Skill.FIRST_AID, Skill.ART)),
    (VolunteerKind.SOCIAL_WORKER, 12, (Skill.CHILDCARE,), (Skill.TEACHING, Skill.FIRST_AID)),
    (VolunteerKind.COMPANY, 10, (Skill.CHILDCARE,), (Skill.SCIENCE, Skill.SPORT, Skill.FIRST_AID)),
    (VolunteerKind.PSYCHOLOGIST, 8, (Skill.COUNSELLING,), (Skill.CHILDCARE,)),
    (VolunteerKind.LAWYER, 4, (Skill.LAW,), (Skill.TEACHING,)),
)
#: Numbers of volunteers without a valid check: never checked, not passed, over before the term.
_UNCHECKED: Final = frozenset({12, 40, 71})
_FAILED: Final = frozenset({38})
_EXPIRED: Final = frozenset({9, 27, 55, 66})
#: Checks that end in the middle of the autumn term.
_ENDING: Final = frozenset({5, 33, 60})
#: The first of the psychologists: the only one on the short weekend, and with time for one session a day.
_COUNSELLOR_LEFT: Final = 79
#: Two people of one household each.
_HOUSEHOLDS: Final = ((41, 69), (45, 70), (48, 57), (52, 73), (3, 50))
_MINORS: Final = frozenset({17, 18})
#: The interviews after which checks are still to be made.
_INTERVIEWS: Final = date(2026, 8, 20)
_MORNING: Final = (time(8), time(12, 30))
_DAY: Final = (time(8), time(18))


@dataclass(frozen=True)
class Volunteers:
    """All sheets of volunteers."""

    people: tuple[VolunteerRow, ...]
    skills: tuple[SkillRow, ...]
    clearances: tuple[ClearanceRow, ...]
    availabilities: tuple[AvailabilityRow, ...]
    blackouts: tuple[BlackoutRow, ...]


def volunteers(rng: random.Random) -> Volunteers:
    """Return ninety volunteers of all kinds with what they can do and when."""
    kinds = [(kind, always, one_of) for kind, count, always, one_of in _KINDS for _ in range(count)]
    households = {number: f"H{place:02d}" for place, pair in enumerate(_HOUSEHOLDS, start=1) for number in pair}
    people, skills, clearances, availabilities, blackouts = [], [], [], [], []
    for number, (kind, always, one_of) in enumerate(kinds, start=1):
        people.append(_person(rng, number, kind, households.get(number)))
        code = people[-1].number
        skills += [_skill(rng, code, skill) for skill in dict.fromkeys((*always, rng.choice(one_of)))]
        clearances += _clearances(rng, number, code)
        people[-1] = _accepted(people[-1], number, clearances)
        availabilities += _availabilities(rng, kind, code)
        blackouts += _blackouts(rng, kind, code)
    leave = [BlackoutRow(volunteer=code, first=SHORT_WEEKEND[0], last=SHORT_WEEKEND[1]) for code in _away(people)]
    return Volunteers(tuple(people), tuple(skills), tuple(clearances), tuple(availabilities), (*blackouts, *leave))


def _person(rng: random.Random, number: int, kind: VolunteerKind, household: str | None) -> VolunteerRow:
    student = kind is VolunteerKind.STUDENT
    year = 2009 if number in _MINORS else rng.randrange(2004, 2008) if student else rng.randrange(1966, 2002)
    return VolunteerRow(
        station=STATION,
        number=f"V{number:03d}",
        name=made_up("测员", number),
        kind=kind,
        birth_date=date(year, 3, 1) + timedelta(days=rng.randrange(180)),
        phone=demo_phone(number),
        household=household,
        max_sessions=rng.randrange(16, 27),
        max_per_day=1 if number == _COUNSELLOR_LEFT else 2,
    )


def _accepted(row: VolunteerRow, number: int, clearances: list[ClearanceRow]) -> VolunteerRow:
    """Return the row with its way in, as far as it has got; whoever did not pass the check has not been accepted."""
    if not clearances or clearances[-1].volunteer != row.number or not clearances[-1].passed:
        return replace(row, interviewed_on=_INTERVIEWS)
    checked = clearances[-1].checked_on
    return replace(
        row,
        interviewed_on=checked - timedelta(days=20),
        trained_on=checked - timedelta(days=10),
        accepted_on=checked + timedelta(days=3),
        guardian_consent_on=checked - timedelta(days=20) if number in _MINORS else None,
    )


def _skill(rng: random.Random, code: str, skill: Skill) -> SkillRow:
    dated = skill in (Skill.COUNSELLING, Skill.FIRST_AID)
    return SkillRow(volunteer=code, skill=skill, valid_until=date(rng.randrange(2027, 2030), 12, 31) if dated else None)


def _clearances(rng: random.Random, number: int, code: str) -> list[ClearanceRow]:
    if number in _UNCHECKED:
        return []
    checked = date(2026, 3, 1) + timedelta(days=rng.randrange(200))
    if number in _EXPIRED:
        checked = date(2025, 10, 10)
    elif number in _ENDING:
        checked = date(2025, 12, 28)
    until = checked.replace(year=checked.year + 1) - timedelta(days=1)
    passed = number not in _FAILED
    return [
        ClearanceRow(
            volunteer=code,
            checked_on=checked,
            valid_until=until,
            passed=passed,
            authority="虚构派出所",
            reference=f"测{number:04d}",
        )
    ]


def _availabilities(rng: random.Random, kind: VolunteerKind, code: str) -> list[AvailabilityRow]:
    """Return weekends in the term, and in the break four weekdays of every five for those who stay."""
    # Counsellors come whenever the station is open, so that nobody is short of them but on the one weekend.
    flexible = kind is VolunteerKind.PSYCHOLOGIST
    weekends = (5, 6) if flexible else rng.choices(((5,), (6,), (5, 6)), weights=(15, 15, 70))[0]
    begin, end = _DAY if flexible else rng.choices((_DAY, _MORNING), weights=(88, 12))[0]
    rows = [
        AvailabilityRow(
            volunteer=code, weekday=weekday, from_time=begin, to_time=end, first=AUTUMN.first, last=AUTUMN.last
        )
        for weekday in weekends
    ]
    if kind is VolunteerKind.STUDENT and rng.random() < 0.5:  # noqa: PLR2004
        return rows
    free = sorted(rng.sample(range(7), 5))
    return rows + [
        AvailabilityRow(
            volunteer=code, weekday=weekday, from_time=begin, to_time=end, first=WINTER.first, last=WINTER.last
        )
        for weekday in free
    ]


def _blackouts(rng: random.Random, kind: VolunteerKind, code: str) -> list[BlackoutRow]:
    """Return a few days off; students have examinations."""
    if kind is VolunteerKind.STUDENT and rng.random() < 0.4:  # noqa: PLR2004
        return [BlackoutRow(volunteer=code, first=date(2027, 1, 9), last=date(2027, 1, 17))]
    if kind is not VolunteerKind.PSYCHOLOGIST and rng.random() < 0.3:  # noqa: PLR2004
        first = AUTUMN.first + timedelta(days=7 * rng.randrange(8))
        return [BlackoutRow(volunteer=code, first=first, last=first + timedelta(days=1))]
    return []


def _away(people: list[VolunteerRow]) -> list[str]:
    """Return the numbers of all counsellors but the one who is left while the others are at a training."""
    counsellors = [person.number for person in people if person.kind is VolunteerKind.PSYCHOLOGIST]
    return [code for code in counsellors if code != f"V{_COUNSELLOR_LEFT:03d}"]
