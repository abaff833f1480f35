"""Passkeys: each proves two factors by itself, as its authenticator asks for a PIN, a finger or a face."""

from typing import Any

from flask_security import WebauthnUtil
from flask_security.webauthn import WebAuthnTfPlugin
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.web.account.people import Person

METHOD = "webauthn"


class PasskeyDemands(WebauthnUtil):  # type: ignore[misc]
    """What an authenticator has to do: know its person, and keep the key itself, so that no login name is typed."""

    def authenticator_selection(self, user: Person, usage: str) -> AuthenticatorSelectionCriteria:  # noqa: ARG002 (Flask-Security's signature)
        """Ask for a key that is kept in the authenticator, which makes sure that its person is there."""
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user: Person | None, usage: list[str]) -> UserVerificationRequirement:  # noqa: ARG002 (Flask-Security's signature)
        """Ask for the person, not only for the authenticator."""
        return UserVerificationRequirement.REQUIRED


class PasskeyAfterPassword(WebAuthnTfPlugin):  # type: ignore[misc]
    """Asks for a passkey after the password where there is no app with codes; where there is, its page offers both."""

    def get_setup_methods(self, user: Person) -> list[tuple[str, Any]]:
        """Return the passkey as the second factor of somebody who has no other."""
        return [(METHOD, METHOD)] if user.webauthn and user.tf_primary_method is None else []
