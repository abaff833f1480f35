"""Flask-Security's way into the database: each step is a short transaction of its own.

Hashing is slow on purpose and comes between them, so that nobody's writing waits for it; what is counted stays counted
whatever the answer is.
"""

import secrets
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from flask_security import UserDatastore

from core.db.models import User
from core.db.queries import accounts as queries
from core.domain.actor import EVERYTHING
from core.extensions import signed_in, wiring
from core.services import credentials, sign_in
from core.services.credentials import Credentials, NewPasskey
from core.services.web_sessions import Signature, end_sessions_of
from core.web.account.people import Key, Person
from core.web.identity import browser_session

_COLUMNS: Final = MappingProxyType({"fs_uniquifier": User.fs_uniquifier, "id": User.id, "login": User.login})


class AccountDatastore(UserDatastore):  # type: ignore[misc]
    """Accounts that may sign in here; one that was shut out is as good as none."""

    def __init__(self) -> None:
        super().__init__(Person, object, Key)

    def commit(self) -> None:
        """Do nothing: what was put is kept already."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Person | None:  # noqa: ARG002, FBT001, FBT002 (Flask-Security's signature)
        """Return the person of an account by its id, its uniquifier or its login name."""
        ((name, value),) = wanted.items()
        found = signed_in()
        if name == "fs_uniquifier" and found is not None and found.signature.uniquifier == value:
            return _of_session(found.signature)
        app = wiring()
        with app.database.reading(EVERYTHING) as session:
            row = session.scalars(queries.active_user(_COLUMNS[name], value)).one_or_none()
            if row is None or (row.demo and not app.settings.demo):
                return None
            return known(credentials.credentials_of(row))

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        """Return the passkey that an authenticator names."""
        with wiring().database.reading(EVERYTHING) as session:
            stored = credentials.find_passkey(session, credential_id)
        return None if stored is None else Key(stored)

    def begin_attempt(self, login: str) -> Person | None:
        """Count an attempt at a password, and return whose it is to be."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            found = sign_in.begin_attempt(session, app.clock, login, demo_allowed=app.settings.demo)
        return None if found is None else known(found)

    def take_back(self, person: Person) -> bool:
        """Take the attempt back after the right password; tell whether it still is."""
        with wiring().database.writing(EVERYTHING) as session:
            return sign_in.take_back(session, person.id, person.password)

    def guarded(self, person: Person, proves: Callable[[], bool]) -> bool:
        """Tell whether something that can be guessed proves the person; a failure counts, before it is looked at."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            allowed = sign_in.begin_further_step(session, app.clock, person.id)
        if not (allowed and proves()):
            return False
        with app.database.writing(EVERYTHING) as session:
            sign_in.forget_failures(session, person.id)
        return True

    def put(self, model: Person | Key) -> Person | Key:
        """Keep what changed of a person's password or of a passkey's use."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            if isinstance(model, Key):
                credentials.note_passkey_use(session, app.clock, model.stored.id, model.sign_count)
            elif (model.password, model.fs_uniquifier) != (
                model.credentials.password_hash,
                model.credentials.uniquifier,
            ):
                credentials.keep_password(session, app.clock, model.id, model.password, model.fs_uniquifier)
        if isinstance(model, Person):
            model.read_again()
        return model

    def set_uniquifier(self, user: Person, uniquifier: str | None = None) -> None:
        """End all sessions of the account, together with what is put next."""
        user.fs_uniquifier = uniquifier or secrets.token_hex(32)

    def tf_set(
        self,
        user: Person,
        primary_method: str,  # noqa: ARG002 (Flask-Security's signature)
        totp_secret: str | None = None,
        phone: str | None = None,  # noqa: ARG002 (Flask-Security's signature)
    ) -> None:
        """Keep the secret of the one-time codes; this session has proved that it is known.

        Flask-Security says it again with every code that is taken.
        """
        if totp_secret == user.tf_totp_secret:
            return
        self._keep_totp(user, totp_secret)
        _only_this_session(user)

    def tf_reset(self, user: Person) -> None:
        """Ask for one-time codes no more."""
        self._keep_totp(user, None)

    def _keep_totp(self, user: Person, secret: str | None) -> None:
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            credentials.keep_totp_secret(session, app.clock, user.id, secret)
        user.read_again()

    def mf_set_recovery_codes(self, user: Person, rcs: list[str] | None) -> None:
        """Keep the hashes of new recovery codes."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            credentials.keep_recovery_codes(session, app.clock, user.id, tuple(rcs or ()))
        user.read_again()

    def use_recovery_code(self, user: Person, hashed: str) -> bool:
        """Take a recovery code away; tell whether it was there."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            return credentials.use_recovery_code(session, app.clock, user.id, hashed)

    def use_totp_counter(self, user: Person, counter: int) -> bool:
        """Tell whether the code of that half minute wasn't taken before, and take it."""
        with wiring().database.writing(EVERYTHING) as session:
            return credentials.use_totp_counter(session, user.id, counter)

    def set_webauthn_user_handle(self, user: Person, user_handle: str | None = None) -> None:
        """Keep the name by which authenticators know the account."""
        with wiring().database.writing(EVERYTHING) as session:
            credentials.keep_passkey_handle(session, user.id, user_handle or secrets.token_hex(32))
        user.read_again()

    def create_webauthn(self, user: Person, **made: Any) -> None:
        """Keep a passkey; this session has proved that it is at hand."""
        app = wiring()
        new = NewPasskey(
            name=made["name"],
            credential_id=made["credential_id"],
            public_key=made["public_key"],
            sign_count=made["sign_count"],
            transports=tuple(made.get("transports") or ()),
        )
        with app.database.writing(EVERYTHING) as session:
            credentials.add_passkey(session, app.clock, user.id, new)
        user.read_again()
        _only_this_session(user)

    def delete_webauthn(self, webauthn: Key) -> None:
        """Delete a passkey."""
        app = wiring()
        with app.database.writing(EVERYTHING) as session:
            credentials.drop_passkey(session, app.clock, webauthn.user_id, webauthn.stored.id)


def known(found: Credentials) -> Person:
    """Return the person of credentials that were read."""
    return Person(found.user_id, found.uniquifier, lambda: _read(found.user_id), found)


def _only_this_session(user: Person) -> None:
    """Go on in the session in which a proof was given, and end those in which it may not have been."""
    with wiring().database.writing(EVERYTHING) as session:
        end_sessions_of(session, user.id, but=browser_session().token)
    browser_session().strengthen()


def _of_session(signature: Signature) -> Person:
    """Return whoever is signed in, without asking the database before it is needed."""
    return Person(signature.user_id, signature.uniquifier, lambda: _read(signature.user_id))


def _read(user_id: UUID) -> Credentials:
    with wiring().database.reading(EVERYTHING) as session:
        return credentials.credentials_of(session.get_one(User, user_id))
