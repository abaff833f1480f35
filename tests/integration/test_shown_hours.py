"""Hours that anybody sees: by masked names, where the station says so; an objection keeps a line from being final."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, AuditEntry, ServiceEntry, ServiceObjection, Station, Volunteer
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.service_hours import SHOWN_DAYS
from core.services.door import let_in
from core.services.hours.ledger import account_of, answer, book, correct
from core.services.hours.shown import MOST_OPEN, Shown, find_shown, object_in_public, shown_by
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held

CLOCK = FixedClock(TEST_MOMENT)
OVER = at(SATURDAY, 18)
LATER = SATURDAY + timedelta(days=SHOWN_DAYS)


@pytest.fixture
def station(writing: Session) -> Station:
    """Show a station's hours."""
    return a_station(writing, shows_hours=True)


def a_meeting(session: Session, station: Station, **values: Any) -> ActivitySession:
    activity = an_activity(session, a_term(session, station), duration=120, **values)
    return held(session, activity.sessions[0], at(SATURDAY, 9))


def booked(session: Session, meeting: ActivitySession, **values: Any) -> Volunteer:
    """Book two hours of somebody, and return who it is."""
    person = a_volunteer(session, session.get_one(Station, meeting.station_id), **values)
    let_in(session, SYSTEM, CLOCK, meeting.id, person.id, now=at(SATURDAY, 9))
    book(session, SYSTEM, CLOCK, meeting.id, {person.id: (120, None)}, now=OVER)
    return person


def shown(session: Session, station: Station, today: date = SATURDAY) -> tuple[Shown, ...]:
    return shown_by(session, station, today=today)


def test_a_line_is_shown_for_seven_days_with_a_masked_name_and_without_an_id(
    writing: Session, station: Station
) -> None:
    person = booked(writing, a_meeting(writing, station), name="张小满")
    (line,) = shown(writing, station)
    assert (line.name, line.served_on, line.minutes, line.correction) == ("张*", SATURDAY, 120, False)
    entry = writing.scalars(select(ServiceEntry)).one()
    said = repr(line)
    for secret in (person.name, person.number, person.id.hex, str(person.id), entry.id.hex, str(entry.id)):
        assert secret not in said
    assert find_shown(writing, station, line.reference, today=SATURDAY) == line
    assert shown(writing, station, LATER - timedelta(days=1)) == (line,)
    assert shown(writing, station, LATER) == ()
    with pytest.raises(NotFoundError):
        find_shown(writing, station, line.reference, today=LATER)


def test_only_a_station_that_says_so_shows_hours_and_only_its_own(writing: Session, station: Station) -> None:
    booked(writing, a_meeting(writing, station))
    other = a_station(writing, station, shows_hours=True)
    assert shown(writing, other) == ()
    station.shows_hours = False
    with pytest.raises(NotFoundError):
        shown(writing, station)


def test_neither_people_under_age_nor_closed_activities_are_shown(writing: Session, station: Station) -> None:
    booked(writing, a_meeting(writing, station), birth_date=date(2010, 5, 5), guardian_consent_on=date(2026, 9, 1))
    booked(writing, a_meeting(writing, station, closed=True))
    assert shown(writing, station) == ()
    booked(writing, a_meeting(writing, station))
    assert len(shown(writing, station)) == 1


def test_an_objection_keeps_a_line_from_being_final_until_it_is_answered(writing: Session, station: Station) -> None:
    person = booked(writing, a_meeting(writing, station))
    (line,) = shown(writing, station)
    row = object_in_public(writing, CLOCK, station, line.reference, " 那天没来 ", "微信：路人", today=SATURDAY)
    assert (row.text, row.contact, row.in_public, row.volunteer_id) == ("那天没来", "微信：路人", True, person.id)
    assert account_of(writing, person.id, today=LATER).final_minutes == 0
    answer(writing, SYSTEM, CLOCK, row.id, "已核对签到记录，不变")
    assert account_of(writing, person.id, today=LATER).final_minutes == 120
    assert (row.contact, row.in_public) == ("", True), "How to reach them is forgotten."
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "hours.objected_in_public")).one()
    assert (entry.actor_id, entry.detail) == (None, {})


def test_whoever_finds_a_correction_wrong_objects_to_the_line(writing: Session, station: Station) -> None:
    person = booked(writing, a_meeting(writing, station))
    first = account_of(writing, person.id, today=SATURDAY).lines[0].entry
    correct(writing, SYSTEM, CLOCK, first.id, 60, "陈某说提前离开", today=SATURDAY)
    correction = next(one for one in shown(writing, station) if one.correction)
    assert correction.minutes == -60
    assert "陈某" not in repr(shown(writing, station)), "Reasons are for the station and the volunteer."
    object_in_public(writing, CLOCK, station, correction.reference, "一直都在", "", today=SATURDAY)
    assert len(account_of(writing, person.id, today=SATURDAY).lines[0].objections) == 1


def test_what_can_not_be_an_objection_is_refused(writing: Session, station: Station) -> None:
    booked(writing, a_meeting(writing, station))
    (line,) = shown(writing, station)
    for text, contact in (("  ", ""), ("x" * 201, ""), ("不对", "x" * 81)):
        with pytest.raises(InvalidInputError):
            object_in_public(writing, CLOCK, station, line.reference, text, contact, today=SATURDAY)
    with pytest.raises(NotFoundError):
        object_in_public(writing, CLOCK, station, "abcdefgh2345", "不对", "", today=SATURDAY)
    for _ in range(MOST_OPEN):
        object_in_public(writing, CLOCK, station, line.reference, "不对", "", today=SATURDAY)
    with pytest.raises(ConflictError, match="several objections"):
        object_in_public(writing, CLOCK, station, line.reference, "不对", "", today=SATURDAY)
    assert len(writing.scalars(select(ServiceObjection)).all()) == MOST_OPEN
