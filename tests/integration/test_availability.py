"""What people say of when, where and with whom they serve reaches the planner, and no plan goes against it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from socket import socket
from ssl import create_default_context
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.db.models import BusyCalendar, Room, Volunteer
from core.db.models.availability import BusyWay
from core.db.session import Database
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.availability import HOURS, NEVER, Answer, Company, FreeTime, Part
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError
from core.planning.check import audit
from core.planning.moments import from_datetime, to_datetime
from core.planning.plan import Plan
from core.planning.problem import Problem
from core.planning.search.solve import solve
from core.security.fetching import Ways
from core.services import busy_calendars
from core.services.availability import answer_of, save_answer, take_back
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, SUNDAY, a_room, a_venue
from tests.integration.timetable import ZONE, World, a_draft, a_world, days_of, problem_of

CLOCK = FixedClock(TEST_MOMENT)
TLS = create_default_context()
ALWAYS = Answer(free=(FreeTime(time(8), time(21)),), max_per_day=3)


@pytest.fixture
def session(lasting_sqlite: Database) -> Iterator[Session]:
    with lasting_sqlite.writing(EVERYTHING) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def say(session: Session, row: Volunteer, answer: Answer) -> None:
    save_answer(session, head(row), CLOCK, session.get_one(Volunteer, row.id), answer)


def head(row: Volunteer) -> Actor:
    return Actor(Role.HEAD, row.station_id)


def plan_of(problem: Problem, seed: int = 1) -> Plan:
    """Return a plan that a short run finds, which has been audited."""
    plan = solve(problem, steps=1, seed=seed, workers=1).plan
    assert audit(problem, plan).valid
    return plan


def unreachable(address: str, port: int, seconds: float) -> socket:
    raise AssertionError(address)


def duties(plan: Plan, row: Volunteer) -> list[datetime]:
    return [to_datetime(one.start) for one in plan.sessions if str(row.id) in one.people()]


def test_a_pattern_days_and_days_away_become_windows(session: Session, world: World) -> None:
    one = world.people[0]
    weekly = (FreeTime(*HOURS[Part.MORNING], 5), FreeTime(*HOURS[Part.AFTERNOON], 5))
    single = FreeTime(time(9), time(11), None, SUNDAY, SUNDAY)
    away = (SATURDAY + timedelta(days=7),) * 2
    say(session, one, Answer(free=(*weekly, single), away=(away,), max_per_day=2, max_per_week=1))
    person = problem_of(session, world.term).person_of[str(one.id)]
    noon = from_datetime(datetime.combine(SATURDAY, time(12)))
    assert person.is_available(noon - 60, noon + 60)
    assert {to_datetime(start).date() for start, _ in person.available} == {
        *(SATURDAY + timedelta(days=7 * week) for week in (0, 2, 3, 4)),
        SUNDAY,
    }
    assert (person.max_per_day, person.max_per_week) == (2, 1)


def test_a_plan_never_uses_anybody_outside_of_what_they_said(session: Session, world: World) -> None:
    first, second, third, fourth = world.people
    elsewhere = a_room(session, a_venue(session, world.station, address="别处1号"))
    say(session, first, replace(ALWAYS, free=(FreeTime(*HOURS[Part.MORNING], 5),), max_per_week=1))
    say(session, second, replace(ALWAYS, company=Company(never_with=frozenset({third.id}))))
    say(session, third, replace(ALWAYS, venues=frozenset({elsewhere.venue_id})))
    say(session, fourth, replace(ALWAYS, company=Company(only_with=frozenset({first.id, second.id}))))
    problem = problem_of(session, world.term)
    served = 0
    for seed in range(2):
        plan = plan_of(problem, seed)
        assert all(moment.weekday() == 5 and moment.hour < 12 for moment in duties(plan, first))
        weeks = [moment.isocalendar()[:2] for moment in duties(plan, first)]
        assert len(weeks) == len(set(weeks))
        for row in plan.sessions:
            people = set(row.people())
            served += len(people)
            assert not {str(second.id), str(third.id)} <= people
            assert str(third.id) not in people or row.room == str(elsewhere.id)
            assert str(fourth.id) not in people or people & {str(first.id), str(second.id)}
    assert served


def test_a_stored_plan_does_not_say_whom_anybody_shuns(session: Session, world: World) -> None:
    one, two, three = world.people[:3]
    say(session, one, replace(ALWAYS, company=Company(frozenset({two.id}), frozenset({three.id}))))
    assert problem_of(session, world.term).person_of[str(one.id)].never_with == (str(three.id),)
    stored = a_draft(session, world.term).problem
    assert not any(key in person for person in stored["people"] for key in ("only_with", "never_with"))


def test_a_declined_program_is_never_served_and_likings_reach_each_activity(session: Session, world: World) -> None:
    one, two = world.people[:2]
    program = world.painting.program
    say(session, one, replace(ALWAYS, programs={program: NEVER}))
    say(session, two, replace(ALWAYS, programs={program: 2}))
    problem = problem_of(session, world.term)
    assert duties(plan_of(problem), one) == []
    liking = problem.person_of[str(two.id)].likes
    assert liking == {str(world.painting.id): 2, str(world.chess.id): 2}


def test_busy_times_are_cut_out_of_people_and_rooms(session: Session, world: World) -> None:
    one, room = session.get_one(Volunteer, world.people[0].id), session.get_one(Room, world.rooms[0].id)
    say(session, one, ALWAYS)
    day = (datetime.combine(SATURDAY, time.min), datetime.combine(SUNDAY, time.min))
    busy_calendars.give_by_hand(session, head(one), CLOCK, one, [day])
    busy_calendars.give_by_hand(session, head(one), CLOCK, room, [day])
    problem = problem_of(session, world.term)
    assert SATURDAY.isoformat() not in days_of(problem, one)
    assert SUNDAY.isoformat() in days_of(problem, one)
    assert not any(to_datetime(start).date() == SATURDAY for start, _ in problem.room_of[str(room.id)].open)
    assert any(to_datetime(start).date() == SUNDAY for start, _ in problem.room_of[str(room.id)].open)


def test_busy_times_that_are_over_go(session: Session, world: World) -> None:
    one = session.get_one(Volunteer, world.people[0].id)
    days = [datetime.combine(SATURDAY + timedelta(days=at), time(9)) for at in range(3)]
    calendar = busy_calendars.give_by_hand(
        session, head(one), CLOCK, one, [(day, day + timedelta(hours=1)) for day in days]
    )
    assert busy_calendars.drop_over(session, days[2].date()) == 2
    session.expire_all()
    assert [row.starts_at for row in calendar.times] == days[2:]


def test_whoever_says_that_they_live_together_is_one_household(session: Session, world: World) -> None:
    one, two, three = world.people[:3]
    say(session, one, replace(ALWAYS, company=Company(lives_with=frozenset({two.id}))))
    session.get_one(Volunteer, two.id).household = session.get_one(Volunteer, three.id).household = "一家"
    session.flush()
    people = problem_of(session, world.term).person_of
    homes = {people[str(row.id)].household for row in (one, two, three)}
    assert len(homes) == 1
    assert people[str(world.people[3].id)].household not in homes


def test_a_save_replaces_everything_and_can_be_taken_back(session: Session, world: World) -> None:
    row = session.get_one(Volunteer, world.people[0].id)
    before = answer_of(row)
    after = replace(
        ALWAYS,
        away=((date(2026, 12, 1), date(2026, 12, 2)),),
        max_per_week=2,
        programs={"sst": -1},
        venues=frozenset({world.rooms[0].venue_id}),
        company=Company(never_with=frozenset({world.people[1].id})),
    )
    save_answer(session, head(row), CLOCK, row, after)
    session.expire_all()
    assert answer_of(row) == after
    take_back(session, head(row), CLOCK, row)
    session.expire_all()
    assert answer_of(row) == before


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(free=(FreeTime(time(10), time(9)),)),
        Answer(free=(FreeTime(time(9), time(10), 1, date(2026, 2, 1), date(2026, 1, 1)),)),
        Answer(free=(FreeTime(time(9), time(10)),) * 201),
        Answer(away=((date(2026, 2, 1), date(2026, 1, 1)),)),
        Answer(max_per_day=-1),
        Answer(max_per_week=0),
        Answer(company=Company(frozenset({UUID(int=1)}), frozenset({UUID(int=1)}))),
    ],
)
def test_what_can_not_be_meant_is_refused(session: Session, world: World, wrong: Answer) -> None:
    with pytest.raises(InvalidInputError):
        say(session, world.people[0], wrong)


def test_nobody_but_themselves_and_staff_says_when_somebody_can(session: Session, world: World) -> None:
    one, two = (session.get_one(Volunteer, row.id) for row in world.people[:2])
    actor = Actor(Role.VOLUNTEER, one.station_id, volunteer_id=one.id)
    save_answer(session, actor, CLOCK, one, ALWAYS)
    for other in (
        lambda: save_answer(session, actor, CLOCK, two, ALWAYS),
        lambda: take_back(session, actor, CLOCK, two),
    ):
        with pytest.raises(NotAllowedError):
            other()
    with pytest.raises(NotAllowedError):
        busy_calendars.give_by_hand(session, actor, CLOCK, two, [])


def test_five_calendars_are_enough(session: Session, world: World) -> None:
    row = session.get_one(Volunteer, world.people[0].id)
    for number in range(busy_calendars.MOST_CALENDARS):
        busy_calendars.give_address(session, head(row), CLOCK, row, f"https://calendar.example/{number}")
    with pytest.raises(InvalidInputError):
        busy_calendars.give_address(session, head(row), CLOCK, row, "https://calendar.example/one-more")


def test_a_calendar_that_is_taken_is_not_taken_twice(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        row = session.get_one(Volunteer, a_world(session).people[0].id)
        key = busy_calendars.give_address(session, head(row), CLOCK, row, "https://calendar.example/").id
    for expected in (True, False):
        with database.writing(EVERYTHING) as session:
            assert (busy_calendars.take_due(session, CLOCK, key) is not None) is expected
    with database.reading(EVERYTHING) as session:
        assert session.get_one(BusyCalendar, key).way is BusyWay.ADDRESS


def test_what_is_known_stays_where_a_calendar_can_not_be_fetched(session: Session, world: World) -> None:
    row = session.get_one(Volunteer, world.people[0].id)
    calendar = busy_calendars.give_address(session, head(row), CLOCK, row, "https://inner.example/")
    due = busy_calendars.take_due(session, CLOCK, calendar.id)
    assert due is not None
    outcome = busy_calendars.fetched(due, CLOCK, timezone=ZONE, ways=Ways(lambda *_: ["10.0.0.1"], unreachable, TLS))
    busy_calendars.note_fetched(session, CLOCK, due, outcome)
    assert (calendar.failure, calendar.read_at) == ("address", None)
    assert calendar.next_fetch_at == CLOCK.now() + busy_calendars.AGAIN
