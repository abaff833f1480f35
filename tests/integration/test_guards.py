"""Double booking is refused by the database itself, whoever writes and however many at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import ROOM_GUARD, VOLUNTEER_GUARD, lay_guards
from core.db.models import ActivitySession, Assignment, Room, Volunteer
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from tests.integration.builders import (
    SATURDAY,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    an_assignment,
    at,
    held,
)

NINE = at(SATURDAY, 9)
WRITERS = 6


@dataclass
class Booked:
    """Hourly sessions of one activity; the first is held at nine in `room` by `volunteer`, who is free else."""

    sessions: list[ActivitySession]
    room: Room
    other_room: Room
    volunteer: Volunteer


def book(session: Session, *, turnover: int = 0) -> Booked:
    station = a_station(session)
    venue = a_venue(session, station)
    room, other = a_room(session, venue, turnover=turnover), a_room(session, venue)
    rows = an_activity(session, a_term(session, station), session_count=WRITERS + 1).sessions
    volunteer = a_volunteer(session, station)
    held(session, rows[0], NINE, room, [volunteer])
    return Booked(rows, room, other, volunteer)


@pytest.mark.parametrize("minutes", [-59, -30, 0, 30, 59])
def test_a_room_is_not_booked_twice_at_once(writing: Session, minutes: int) -> None:
    booked = book(writing)
    with pytest.raises(IntegrityError, match=ROOM_GUARD):
        held(writing, booked.sessions[1], NINE + timedelta(minutes=minutes), booked.room)


@pytest.mark.parametrize("minutes", [-60, 60, 24 * 60])
def test_sessions_may_touch(writing: Session, minutes: int) -> None:
    booked = book(writing)
    start = NINE + timedelta(minutes=minutes)
    held(writing, booked.sessions[1], start, booked.room, [booked.volunteer])
    assert writing.scalar(select(func.count()).select_from(Assignment)) == 2


@pytest.mark.parametrize(("minutes", "refused"), [(-89, True), (-90, False), (89, True), (90, False)])
def test_the_turnover_of_a_room_is_kept_free(writing: Session, minutes: int, refused: bool) -> None:  # noqa: FBT001
    booked = book(writing, turnover=30)
    start = NINE + timedelta(minutes=minutes)
    if refused:
        with pytest.raises(IntegrityError, match=ROOM_GUARD):
            held(writing, booked.sessions[1], start, booked.room)
    else:
        held(writing, booked.sessions[1], start, booked.room)


def test_another_room_is_free(writing: Session) -> None:
    booked = book(writing)
    held(writing, booked.sessions[1], NINE, booked.other_room)
    assert booked.sessions[1].status is SessionStatus.HELD


def test_sessions_without_a_room_do_not_meet(writing: Session) -> None:
    booked = book(writing)
    for row in booked.sessions[1:3]:
        held(writing, row, NINE)
    assert {row.starts_at for row in booked.sessions[:3]} == {NINE}


@pytest.mark.parametrize("minutes", [-59, 0, 59])
def test_a_volunteer_is_not_in_two_places_at_once(writing: Session, minutes: int) -> None:
    booked = book(writing)
    start = NINE + timedelta(minutes=minutes)
    with pytest.raises(IntegrityError, match=VOLUNTEER_GUARD):
        held(writing, booked.sessions[1], start, booked.other_room, [booked.volunteer])


def move_the_room(booked: Booked) -> None:
    booked.sessions[1].room_id = booked.room.id


def move_the_time(booked: Booked) -> None:
    booked.sessions[2].starts_at = NINE + timedelta(minutes=30)
    booked.sessions[2].ends_at = booked.sessions[2].room_free_at = NINE + timedelta(minutes=90)


def stretch_the_end(booked: Booked) -> None:
    booked.sessions[3].room_free_at = NINE + timedelta(minutes=1)


def hold_a_cancelled_one(booked: Booked) -> None:
    booked.sessions[4].status = SessionStatus.HELD


@pytest.mark.parametrize("change", [move_the_room, move_the_time, stretch_the_end, hold_a_cancelled_one])
def test_an_update_does_not_book_a_room_twice(writing: Session, change: Callable[[Booked], None]) -> None:
    booked = book(writing)
    held(writing, booked.sessions[1], NINE, booked.other_room)
    held(writing, booked.sessions[2], NINE + timedelta(hours=2), booked.room)
    held(writing, booked.sessions[3], NINE - timedelta(hours=1), booked.room)
    cancelled = booked.sessions[4]
    cancelled.starts_at, cancelled.ends_at, cancelled.room_free_at = NINE, booked.sessions[0].ends_at, NINE
    cancelled.room_free_at = cancelled.ends_at
    cancelled.room_id, cancelled.status = booked.room.id, SessionStatus.CANCELLED
    writing.flush()
    change(booked)
    with pytest.raises(IntegrityError, match=ROOM_GUARD):
        writing.flush()


def test_an_update_does_not_put_a_volunteer_in_two_places(writing: Session) -> None:
    booked = book(writing)
    other = a_volunteer(writing, a_station(writing))
    held(writing, booked.sessions[1], NINE, booked.other_room, [other])
    writing.scalars(
        select(Assignment).where(Assignment.volunteer_id == other.id)
    ).one().volunteer_id = booked.volunteer.id
    with pytest.raises(IntegrityError, match=VOLUNTEER_GUARD):
        writing.flush()


def test_a_session_that_moves_takes_its_volunteers_along_and_past_no_guard(writing: Session) -> None:
    booked = book(writing)
    row = held(writing, booked.sessions[1], NINE + timedelta(hours=3), booked.other_room, [booked.volunteer])
    row.starts_at, row.ends_at = NINE + timedelta(hours=4), NINE + timedelta(hours=5)
    row.room_free_at = row.ends_at
    writing.flush()
    times = select(Assignment.starts_at).where(Assignment.session_id == row.id)
    assert writing.scalars(times).one() == NINE + timedelta(hours=4)
    row.starts_at, row.ends_at = NINE, NINE + timedelta(hours=1)
    row.room_free_at = row.ends_at
    with pytest.raises(IntegrityError, match=VOLUNTEER_GUARD):
        writing.flush()


def test_an_assignment_has_the_times_of_its_session(writing: Session) -> None:
    booked = book(writing)
    wrong = an_assignment(booked.sessions[0], a_volunteer(writing, a_station(writing)))
    wrong.starts_at = NINE + timedelta(minutes=1)
    writing.add(wrong)
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        writing.flush()


def test_a_cancelled_session_leaves_its_room_and_its_volunteers_free(writing: Session) -> None:
    booked = book(writing)
    booked.sessions[0].status = SessionStatus.CANCELLED
    booked.sessions[0].assignments.clear()
    writing.flush()
    held(writing, booked.sessions[1], NINE, booked.room, [booked.volunteer])
    assert booked.sessions[1].room_id == booked.room.id


@pytest.mark.parametrize("missing", ["starts_at", "ends_at", "room_free_at"])
def test_a_held_session_has_all_its_times(writing: Session, missing: str) -> None:
    # A missing time once passed the check, since NULL is not false; on SQLite no guard stood around such a row.
    booked = book(writing)
    row = booked.sessions[1]
    times = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=1), "room_free_at": NINE + timedelta(hours=1)}
    for name, moment in times.items():
        setattr(row, name, None if name == missing else moment)
    row.room_id, row.status = booked.other_room.id, SessionStatus.HELD
    with pytest.raises(IntegrityError, match="held_has_a_time"):
        writing.flush()


def test_a_held_session_ends_after_it_starts(writing: Session) -> None:
    booked = book(writing)
    row = booked.sessions[1]
    row.starts_at = row.ends_at = row.room_free_at = NINE
    row.status = SessionStatus.HELD
    with pytest.raises(IntegrityError, match="held_has_a_time"):
        writing.flush()


def race(database: Database, room: UUID, sessions: list[UUID]) -> list[str]:
    """Book the room for all the sessions at once, each in a thread; return what happened to each."""
    ready, results = threading.Barrier(len(sessions)), []

    def write(session_id: UUID) -> None:
        ready.wait()
        try:
            with database.writing(EVERYTHING) as session:
                held(session, session.get_one(ActivitySession, session_id), NINE, session.get_one(Room, room))
            results.append("booked")
        except DBAPIError as error:
            results.append("refused" if ROOM_GUARD in str(error) else str(error))

    threads = [threading.Thread(target=write, args=(session_id,)) for session_id in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def set_up_a_race(database: Database) -> tuple[UUID, list[UUID]]:
    with database.writing(EVERYTHING) as session:
        booked = book(session)
    return booked.other_room.id, [row.id for row in booked.sessions[1:]]


def test_of_many_who_book_one_room_at_once_one_wins(database: Database) -> None:
    room, sessions = set_up_a_race(database)
    results = race(database, room, sessions)
    assert results.count("booked") == 1
    # PostgreSQL may find that two wait for each other before it finds that they clash.
    assert all(result in {"booked", "refused"} or "deadlock" in result for result in results)


def test_without_the_guard_the_same_race_books_the_room_twice(database: Database) -> None:
    room, sessions = set_up_a_race(database)
    with database.engine.begin() as connection:
        drop_guards(connection)
    assert race(database, room, sessions) == ["booked"] * len(sessions)


def drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for moment in ("insert", "update"):
            connection.execute(text(f"DROP TRIGGER {ROOM_GUARD}_{moment}"))
    else:
        connection.execute(text(f"ALTER TABLE sessions DROP CONSTRAINT {ROOM_GUARD}"))


def guards_of(engine: Engine) -> set[str]:
    """Return the names of the guards that stand."""
    query = "SELECT conname FROM pg_constraint WHERE conname LIKE 'guard\\_%' AND contype <> 't'"
    query += " UNION SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard\\_%'"
    if engine.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
    with engine.connect() as connection:
        return set(connection.scalars(text(query)))


def test_laying_the_guards_again_changes_nothing(database: Database) -> None:
    before = guards_of(database.engine)
    assert len(before) == (13 if database.embedded else 8)
    with database.engine.begin() as connection:
        lay_guards(connection)
    assert guards_of(database.engine) == before
