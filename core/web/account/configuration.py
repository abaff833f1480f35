"""What of Flask-Security is switched on, with what words and pages; all else of it is off."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from core.security import passwords
from core.web.account.messages import MESSAGES
from core.web.account.people import AUTHENTICATOR
from core.web.identity import HOME

#: Before factors are changed the person is asked again, unless they signed in so lately.
FRESHNESS: Final = timedelta(minutes=10)
_TRANSLATIONS: Final = Path(__file__).parents[2] / "translations"


def configuration(web_secret: bytes) -> dict[str, Any]:
    """Return Flask-Security's settings; the app's secrets are sealed with `web_secret` before they reach a session."""
    return dict(
        SESSION_PROTECTION=None,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of an algorithm)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=dict(passwords.HASHING),
        SECURITY_PASSWORD_NORMALIZE_FORM=passwords.NORMAL_FORM,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"login": {"mapper": str}}],
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_FRESHNESS=FRESHNESS,
        SECURITY_FRESHNESS_GRACE_PERIOD=FRESHNESS,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_I18N_DOMAIN="messages",
        SECURITY_I18N_DIRNAME=str(_TRANSLATIONS),
        **{f"SECURITY_MSG_{key}": (message.text, kind) for key, (message, kind) in MESSAGES.items()},
        **_two_factors(web_secret),
        **_pages(),
    )


def _two_factors(web_secret: bytes) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": [AUTHENTICATOR],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "account.factors",
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
            "code": "flask_security.twofactor.CodeTfPlugin",
            "webauthn": "core.web.account.passkeys.PasskeyAfterPassword",
        },
        "SECURITY_TOTP_SECRETS": {"1": web_secret.hex()},
        "SECURITY_TOTP_ISSUER": "Weibao",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": "Weibao",
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["first"],
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_POST_REGISTER_VIEW": "account.factors",
    }


def _pages() -> dict[str, str]:
    named = {
        "LOGIN_USER": "sign_in",
        "VERIFY": "verify",
        "CHANGE_PASSWORD": "password",
        "TWO_FACTOR_SETUP": "codes",
        "TWO_FACTOR_VERIFY_CODE": "code",
        "MULTI_FACTOR_RECOVERY": "recovery",
        "MULTI_FACTOR_RECOVERY_CODES": "recovery_codes",
        "WAN_REGISTER": "passkey_new",
        "WAN_SIGNIN": "passkey",
        "WAN_VERIFY": "passkey_again",
    }
    return {f"SECURITY_{name}_TEMPLATE": f"account/{page}.html" for name, page in named.items()} | {
        "SECURITY_POST_LOGIN_VIEW": HOME,
        "SECURITY_POST_LOGOUT_VIEW": "security.login",
    }
