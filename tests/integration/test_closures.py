"""Closing days shows first whom it hits, cancels what can't be held, and tells every calendar."""

from datetime import date, time

import pytest
from sqlalchemy import func, select

from core.db.models import ActivitySession, ArrangedDay, ArrangedYear, Assignment, AuditEntry, Closure, FeedItem
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.calendar.arranged_year import ArrangedYear as Arrangement
from core.domain.calendar.arranged_year import NamedDay
from core.domain.calendar.closure import Closure as Closing
from core.domain.calendar.day import DayKind
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotFoundError
from core.domain.ids import new_id
from core.services.arranged_years import enter_year
from core.services.calendar import station_calendar, work_calendar
from core.services.closures import Consequences, close, consequences, reopen
from core.services.feed_ledger import update_ledger
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    SUNDAY,
    a_community,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    at,
    held,
)
from tests.integration.timetable import NO_PLUGINS, World, a_draft, a_world, planned, publish

CLOCK = FixedClock(TEST_MOMENT)
NOW = at(SATURDAY, 0)
TYPHOON = Closing(SATURDAY, SATURDAY, "台风")


@pytest.fixture
def world(database: Database) -> World:
    """Publish painting on Saturday and Sunday at nine, and chess on Saturday at fourteen in the other room."""
    with database.writing(EVERYTHING) as session:
        world = a_world(session)
    painting, again, chess = world.sessions()
    with database.writing(EVERYTHING) as session:
        plan = [
            planned(painting, at(SATURDAY, 9), world.rooms[0], world.people[:2]),
            planned(again, at(SUNDAY, 9), world.rooms[0], world.people[:2]),
            planned(chess, at(SATURDAY, 14), world.rooms[1], world.people[2:]),
        ]
        publish(session, a_draft(session, world.term, *plan))
    return world


def foresee(database: Database, world: World, closing: Closing) -> Consequences:
    with database.reading(EVERYTHING) as session:
        return consequences(session, world.station.id, closing, now=NOW)


def carry_out(database: Database, world: World, closing: Closing) -> Consequences:
    with database.writing(EVERYTHING) as session:
        return close(session, SYSTEM, CLOCK, NO_PLUGINS, world.station.id, closing, now=NOW)


def hit_by(done: Consequences) -> list[object]:
    return [row.id for row in done.sessions]


def test_the_consequences_are_shown_and_nothing_is_changed(database: Database, world: World) -> None:
    shown = foresee(database, world, TYPHOON)
    painting, _, chess = world.sessions()
    assert hit_by(shown) == [painting.id, chess.id]
    assert shown.volunteers == {person.id for person in world.people}
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).where(ActivitySession.status == SessionStatus.HELD)) == 3
        assert session.scalar(select(func.count(Closure.id))) == 0


def test_closing_does_what_was_shown(database: Database, world: World) -> None:
    shown = foresee(database, world, TYPHOON)
    done = carry_out(database, world, TYPHOON)
    assert (hit_by(done), done.volunteers) == (hit_by(shown), shown.volunteers)
    with database.reading(EVERYTHING) as session:
        rows = {row.id: row for row in session.scalars(select(ActivitySession))}
        for row in done.sessions:
            assert (rows[row.id].status, rows[row.id].reason) == (SessionStatus.CANCELLED, "台风")
        assert rows[world.painting.sessions[1].id].status is SessionStatus.HELD
        assert session.scalar(select(func.count(Assignment.id))) == 2
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "closure.added")).one()
        assert entry.detail == {"first": "2026-11-28", "last": "2026-11-28", "cancelled": 2}


def test_every_calendar_learns_of_it(database: Database, world: World) -> None:
    done = carry_out(database, world, TYPHOON)
    with database.reading(EVERYTHING) as session:
        for item in session.scalars(select(FeedItem)):
            hit = item.session_id in hit_by(done)
            assert (item.cancelled, item.sequence) == (hit, int(hit))


def test_a_session_that_is_over_when_it_closes_is_held(database: Database, world: World) -> None:
    done = carry_out(database, world, Closing(SATURDAY, SATURDAY, "台风", from_time=time(10)))
    assert hit_by(done) == [world.chess.sessions[0].id]


def test_what_has_begun_when_it_is_closed_has_happened(database: Database, world: World) -> None:
    # Closing the days of a storm that is already over once took back who had served.
    with database.writing(EVERYTHING) as session:
        late = at(SATURDAY, 12)
        done = close(session, SYSTEM, CLOCK, NO_PLUGINS, world.station.id, TYPHOON, now=late)
    assert hit_by(done) == [world.chess.sessions[0].id]
    with database.reading(EVERYTHING) as session:
        painting = session.get_one(ActivitySession, world.painting.sessions[0].id)
        assert painting.status is SessionStatus.HELD
        assert painting.assignments


def test_a_closed_room_hits_the_sessions_in_it(database: Database, world: World) -> None:
    done = carry_out(database, world, Closing(SATURDAY, SUNDAY, "漏水", room_id=world.rooms[0].id))
    assert hit_by(done) == [row.id for row in world.painting.sessions]


def test_a_closed_venue_hits_the_sessions_in_its_rooms(database: Database, world: World) -> None:
    assert (
        len(hit_by(foresee(database, world, Closing(SATURDAY, SATURDAY, "x", venue_id=world.rooms[0].venue_id)))) == 2
    )
    assert hit_by(foresee(database, world, Closing(SATURDAY, SATURDAY, "x", venue_id=new_id()))) == []


def test_a_community_that_closes_hits_what_its_station_holds_there(database: Database, world: World) -> None:
    # Such sessions once stayed on the timetable, in rooms that were shut.
    with database.writing(EVERYTHING) as session:
        community = a_community(session, world.station)
        room = a_room(session, a_venue(session, community))
        chess = session.get_one(ActivitySession, world.chess.sessions[0].id)
        chess.room_id = room.id
        session.flush()
        update_ledger(session, CLOCK, NO_PLUGINS, station_id=world.station.id)
        station = scope_of_station(session, world.station.id)
    with database.writing(station) as session:
        done = close(session, SYSTEM, CLOCK, NO_PLUGINS, community.id, TYPHOON, now=NOW)
        assert hit_by(done) == [chess.id]
    with database.reading(EVERYTHING) as session:
        items = session.scalars(select(FeedItem).where(FeedItem.session_id == chess.id)).all()
        assert items
        assert all(item.cancelled for item in items)


def test_a_closing_needs_a_reason(database: Database, world: World) -> None:
    with pytest.raises(InvalidInputError, match="why"):
        carry_out(database, world, Closing(SATURDAY, SATURDAY, "  "))
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(Closure.id))) == 0


def test_after_reopening_the_term_is_planned_anew_with_the_same_sessions(database: Database, world: World) -> None:
    done = carry_out(database, world, TYPHOON)
    with database.writing(EVERYTHING) as session:
        reopen(session, SYSTEM, CLOCK, session.scalars(select(Closure.id)).one())
    with database.writing(EVERYTHING) as session:
        painting, again, chess = world.sessions()
        plan = [
            planned(painting, at(SATURDAY, 9), world.rooms[0], world.people[:2]),
            planned(again, at(SUNDAY, 9), world.rooms[0], world.people[:2]),
            planned(chess, at(SATURDAY, 14), world.rooms[1], world.people[2:]),
        ]
        changes = publish(session, a_draft(session, world.term, *plan), day=1)
        assert {change.session_id for change in changes} == set(hit_by(done))
        assert session.scalar(select(func.count(FeedItem.id)).where(FeedItem.cancelled)) == 0
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
        assert "closure.removed" in actions


def test_what_is_open_can_not_be_reopened(database: Database, world: World) -> None:
    with pytest.raises(NotFoundError), database.writing(EVERYTHING) as session:
        reopen(session, SYSTEM, CLOCK, new_id())


def an_arrangement(*, off: date = date(2027, 1, 1)) -> Arrangement:
    return Arrangement(
        year=2027,
        source="国办发明电〔2026〕7号",
        published_on=date(2026, 11, 4),
        days_off=(NamedDay(off, "元旦"),),
        working_days=(date(2027, 1, 9),),
    )


def enter(database: Database, world: World, arrangement: Arrangement) -> None:
    with database.writing(EVERYTHING) as session:
        enter_year(session, SYSTEM, CLOCK, NO_PLUGINS, arrangement, station_id=world.station.id)


def test_an_entered_year_counts_from_then_on(database: Database, world: World) -> None:
    with database.reading(EVERYTHING) as session:
        assert work_calendar(session).is_provisional(date(2027, 1, 9))
    enter(database, world, an_arrangement())
    with database.reading(EVERYTHING) as session:
        calendar = work_calendar(session)
        assert not calendar.is_provisional(date(2027, 1, 9))
        assert calendar.kind(date(2027, 1, 9)) is DayKind.WORKING_WEEKEND
        assert not station_calendar(session, world.station.id).day(date(2027, 1, 9)).open
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "arranged_year.entered")).one()
        assert entry.detail == {"year": 2027}


def test_a_year_that_is_entered_again_replaces_what_was_entered(database: Database, world: World) -> None:
    enter(database, world, an_arrangement())
    enter(database, world, an_arrangement(off=date(2027, 1, 4)))
    with database.reading(EVERYTHING) as session:
        row = session.scalars(select(ArrangedYear)).one()
        assert row.entered_at == TEST_MOMENT
        assert [(day.day, day.off) for day in row.days] == [(date(2027, 1, 4), True), (date(2027, 1, 9), False)]
        assert session.scalar(select(func.count(ArrangedDay.id))) == 2


def test_entering_a_year_takes_provisional_off_the_feeds_of_every_station(database: Database, world: World) -> None:
    day = date(2027, 1, 30)
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        elsewhere = an_activity(session, a_term(session, station)).sessions[0]
        there = (elsewhere, a_room(session, a_venue(session, station)), a_volunteer(session, station))
        for row, room, person in ((world.chess.sessions[0], world.rooms[1], world.people[2]), there):
            stored = session.get_one(ActivitySession, row.id)
            stored.assignments.clear()
            session.flush()
            held(session, stored, at(day, 9), room, [person])
            update_ledger(session, CLOCK, NO_PLUGINS, station_id=stored.station_id)
        provisional = select(func.count(FeedItem.id)).where(FeedItem.provisional, ~FeedItem.cancelled)
        assert session.scalar(provisional) == 8
    enter(database, world, an_arrangement())
    with database.reading(EVERYTHING) as session:
        assert session.scalar(provisional) == 0
