"""A term as a planning problem: who may serve when, which rooms are open, and nobody's name."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from core.db.models import (
    Closure,
    Room,
    Station,
    StationHours,
    TravelTime,
    VolunteerLike,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.ways import DEFAULT_WAY
from core.planning.moments import from_datetime, iso
from core.planning.plan import PlannedSession
from core.planning.problem import Problem
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    SUNDAY,
    a_child,
    a_community,
    a_group,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    at,
    held,
)
from tests.integration.timetable import WEEKENDS, World, a_draft, a_world, days_of, planned, problem_of, publish

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


def hours_of(problem: Problem, room: Room, day: date) -> list[tuple[str, str]]:
    """Return when a room is open on a day."""
    windows = problem.room_of[str(room.id)].open
    return [(iso(start)[11:], iso(end)[11:]) for start, end in windows if iso(start).startswith(day.isoformat())]


def test_what_is_built_reads_the_same_from_its_json(session: Session, world: World) -> None:
    publish(session, a_draft(session, world.term, chess_at_nine(world)))
    problem = problem_of(session, world.term, now=at(SATURDAY, 12))
    text = json.dumps(problem.to_json(), ensure_ascii=False)
    assert Problem.from_json(json.loads(text)).to_json() == problem.to_json()
    assert problem.name == f"{world.station.slug}-weekends-2026-11-28"
    assert [room.id for room in problem.rooms] == [str(room.id) for room in world.rooms]
    assert {activity.id: activity.sessions for activity in problem.activities} == {
        str(world.painting.id): 2,
        str(world.chess.id): 1,
    }


def chess_at_nine(world: World) -> PlannedSession:
    return planned(world.chess.sessions[0], at(SATURDAY, 9), world.rooms[0], world.people[:2])


def test_the_same_rows_give_the_same_problem(session: Session, world: World) -> None:
    first = problem_of(session, world.term).to_json()
    session.expire_all()
    assert problem_of(session, world.term).to_json() == first


def close(session: Session, station: Station, **values: object) -> None:
    values = {"first": SATURDAY, "last": SATURDAY, "reason": "台风", "created_at": TEST_MOMENT, **values}
    session.add(Closure(station_id=station.id, **values))
    session.flush()


def test_a_closed_station_plans_nothing_on_that_day(session: Session, world: World) -> None:
    close(session, world.station)
    problem = problem_of(session, world.term)
    assert hours_of(problem, world.rooms[0], SATURDAY) == []
    starts = {iso(start)[:10] for activity in problem.activities for start in activity.starts}
    assert starts == set(WEEKENDS[1:])
    assert days_of(problem, world.people[0]) == WEEKENDS[1:]


def test_a_closed_room_leaves_the_others_open(session: Session, world: World) -> None:
    close(session, world.station, room_id=world.rooms[0].id)
    problem = problem_of(session, world.term)
    assert hours_of(problem, world.rooms[0], SATURDAY) == []
    assert hours_of(problem, world.rooms[1], SATURDAY) == [("08:00", "18:00")]


def test_a_closed_venue_closes_its_rooms_from_that_time_on(session: Session, world: World) -> None:
    close(session, world.station, venue_id=world.rooms[0].venue_id, from_time=time(12))
    problem = problem_of(session, world.term)
    for room in world.rooms:
        assert hours_of(problem, room, SATURDAY) == [("08:00", "12:00")]


def test_a_community_keeps_the_hours_of_its_station_until_it_has_its_own(session: Session, world: World) -> None:
    quiet, own = a_community(session, world.station), a_community(session, world.station)
    session.add(StationHours(station_id=own.id, weekday=None, opens=time(10), closes=time(16)))
    rooms = [a_room(session, a_venue(session, station)) for station in (quiet, own)]
    problem = problem_of(session, world.term)
    assert hours_of(problem, rooms[0], SATURDAY) == [("08:00", "18:00")]
    assert hours_of(problem, rooms[1], SATURDAY) == [("10:00", "16:00")]


def test_a_community_is_closed_by_itself_and_with_its_station(session: Session, world: World) -> None:
    community = a_community(session, world.station)
    room = a_room(session, a_venue(session, community))
    close(session, community)
    close(session, world.station, first=SUNDAY, last=SUNDAY, from_time=time(9))
    problem = problem_of(session, world.term)
    assert hours_of(problem, room, SATURDAY) == []
    assert hours_of(problem, room, SUNDAY) == [("08:00", "09:00")]
    assert hours_of(problem, world.rooms[0], SATURDAY) == [("08:00", "18:00")]


def test_the_day_off_that_is_worked_is_no_day_of_the_term(session: Session, world: World) -> None:
    # 2026-10-10 is a Saturday that is worked for the National Day.
    term = a_term(session, world.station, first=date(2026, 9, 26), last=date(2026, 10, 11))
    an_activity(session, term)
    days = {iso(start)[:10] for start in problem_of(session, term).activities[0].starts}
    assert "2026-10-10" not in days
    assert "2026-10-11" in days


def test_bookings_of_other_terms_take_rooms_and_people_with_the_way_there_and_back(
    session: Session, world: World
) -> None:
    world.rooms[0].turnover = 15
    other = an_activity(session, a_term(session, world.station)).sessions[0]
    held(session, other, at(SATURDAY, 10), world.rooms[0], [world.people[0]])
    problem = problem_of(session, world.term)
    assert hours_of(problem, world.rooms[0], SATURDAY) == [("08:00", "10:00"), ("11:15", "18:00")]
    first, second, *_ = problem.person_of[str(world.people[0].id)].available
    way = timedelta(minutes=DEFAULT_WAY)
    assert first[1] == from_datetime(at(SATURDAY, 10) - way)
    assert second[0] == from_datetime(at(SATURDAY, 11) + way)
    assert problem.incumbent is None


def test_the_terms_own_sessions_take_nothing(session: Session, world: World) -> None:
    publish(session, a_draft(session, world.term, chess_at_nine(world)))
    problem = problem_of(session, world.term)
    assert hours_of(problem, world.rooms[0], SATURDAY) == [("08:00", "18:00")]


def test_the_published_timetable_is_the_incumbent_and_frozen_up_to_now(session: Session, world: World) -> None:
    painting = planned(world.painting.sessions[0], at(SUNDAY, 9), world.rooms[0], world.people[2:])
    plan = [chess_at_nine(world), painting]
    assert problem_of(session, world.term).frozen_before is None
    publish(session, a_draft(session, world.term, *plan))
    problem = problem_of(session, world.term, now=at(SATURDAY, 20))
    assert problem.incumbent is not None
    assert set(problem.incumbent.sessions) == set(plan)
    assert problem.frozen_before == from_datetime(at(SATURDAY, 20))
    assert set(problem.frozen) == {(str(world.chess.id), 0)}
    assert {"moved", "rehoused", "restaffed"} <= problem.weights.keys()


def test_what_was_cancelled_is_not_in_the_incumbent(session: Session, world: World) -> None:
    publish(session, a_draft(session, world.term, chess_at_nine(world)))
    publish(session, a_draft(session, world.term))
    assert problem_of(session, world.term).incumbent is None


def test_what_has_begun_stays_possible_and_nothing_more(session: Session, world: World) -> None:
    publish(session, a_draft(session, world.term, chess_at_nine(world)))
    one = world.people[0]
    one.active = False
    close(session, world.station)
    world.chess.times = ["15:00"]
    problem = problem_of(session, world.term, now=at(SATURDAY, 20))
    session_window = (from_datetime(at(SATURDAY, 9)), from_datetime(at(SATURDAY, 10)))
    assert problem.person_of[str(one.id)].available == (session_window,)
    assert hours_of(problem, world.rooms[0], SATURDAY) == [("09:00", "10:00")]
    starts = problem.activity_of[str(world.chess.id)].starts
    assert [iso(start) for start in starts[:2]] == ["2026-11-28T09:00", "2026-11-29T15:00"]


def test_an_activity_keeps_to_its_weekdays_dates_and_opening_hours(session: Session, world: World) -> None:
    world.chess.weekdays, world.chess.first, world.chess.last = [6], date(2026, 12, 1), date(2026, 12, 20)
    world.chess.times, world.chess.duration = ["07:30", "09:00", "17:00"], 90
    session.flush()
    starts = problem_of(session, world.term).activity_of[str(world.chess.id)].starts
    assert [iso(start) for start in starts] == ["2026-12-06T09:00", "2026-12-13T09:00", "2026-12-20T09:00"]


def test_ways_and_likes_go_with_the_problem(session: Session, world: World) -> None:
    one, there = world.people[0], a_venue(session, world.station)
    here, own = world.rooms[0].venue_id, {"station_id": world.station.id}
    session.add(TravelTime(from_venue_id=here, to_venue_id=there.id, minutes=35, **own))
    for activity, liking in ((world.chess, 2), (world.painting, 0)):
        one.likes.append(VolunteerLike(volunteer_id=one.id, activity_id=activity.id, liking=liking, **own))
    session.flush()
    problem = problem_of(session, world.term)
    assert problem.travel.between(str(there.id), str(here)) == 35
    assert problem.travel.between(str(there.id), "elsewhere") == DEFAULT_WAY
    assert problem.person_of[str(one.id)].likes == {str(world.chess.id): 2}


CANARY = "金丝雀"


def test_nothing_of_a_person_is_in_a_problem(session: Session, world: World) -> None:
    for number, one in enumerate(world.people[:2]):
        one.name, one.phone, one.household, one.number = f"{CANARY}{number}", "19900000007", f"{CANARY}家", CANARY
        one.number = f"{CANARY}{number}"
    a_child(session, world.station, name=CANARY, id_number=CANARY)
    group = a_group(session, world.station, name=CANARY)
    session.flush()
    problem = problem_of(session, world.term)
    text = json.dumps(problem.to_json(), ensure_ascii=False)
    assert CANARY not in text
    assert "19900000007" not in text
    assert "1990-01-01" not in text
    assert str(group.id) in text
    homes = [problem.person_of[str(one.id)].household for one in world.people]
    assert homes[0] == homes[1]
    assert homes[0] is not None
    assert homes[2:] == [None, None]


def test_the_actor_of_a_station_gets_the_problem_that_the_machine_gets(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
        community = a_community(session, world.station)
        a_room(session, a_venue(session, community))
        a_volunteer(session, community)
        other = a_world_elsewhere(session)
        whole, scope = problem_of(session, world.term).to_json(), scope_of_station(session, world.station.id)
    with database.reading(scope) as session:
        seen = problem_of(session, world.term).to_json()
    assert seen == whole
    assert len(seen["rooms"]) == 3
    assert len(seen["people"]) == 5
    assert str(other.id) not in json.dumps(seen)


def a_world_elsewhere(session: Session) -> Room:
    elsewhere = a_station(session)
    a_volunteer(session, elsewhere)
    return a_room(session, a_venue(session, elsewhere))


def test_a_term_without_open_days_is_a_problem_without_starts(session: Session, world: World) -> None:
    monday = date(2026, 11, 30)
    term = a_term(session, world.station, first=monday, last=monday)
    an_activity(session, term)
    problem = problem_of(session, term)
    assert problem.activities[0].starts == ()
    assert all(person.available == () for person in problem.people)
    assert Problem.from_json(problem.to_json()).to_json() == problem.to_json()


def test_a_moment_of_the_past_is_told_in_wall_clock_time(session: Session, world: World) -> None:
    publish(session, a_draft(session, world.term, chess_at_nine(world)))
    before = problem_of(session, world.term, now=datetime.combine(SATURDAY, time(9)))
    after = problem_of(session, world.term, now=datetime.combine(SATURDAY, time(9, 1)))
    assert (len(before.frozen), len(after.frozen)) == (0, 1)
