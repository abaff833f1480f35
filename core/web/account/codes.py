"""One-time codes that are good for one time, and recovery codes of which only hashes are kept."""

import hashlib
from typing import Any

from flask_security import MfRecoveryCodesUtil, Totp
from flask_security.proxies import _datastore as datastore
from passlib.exc import UsedTokenError

from core.web.account.people import Person


class OneTimeCodes(Totp):  # type: ignore[misc]
    """Codes of an app (RFC 6238); a code that was taken isn't taken again (section 5.2)."""

    def get_last_counter(self, user: Person) -> int | None:
        """Return the half minute of the code that was taken last."""
        return user.credentials.totp_counter

    def set_last_counter(self, user: Person, tmatch: Any) -> None:
        """Take the code; raise UsedTokenError where another request was first."""
        if not datastore.use_totp_counter(user, tmatch.counter):
            raise UsedTokenError


class RecoveryCodes(MfRecoveryCodesUtil):  # type: ignore[misc]
    """Codes for the day on which the second factor is lost: shown once, kept as SHA-256 in a sealed column."""

    def get_recovery_codes(self, user: Person) -> list[str]:  # noqa: ARG002 (Flask-Security's signature)
        """Return none: what is kept can't be shown again."""
        return []

    def check_recovery_code(self, user: Person, code: str) -> bool:
        """Take the code away; tell whether it was there."""
        return bool(datastore.use_recovery_code(user, _hash(code)))

    def delete_recovery_code(self, user: Person, code: str) -> bool:  # noqa: ARG002 (Flask-Security's signature)
        """Do nothing: the code was taken away when it was checked, so that nobody else could take it meanwhile."""
        return True

    def _encrypt_codes(self, codes: list[str]) -> list[str]:
        return [_hash(code) for code in codes]


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
