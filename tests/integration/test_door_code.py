"""The code at the door runs out, counts for its own session alone, and notes coming and leaving once each."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, AuditEntry, Station, Volunteer, VolunteerPresence
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, NotFoundError
from core.services.door_code import STEP, check_in, check_out, code_of, find_by_code
from core.services.hours.ledger import book, served_at
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held

CLOCK = FixedClock(TEST_MOMENT)
NINE = at(SATURDAY, 9)


@pytest.fixture
def meeting(writing: Session) -> ActivitySession:
    """Hold a session on Saturday from nine to eleven."""
    station = a_station(writing)
    return held(writing, an_activity(writing, a_term(writing, station), duration=120).sessions[0], NINE)


def a_guest(session: Session, meeting: ActivitySession) -> tuple[Volunteer, Actor]:
    person = a_volunteer(session, session.get_one(Station, meeting.station_id))
    return person, Actor(Role.VOLUNTEER, person.station_id, None, person.id)


def counts(session: Session, meeting: ActivitySession, code: str, later: timedelta) -> bool:
    try:
        find_by_code(session, FixedClock(TEST_MOMENT + later), meeting.id, code, now=NINE)
    except NotFoundError:
        return False
    return True


def test_a_code_counts_for_two_minutes_at_most_and_never_before_its_time(
    writing: Session, meeting: ActivitySession
) -> None:
    code = code_of(writing, meeting, TEST_MOMENT)
    assert all(counts(writing, meeting, code, timedelta(seconds=second)) for second in (0, 30, 60, 90))
    assert not any(counts(writing, meeting, code, timedelta(seconds=second)) for second in (120, 180, 3600, 86_400))
    assert not any(counts(writing, meeting, code, -step * STEP) for step in (1, 2, 10)), "The clock went back."


def test_a_code_counts_for_its_own_session_alone_and_only_around_it(writing: Session, meeting: ActivitySession) -> None:
    term = meeting.activity.term
    other = held(writing, an_activity(writing, term, duration=120).sessions[0], NINE)
    code = code_of(writing, other, TEST_MOMENT)
    assert counts(writing, other, code, timedelta())
    assert not counts(writing, meeting, code, timedelta())
    with pytest.raises(NotFoundError):
        find_by_code(writing, CLOCK, other.id, code, now=NINE + timedelta(hours=5))


def stays(session: Session) -> list[tuple[datetime | None, datetime | None]]:
    rows = session.scalars(select(VolunteerPresence).order_by(VolunteerPresence.arrived_at))
    return [(row.arrived_at, row.left_at) for row in rows]


def test_whoever_left_comes_in_again_by_the_code_and_begins_a_second_stay(
    writing: Session, meeting: ActivitySession
) -> None:
    _, actor = a_guest(writing, meeting)
    code = code_of(writing, meeting, TEST_MOMENT)
    deeds = ((check_in, 0), (check_out, 30), (check_in, 60), (check_in, 61), (check_out, 120), (check_out, 121))
    for deed, minute in deeds:
        deed(writing, actor, CLOCK, meeting.id, code, now=NINE + timedelta(minutes=minute))
    hour = timedelta(hours=1)
    assert stays(writing) == [(NINE, NINE + hour / 2), (NINE + hour, NINE + 2 * hour)]
    told = writing.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == meeting.id)).all()
    assert told == ["door.let_in", "door.left"] * 2
    (served,) = served_at(writing, meeting)
    assert served.minutes == 90


@pytest.mark.parametrize(("seconds", "count"), [(0, 1), (59, 1), (150, 2)])
def test_whoever_is_back_within_a_minute_never_left(
    writing: Session, meeting: ActivitySession, seconds: int, count: int
) -> None:
    _, actor = a_guest(writing, meeting)
    code = code_of(writing, meeting, TEST_MOMENT)
    check_in(writing, actor, CLOCK, meeting.id, code, now=NINE)
    went = NINE + timedelta(minutes=20, seconds=30)
    check_out(writing, actor, CLOCK, meeting.id, code, now=went)
    check_in(writing, actor, CLOCK, meeting.id, code, now=went + timedelta(seconds=seconds))
    assert len(stays(writing)) == count
    assert stays(writing)[-1][1] is None, "They are here."


def test_nobody_comes_back_whose_hours_are_booked(writing: Session, meeting: ActivitySession) -> None:
    person, actor = a_guest(writing, meeting)
    code, over = code_of(writing, meeting, TEST_MOMENT), NINE + timedelta(hours=2)
    check_in(writing, actor, CLOCK, meeting.id, code, now=NINE)
    check_out(writing, actor, CLOCK, meeting.id, code, now=over)
    book(writing, SYSTEM, CLOCK, meeting.id, {person.id: (120, None)}, now=over)
    with pytest.raises(ConflictError, match="are booked: correct the hours"):
        check_in(writing, actor, CLOCK, meeting.id, code, now=over + timedelta(minutes=10))
    assert len(stays(writing)) == 1


def test_scanning_again_moves_neither_coming_nor_leaving(writing: Session, meeting: ActivitySession) -> None:
    person, actor = a_guest(writing, meeting)
    code = code_of(writing, meeting, TEST_MOMENT)
    for minute in (0, 1, 40):
        check_in(writing, actor, CLOCK, meeting.id, code, now=NINE + timedelta(minutes=minute))
    for minute in (60, 61, 119):
        check_out(writing, actor, CLOCK, meeting.id, code, now=NINE + timedelta(minutes=minute))
    row = writing.scalars(select(VolunteerPresence).where(VolunteerPresence.volunteer_id == person.id)).one()
    assert (row.arrived_at, row.left_at) == (NINE, NINE + timedelta(hours=1))
    deeds = writing.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == meeting.id)).all()
    assert (deeds.count("door.let_in"), deeds.count("door.left")) == (1, 1)
