"""The ledger of consents and guardians' addresses, on both databases: what counts, what is refused, what opens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD
from core.db.models import Child, Consent, Guardian, GuardianLink, Station
from core.db.queries.consents import of_guardian
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentHow, ConsentPurpose, GuardianAccess
from core.services import consents as ledger
from core.services import guardian_links as links
from core.services.consents import Given
from core.services.sealed_files import seal
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
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
    row = given(writing, child, guardian_id=child.guardians[0].id, how=ConsentHow.LINK)
    assert (row.text_version, row.guardian_id, row.how, row.law) == (1, child.guardians[0].id, ConsentHow.LINK, None)


def test_a_guardian_of_another_child_gives_no_consent(writing: Session, child: Child) -> None:
    stranger = a_child(writing, writing.get_one(Station, child.station_id)).guardians[0]
    with pytest.raises(InvalidInputError, match="one of the child's guardians"):
        given(writing, child, guardian_id=stranger.id)


def test_a_consent_is_given_anew_after_it_was_withdrawn_and_not_before(writing: Session, child: Child) -> None:
    row = given(writing, child)
    with pytest.raises(ConflictError):
        given(writing, child)
    ledger.withdraw_consent(writing, SYSTEM, CLOCK, row.id, today=TODAY)
    assert ledger.consents_of(writing, child.id, TODAY) == frozenset()
    given(writing, child)
    assert ledger.consents_of(writing, child.id, TODAY) == {PHOTO}
    assert ledger.children_with(writing, [child.id], PHOTO, TODAY) == {child.id}
    assert ledger.children_with(writing, [child.id], ConsentPurpose.OUTING, TODAY) == frozenset()


def test_a_guardian_withdraws_their_own_consent_and_nobody_elses(writing: Session, child: Child) -> None:
    mother = child.guardians[0]
    given(writing, child)
    own = given(writing, child, guardian_id=mother.id)
    theirs = of_guardian(mother, TODAY, unnoted=False)
    assert [row.purpose for row in writing.scalars(theirs)] == [PHOTO]
    assert ledger.withdraw_own(writing, SYSTEM, CLOCK, mother, PHOTO, today=TODAY) == 1
    assert (own.withdrawn_on, own.withdrawn_by, own.withdrawn_how) == (TODAY, mother.id, ConsentHow.LINK)
    assert writing.scalars(theirs).all() == []
    assert ledger.consents_of(writing, child.id, TODAY) == {PHOTO}


def test_a_duty_names_its_law_counts_and_is_not_withdrawn(writing: Session, child: Child) -> None:
    def note(purpose: ConsentPurpose = ConsentPurpose.DATA, law: str = "未成年人保护法第四十三条") -> Consent:
        return ledger.note_duty(writing, SYSTEM, CLOCK, child, purpose, law=law, today=TODAY)

    for wrong in (lambda: note(PHOTO), lambda: note(law=" "), lambda: note(law="法" * 81)):
        with pytest.raises(InvalidInputError):
            wrong()
    row = note(law="法" * 80)
    assert ledger.consents_of(writing, child.id, TODAY) == {ConsentPurpose.DATA}
    with pytest.raises(ConflictError, match="noted already"):
        note()
    with pytest.raises(ConflictError, match="can't be withdrawn"):
        ledger.withdraw_consent(writing, SYSTEM, CLOCK, row.id, today=TODAY)
    assert note(ConsentPurpose.HEALTH).purpose is ConsentPurpose.HEALTH


def test_who_agreed_to_an_older_text_is_asked_again_from_its_day_on(writing: Session, child: Child) -> None:
    given(writing, child)
    ledger.note_duty(writing, SYSTEM, CLOCK, child, ConsentPurpose.DATA, law="法", today=TODAY)
    day = TODAY + timedelta(days=3)
    new = {"chinese": "新", "english": "new"}
    with pytest.raises(InvalidInputError, match="later day"):
        ledger.add_text(writing, SYSTEM, PHOTO, valid_from=date(2026, 1, 1), **new)
    assert ledger.add_text(writing, SYSTEM, PHOTO, valid_from=day, **new).version == 2
    assert ledger.to_ask_again(writing, day - timedelta(days=1)) == []
    assert [(row.purpose, of) for row, of in ledger.to_ask_again(writing, day)] == [(PHOTO, child)]
    assert ledger.text_in_force(writing, PHOTO, day).chinese == "新"
    assert ledger.text_in_force(writing, PHOTO, TODAY).version == 1


@pytest.mark.parametrize(("days", "listed"), [(0, True), (30, True), (31, False)])
def test_what_ends_within_thirty_days_is_listed(writing: Session, child: Child, days: int, *, listed: bool) -> None:
    given(writing, child, valid_until=TODAY + timedelta(days=days))
    given(writing, child, ConsentPurpose.OUTING)
    assert [row.purpose for row, _ in ledger.ending_soon(writing, TODAY)] == [PHOTO] * listed


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_each_text_tells_what_the_law_asks_to_tell(writing: Session, purpose: ConsentPurpose) -> None:
    found = ledger.text_in_force(writing, purpose, TODAY)
    for heading in ("目的：", "存放地点和期限：", "安全措施：", "如果不同意：", "投诉：", "更正和删除："):
        assert heading in found.chinese
    for heading in ("Purpose:", "Where and how long:", "Safeguards:", "If you refuse:", "Complaints:", "Correction"):
        assert heading in found.english


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
    ledger.withdraw_consent(writing, SYSTEM, CLOCK, given(writing, child).id, today=TODAY)
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
        lambda: ledger.withdraw_consent(writing, volunteer, CLOCK, row.id, today=TODAY),
        lambda: ledger.add_text(writing, volunteer, PHOTO, chinese="新", english="new", valid_from=TODAY),
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
