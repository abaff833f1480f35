"""Giving places regards the way between each two sites, as the desk does; what a run gives is published."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.allocation.format import problem_from_json
from core.allocation.problem import Problem
from core.db.models import Activity, ActivitySession, Registration, Station, Venue
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.registering import Place
from core.domain.ways import DEFAULT_WAY
from core.services.allocating.building import build
from core.services.allocating.settings import Wanted
from core.services.registration.intakes import keep_term_intake
from tests.integration.builders import a_room, at, held
from tests.integration.registering import Hands, a_desk, sign_up, two_sites
from tests.integration.test_allocating import drawn, published, solved
from tests.integration.wishing import DRAW, FIRST, Wished, a_wish_dates


def move(session: Session, activity: UUID, start: datetime, site: UUID) -> None:
    """Hold an activity at another time and at a site."""
    row = session.scalars(select(ActivitySession).where(ActivitySession.activity_id == activity)).one()
    row.starts_at, row.ends_at = start, start + timedelta(hours=1)
    session.get_one(Activity, activity).place_id = site
    session.flush()


def three_sites(session: Session, minutes: int) -> tuple[Wished, Hands, tuple[UUID, UUID, UUID]]:
    """Store three wishes of a child: from the first, the second is ten minutes later, the third fifteen.

    The way to the second takes so many minutes; nobody has entered the way to the third.
    """
    wished, clock = drawn(session, [(0, 1, 2)])
    station = session.get_one(Station, wished.station)
    (hall, park), (lake, _) = two_sites(session, station, minutes), two_sites(session, station)
    starts = (at(FIRST, 8), at(FIRST, 9, 10), at(FIRST, 9, 15))
    for activity, start, site in zip(wished.activities, starts, (hall, park, lake), strict=True):
        move(session, activity, start, site)
    return wished, clock, (hall, park, lake)


def ways_of(problem: Problem) -> set[tuple[str, str, int]]:
    return {(way.origin, way.destination, way.minutes) for way in problem.ways}


def places(database: Database) -> Sequence[UUID]:
    with database.reading(EVERYTHING) as session:
        query = select(Registration.activity_id).where(Registration.state == Place.PLACED)
        return session.scalars(query.order_by(Registration.activity_id)).all()


def test_the_ways_that_were_entered_stand_in_the_problem_there_and_back(writing: Session) -> None:
    wished, clock, (hall, park, _) = three_sites(writing, 5)
    problem = build(writing, a_desk(clock), wished.term, Wanted()).problem
    assert ways_of(problem) == {(str(hall), str(park), 5), (str(park), str(hall), 5)}
    assert problem.settings.minutes_between == DEFAULT_WAY


def test_a_child_has_both_of_two_near_sites_though_another_is_far(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        wished, clock, _ = three_sites(session, 10)
    run = solved(database, wished, clock)
    assert published(database, clock, run.id).figures == {"placed": 2, "waiting": 0, "refused": 0}
    assert set(places(database)) == set(wished.activities[:2])


def test_ways_that_nobody_entered_take_what_the_run_says_also_when_it_is_published(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        wished, clock, _ = three_sites(session, 11)
    run = solved(database, wished, clock, Wanted(needs_staff=False, minutes_between=15))
    assert problem_from_json(json.loads(run.problem or "{}")).settings.minutes_between == 15
    assert published(database, clock, run.id).figures == {"placed": 2, "waiting": 0, "refused": 0}
    assert set(places(database)) == {wished.activities[0], wished.activities[2]}


def test_from_a_place_that_a_child_has_already_the_run_and_its_publication_go_by_the_same_minutes(
    database: Database,
) -> None:
    with database.writing(EVERYTHING) as session:
        wished, clock, _ = three_sites(session, 11)
        keep_term_intake(session, a_desk(clock), wished.term, a_wish_dates(opens_at=at(DRAW.day, 0)))
    first, near, unknown = wished.activities
    with database.writing(EVERYTHING) as session:
        assert sign_up(session, wished.children[0], first, a_desk(clock)).state is Place.PLACED
    with database.writing(EVERYTHING) as session:
        left_out = build(session, a_desk(clock), wished.term, Wanted()).left_out
    assert {(one.activity, *(each.code for each in one.obstacles)) for one in left_out} == {
        (str(near), "too_far"),
        (str(unknown), "too_far"),
    }
    run = solved(database, wished, clock, Wanted(needs_staff=False, minutes_between=15))
    assert published(database, clock, run.id).figures == {"placed": 1, "waiting": 0, "refused": 0}
    assert set(places(database)) == {first, unknown}


def test_to_an_activity_at_several_sites_it_is_the_longest_way(writing: Session) -> None:
    wished, clock, (hall, park, lake) = three_sites(writing, 5)
    there, near = (writing.get_one(Venue, site) for site in (lake, hall))
    several, (one, other) = wished.activities[2], (a_room(writing, venue) for venue in (there, near))
    first = writing.scalars(select(ActivitySession).where(ActivitySession.activity_id == several)).one()
    first.room_id, held_also = one.id, at(FIRST + timedelta(days=1), 9)
    second = ActivitySession(station_id=first.station_id, activity_id=several, position=2)
    writing.add(second)
    writing.flush()
    held(writing, second, held_also, other)
    problem = build(writing, a_desk(clock), wished.term, Wanted()).problem
    assert problem.activity_of[str(several)].place == str(several)
    far = {(str(several), str(site)) for site in (hall, park)}
    assert ways_of(problem) == {
        *((str(hall), str(park), 5), (str(park), str(hall), 5)),
        *((*pair, DEFAULT_WAY) for pair in far),
        *((*reversed(pair), DEFAULT_WAY) for pair in far),
    }
