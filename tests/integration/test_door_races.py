"""Whoever checks in many times at once is noted once, and none of the tries fails."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, VolunteerPresence
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.services.audit import verify_chain
from core.services.door import go_out, let_in
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held
from tests.integration.test_registration_race import at_once

CLOCK = FixedClock(TEST_MOMENT)
NINE = at(SATURDAY, 9)
RIVALS = 6


def test_of_many_who_come_back_at_once_one_stay_begins(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        meeting = held(session, an_activity(session, a_term(session, station), duration=120).sessions[0], NINE)
        key, guest = meeting.id, a_volunteer(session, station).id
        let_in(session, SYSTEM, CLOCK, key, guest, now=NINE)
        go_out(session, SYSTEM, CLOCK, key, guest, now=NINE + timedelta(minutes=10))

    def back(session: Session) -> object:
        return let_in(session, SYSTEM, CLOCK, key, guest, now=NINE + timedelta(minutes=20)).left_at

    assert Counter(at_once(database, [back] * RIVALS)) == {"None": RIVALS}
    with database.reading(EVERYTHING) as session:
        stays = session.scalars(select(VolunteerPresence)).all()
        assert sorted(str(stay.left_at) for stay in stays) == [str(NINE + timedelta(minutes=10)), "None"]


@pytest.mark.parametrize("leaving", [False, True], ids=["coming", "leaving"])
def test_of_many_tries_at_once_one_is_noted_and_none_fails(database: Database, *, leaving: bool) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        meeting = held(session, an_activity(session, a_term(session, station), duration=120).sessions[0], NINE)
        key, guest, place = meeting.id, a_volunteer(session, station).id, station.id
        if leaving:
            let_in(session, SYSTEM, CLOCK, key, guest, now=NINE)

    def deed(session: Session) -> object:
        note = go_out if leaving else let_in
        return note(session, SYSTEM, CLOCK, key, guest, now=NINE).volunteer_id == guest

    assert Counter(at_once(database, [deed] * RIVALS)) == {"True": RIVALS}
    with database.reading(EVERYTHING) as session:
        assert verify_chain(session, place) is None
        assert len(session.scalars(select(VolunteerPresence)).all()) == 1
        deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == key)).all()
        assert deeds.count("door.left" if leaving else "door.let_in") == 1
