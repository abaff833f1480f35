"""The database's own last word on who is put near children, whoever writes and by whatever way."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CLEARANCE_GUARD
from core.db.models import ActivitySession, Assignment, Clearance, Station, Volunteer, VolunteerPresence
from core.domain.serving import Stage
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_station, a_term, a_volunteer, an_activity, at, held

NINE = at(SATURDAY, 9)
A_YEAR_BEFORE = date(2025, 11, 28)
Change = Callable[[Volunteer], Any]


@pytest.fixture
def station(writing: Session) -> Station:
    return a_station(writing)


@pytest.fixture
def meeting(writing: Session, station: Station) -> ActivitySession:
    return held(writing, an_activity(writing, a_term(writing, station)).sessions[0], NINE)


def checks(*found: tuple[date, date, bool]) -> Change:
    """Return a change after which these are somebody's checks: when, until when, whether passed."""

    def change(person: Volunteer) -> None:
        own = {"station_id": person.station_id, "volunteer_id": person.id}
        person.clearances = [Clearance(checked_on=on, valid_until=to, passed=ok, **own) for on, to, ok in found]

    return change


def setting(**values: Any) -> Change:
    def change(person: Volunteer) -> None:
        for name, value in values.items():
            setattr(person, name, value)

    return change


FAR = date(2030, 1, 1)
REFUSED = {
    "an applicant": setting(stage=Stage.APPLICANT),
    "one who left": setting(stage=Stage.LEFT),
    "one who rests": setting(active=False),
    "never checked": checks(),
    "failed": checks((date(2026, 6, 1), FAR, False)),
    "ended the day before": checks((date(2026, 1, 1), SATURDAY - timedelta(days=1), True)),
    "over a year old": checks((A_YEAR_BEFORE - timedelta(days=1), FAR, True)),
    "checked the day after": checks((SATURDAY + timedelta(days=1), FAR, True)),
    "failed since": checks((date(2026, 6, 1), FAR, True), (date(2026, 9, 1), FAR, False)),
    "failed on the day": checks((date(2026, 6, 1), FAR, True), (SATURDAY, FAR, False)),
    "failed on the same day": checks((date(2026, 6, 1), FAR, True), (date(2026, 6, 1), FAR, False)),
}
TAKEN = {
    "cleared": setting(),
    "a year old to the day": checks((A_YEAR_BEFORE, FAR, True)),
    "ending on the day": checks((date(2026, 1, 1), SATURDAY, True)),
    "checked on the day": checks((SATURDAY, FAR, True)),
    "failed before": checks((date(2026, 6, 1), FAR, False), (date(2026, 6, 2), FAR, True)),
    "failed afterwards": checks((date(2026, 6, 1), FAR, True), (SATURDAY + timedelta(days=1), FAR, False)),
}


def assign(session: Session, meeting: ActivitySession, person: Volunteer) -> None:
    own = {"station_id": meeting.station_id, "session_id": meeting.id, "volunteer_id": person.id}
    session.add(Assignment(role="lead", starts_at=meeting.starts_at, ends_at=meeting.ends_at, **own))
    session.flush()


def note(session: Session, meeting: ActivitySession, person: Volunteer) -> None:
    own = {"station_id": meeting.station_id, "session_id": meeting.id, "volunteer_id": person.id}
    session.add(VolunteerPresence(served_on=SATURDAY, noted_at=TEST_MOMENT, **own))
    session.flush()


@pytest.mark.parametrize("put", [assign, note])
@pytest.mark.parametrize("who", REFUSED)
def test_the_database_refuses_who_may_not_serve(
    writing: Session, station: Station, meeting: ActivitySession, put: Callable[..., None], who: str
) -> None:
    person = a_volunteer(writing, station)
    REFUSED[who](person)
    writing.flush()
    with pytest.raises(IntegrityError, match=CLEARANCE_GUARD):
        put(writing, meeting, person)


@pytest.mark.parametrize("put", [assign, note])
@pytest.mark.parametrize("who", TAKEN)
def test_the_database_takes_who_may(
    writing: Session, station: Station, meeting: ActivitySession, put: Callable[..., None], who: str
) -> None:
    person = a_volunteer(writing, station)
    TAKEN[who](person)
    writing.flush()
    put(writing, meeting, person)


def test_an_assignment_is_not_handed_over_to_who_may_not_serve(
    writing: Session, station: Station, meeting: ActivitySession
) -> None:
    person, other = a_volunteer(writing, station), a_volunteer(writing, station, stage=Stage.LEFT)
    assign(writing, meeting, person)
    with pytest.raises(IntegrityError, match=CLEARANCE_GUARD):
        writing.execute(update(Assignment).values(volunteer_id=other.id))


def test_a_session_is_not_moved_to_a_day_on_which_its_people_may_not_serve(
    writing: Session, station: Station, meeting: ActivitySession
) -> None:
    person = a_volunteer(writing, station)
    checks((date(2026, 1, 1), SATURDAY, True))(person)
    writing.flush()
    assign(writing, meeting, person)
    later = timedelta(days=1)
    with pytest.raises(IntegrityError, match=CLEARANCE_GUARD):
        writing.execute(
            update(ActivitySession)
            .where(ActivitySession.id == meeting.id)
            .values(starts_at=NINE + later, ends_at=NINE + later + timedelta(hours=1), room_free_at=NINE + 2 * later)
        )


def test_textual_sql_is_refused_as_well(writing: Session, station: Station, meeting: ActivitySession) -> None:
    person, other = a_volunteer(writing, station), a_volunteer(writing, station)
    checks()(other)
    assign(writing, meeting, person)
    value = other.id.hex if writing.get_bind().dialect.name == "sqlite" else str(other.id)
    with pytest.raises(IntegrityError, match=CLEARANCE_GUARD):
        writing.execute(text("UPDATE assignments SET volunteer_id = :other"), {"other": value})


def test_what_was_published_stays_when_a_check_is_failed_later(
    writing: Session, station: Station, meeting: ActivitySession
) -> None:
    person = a_volunteer(writing, station)
    assign(writing, meeting, person)
    checks((date(2026, 6, 1), FAR, True), (date(2026, 11, 26), FAR, False))(person)
    writing.flush()
    writing.execute(update(Assignment).values(role="assistant"))
    writing.refresh(meeting)
    assert [one.role for one in meeting.assignments] == ["assistant"]
