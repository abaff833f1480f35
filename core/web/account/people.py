"""Accounts as Flask-Security sees them: values read from the database, written by the datastore and nowhere else."""

from collections.abc import Callable
from typing import NoReturn
from uuid import UUID

from flask_security import UserMixin, WebAuthnMixin

from core.extensions import wiring
from core.security.permissions import needs_second_factor
from core.services.credentials import Credentials, PasskeyOf

#: Every passkey stands for itself: its authenticator asks for a PIN, a finger or a face.
FIRST_FACTOR = "first"
AUTHENTICATOR = "authenticator"


class Key(WebAuthnMixin):  # type: ignore[misc]
    """A passkey of a person; Flask-Security writes down its use here before it is put into the datastore."""

    usage = FIRST_FACTOR
    extensions = None

    def __init__(self, stored: PasskeyOf) -> None:
        self.stored = stored
        self.name = stored.name
        self.credential_id = stored.credential_id
        self.public_key = stored.public_key
        self.sign_count = stored.sign_count
        self.transports = list(stored.transports)
        self.lastuse_datetime = stored.used_at
        self.user_id = stored.user_id


class Person(UserMixin):  # type: ignore[misc]
    """Somebody with an active account; what proves it is read when it is first asked for."""

    active = True
    fs_uniquifier = ""
    tf_phone_number = None

    def __init__(
        self, user_id: UUID, uniquifier: str, read: Callable[[], Credentials], known: Credentials | None = None
    ) -> None:
        self.id = user_id
        self.fs_uniquifier = uniquifier
        self._read = read
        self._credentials = known
        self._new_password: str | None = None

    @property
    def credentials(self) -> Credentials:
        """What proves that it is this person."""
        if self._credentials is None:
            self._credentials = self._read()
        return self._credentials

    def read_again(self) -> None:
        """Forget what was read: something was changed."""
        self._credentials = self._new_password = None

    @property
    def login(self) -> str:
        """The login name."""
        return self.credentials.login

    @property
    def email(self) -> str:
        """What Flask-Security compares when a passkey is shown again; accounts here need no address."""
        return str(self.id)

    @property
    def password(self) -> str:
        """The hash of the password, of the new one once that is set."""
        return self._new_password or self.credentials.password_hash

    @password.setter
    def password(self, hashed: str) -> None:
        self._new_password = hashed

    @property
    def tf_totp_secret(self) -> str | None:
        """The secret of the one-time codes."""
        return self.credentials.totp_secret

    @property
    def tf_primary_method(self) -> str | None:
        """By what a second factor is proved: an app that makes codes, or none."""
        return AUTHENTICATOR if self.credentials.totp_secret else None

    @property
    def mf_recovery_codes(self) -> list[str]:
        """The hashes of the recovery codes that are left."""
        return list(self.credentials.recovery_codes)

    @property
    def fs_webauthn_user_handle(self) -> str | None:
        """By which authenticators know the account."""
        return self.credentials.passkey_handle

    @property
    def webauthn(self) -> list[Key]:
        """The passkeys."""
        return [Key(passkey) for passkey in self.credentials.passkeys]

    def check_tf_required_setup(self) -> bool:
        """Tell whether the codes of the app can't be done without: a passkey would do as well."""
        forced = wiring().settings.second_factor_forced and needs_second_factor(self.credentials.role)
        return forced and not self.credentials.demo and not self.credentials.passkeys

    def get_auth_token(self) -> NoReturn:
        """Refuse: nobody signs in without a session on the server."""
        raise NotImplementedError
