"""What proves that somebody is the person of an account: password, one-time codes, passkeys, recovery codes."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Passkey, User
from core.db.queries import accounts as queries
from core.domain.actor import Role
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.services.audit import record
from core.services.web_sessions import actor_of


@dataclass(frozen=True)
class PasskeyOf:
    """A passkey as it is stored."""

    id: UUID
    user_id: UUID
    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    created_at: datetime
    used_at: datetime


@dataclass(frozen=True)
class NewPasskey:
    """A passkey as an authenticator has made it."""

    name: str
    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    transports: tuple[str, ...] = ()


@dataclass(frozen=True)
class Credentials:
    """An account with what proves its person, as it was when it was read."""

    user_id: UUID
    login: str
    role: Role
    demo: bool
    uniquifier: str
    password_hash: str = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_counter: int | None
    recovery_codes: tuple[str, ...] = field(repr=False)
    passkey_handle: str | None
    passkeys: tuple[PasskeyOf, ...]

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a password alone doesn't open the account."""
        return self.totp_secret is not None or bool(self.passkeys)


def credentials_of(user: User) -> Credentials:
    """Return what proves the person of an account."""
    return Credentials(
        user_id=user.id,
        login=user.login,
        role=user.role,
        demo=user.demo,
        uniquifier=user.fs_uniquifier,
        password_hash=user.password,
        totp_secret=user.totp_secret,
        totp_counter=user.totp_counter,
        recovery_codes=_codes_of(user),
        passkey_handle=user.passkey_handle,
        passkeys=tuple(passkey_of(passkey) for passkey in user.passkeys),
    )


def passkey_of(row: Passkey) -> PasskeyOf:
    """Return a stored passkey as a value."""
    return PasskeyOf(
        id=row.id,
        user_id=row.user_id,
        name=row.name,
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        transports=tuple(row.transports),
        created_at=row.created_at,
        used_at=row.used_at,
    )


def keep_password(session: Session, clock: Clock, user_id: UUID, password_hash: str, uniquifier: str) -> None:
    """Keep the hash of a new password; with another uniquifier all sessions are over."""
    user = session.get_one(User, user_id)
    changed = user.fs_uniquifier != uniquifier
    user.password, user.fs_uniquifier = password_hash, uniquifier
    if changed:
        user.password_set_at = clock.now()
        _record(session, clock, user, "account.password_changed")


def keep_totp_secret(session: Session, clock: Clock, user_id: UUID, secret: str | None) -> None:
    """Keep the secret from which one-time codes are made; None: no codes are asked for any more."""
    user = session.get_one(User, user_id)
    user.totp_secret = secret
    _record(session, clock, user, "account.totp_dropped" if secret is None else "account.totp_set")


def use_totp_counter(session: Session, user_id: UUID, counter: int) -> bool:
    """Note that the code of a half minute was taken; tell whether neither it nor a later one was taken before."""
    user = session.get_one(User, user_id, with_for_update=True)
    if user.totp_counter is not None and user.totp_counter >= counter:
        return False
    user.totp_counter = counter
    return True


def keep_recovery_codes(session: Session, clock: Clock, user_id: UUID, hashes: tuple[str, ...]) -> None:
    """Keep the hashes of new recovery codes; the earlier ones are worth nothing then."""
    user = session.get_one(User, user_id)
    user.recovery_codes = json.dumps(hashes)
    _record(session, clock, user, "account.recovery_codes_made")


def use_recovery_code(session: Session, clock: Clock, user_id: UUID, hashed: str) -> bool:
    """Take a recovery code away, which is good for one time; tell whether it was there."""
    user = session.get_one(User, user_id, with_for_update=True)
    codes = _codes_of(user)
    if hashed not in codes:
        return False
    user.recovery_codes = json.dumps([code for code in codes if code != hashed])
    _record(session, clock, user, "account.recovery_code_used")
    return True


def keep_passkey_handle(session: Session, user_id: UUID, handle: str) -> None:
    """Keep the name by which authenticators know the account."""
    session.get_one(User, user_id).passkey_handle = handle


def add_passkey(session: Session, clock: Clock, user_id: UUID, new: NewPasskey) -> None:
    """Keep a passkey that the account's person has made."""
    user = session.get_one(User, user_id)
    now = clock.now()
    row = Passkey(
        user_id=user.id,
        name=new.name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        transports=list(new.transports),
        created_at=now,
        used_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, clock, user, "account.passkey_added")


def drop_passkey(session: Session, clock: Clock, user_id: UUID, passkey_id: UUID) -> None:
    """Delete a passkey of the account; raise NotFoundError where it has none of that id."""
    row = session.get(Passkey, passkey_id)
    if row is None or row.user_id != user_id:
        raise NotFoundError(Message("There is no such passkey."))
    session.delete(row)
    session.flush()
    _record(session, clock, session.get_one(User, user_id), "account.passkey_dropped")


def note_passkey_use(session: Session, clock: Clock, passkey_id: UUID, sign_count: int) -> None:
    """Note when a passkey was used, and how far its authenticator has counted."""
    row = session.get_one(Passkey, passkey_id)
    row.sign_count, row.used_at = sign_count, clock.now()


def find_passkey(session: Session, credential_id: bytes) -> PasskeyOf | None:
    """Return the passkey that an authenticator names."""
    row = session.scalars(queries.passkey_by_credential(credential_id)).one_or_none()
    return None if row is None else passkey_of(row)


def _codes_of(user: User) -> tuple[str, ...]:
    return tuple(json.loads(user.recovery_codes or "[]"))


def _record(session: Session, clock: Clock, user: User, action: str) -> None:
    record(
        session,
        actor_of(user),
        clock,
        station_id=user.station_id,
        action=action,
        subject_kind="user",
        subject_id=user.id,
        detail={},
    )
    session.flush()
