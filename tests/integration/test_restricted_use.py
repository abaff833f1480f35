"""Data under restricted use: no program writes anything new of such a child, on either database, whoever it is."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.migrate import upgrade
from core.db.models import Child, RightsRequest, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import RestrictedUseError
from core.domain.rights import RequestKind
from core.hooks.manager import load_hooks
from core.services.children.moving import move_child
from core.services.merging.files import merge_children
from core.services.program_facts import child_by_number, child_facts
from core.services.requests import lift_restriction
from core.services.stations import scope_of_station
from plugins.parent_school.models import Booking, FamilyAttendance
from plugins.sst.models import Answers, Occasion
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_request,
    a_room,
    a_station,
    a_term,
    a_venue,
    an_activity,
    at,
    held,
    restrict,
)

CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
TODAY = date(2026, 11, 23)


@pytest.fixture
def world(database: Database) -> tuple[UUID, UUID, UUID]:
    """Return a station, a session of an activity, and a child of whom a family has an appointment in it."""
    for history in load_hooks().histories:
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        activity = an_activity(session, a_term(session, station))
        meeting = held(session, activity.sessions[0], at(SATURDAY, 9), a_room(session, a_venue(session, station)))
        child = a_child(session, station)
        session.add(an_appointment(child, meeting.id))
        return station.id, meeting.id, child.id


def an_appointment(child: Child, session_id: UUID) -> Booking:
    own = {"station_id": child.station_id, "child_id": child.id}
    return Booking(session_id=session_id, agreed_for=at(SATURDAY, 9), booked_at=CLOCK.now(), **own)


def refused(database: Database, scope: UUID, change: str, world: tuple[UUID, UUID, UUID]) -> bool:
    """Tell whether a change of what programs keep is refused, within a station's own reach."""
    station_id, session_id, child_id = world
    try:
        with database.writing(EVERYTHING) as everything:
            reach = scope_of_station(everything, scope)
        with database.writing(reach) as session:
            child, booking = session.get_one(Child, child_id), session.scalars(select(Booking)).one()
            own = {"station_id": station_id, "child_id": child_id}
            if change == "another":
                session.add(an_appointment(child, session_id))
            elif change == "family":
                session.add(FamilyAttendance(session_id=session_id, adults=1, noted_at=CLOCK.now(), **own))
            elif change == "moved":
                booking.agreed_for = at(SATURDAY, 10)
            elif change == "cancelled":
                booking.cancelled_at = CLOCK.now() + timedelta(minutes=1)
            elif change == "restored":
                booking.cancelled_at = None
            else:
                session.delete(booking)
    except RestrictedUseError:
        return True
    return False


def test_nothing_new_is_written_and_what_there_is_may_end(database: Database, world: tuple[UUID, UUID, UUID]) -> None:
    station_id, _session, child_id = world
    with database.writing(EVERYTHING) as session:
        request = restrict(session, child_id).id
    assert [refused(database, station_id, change, world) for change in ("another", "family", "moved")] == [True] * 3
    assert not refused(database, station_id, "cancelled", world)
    assert refused(database, station_id, "restored", world)
    with database.writing(EVERYTHING) as session:
        lift_restriction(session, SYSTEM, CLOCK, request)
    assert not refused(database, station_id, "restored", world)
    assert not refused(database, station_id, "family", world)
    with database.writing(EVERYTHING) as session:
        restrict(session, child_id)
    assert not refused(database, station_id, "deleted", world)


def test_the_request_alone_restricts_nothing(database: Database, world: tuple[UUID, UUID, UUID]) -> None:
    with database.writing(EVERYTHING) as session:
        row = a_request(session.get_one(Child, world[2]))
        row.kind = RequestKind.RESTRICTION
        session.add(row)
    assert not refused(database, world[0], "moved", world)


def test_what_programs_keep_follows_a_file_that_moves_or_is_merged(
    database: Database, world: tuple[UUID, UUID, UUID]
) -> None:
    with database.writing(EVERYTHING) as session:
        restrict(session, world[2])
        target = a_station(session)
        move_child(session, SYSTEM, CLOCK, world[2], target.id, day=TODAY, today=TODAY)
        kept = a_child(session, target)
        former = session.get_one(Child, world[2])
        merge_children(session, SYSTEM, CLOCK, kept.id, former.id, versions=(kept.version, former.version), today=TODAY)
        assert session.scalars(select(Booking.child_id)).one() == kept.id
        # The restriction goes over with the request, and holds for the file that is kept.
        assert session.scalars(select(RightsRequest.child_id)).all() == [kept.id]
        with pytest.raises(RestrictedUseError), session.begin_nested():
            session.add(an_appointment(kept, world[1]))


def test_a_program_is_told_and_is_given_no_child_for_something_new(
    database: Database, world: tuple[UUID, UUID, UUID]
) -> None:
    with database.writing(EVERYTHING) as session:
        number = session.get_one(Child, world[2]).number
        assert child_by_number(session, number, TODAY).id == world[2]
        restrict(session, world[2])
        (fact,) = child_facts(session, [world[2]], TODAY)
        assert fact.restricted
        with pytest.raises(RestrictedUseError):
            child_by_number(session, number, TODAY)


def test_sealed_answers_are_not_entered_either(database: Database, world: tuple[UUID, UUID, UUID]) -> None:
    station_id, _session, child_id = world
    with database.writing(EVERYTHING) as session:
        restrict(session, child_id)
        activity = an_activity(session, a_term(session, session.get_one(Station, station_id)))
        own = {"station_id": station_id, "child_id": child_id, "activity_id": activity.id}
        with pytest.raises(RestrictedUseError), session.begin_nested():
            session.add(Answers(scores="55443", occasion=Occasion.BEFORE, answered_on=TODAY, **own))
