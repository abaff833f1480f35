"""Consents where several people, papers or texts meet: who ends what, and what is asked for again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD
from core.db.models import AuditEntry, Child, Consent, Guardian, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess, Relation, VenueKind
from core.services import consents as ledger
from core.services import guardian_links as links
from core.services.consents import Given
from core.services.eligibility import NO_OUTING, answers_for_child
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_room,
    a_station,
    a_term,
    a_venue,
    an_activity,
    at,
    held,
)
from tests.integration.timetable import NO_PLUGINS

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
PHOTO = ConsentPurpose.PHOTO
LAW = "未成年人保护法第四十三条"


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


@pytest.fixture
def mother(child: Child) -> Guardian:
    return child.guardians[0]


@pytest.fixture
def father(writing: Session, child: Child) -> Guardian:
    own = {"station_id": child.station_id, "child_id": child.id}
    row = Guardian(name="样父", phone="13900000002", phone_index=bytes(32), relation=Relation.FATHER, **own)
    writing.add(row)
    writing.flush()
    return row


def given(session: Session, child: Child, **values: Any) -> Consent:
    wanted = replace(Given(PHOTO, TODAY), **values)
    return ledger.give_consent(session, SYSTEM, CLOCK, child, wanted, today=TODAY)


def a_text(session: Session, day: date) -> None:
    ledger.add_text(session, SYSTEM, CLOCK, PHOTO, chinese="新的同意书", english="The new text", valid_from=day)


def counts(session: Session, child: Child, day: date = TODAY) -> bool:
    return PHOTO in ledger.consents_of(session, child.id, day)


def test_one_guardian_who_withdraws_ends_what_all_gave(
    writing: Session, child: Child, mother: Guardian, father: Guardian
) -> None:
    rows = [given(writing, child, guardian_id=one) for one in (mother.id, father.id, None)]
    assert ledger.withdraw_own(writing, SYSTEM, CLOCK, mother, PHOTO, today=TODAY) == 3
    assert {(row.withdrawn_by, row.withdrawn_how) for row in rows} == {(mother.id, ConsentHow.LINK)}
    assert not counts(writing, child)
    given(writing, child, guardian_id=father.id)
    assert counts(writing, child)


def test_on_paper_as_well(writing: Session, child: Child, mother: Guardian, father: Guardian) -> None:
    theirs, _ = given(writing, child, guardian_id=mother.id), given(writing, child, guardian_id=father.id)
    other = given(writing, child, purpose=ConsentPurpose.OUTING, guardian_id=father.id)
    ledger.withdraw_consent(writing, SYSTEM, CLOCK, theirs.id, today=TODAY)
    assert not counts(writing, child)
    assert other.withdrawn_on is None


@pytest.mark.parametrize("access", [GuardianAccess.RESTRICTED, GuardianAccess.NONE])
def test_who_has_less_than_full_access_ends_their_own_alone(
    writing: Session, child: Child, mother: Guardian, father: Guardian, access: GuardianAccess
) -> None:
    links.decide_access(writing, SYSTEM, CLOCK, mother.id, access)
    own, _ = given(writing, child, guardian_id=mother.id), given(writing, child, guardian_id=father.id)
    ledger.withdraw_consent(writing, SYSTEM, CLOCK, own.id, today=TODAY)
    assert own.withdrawn_on == TODAY
    assert counts(writing, child)


def test_who_gave_nothing_withdraws_nothing(writing: Session, child: Child, mother: Guardian, father: Guardian) -> None:
    given(writing, child, guardian_id=father.id)
    assert ledger.withdraw_own(writing, SYSTEM, CLOCK, mother, PHOTO, today=TODAY) == 0
    assert counts(writing, child)


def test_who_agreed_to_the_new_text_is_not_asked_again(
    writing: Session, child: Child, mother: Guardian, father: Guardian
) -> None:
    given(writing, child, guardian_id=mother.id, given_on=TODAY - timedelta(days=20))
    given(writing, child, guardian_id=father.id, given_on=TODAY - timedelta(days=19))
    a_text(writing, TODAY - timedelta(days=5))
    assert len(ledger.to_ask_again(writing, TODAY)) == 2
    given(writing, child, guardian_id=mother.id)
    assert ledger.to_ask_again(writing, TODAY) == []


def test_a_new_text_is_noted_and_tells_how_many_rest_on_each(writing: Session, child: Child) -> None:
    given(writing, child)
    given(writing, child, purpose=ConsentPurpose.OUTING)
    a_text(writing, TODAY)
    (entry,) = writing.scalars(select(AuditEntry).where(AuditEntry.action == "consent_text.added"))
    assert entry.detail == {"purpose": "photo", "version": 2, "from": TODAY.isoformat()}
    found = ledger.texts(writing, TODAY)
    assert [(one.text.version, one.consents) for one in found[PHOTO]] == [(2, 0), (1, 1)]
    assert [(one.text.version, one.consents) for one in found[ConsentPurpose.OUTING]] == [(1, 1)]


def test_another_purpose_agreed_to_is_no_answer(writing: Session, child: Child) -> None:
    given(writing, child, given_on=TODAY - timedelta(days=20))
    a_text(writing, TODAY - timedelta(days=5))
    given(writing, child, purpose=ConsentPurpose.OUTING)
    assert [row.purpose for row, _ in ledger.to_ask_again(writing, TODAY)] == [PHOTO]


@pytest.mark.parametrize(("until", "listed"), [(None, 0), (90, 0), (10, 2)])
def test_what_was_given_anew_for_longer_is_not_ending(
    writing: Session, child: Child, until: int | None, listed: int
) -> None:
    given(writing, child, given_on=TODAY - timedelta(days=20), valid_until=TODAY + timedelta(days=5))
    assert len(ledger.ending_soon(writing, TODAY)) == 1
    given(writing, child, valid_until=TODAY + timedelta(days=until) if until else None)
    assert len(ledger.ending_soon(writing, TODAY)) == listed


def test_a_paper_from_before_the_first_text_counts_and_is_asked_for_again(writing: Session, child: Child) -> None:
    row = given(writing, child, given_on=date(2020, 5, 4))
    assert row.text_version is None
    assert counts(writing, child)
    assert [found.id for found, _ in ledger.to_ask_again(writing, TODAY)] == [row.id]
    with pytest.raises(ConflictError, match="noted already"):
        given(writing, child, given_on=date(2020, 5, 4))


def test_a_consent_stands_beside_a_law_of_the_same_day(writing: Session, child: Child) -> None:
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law=LAW, today=TODAY)
    given(writing, child, purpose=ConsentPurpose.DATA)
    assert len(ledger.consents_listed(writing, child.id)) == 2


def test_a_text_renewed_on_the_day_may_be_agreed_to_on_that_day(writing: Session, child: Child) -> None:
    given(writing, child)
    a_text(writing, TODAY)
    assert given(writing, child).text_version == 2
    with pytest.raises(ConflictError):
        given(writing, child)


@pytest.mark.parametrize(("kind", "asked"), [(VenueKind.OUTDOOR, True), (VenueKind.CENTRE, False)])
def test_a_session_in_a_room_out_of_doors_is_an_outing(
    writing: Session, child: Child, kind: VenueKind, *, asked: bool
) -> None:
    station = writing.get_one(Station, child.station_id)
    term, room = a_term(writing, station), a_room(writing, a_venue(writing, station, kind=kind))
    held(writing, an_activity(writing, term).sessions[0], at(SATURDAY, 9), room)
    (answer,) = answers_for_child(writing, NO_PLUGINS, child, term, now=at(TODAY, 9))
    assert (NO_OUTING in answer.obstacles) is asked


def test_the_ledger_is_not_emptied_either(postgresql_database: Database) -> None:
    with postgresql_database.writing(EVERYTHING) as session, pytest.raises(IntegrityError, match=LEDGER_GUARD):
        session.execute(text("TRUNCATE consents"))
