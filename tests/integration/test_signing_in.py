"""Signing in: who may try, when an account is locked and free again, and what is noted of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, RateCounter, User, WebSession
from core.domain.actor import Role
from core.domain.clock import FixedClock
from core.domain.ids import new_id
from core.services import sign_in
from core.services.rates import standing
from core.services.sign_in import LOCK, MAX_FAILURES
from core.services.web_sessions import Signature, Visit, open_session
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, an_account

CLOCK = FixedClock(TEST_MOMENT)
TICK = timedelta(microseconds=1)


@pytest.fixture
def user(writing: Session) -> User:
    return an_account(writing, a_station(writing), login="mei", role=Role.HEAD, password="$argon2id$of-mei")


def begun(session: Session, login: str = "mei", at: datetime = TEST_MOMENT, *, demo_allowed: bool = False) -> bool:
    """Tell whether an attempt on the account is looked at."""
    return sign_in.begin_attempt(session, FixedClock(at), login, demo_allowed=demo_allowed) is not None


def lock_out(session: Session, at: datetime = TEST_MOMENT) -> None:
    """Guess as often as anybody may."""
    assert all(begun(session, at=at) for _ in range(MAX_FAILURES))


def standing_of(user: User) -> tuple[int, datetime | None]:
    return user.failed_sign_ins, user.locked_until


def noted(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """Return what the audit log says, and of whom."""
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    users = {user.id: user.station_id for user in session.scalars(select(User))}
    for row in rows:
        assert (row.subject_kind, row.actor_id, row.at) == ("user", row.subject_id, TEST_MOMENT)
        assert row.subject_id is not None
        assert row.station_id == users[row.subject_id]
    return [(row.action, row.detail) for row in rows]


def test_whoever_may_try_is_given_what_proves_the_person(writing: Session, user: User) -> None:
    found = sign_in.begin_attempt(writing, CLOCK, "mei", demo_allowed=False)
    assert found is not None
    assert (found.user_id, found.password_hash) == (user.id, "$argon2id$of-mei")
    assert standing_of(user) == (1, None)


def test_who_is_unknown_or_shut_out_has_nothing_to_prove(writing: Session, user: User) -> None:
    user.active = False
    assert not begun(writing)
    assert not begun(writing, "nobody")
    assert not sign_in.begin_further_step(writing, CLOCK, user.id)
    assert not sign_in.begin_further_step(writing, CLOCK, new_id())
    assert standing_of(user) == (0, None)


def test_demo_accounts_open_in_the_demo_only(writing: Session, user: User) -> None:
    user.demo = True
    assert not begun(writing)
    assert standing_of(user) == (0, None)
    assert begun(writing, demo_allowed=True)
    user.demo = False
    assert begun(writing, demo_allowed=True)


def test_an_attempt_on_a_login_that_nobody_has_is_written_too(writing: Session, user: User) -> None:
    for _ in range(2):
        begun(writing, "nobody")
    begun(writing, "somebody")
    assert standing(writing, TEST_MOMENT, "unknown login nobody") == (2, TEST_MOMENT + LOCK)
    assert standing(writing, TEST_MOMENT, "unknown login somebody") == (1, TEST_MOMENT + LOCK)
    assert len(writing.scalars(select(RateCounter)).all()) == 2
    assert noted(writing) == []


def test_the_fifth_failure_locks_the_account_for_a_quarter_of_an_hour(writing: Session, user: User) -> None:
    for number in range(1, MAX_FAILURES):
        assert begun(writing)
        assert standing_of(user) == (number, None)
    assert begun(writing)
    assert standing_of(user) == (MAX_FAILURES, TEST_MOMENT + timedelta(minutes=15))
    assert noted(writing) == [("account.locked", {})]
    assert not begun(writing, at=TEST_MOMENT + LOCK - TICK)
    assert standing_of(user)[0] == MAX_FAILURES


def test_after_the_lock_there_are_five_attempts_again(writing: Session, user: User) -> None:
    lock_out(writing)
    assert begun(writing, at=TEST_MOMENT + LOCK)
    assert standing_of(user) == (1, None)
    for _ in range(MAX_FAILURES - 1):
        assert sign_in.begin_further_step(writing, FixedClock(TEST_MOMENT + LOCK), user.id)
    assert not sign_in.begin_further_step(writing, FixedClock(TEST_MOMENT + LOCK), user.id)


def test_a_lock_holds_for_codes_as_for_passwords(writing: Session, user: User) -> None:
    lock_out(writing)
    assert not sign_in.begin_further_step(writing, CLOCK, user.id)
    assert sign_in.begin_further_step(writing, FixedClock(TEST_MOMENT + LOCK), user.id)


def test_the_right_password_takes_its_own_attempt_back_and_no_other(writing: Session, user: User) -> None:
    lock_out(writing)
    assert sign_in.take_back(writing, user.id, "$argon2id$of-mei")
    assert standing_of(user) == (MAX_FAILURES - 1, None)
    user.failed_sign_ins = 0
    assert sign_in.take_back(writing, user.id, "$argon2id$of-mei")
    assert standing_of(user) == (0, None)


def test_a_password_that_was_changed_meanwhile_takes_nothing_back(writing: Session, user: User) -> None:
    lock_out(writing)
    assert not sign_in.take_back(writing, user.id, "$argon2id$older")
    assert not sign_in.take_back(writing, new_id(), "$argon2id$of-mei")
    user.active = False
    assert not sign_in.take_back(writing, user.id, "$argon2id$of-mei")
    assert standing_of(user) == (MAX_FAILURES, TEST_MOMENT + LOCK)


def test_who_has_proved_who_they_are_begins_anew(writing: Session, user: User) -> None:
    lock_out(writing)
    sign_in.forget_failures(writing, user.id)
    assert standing_of(user) == (0, None)


def test_a_whole_sign_in_is_noted_with_its_proof_and_takes_all_attempts_back(writing: Session, user: User) -> None:
    lock_out(writing)
    assert sign_in.complete_sign_in(writing, CLOCK, user.fs_uniquifier, "passkey") is user
    assert standing_of(user) == (0, None)
    assert noted(writing)[-1] == ("account.signed_in", {"how": "passkey"})


def test_whoever_was_shut_out_or_changed_meanwhile_does_not_get_in(writing: Session, user: User) -> None:
    begun(writing)
    assert sign_in.complete_sign_in(writing, CLOCK, "older", "password") is None
    user.active = False
    assert sign_in.complete_sign_in(writing, CLOCK, user.fs_uniquifier, "password") is None
    assert standing_of(user) == (1, None)
    assert noted(writing) == []


def test_a_sign_in_clears_away_the_sessions_that_are_over(writing: Session, user: User) -> None:
    for hours in (13, 1):
        since = TEST_MOMENT - timedelta(hours=hours)
        open_session(writing, CLOCK, Signature(user.id, user.fs_uniquifier, since), "", Visit(str(hours)))
    sign_in.complete_sign_in(writing, CLOCK, user.fs_uniquifier, "password")
    assert writing.scalars(select(WebSession.browser)).all() == ["1"]
