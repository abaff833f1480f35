"""The roster on paper, and entering afterwards what it says."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Attendance, AuditEntry, ServiceEntry, Station, Volunteer, VolunteerPresence
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.service_hours import EntryKind
from core.domain.vocabulary import Presence
from core.services.door import go_out, let_in
from core.services.roster import Times, as_paper, contradictions, enter_times
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_station,
    a_term,
    a_volunteer,
    an_activity,
    an_assignment,
    at,
    held,
)

CLOCK = FixedClock(TEST_MOMENT)
OPEN, LATER = at(SATURDAY, 9), at(SATURDAY + timedelta(days=2), 8)
NINE, TEN = time(9), time(10)


@pytest.fixture
def meeting(writing: Session) -> ActivitySession:
    station = a_station(writing)
    return held(writing, an_activity(writing, a_term(writing, station)).sessions[0], OPEN)


@pytest.fixture
def person(writing: Session, meeting: ActivitySession) -> Volunteer:
    one = a_volunteer(writing, writing.get_one(Station, meeting.station_id))
    writing.add(an_assignment(meeting, one))
    writing.flush()
    writing.expire(meeting)
    return one


def enter(session: Session, meeting: ActivitySession, person: Volunteer, times: Times) -> int:
    return enter_times(session, SYSTEM, CLOCK, meeting.id, {person.id: times}, now=LATER)


def test_times_of_the_paper_are_entered_on_a_later_day(
    writing: Session, meeting: ActivitySession, person: Volunteer
) -> None:
    assert enter(writing, meeting, person, Times(None, None)) == 0
    assert enter(writing, meeting, person, Times(NINE, TEN)) == 1
    assert enter(writing, meeting, person, Times(NINE, TEN)) == 0
    row = writing.scalars(select(VolunteerPresence)).one()
    assert (row.served_on, row.arrived_at, row.left_at) == (SATURDAY, OPEN, at(SATURDAY, 10))
    assert "door.times_entered" in writing.scalars(select(AuditEntry.action)).all()


def test_times_that_can_not_be_are_refused(writing: Session, meeting: ActivitySession, person: Volunteer) -> None:
    with pytest.raises(InvalidInputError, match="leave before"):
        enter(writing, meeting, person, Times(TEN, NINE))
    with pytest.raises(InvalidInputError, match="still to come"):
        enter_times(writing, SYSTEM, CLOCK, meeting.id, {person.id: Times(NINE, TEN)}, now=OPEN)
    stranger = a_volunteer(writing, writing.get_one(Station, meeting.station_id))
    with pytest.raises(NotFoundError):
        enter(writing, meeting, stranger, Times(NINE, TEN))
    volunteer = Actor(user_id=None, role=Role.VOLUNTEER, station_id=meeting.station_id)
    with pytest.raises(NotAllowedError):
        enter_times(writing, volunteer, CLOCK, meeting.id, {}, now=LATER)


def test_times_stay_once_the_hours_are_booked(writing: Session, meeting: ActivitySession, person: Volunteer) -> None:
    enter(writing, meeting, person, Times(NINE, TEN))
    writing.add(
        ServiceEntry(
            station_id=meeting.station_id,
            volunteer_id=person.id,
            session_id=meeting.id,
            kind=EntryKind.SERVED,
            served_on=SATURDAY,
            title="样",
            minutes=60,
            noted_on=SATURDAY,
            noted_at=TEST_MOMENT,
        )
    )
    writing.flush()
    assert enter(writing, meeting, person, Times(NINE, TEN)) == 0
    with pytest.raises(ConflictError, match="booked"):
        enter(writing, meeting, person, Times(NINE, time(11)))


def test_of_two_stays_the_paper_corrects_the_last(
    writing: Session, meeting: ActivitySession, person: Volunteer
) -> None:
    early, back = at(SATURDAY, 8, 20), at(SATURDAY, 8, 55)
    let_in(writing, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY, 8))
    go_out(writing, SYSTEM, CLOCK, meeting.id, person.id, now=early)
    let_in(writing, SYSTEM, CLOCK, meeting.id, person.id, now=back)
    assert {one.text for one in contradictions(writing, meeting)} == {
        "%(name)s was here, but not both times are noted."
    }
    assert enter(writing, meeting, person, Times(NINE, TEN)) == 1
    rows = writing.scalars(select(VolunteerPresence).order_by(VolunteerPresence.left_at)).all()
    assert [(row.arrived_at, row.left_at) for row in rows] == [(at(SATURDAY, 8), early), (OPEN, at(SATURDAY, 10))]
    assert contradictions(writing, meeting) == ()


def test_what_contradicts_is_said(writing: Session, meeting: ActivitySession, person: Volunteer) -> None:
    child = a_child(writing, writing.get_one(Station, meeting.station_id))
    row = Attendance(station_id=meeting.station_id, session_id=meeting.id, child_id=child.id)
    row.presence, row.noted_at = Presence.PRESENT, TEST_MOMENT
    writing.add(row)
    enter(writing, meeting, person, Times(time(7), time(8)))
    said = {one.text for one in contradictions(writing, meeting)}
    assert said == {
        "%(name)s left before the session began.",
        "Children were here, but too few adults are noted.",
    }


def test_the_paper_is_a_pdf(writing: Session, meeting: ActivitySession, person: Volunteer) -> None:
    assert person.name
    assert as_paper(writing, SYSTEM, meeting, today=SATURDAY).startswith(b"%PDF")
