"""The ledger of consents and guardians' addresses, on both databases: what counts, what is refused, what opens."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD
from core.db.models import AuditEntry, Child, Consent, Guardian, GuardianLink, Station
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess, LegalBasis, Relation
from core.services import consents as ledger
from core.services import guardian_links as links
from core.services.consents import Given, Withdrawal
from core.services.sealed_files import seal
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station
from tests.integration.people import a_person

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
YESTERDAY = TODAY - timedelta(days=1)
PHOTO = ConsentPurpose.PHOTO


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


def later(**step: float) -> FixedClock:
    return FixedClock(TEST_MOMENT + timedelta(**step))


def given(session: Session, child: Child, purpose: ConsentPurpose = PHOTO, **values: Any) -> Consent:
    wanted = replace(Given(purpose, TODAY), **values)
    return ledger.give_consent(session, SYSTEM, CLOCK, child, wanted, today=TODAY)


def test_a_consent_says_to_which_text_by_whom_and_how(writing: Session, child: Child) -> None:
    ends = TODAY + timedelta(days=30)
    row = given(writing, child, guardian_id=child.guardians[0].id, how=ConsentHow.LINK, valid_until=ends)
    assert (row.text_version, row.guardian_id, row.how, row.law) == (1, child.guardians[0].id, ConsentHow.LINK, None)
    assert (row.basis, row.given_on, row.valid_until) == (LegalBasis.CONSENT, TODAY, ends)
    assert ledger.consents_of(writing, child.id, ends + timedelta(days=1)) == frozenset()


def test_a_consent_is_of_today_at_the_latest_and_ends_no_earlier_than_it_begins(writing: Session, child: Child) -> None:
    with pytest.raises(InvalidInputError, match="in the future"):
        given(writing, child, given_on=TODAY + timedelta(days=1))
    with pytest.raises(InvalidInputError, match="ends before"):
        given(writing, child, valid_until=YESTERDAY)
    assert given(writing, child, valid_until=TODAY).valid_until == TODAY


def test_only_a_law_about_the_data_themselves_is_a_duty_to_keep_the_file(writing: Session, child: Child) -> None:
    given(writing, child, ConsentPurpose.DATA)
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.HEALTH, law="某法第一条", today=TODAY)
    assert not ledger.has_duty(writing, child.id, TODAY)
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law="某法第一条", today=TODAY)
    assert ledger.has_duty(writing, child.id, TODAY)


def test_a_guardian_of_another_child_gives_no_consent(writing: Session, child: Child) -> None:
    stranger = a_child(writing, writing.get_one(Station, child.station_id)).guardians[0]
    with pytest.raises(InvalidInputError, match="one of the child's guardians"):
        given(writing, child, guardian_id=stranger.id)


def withdrawn(session: Session, child: Child, purpose: ConsentPurpose = PHOTO, **values: Any) -> int:
    wanted = replace(Withdrawal(purpose), **values)
    return ledger.withdraw_consents(session, SYSTEM, CLOCK, child, wanted, today=TODAY)


def a_father(session: Session, child: Child) -> Guardian:
    row = Guardian(
        station_id=child.station_id,
        child_id=child.id,
        relation=Relation.FATHER,
        name="例父",
        phone="1",
        phone_index=bytes(32),
    )
    session.add(row)
    session.flush()
    return row


def test_a_consent_is_given_anew_after_it_was_withdrawn_and_not_before(writing: Session, child: Child) -> None:
    given(writing, child)
    with pytest.raises(ConflictError, match="noted already"):
        given(writing, child)
    assert withdrawn(writing, child) == 1
    assert ledger.consents_of(writing, child.id, TODAY) == frozenset()
    given(writing, child)
    assert ledger.consents_of(writing, child.id, TODAY) == {PHOTO}
    assert ledger.children_with(writing, [child.id], PHOTO, TODAY) == {child.id}
    assert ledger.children_with(writing, [child.id], ConsentPurpose.OUTING, TODAY) == frozenset()


DECISIONS = [
    (None, True),
    (GuardianAccess.FULL, True),
    (GuardianAccess.RESTRICTED, False),
    (GuardianAccess.NONE, False),
]


@pytest.mark.parametrize(("access", "all_end"), DECISIONS)
def test_a_withdrawal_ends_what_others_gave_unless_the_head_has_limited_the_guardian(
    writing: Session, child: Child, access: GuardianAccess | None, *, all_end: bool
) -> None:
    mother, father = child.guardians[0].id, a_father(writing, child).id
    if access:
        links.decide_access(writing, SYSTEM, CLOCK, mother, access)
    own = given(writing, child, guardian_id=mother)
    others = [given(writing, child, guardian_id=father), given(writing, child, guardian_id=None)]
    outing = given(writing, child, ConsentPurpose.OUTING, guardian_id=mother)
    assert withdrawn(writing, child, guardian_id=mother) == (3 if all_end else 1)
    assert [row.withdrawn_on for row in (own, *others)] == [TODAY, *[TODAY if all_end else None] * 2]
    assert (own.withdrawn_guardian_id, own.withdrawn_by, own.withdrawn_how) == (mother, None, ConsentHow.PAPER)
    assert outing.withdrawn_on is None
    assert (PHOTO in ledger.consents_of(writing, child.id, TODAY)) is not all_end


def test_what_any_guardian_gives_after_a_withdrawal_holds(writing: Session, child: Child) -> None:
    mother, father = child.guardians[0].id, a_father(writing, child).id
    given(writing, child, guardian_id=mother, given_on=YESTERDAY)
    withdrawn(writing, child, guardian_id=father)
    assert ledger.consents_of(writing, child.id, TODAY) == frozenset()
    given(writing, child, guardian_id=mother)
    assert ledger.consents_of(writing, child.id, TODAY) == {PHOTO}


@pytest.mark.parametrize(("access", "refused"), DECISIONS)
@pytest.mark.parametrize("noted", [True, False])
def test_a_paper_from_before_a_withdrawal_does_not_bring_the_consent_back(
    writing: Session, child: Child, access: GuardianAccess | None, *, refused: bool, noted: bool
) -> None:
    mother, father = child.guardians[0].id, a_father(writing, child).id
    if access:
        links.decide_access(writing, SYSTEM, CLOCK, mother, access)
    given(writing, child, guardian_id=mother, given_on=YESTERDAY)
    withdrawn(writing, child, guardian_id=mother)
    late = {"guardian_id": father if noted else None, "given_on": YESTERDAY}
    if refused:
        with pytest.raises(InvalidInputError, match="withdrawn on 2026-11-26: a paper from before"):
            given(writing, child, **late)
    else:
        given(writing, child, **late)
    with pytest.raises(InvalidInputError, match="signed since"):
        given(writing, child, guardian_id=mother, given_on=TODAY - timedelta(days=2))
    given(writing, child, ConsentPurpose.OUTING, given_on=YESTERDAY)


def test_a_withdrawal_of_which_nobody_noted_whose_ends_all_and_says_who_noted_it(
    writing: Session, child: Child
) -> None:
    staff = a_person(writing, writing.get_one(Station, child.station_id), Role.STATION_STAFF)
    row = given(writing, child, guardian_id=child.guardians[0].id)
    ledger.withdraw_consents(writing, staff, CLOCK, child, Withdrawal(PHOTO), today=TODAY)
    assert (row.withdrawn_guardian_id, row.withdrawn_by) == (None, staff.user_id)
    entry = writing.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.subject_id) == ("consent.withdrawn", staff.user_id, child.id)
    assert entry.detail == {"purpose": "photo", "text": 1, "guardian": None}


def test_at_an_address_the_guardian_is_who_notes_it(writing: Session, child: Child) -> None:
    mother = child.guardians[0].id
    row = given(writing, child, guardian_id=mother)
    assert withdrawn(writing, child, guardian_id=mother, how=ConsentHow.LINK) == 1
    assert (row.withdrawn_by, row.withdrawn_guardian_id, row.withdrawn_how) == (mother, mother, ConsentHow.LINK)
    entry = writing.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert entry.detail == {"purpose": "photo", "text": 1, "guardian": str(mother)}


def test_where_nothing_can_be_withdrawn_it_says_why_and_nothing_changes(writing: Session, child: Child) -> None:
    mother, father = child.guardians[0].id, a_father(writing, child).id
    links.decide_access(writing, SYSTEM, CLOCK, father, GuardianAccess.RESTRICTED)
    row = given(writing, child, guardian_id=mother)
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law="法", today=TODAY)
    for purpose, by, why in (
        (ConsentPurpose.OUTING, None, "no consent to this"),
        (ConsentPurpose.DATA, None, "can't be withdrawn"),
        (PHOTO, father, "access is restricted"),
    ):
        with pytest.raises(ConflictError, match=why):
            withdrawn(writing, child, purpose, guardian_id=by)
    stranger = a_child(writing, writing.get_one(Station, child.station_id)).guardians[0].id
    with pytest.raises(InvalidInputError, match="one of the child's guardians"):
        withdrawn(writing, child, guardian_id=stranger)
    assert row.withdrawn_on is None


def test_a_consent_is_noted_on_the_day_of_a_duty(writing: Session, child: Child) -> None:
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law="法", today=TODAY)
    row = given(writing, child, ConsentPurpose.DATA)
    assert (row.basis, row.law, row.text_version) == (LegalBasis.CONSENT, None, 1)
    assert withdrawn(writing, child, ConsentPurpose.DATA) == 1
    assert ledger.consents_of(writing, child.id, TODAY) == {ConsentPurpose.DATA}


def test_what_is_withdrawn_for_one_child_stands_for_the_other(writing: Session, child: Child) -> None:
    other = a_child(writing, writing.get_one(Station, child.station_id))
    for one in (child, other):
        given(writing, one)
        given(writing, one, ConsentPurpose.OUTING)
        ledger.note_duty(writing, SYSTEM, CLOCK, one, ConsentPurpose.DATA, law="法", today=TODAY)
    assert len(ledger.given_consents(writing, child.id, TODAY)) == 2
    ledger.withdraw_all(writing, SYSTEM, CLOCK, child, today=TODAY)
    assert ledger.consents_of(writing, child.id, TODAY) == {ConsentPurpose.DATA}
    assert ledger.given_consents(writing, child.id, TODAY) == []
    assert {row.purpose for row in ledger.given_consents(writing, other.id, TODAY)} == {PHOTO, ConsentPurpose.OUTING}
    ended = writing.scalars(select(Consent).where(Consent.withdrawn_on.is_not(None))).all()
    assert {(row.child_id, row.withdrawn_on) for row in ended} == {(child.id, TODAY)}


def test_what_is_given_and_kept_is_audited_by_ids(writing: Session, child: Child) -> None:
    mother = child.guardians[0].id
    given(writing, child, guardian_id=mother)
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law="法", today=TODAY)
    entries = writing.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(entry.action, entry.subject_kind, entry.subject_id, entry.detail) for entry in entries] == [
        ("consent.given", "child", child.id, {"purpose": "photo", "text": 1, "guardian": str(mother)}),
        ("consent.duty_noted", "child", child.id, {"purpose": "data", "text": None, "guardian": None}),
    ]


def test_a_duty_names_its_law_counts_and_is_not_withdrawn(writing: Session, child: Child) -> None:
    def note(purpose: ConsentPurpose = ConsentPurpose.DATA, law: str = "未成年人保护法第四十三条") -> Consent:
        return ledger.note_duty(writing, SYSTEM, CLOCK, child, purpose, law=law, today=TODAY)

    for wrong, said in (
        (lambda: note(PHOTO), "No law obliges the station to this: it needs a guardian's consent."),
        (lambda: note(law=" "), "Name the law and the article, in 80 characters at most."),
        (lambda: note(law="法" * 81), "Name the law and the article, in 80 characters at most."),
    ):
        with pytest.raises(InvalidInputError, match=f"^{re.escape(said)}$"):
            wrong()
    row = note(law="法" * 80)
    assert ledger.consents_of(writing, child.id, TODAY) == {ConsentPurpose.DATA}
    with pytest.raises(ConflictError, match=r"^This duty is noted already\.$"):
        note()
    with pytest.raises(
        ConflictError, match=r"^The station keeps this because a law obliges it: it can't be withdrawn\.$"
    ):
        withdrawn(writing, child, ConsentPurpose.DATA)
    assert (row.given_on, row.basis, row.guardian_id) == (TODAY, LegalBasis.DUTY, None)
    assert note(ConsentPurpose.HEALTH).purpose is ConsentPurpose.HEALTH


@pytest.mark.parametrize(
    "change",
    [
        "given_on = '2026-01-01'",
        "purpose = 'outing'",
        "valid_until = '2030-01-01'",
        "how = 'link'",
        "text_version = 9",
        "basis = 'duty', law = 'x'",
    ],
)
def test_the_database_refuses_to_rewrite_a_consent(writing: Session, child: Child, change: str) -> None:
    given(writing, child)
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.connection().execute(text(f"UPDATE consents SET {change}"))  # noqa: S608


@pytest.mark.parametrize("change", ["DELETE FROM consents", "UPDATE consents SET withdrawn_on = NULL"])
def test_the_database_keeps_a_consent_and_its_withdrawal(writing: Session, child: Child, change: str) -> None:
    given(writing, child)
    withdrawn(writing, child)
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.connection().execute(text(change))


def test_consents_go_with_the_childs_file(writing: Session, child: Child) -> None:
    given(writing, child)
    writing.connection().execute(text("DELETE FROM children"))
    assert writing.connection().scalar(text("SELECT count(*) FROM consents")) == 0


def test_who_does_not_keep_consents_changes_nothing(writing: Session, child: Child) -> None:
    volunteer = Actor(Role.VOLUNTEER, child.station_id, new_id())
    mother, row = child.guardians[0], given(writing, child, ConsentPurpose.OUTING)
    attempts: list[Callable[[], object]] = [
        lambda: ledger.give_consent(writing, volunteer, CLOCK, child, Given(PHOTO, TODAY), today=TODAY),
        lambda: ledger.note_duty(writing, volunteer, CLOCK, child, ConsentPurpose.DATA, law="法", today=TODAY),
        lambda: ledger.withdraw_consents(writing, volunteer, CLOCK, child, Withdrawal(row.purpose), today=TODAY),
        lambda: links.decide_access(writing, volunteer, CLOCK, mother.id, GuardianAccess.FULL),
        lambda: links.make_link(writing, volunteer, CLOCK, mother.id),
        lambda: links.revoke_link(writing, volunteer, CLOCK, new_id()),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowedError):
            attempt()


def an_address(session: Session, guardian: Guardian, access: GuardianAccess = GuardianAccess.FULL) -> links.NewLink:
    links.decide_access(session, SYSTEM, CLOCK, guardian.id, access)
    return links.make_link(session, SYSTEM, CLOCK, guardian.id)


def test_an_address_is_made_where_somebody_has_given_access(writing: Session, child: Child) -> None:
    mother = child.guardians[0]
    assert links.access_of(writing, mother) is GuardianAccess.NONE
    with pytest.raises(ConflictError, match="Decide first"):
        links.make_link(writing, SYSTEM, CLOCK, mother.id)
    made = an_address(writing, mother)
    row = writing.query(GuardianLink).one()
    assert (len(made.token), len(made.code), made.expires_at) == (43, 6, TEST_MOMENT + timedelta(days=180))
    assert made.token.encode() not in row.token_hash + row.code_hash
    assert (made.token in repr(made), made.code in repr(made)) == (False, False)
    found = links.visit(writing, CLOCK, made.token)
    assert (found.guardian.id, found.child.id, found.access) == (mother.id, child.id, GuardianAccess.FULL)


def test_five_wrong_codes_spend_the_code_for_good(writing: Session, child: Child) -> None:
    made = an_address(writing, child.guardians[0])
    wrong = f"{(int(made.code) + 1) % 10**6:06}"

    def tried(code: str, clock: FixedClock = CLOCK) -> bool:
        return links.try_code(writing, clock, made.token, code) is not None

    assert [tried(wrong) for _ in range(4)] == [False] * 4
    assert tried(made.code)
    assert [tried(wrong) for _ in range(5)] == [False] * 5
    assert not tried(made.code)
    assert not tried(made.code, later(hours=1, seconds=1))
    assert not tried(made.code, later(days=30))


def is_dead(session: Session, token: str, clock: FixedClock = CLOCK) -> bool:
    set_scope(session, EVERYTHING)
    try:
        links.visit(session, clock, token)
    except NotFoundError as error:
        return error.message.text == "There is nothing at this address."
    return False


def test_an_address_ends_by_itself_by_hand_and_by_the_next(writing: Session, child: Child) -> None:
    mother = child.guardians[0]
    first = an_address(writing, mother)
    assert [is_dead(writing, first.token, later(days=days)) for days in (179, 180)] == [False, True]
    set_scope(writing, EVERYTHING)
    second = an_address(writing, mother)
    assert (is_dead(writing, first.token), is_dead(writing, second.token)) == (True, False)
    set_scope(writing, EVERYTHING)
    (row,) = writing.query(GuardianLink).filter(GuardianLink.revoked_at.is_(None))
    links.revoke_link(writing, SYSTEM, CLOCK, row.id)
    assert is_dead(writing, second.token)
    assert is_dead(writing, "x" * 43)


@pytest.mark.parametrize("access", [GuardianAccess.RESTRICTED, GuardianAccess.NONE])
def test_less_access_ends_the_calendar_and_none_the_address(
    writing: Session, child: Child, access: GuardianAccess
) -> None:
    mother = child.guardians[0]
    made = an_address(writing, mother)
    calendar = links.open_calendar(writing, CLOCK, links.visit(writing, CLOCK, made.token))
    assert links.visit_calendar(writing, CLOCK, calendar).child.id == child.id
    set_scope(writing, EVERYTHING)
    links.decide_access(writing, SYSTEM, CLOCK, mother.id, access)
    with pytest.raises(NotFoundError):
        links.visit_calendar(writing, CLOCK, calendar)
    assert is_dead(writing, made.token) is (access is GuardianAccess.NONE)
    if access is GuardianAccess.RESTRICTED:
        with pytest.raises(NotFoundError):
            links.open_calendar(writing, CLOCK, links.visit(writing, CLOCK, made.token))


def test_a_sealed_child_has_no_address_and_gets_none(writing: Session, child: Child) -> None:
    mother = child.guardians[0]
    made = an_address(writing, mother)
    seal(writing, SYSTEM, CLOCK, child.id, ())
    assert writing.query(GuardianLink).one().revoked_at == TEST_MOMENT
    with pytest.raises(ConflictError, match="sealed"):
        links.make_link(writing, SYSTEM, CLOCK, mother.id)
    assert is_dead(writing, made.token)


def test_of_several_children_those_are_told_who_were_asked_for(writing: Session, child: Child) -> None:
    other = a_child(writing, writing.get_one(Station, child.station_id))
    for one in (child, other):
        given(writing, one)
    assert ledger.children_with(writing, [other.id], PHOTO, TODAY) == {other.id}
