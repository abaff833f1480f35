"""The code at the door runs out, counts for its own session alone, and notes coming and leaving once each."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, AuditEntry, Station, Volunteer, VolunteerPresence
from core.domain.actor import Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.services.door_code import STEP, check_in, check_out, code_of, find_by_code
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
