"""What proves somebody's person is kept and used up as it was given, and each change of it is noted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Passkey, User
from core.domain.actor import Role
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.domain.ids import new_id
from core.services import credentials
from core.services.credentials import Credentials, NewPasskey, PasskeyOf, credentials_of
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, an_account
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)
LATER = FixedClock(TEST_MOMENT + timedelta(days=1))


@pytest.fixture
def user(writing: Session) -> User:
    return an_account(writing, a_station(writing), login="mei", role=Role.HEAD, password="$argon2id$of-mei")


def a_passkey(**values: Any) -> NewPasskey:
    made = {
        "name": "手机",
        "credential_id": b"credential",
        "public_key": b"key",
        "sign_count": 4,
        "transports": ("usb", "nfc"),
    }
    return NewPasskey(**(made | values))


def with_passkey(session: Session, user: User, **values: Any) -> PasskeyOf:
    new = a_passkey(**values)
    credentials.add_passkey(session, CLOCK, user.id, new)
    found = credentials.find_passkey(session, new.credential_id)
    assert found is not None
    return found


def noted(session: Session, user: User) -> list[str]:
    """Return what the audit log says of the account, in order."""
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    for row in rows:
        assert (row.subject_kind, row.subject_id, row.actor_id) == ("user", user.id, user.id)
        assert (row.station_id, row.at, row.detail) == (user.station_id, TEST_MOMENT, {})
    return [row.action for row in rows]


def test_an_account_begins_with_its_password_alone(writing: Session, user: User) -> None:
    assert credentials_of(user) == Credentials(
        user_id=user.id,
        login="mei",
        role=Role.HEAD,
        demo=False,
        uniquifier=user.fs_uniquifier,
        password_hash="$argon2id$of-mei",
        totp_secret=None,
        totp_counter=None,
        recovery_codes=(),
        passkey_handle=None,
        passkeys=(),
    )
    assert not credentials_of(user).has_second_factor


def test_what_is_kept_is_given_back(writing: Session, user: User) -> None:
    credentials.keep_totp_secret(writing, CLOCK, user.id, "secret")
    credentials.keep_recovery_codes(writing, CLOCK, user.id, ("a", "b"))
    credentials.keep_passkey_handle(writing, user.id, "handle")
    assert credentials.use_totp_counter(writing, user.id, 7)
    passkey = with_passkey(writing, user)
    user.demo = True
    writing.flush()
    writing.expire_all()
    kept = credentials_of(user)
    assert (kept.totp_secret, kept.totp_counter, kept.recovery_codes) == ("secret", 7, ("a", "b"))
    assert (kept.passkey_handle, kept.passkeys, kept.demo) == ("handle", (passkey,), True)
    assert noted(writing, user) == ["account.totp_set", "account.recovery_codes_made", "account.passkey_added"]


def test_nothing_that_proves_a_person_is_shown_where_a_value_is_printed(writing: Session, user: User) -> None:
    credentials.keep_totp_secret(writing, CLOCK, user.id, "hidden-secret")
    credentials.keep_recovery_codes(writing, CLOCK, user.id, ("hidden-code",))
    shown = repr(credentials_of(user)) + repr(a_passkey(public_key=b"hidden-key"))
    assert "mei" in shown
    assert "hidden" not in shown
    assert "argon2id" not in shown


@pytest.mark.parametrize("kind", ["totp", "passkey"])
def test_codes_and_passkeys_are_a_second_factor_each(writing: Session, user: User, kind: str) -> None:
    if kind == "totp":
        credentials.keep_totp_secret(writing, CLOCK, user.id, "secret")
    else:
        with_passkey(writing, user)
    writing.expire_all()
    assert credentials_of(user).has_second_factor


def test_recovery_codes_alone_are_no_second_factor(writing: Session, user: User) -> None:
    credentials.keep_recovery_codes(writing, CLOCK, user.id, ("a",))
    assert not credentials_of(user).has_second_factor


def test_codes_are_asked_for_no_more_when_their_secret_is_dropped(writing: Session, user: User) -> None:
    credentials.keep_totp_secret(writing, CLOCK, user.id, "secret")
    credentials.keep_totp_secret(writing, CLOCK, user.id, None)
    assert user.totp_secret is None
    assert noted(writing, user) == ["account.totp_set", "account.totp_dropped"]


def test_a_new_password_is_noted_with_its_day_and_a_better_hash_of_the_old_one_is_not(
    writing: Session, user: User
) -> None:
    credentials.keep_password(writing, CLOCK, user.id, "$argon2id$better", user.fs_uniquifier)
    assert (user.password, user.password_set_at) == ("$argon2id$better", None)
    assert noted(writing, user) == []
    credentials.keep_password(writing, CLOCK, user.id, "$argon2id$new", "another")
    assert (user.password, user.password_set_at, user.fs_uniquifier) == ("$argon2id$new", TEST_MOMENT, "another")
    assert noted(writing, user) == ["account.password_changed"]


def test_a_recovery_code_is_used_up_and_the_others_are_left(writing: Session, user: User) -> None:
    assert not credentials.use_recovery_code(writing, CLOCK, user.id, "b")
    credentials.keep_recovery_codes(writing, CLOCK, user.id, ("a", "b", "c"))
    assert credentials.use_recovery_code(writing, CLOCK, user.id, "b")
    assert not credentials.use_recovery_code(writing, CLOCK, user.id, "b")
    assert credentials_of(user).recovery_codes == ("a", "c")
    assert noted(writing, user) == ["account.recovery_codes_made", "account.recovery_code_used"]


def test_new_recovery_codes_take_the_place_of_the_old_ones(writing: Session, user: User) -> None:
    for codes in (("a", "b"), ("c",)):
        credentials.keep_recovery_codes(writing, CLOCK, user.id, codes)
    assert credentials_of(user).recovery_codes == ("c",)


def test_a_passkey_is_found_by_what_its_authenticator_calls_it(writing: Session, user: User) -> None:
    found = with_passkey(writing, user)
    assert found == PasskeyOf(
        id=found.id,
        user_id=user.id,
        name="手机",
        credential_id=b"credential",
        public_key=b"key",
        sign_count=4,
        transports=("usb", "nfc"),
        created_at=TEST_MOMENT,
        used_at=TEST_MOMENT,
    )
    assert writing.get(Passkey, found.id)
    assert with_passkey(writing, user, credential_id=b"other", transports=()).transports == ()
    assert credentials.find_passkey(writing, b"unknown") is None


def test_the_use_of_a_passkey_is_counted(writing: Session, user: User) -> None:
    passkey = with_passkey(writing, user)
    credentials.note_passkey_use(writing, LATER, passkey.id, 9)
    used = credentials.find_passkey(writing, b"credential")
    assert used is not None
    assert (used.sign_count, used.used_at, used.created_at) == (9, LATER.at, TEST_MOMENT)


def test_a_passkey_is_dropped_by_its_own_person_alone(writing: Session, user: User) -> None:
    passkey, other = with_passkey(writing, user), an_account(writing, user.station)
    drop: Callable[..., None] = credentials.drop_passkey
    for person, key in ((other.id, passkey.id), (user.id, new_id())):
        with pytest.raises(NotFoundError) as caught:
            drop(writing, CLOCK, person, key)
        assert in_chinese(caught.value.message)
    assert credentials.find_passkey(writing, b"credential") == passkey
    drop(writing, CLOCK, user.id, passkey.id)
    assert credentials.find_passkey(writing, b"credential") is None
    assert noted(writing, user) == ["account.passkey_added", "account.passkey_dropped"]
