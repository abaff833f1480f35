"""Volunteers as the planner sees them: cleared, able and free, or not there at all."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db.models import (
    Availability,
    Blackout,
    Clearance,
    Volunteer,
    VolunteerSkill,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.serving import Stage
from core.domain.vocabulary import Skill
from core.planning.moments import iso
from tests.integration.builders import (
    BEFORE,
    SATURDAY,
    SUNDAY,
    at,
)
from tests.integration.timetable import WEEKENDS, World, a_world, days_of, problem_of

NEXT_SATURDAY = SATURDAY + timedelta(days=7)


@pytest.fixture
def session(lasting_sqlite: Database) -> Iterator[Session]:
    """Yield a session of one database: what a problem is made of doesn't depend on its kind."""
    with lasting_sqlite.writing(EVERYTHING) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def test_somebody_cleared_and_free_may_serve_on_every_day_of_the_term(session: Session, world: World) -> None:
    assert days_of(problem_of(session, world.term), world.people[0]) == WEEKENDS


def check(volunteer: Volunteer, on: date, until: date, *, passed: bool = True) -> Clearance:
    own = {"station_id": volunteer.station_id, "volunteer_id": volunteer.id}
    return Clearance(checked_on=on, valid_until=until, passed=passed, **own)


def test_nobody_serves_without_a_clearance(session: Session, world: World) -> None:
    world.people[0].clearances.clear()
    session.flush()
    assert days_of(problem_of(session, world.term), world.people[0]) == []


def test_nobody_serves_after_their_clearance_ended(session: Session, world: World) -> None:
    world.people[0].clearances[0].valid_until = SUNDAY
    session.flush()
    assert days_of(problem_of(session, world.term), world.people[0]) == WEEKENDS[:2]


def test_a_check_that_was_failed_later_takes_an_earlier_one_back(session: Session, world: World) -> None:
    one = world.people[0]
    one.clearances.append(check(one, SUNDAY, date(2027, 11, 1), passed=False))
    session.flush()
    assert days_of(problem_of(session, world.term, at(SUNDAY, 20)), one) == WEEKENDS[:1]


def test_a_failed_check_of_a_day_to_come_counts_at_once(session: Session, world: World) -> None:
    one = world.people[0]
    one.clearances.append(check(one, NEXT_SATURDAY, date(2027, 12, 1), passed=False))
    session.flush()
    assert days_of(problem_of(session, world.term), one) == []


def test_a_check_that_is_not_made_yet_clears_nobody(session: Session, world: World) -> None:
    # Once a check dated in the future let somebody be planned from its day on, before anybody had made it.
    one = world.people[0]
    one.clearances = [check(one, NEXT_SATURDAY, date(2027, 11, 1))]
    session.flush()
    assert days_of(problem_of(session, world.term), one) == []


def test_no_check_holds_longer_than_a_year(session: Session, world: World) -> None:
    one = world.people[0]
    one.clearances = [check(one, SUNDAY.replace(year=2025), date(2029, 12, 1))]
    session.flush()
    assert days_of(problem_of(session, world.term), one) == WEEKENDS[:2]


def test_nobody_serves_who_is_not_accepted(session: Session, world: World) -> None:
    world.people[0].stage = Stage.APPLICANT
    session.flush()
    problem = problem_of(session, world.term)
    assert str(world.people[0].id) not in {person.id for person in problem.people}


def test_a_check_that_was_passed_later_makes_up_for_a_failed_one(session: Session, world: World) -> None:
    one = world.people[0]
    one.clearances = [
        check(one, date(2026, 10, 1), date(2027, 10, 1), passed=False),
        check(one, NEXT_SATURDAY, date(2027, 12, 1)),
    ]
    session.flush()
    assert days_of(problem_of(session, world.term, at(NEXT_SATURDAY, 7)), one) == WEEKENDS[2:]


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_of_two_checks_on_one_day_the_failed_one_counts(
    session: Session, world: World, order: tuple[bool, bool]
) -> None:
    one = world.people[0]
    one.clearances = [check(one, date(2026, 10, 1), date(2027, 12, 1), passed=passed) for passed in order]
    session.flush()
    assert days_of(problem_of(session, world.term), one) == []


def test_nobody_serves_on_days_they_blacked_out(session: Session, world: World) -> None:
    one = world.people[0]
    own = {"station_id": one.station_id, "volunteer_id": one.id}
    one.blackouts.append(Blackout(first=SUNDAY, last=NEXT_SATURDAY, **own))
    session.flush()
    assert days_of(problem_of(session, world.term), one) == [WEEKENDS[0], *WEEKENDS[3:]]


def test_who_left_is_not_in_the_problem(session: Session, world: World) -> None:
    world.people[0].active = False
    session.flush()
    assert str(world.people[0].id) not in problem_of(session, world.term).person_of


def test_availability_has_a_weekday_hours_and_dates(session: Session, world: World) -> None:
    one = world.people[0]
    own = {"station_id": one.station_id, "volunteer_id": one.id, "from_time": time(9)}
    one.availabilities = [
        Availability(weekday=5, to_time=time(12), first=NEXT_SATURDAY, last=None, **own),
        Availability(weekday=6, to_time=time(10, 30), first=None, last=SUNDAY, **own),
    ]
    session.flush()
    windows = problem_of(session, world.term).person_of[str(one.id)].available
    assert [(iso(start), iso(end)) for start, end in windows[:3]] == [
        ("2026-11-29T09:00", "2026-11-29T10:30"),
        ("2026-12-05T09:00", "2026-12-05T12:00"),
        ("2026-12-12T09:00", "2026-12-12T12:00"),
    ]


def skill(volunteer: Volunteer, name: Skill, until: date | None) -> VolunteerSkill:
    return VolunteerSkill(station_id=volunteer.station_id, volunteer_id=volunteer.id, skill=name, valid_until=until)


def test_a_skill_that_ran_out_before_the_term_is_none(session: Session, world: World) -> None:
    one = world.people[0]
    one.skills = [skill(one, Skill.LAW, BEFORE.date()), skill(one, Skill.ART, None)]
    session.flush()
    problem = problem_of(session, world.term)
    assert problem.person_of[str(one.id)].skills == ("art",)
    assert days_of(problem, one) == WEEKENDS


def test_nobody_serves_after_a_skill_of_theirs_runs_out(session: Session, world: World) -> None:
    one = world.people[0]
    one.skills = [skill(one, Skill.LAW, SUNDAY), skill(one, Skill.ART, None)]
    session.flush()
    problem = problem_of(session, world.term)
    assert problem.person_of[str(one.id)].skills == ("art", "law")
    assert days_of(problem, one) == WEEKENDS[:2]


def test_who_is_not_eighteen_when_the_term_begins_is_no_adult(session: Session, world: World) -> None:
    world.people[0].birth_date = date(2008, 11, 28)
    world.people[1].birth_date = date(2008, 11, 29)
    session.flush()
    people = problem_of(session, world.term).person_of
    assert [people[str(one.id)].adult for one in world.people[:2]] == [True, False]
