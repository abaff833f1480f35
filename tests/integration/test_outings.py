"""Where a guardian has to have agreed to outings, on both databases: by session, room and day."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db.models import ActivityRoom, Room, Station, Term
from core.db.models.activity import SessionStatus
from core.domain.vocabulary import ConsentPurpose, VenueKind
from core.hooks.manager import build_hooks
from core.services.eligibility import answers_for_child
from tests.integration.builders import (
    BEFORE,
    SATURDAY,
    a_child,
    a_consent,
    a_room,
    a_station,
    a_term,
    a_venue,
    an_activity,
    at,
    held,
)


@pytest.fixture
def term(writing: Session) -> Term:
    return a_term(writing, a_station(writing))


class Outing:
    """A child with a basis and a term with one activity, and rooms inside and outside."""

    def __init__(self, session: Session, term: Term, **values: Any) -> None:
        self.session, self.term = session, term
        station = session.get_one(Station, term.station_id)
        self.child = a_child(session, station)
        a_consent(session, self.child, ConsentPurpose.DATA)
        self.park = a_venue(session, station, kind=VenueKind.OUTDOOR)
        self.outside, self.inside = a_room(session, self.park), a_room(session, a_venue(session, station))
        self.activity = an_activity(session, term, title="踏青", **{"session_count": 2, **values})

    def hold(self, position: int, days: int, room: Room | None) -> None:
        """Hold a session some days after the first Saturday, at nine."""
        row = self.activity.sessions[position]
        with self.session.no_autoflush:
            held(self.session, row, at(SATURDAY + timedelta(days=days), 9), room)

    def choose(self, *rooms: Room) -> None:
        """Put rooms on the activity's list."""
        own = {"station_id": self.term.station_id, "activity_id": self.activity.id}
        self.session.add_all([ActivityRoom(room_id=room.id, **own) for room in rooms])
        self.session.flush()

    def asks_for_consent(self, now: datetime = BEFORE) -> bool:
        """Tell whether the consent to outings is what is missing; nothing else ever is."""
        self.session.expire_all()
        (found,) = answers_for_child(self.session, build_hooks([]), self.child, self.term, now=now)
        codes = [each.code for each in found.obstacles]
        assert codes in ([], ["no_outing_consent"])
        return bool(codes)


@pytest.mark.parametrize("outside", [0, 1])
def test_a_session_in_a_room_of_a_site_outside_is_an_outing(writing: Session, term: Term, outside: int) -> None:
    trip = Outing(writing, term)
    for position in (0, 1):
        trip.hold(position, position * 7, trip.outside if position == outside else trip.inside)
    assert trip.asks_for_consent()
    a_consent(writing, trip.child, ConsentPurpose.OUTING)
    assert not trip.asks_for_consent()


def test_sessions_inside_cancelled_and_gone_by_are_no_outings(writing: Session, term: Term) -> None:
    trip = Outing(writing, term)
    trip.hold(0, 0, trip.outside)
    trip.hold(1, 7, trip.inside)
    assert trip.asks_for_consent(at(SATURDAY, 9))
    assert not trip.asks_for_consent(at(SATURDAY, 9, 1))
    trip.activity.sessions[0].status = SessionStatus.CANCELLED
    writing.flush()
    assert not trip.asks_for_consent()


def test_the_consent_is_needed_on_the_day_of_the_outing(writing: Session, term: Term) -> None:
    trip = Outing(writing, term)
    trip.hold(0, 0, trip.inside)
    trip.hold(1, 7, trip.outside)
    a_consent(writing, trip.child, ConsentPurpose.OUTING, valid_until=SATURDAY + timedelta(days=6))
    assert trip.asks_for_consent()
    a_consent(writing, trip.child, ConsentPurpose.OUTING, valid_until=SATURDAY + timedelta(days=7))
    assert not trip.asks_for_consent()


def test_what_can_only_be_held_outside_is_an_outing_before_it_is_planned(writing: Session, term: Term) -> None:
    trip = Outing(writing, term)
    assert not trip.asks_for_consent()
    trip.choose(trip.outside)
    assert trip.asks_for_consent()
    trip.choose(trip.inside)
    assert not trip.asks_for_consent()


def test_an_activity_at_a_place_outside_is_an_outing_each_time(writing: Session, term: Term) -> None:
    trip = Outing(writing, term)
    trip.activity.place_id = trip.park.id
    writing.flush()
    assert trip.asks_for_consent()
    a_consent(writing, trip.child, ConsentPurpose.OUTING, valid_until=SATURDAY)
    assert not trip.asks_for_consent()
    trip.hold(0, 0, None)
    assert not trip.asks_for_consent()
    trip.hold(1, 1, trip.inside)
    assert trip.asks_for_consent()


def test_a_place_that_lies_inside_makes_no_outing(writing: Session, term: Term) -> None:
    trip = Outing(writing, term)
    trip.activity.place_id = trip.inside.venue_id
    writing.flush()
    assert not trip.asks_for_consent()
    trip.hold(0, 0, None)
    assert not trip.asks_for_consent()
