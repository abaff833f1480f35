"""Consents from a guardian's side, on both databases: what is theirs, what is asked anew, what they take back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Consent, ConsentText, Guardian
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess, LegalBasis
from core.services import guardian_consents as service
from core.services import guardian_links as links
from core.services.guardian_links import Visit
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
PHOTO, DATA = ConsentPurpose.PHOTO, ConsentPurpose.DATA


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


def visited(session: Session, child: Child, access: GuardianAccess = GuardianAccess.FULL) -> Visit:
    """Return the mother at her address."""
    set_scope(session, EVERYTHING)
    mother = session.scalars(select(Guardian).where(Guardian.child_id == child.id).order_by(Guardian.id)).first()
    assert mother is not None
    links.decide_access(session, SYSTEM, CLOCK, mother.id, access)
    made = links.make_link(session, SYSTEM, CLOCK, mother.id)
    return links.visit(session, CLOCK, made.token)


def on_paper(session: Session, found: Visit, **values: Any) -> Consent:
    given = {"purpose": PHOTO, "given_on": date(2026, 11, 1), "text_version": 1, **values}
    row = Consent(station_id=found.child.station_id, child_id=found.child.id, **given)
    session.add(row)
    session.flush()
    return row


def renew(session: Session, valid_from: date = TODAY, version: int = 2) -> None:
    session.add(ConsentText(purpose=PHOTO, version=version, chinese="新", english="new", valid_from=valid_from))
    session.flush()


def standing(session: Session, found: Visit, purpose: ConsentPurpose = PHOTO) -> service.Standing:
    return service.standing_of(session, found, purpose, TODAY)


def test_to_agree_is_to_the_text_in_force_by_the_guardian_at_the_link_and_once(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    before = standing(writing, found)
    assert (before.holds, before.to_be_asked, before.renewed, before.unnoted) == (False, True, False, False)
    for _ in range(2):
        service.agree(writing, CLOCK, found, PHOTO, "1", today=TODAY)
    after = standing(writing, found)
    assert (after.holds, after.to_be_asked, after.renewed, after.unnoted) == (True, False, False, False)
    (row,) = after.given
    assert (row.text_version, row.guardian_id, row.how, row.given_on) == (1, found.guardian.id, ConsentHow.LINK, TODAY)
    assert writing.scalars(select(Consent)).all() == [row]


@pytest.mark.parametrize("version", ["", "0", "2", "x", "1 ", "01"])
def test_agreeing_to_any_other_text_notes_nothing(writing: Session, child: Child, version: str) -> None:
    found = visited(writing, child)
    with pytest.raises(service.TextRenewedError, match="read it first"):
        service.agree(writing, CLOCK, found, PHOTO, version, today=TODAY)
    assert writing.scalars(select(Consent)).all() == []


def test_a_text_to_come_asks_nobody_and_one_in_force_asks_anew(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    on_paper(writing, found, guardian_id=found.guardian.id)
    renew(writing, TODAY + timedelta(days=1))
    assert not standing(writing, found).renewed
    renew(writing, TODAY, version=3)
    asked = standing(writing, found)
    assert (asked.renewed, asked.to_be_asked, asked.text.version, asked.text.valid_from) == (True, True, 3, TODAY)
    service.agree(writing, CLOCK, found, PHOTO, "3", today=TODAY)
    assert not standing(writing, found).renewed
    assert [row.text_version for row in standing(writing, found).given] == [1, 3]


def test_a_consent_whose_text_nobody_noted_is_asked_anew(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    on_paper(writing, found, guardian_id=found.guardian.id, text_version=None)
    assert standing(writing, found).renewed


def test_a_paper_without_a_name_is_shown_and_withdrawn_with_full_access(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    row = on_paper(writing, found)
    assert (standing(writing, found).unnoted, standing(writing, found).given) == (True, (row,))
    assert service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
    assert (row.withdrawn_on, row.withdrawn_by, row.withdrawn_how) == (TODAY, found.guardian.id, ConsentHow.LINK)
    assert not standing(writing, found).holds
    assert not service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)


def test_with_restricted_access_it_is_neither_shown_nor_withdrawn_but_ones_own_is(
    writing: Session, child: Child
) -> None:
    found = visited(writing, child, GuardianAccess.RESTRICTED)
    unnoted = on_paper(writing, found)
    assert not standing(writing, found).holds
    assert not service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
    own = on_paper(writing, found, guardian_id=found.guardian.id)
    assert standing(writing, found).given == (own,)
    assert service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
    assert (own.withdrawn_on, unnoted.withdrawn_on) == (TODAY, None)


def test_what_is_anothers_over_withdrawn_a_duty_or_of_another_child_is_not_theirs(
    writing: Session, child: Child
) -> None:
    other = a_child(writing, a_station(writing))
    found = visited(writing, child)
    father = Guardian(
        station_id=child.station_id,
        child_id=found.child.id,
        relation=found.guardian.relation,
        name="例父",
        phone="1",
        phone_index=bytes(32),
    )
    writing.add(father)
    writing.flush()
    on_paper(writing, found, guardian_id=father.id)
    on_paper(writing, found, guardian_id=found.guardian.id, valid_until=TODAY - timedelta(days=1))
    on_paper(writing, found, withdrawn_on=date(2026, 11, 2), withdrawn_how=ConsentHow.PAPER)
    on_paper(writing, found, purpose=DATA, basis=LegalBasis.DUTY, law="第四十三条", text_version=None)
    own = on_paper(writing, found, purpose=ConsentPurpose.OUTING, guardian_id=found.guardian.id)
    set_scope(writing, EVERYTHING)
    writing.add(Consent(station_id=other.station_id, child_id=other.id, purpose=PHOTO, given_on=date(2026, 11, 1)))
    writing.flush()
    found = visited(writing, child)
    known = {one.purpose: [row.id for row in one.given] for one in service.standings(writing, found, TODAY)}
    assert known == {purpose: [own.id] if purpose is ConsentPurpose.OUTING else [] for purpose in ConsentPurpose}
    assert not service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
    assert not service.withdraw(writing, CLOCK, found, DATA, today=TODAY)


def test_a_withdrawal_with_full_access_ends_what_another_agreed_to_and_with_restricted_access_ones_own_alone(
    writing: Session, child: Child
) -> None:
    for access, left in ((GuardianAccess.RESTRICTED, None), (GuardianAccess.FULL, TODAY)):
        found = visited(writing, child, access)
        others = on_paper(writing, found, guardian_id=new_id())
        own = on_paper(writing, found, guardian_id=found.guardian.id)
        assert service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
        assert (own.withdrawn_on, others.withdrawn_on) == (TODAY, left)


def test_who_agreed_to_nothing_ends_nothing_and_is_not_told_of_others(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    others = on_paper(writing, found, guardian_id=new_id())
    assert not service.withdraw(writing, CLOCK, found, PHOTO, today=TODAY)
    assert others.withdrawn_on is None


def test_a_purpose_without_a_text_can_not_be_asked_for(writing: Session, child: Child) -> None:
    found = visited(writing, child)
    with pytest.raises(NotFoundError, match="no text yet"):
        service.standing_of(writing, found, PHOTO, date(2025, 1, 1))
