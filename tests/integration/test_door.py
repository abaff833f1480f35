"""Who is let in at the door of a session, and when the children may come in."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, AuditEntry, Clearance, Station, Volunteer, VolunteerPresence
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.availability import Answer, Company
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, NotAllowedError, NotFoundError
from core.domain.serving import Bar, Stage
from core.services.assignable import NotAssignableError, reason
from core.services.availability import save_answer
from core.services.door import (
    TooFewAdultsError,
    begin_session,
    door_of,
    go_out,
    let_in,
    others_who_may_serve,
    take_back,
)
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    LEAD,
    SATURDAY,
    a_station,
    a_term,
    a_volunteer,
    an_activity,
    an_assignment,
    at,
    held,
)

CLOCK = FixedClock(TEST_MOMENT)
OPEN = at(SATURDAY, 9)


@pytest.fixture
def meeting(writing: Session) -> ActivitySession:
    """Hold a session on Saturday at nine that takes two adults."""
    station = a_station(writing)
    return held(writing, an_activity(writing, a_term(writing, station)).sessions[0], OPEN)


def somebody(session: Session, meeting: ActivitySession, **values: Any) -> Volunteer:
    return a_volunteer(session, session.get_one(Station, meeting.station_id), **values)


def come(session: Session, meeting: ActivitySession, *people: Volunteer, now: datetime = OPEN) -> None:
    for person in people:
        let_in(session, SYSTEM, CLOCK, meeting.id, person.id, now=now)


def fail(session: Session, person: Volunteer, on: date = SATURDAY) -> None:
    own = {"station_id": person.station_id, "volunteer_id": person.id}
    person.clearances.append(Clearance(checked_on=on, valid_until=on + timedelta(days=365), passed=False, **own))
    session.flush()


def present(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(VolunteerPresence)) or 0


def test_two_adults_of_two_households_open_the_door(writing: Session, meeting: ActivitySession) -> None:
    first, second = somebody(writing, meeting), somebody(writing, meeting)
    come(writing, meeting, first)
    door = door_of(writing, meeting, today=SATURDAY)
    assert (door.adults, door.least, door.safe) == (1, 2, False)
    with pytest.raises(TooFewAdultsError, match="1 adults are here; it takes 2"):
        begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)
    come(writing, meeting, second)
    assert door_of(writing, meeting, today=SATURDAY).safe
    assert begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN).begun_at == TEST_MOMENT
    begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)
    actions = [entry.action for entry in writing.scalars(select(AuditEntry).order_by(AuditEntry.number))]
    assert actions == ["door.let_in", "door.let_in", "session.begun"]


@pytest.mark.parametrize(
    "values",
    [{"household": "H1"}, {"birth_date": date(2009, 5, 5), "guardian_consent_on": date(2026, 9, 1)}],
    ids=["one household", "a minor"],
)
def test_two_of_one_household_and_a_minor_do_not_make_it_safe(
    writing: Session, meeting: ActivitySession, values: dict[str, Any]
) -> None:
    come(writing, meeting, somebody(writing, meeting, household="H1"), somebody(writing, meeting, **values))
    assert present(writing) == 2
    with pytest.raises(TooFewAdultsError):
        begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"stage": Stage.APPLICANT}, Bar.NOT_ACCEPTED),
        ({"stage": Stage.LEFT}, Bar.NOT_ACCEPTED),
        ({"active": False}, Bar.RESTING),
        ({"birth_date": date(2010, 1, 1)}, Bar.GUARDIAN),
    ],
)
def test_who_may_not_serve_is_turned_away_with_the_reason(
    writing: Session, meeting: ActivitySession, values: dict[str, Any], why: Bar
) -> None:
    person = somebody(writing, meeting, **values)
    with pytest.raises(NotAssignableError, match=person.name) as refused:
        come(writing, meeting, person)
    assert refused.value.why is why
    assert present(writing) == 0


def test_a_minor_comes_in_within_their_hours_alone(writing: Session, meeting: ActivitySession) -> None:
    minor = somebody(writing, meeting, birth_date=date(2009, 5, 5), guardian_consent_on=date(2026, 9, 1))
    held(writing, meeting, at(SATURDAY, 17, 30))
    with pytest.raises(NotAssignableError) as refused:
        come(writing, meeting, minor, now=at(SATURDAY, 17))
    assert refused.value.why is Bar.HOURS
    assert minor not in others_who_may_serve(writing, meeting, today=SATURDAY)
    held(writing, meeting, at(SATURDAY, 17))
    come(writing, meeting, minor, now=at(SATURDAY, 17))
    assert [one.bar for one in door_of(writing, meeting, today=SATURDAY).people] == [None]


def test_two_who_live_together_by_their_own_word_do_not_open_the_door(
    writing: Session, meeting: ActivitySession
) -> None:
    first, second = somebody(writing, meeting), somebody(writing, meeting)
    said = Answer(company=Company(lives_with=frozenset({second.id})))
    save_answer(writing, Actor(Role.HEAD, meeting.station_id), CLOCK, first, said)
    come(writing, meeting, first, second)
    door = door_of(writing, meeting, today=SATURDAY)
    assert (door.adults, door.safe) == (2, False)


def test_a_check_that_is_over_failed_or_missing_turns_away(writing: Session, meeting: ActivitySession) -> None:
    over, failed, never = (somebody(writing, meeting) for _ in range(3))
    over.clearances[0].valid_until = SATURDAY - timedelta(days=1)
    never.clearances.clear()
    fail(writing, failed)
    for person, why in ((over, Bar.EXPIRED), (failed, Bar.FAILED), (never, Bar.NEVER_CHECKED)):
        with pytest.raises(NotAssignableError) as refused:
            come(writing, meeting, person)
        assert refused.value.why is why
    assert present(writing) == 0


def test_somebody_who_fails_a_check_after_coming_does_not_count_any_more(
    writing: Session, meeting: ActivitySession
) -> None:
    first, second = somebody(writing, meeting), somebody(writing, meeting)
    come(writing, meeting, first, second)
    fail(writing, second)
    door = door_of(writing, meeting, today=SATURDAY)
    assert (door.adults, door.safe) == (1, False)
    assert {one.person.id: one.bar for one in door.people} == {first.id: None, second.id: Bar.FAILED}
    with pytest.raises(TooFewAdultsError):
        begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)


def test_nobody_is_noted_before_the_day_and_whoever_came_may_be_noted_after_it(
    writing: Session, meeting: ActivitySession
) -> None:
    person = somebody(writing, meeting)
    with pytest.raises(ConflictError):
        come(writing, meeting, person, now=OPEN - timedelta(days=1))
    come(writing, meeting, person, now=OPEN + timedelta(days=1))
    (row,) = writing.scalars(select(VolunteerPresence))
    assert (row.served_on, row.volunteer_id) == (SATURDAY, person.id)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_session_begins_on_its_own_day(writing: Session, meeting: ActivitySession, days: int) -> None:
    come(writing, meeting, somebody(writing, meeting), somebody(writing, meeting))
    with pytest.raises(ConflictError):
        begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN + timedelta(days=days))
    assert meeting.begun_at is None


def test_coming_twice_is_noted_once(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    first = let_in(writing, SYSTEM, CLOCK, meeting.id, person.id, now=OPEN)
    assert (first.volunteer_id, first.served_on) == (person.id, SATURDAY)
    assert let_in(writing, SYSTEM, CLOCK, meeting.id, person.id, now=OPEN) is first
    assert present(writing) == 1


def test_who_is_expected_comes_first_and_who_is_here_is_told_apart(writing: Session, meeting: ActivitySession) -> None:
    assigned, other = somebody(writing, meeting), somebody(writing, meeting)
    meeting.assignments.append(an_assignment(meeting, assigned))
    writing.flush()
    come(writing, meeting, other)
    door = door_of(writing, meeting, today=SATURDAY)
    assert [(one.person, one.role, one.present) for one in door.people] == [
        (assigned, LEAD, False),
        (other, None, True),
    ]


def test_a_note_is_taken_back_unless_the_children_would_be_left_with_too_few(
    writing: Session, meeting: ActivitySession
) -> None:
    people = [somebody(writing, meeting) for _ in range(3)]
    come(writing, meeting, *people)
    begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)
    take_back(writing, SYSTEM, CLOCK, meeting.id, people[0].id, today=SATURDAY)
    with pytest.raises(TooFewAdultsError):
        take_back(writing, SYSTEM, CLOCK, meeting.id, people[1].id, today=SATURDAY)
    with pytest.raises(NotFoundError):
        take_back(writing, SYSTEM, CLOCK, meeting.id, people[0].id, today=SATURDAY)
    assert present(writing) == 2


def test_before_it_begins_everybody_may_be_taken_back(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    come(writing, meeting, person)
    take_back(writing, SYSTEM, CLOCK, meeting.id, person.id, today=SATURDAY)
    assert present(writing) == 0
    actions = [entry.action for entry in writing.scalars(select(AuditEntry).order_by(AuditEntry.number))]
    assert actions == ["door.let_in", "door.taken_back"]


def test_of_two_stays_the_last_is_taken_back_and_somebody_counts_once(
    writing: Session, meeting: ActivitySession
) -> None:
    first, second = somebody(writing, meeting), somebody(writing, meeting)
    come(writing, meeting, first, second)
    begin_session(writing, SYSTEM, CLOCK, meeting.id, now=OPEN)
    go_out(writing, SYSTEM, CLOCK, meeting.id, first.id, now=OPEN + timedelta(minutes=10))
    come(writing, meeting, first, now=OPEN + timedelta(minutes=20))
    door = door_of(writing, meeting, today=SATURDAY)
    assert [(one.person, len(one.stays), one.here) for one in door.people] == [(first, 2, True), (second, 1, True)]
    assert door.adults == 2
    with pytest.raises(TooFewAdultsError):
        take_back(writing, SYSTEM, CLOCK, meeting.id, second.id, today=SATURDAY)
    take_back(writing, SYSTEM, CLOCK, meeting.id, first.id, today=SATURDAY)
    door = door_of(writing, meeting, today=SATURDAY)
    assert [(one.person, len(one.stays), one.here) for one in door.people] == [(first, 1, False), (second, 1, True)]


def test_nobody_is_here_twice_even_past_the_service(writing: Session, meeting: ActivitySession) -> None:
    person = somebody(writing, meeting)
    come(writing, meeting, person)
    twice = VolunteerPresence(
        station_id=meeting.station_id,
        session_id=meeting.id,
        volunteer_id=person.id,
        served_on=SATURDAY,
        noted_at=TEST_MOMENT,
    )
    with pytest.raises(IntegrityError, match="volunteer_presences"), writing.begin_nested():
        writing.add(twice)


def test_others_are_those_who_may_serve_and_are_not_expected(writing: Session, meeting: ActivitySession) -> None:
    here, free = somebody(writing, meeting), somebody(writing, meeting)
    somebody(writing, meeting, stage=Stage.APPLICANT)
    somebody(writing, meeting, active=False)
    never = somebody(writing, meeting)
    never.clearances.clear()
    writing.flush()
    come(writing, meeting, here)
    assert others_who_may_serve(writing, meeting, today=SATURDAY) == (free,)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.GRID_WORKER, Role.VOLUNTEER, Role.AUDITOR])
def test_the_door_is_kept_by_those_who_note_attendance(writing: Session, meeting: ActivitySession, role: Role) -> None:
    person, actor = somebody(writing, meeting), Actor(role, meeting.station_id)
    with pytest.raises(NotAllowedError):
        let_in(writing, actor, CLOCK, meeting.id, person.id, now=OPEN)
    with pytest.raises(NotAllowedError):
        take_back(writing, actor, CLOCK, meeting.id, person.id, today=SATURDAY)
    with pytest.raises(NotAllowedError):
        begin_session(writing, actor, CLOCK, meeting.id, now=OPEN)


def test_each_reason_has_its_own_words() -> None:
    assert len({reason(one).text for one in Bar}) == len(Bar)
