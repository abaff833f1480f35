"""What Flask-Security says, in our words: its own Chinese catalogue lacks most of these."""

from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

_ERROR: Final = "error"
_DONE: Final = "success"
_START_OVER: Final = Message("That took too long: please start over.")
_NOT_CHECKED: Final = Message("The passkey could not be checked: please try again.")
_UNKNOWN: Final = Message("Nobody here knows that passkey.")

MESSAGES: Final = MappingProxyType(
    {
        "API_ERROR": (_START_OVER, _ERROR),
        "DISABLED_ACCOUNT": (_UNKNOWN, _ERROR),
        "INVALID_PASSWORD": (Message("The password is not right."), _ERROR),
        "INVALID_RECOVERY_CODE": (Message("That is none of the recovery codes that are left."), _ERROR),
        "PASSWORD_CHANGE": (Message("Your password is changed. Other browsers are signed out."), _DONE),
        "PASSWORD_IS_THE_SAME": (Message("The new password is the old one: choose another."), _ERROR),
        "REAUTHENTICATION_REQUIRED": (Message("Please prove once more that it is you."), "warning"),
        "REAUTHENTICATION_SUCCESSFUL": (Message("Thank you, go on."), _DONE),
        "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (Message("From now on you are asked for a code of the app."), _DONE),
        "TWO_FACTOR_DISABLED": (Message("You are asked for codes of the app no more."), _DONE),
        "TWO_FACTOR_INVALID_TOKEN": (Message("The code is not right, or it was used already."), _ERROR),
        "TWO_FACTOR_LOGIN_SUCCESSFUL": (Message("You have signed in."), _DONE),
        "TWO_FACTOR_PERMISSION_DENIED": (_START_OVER, _ERROR),
        "TWO_FACTOR_SETUP_EXPIRED": (_START_OVER, _ERROR),
        "WEBAUTHN_CREDENTIAL_DELETED": (Message("The passkey “%(name)s” is deleted."), _DONE),
        "WEBAUTHN_CREDENTIAL_ID_INUSE": (Message("That passkey is kept already."), _ERROR),
        "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_UNKNOWN, _ERROR),
        "WEBAUTHN_EXPIRED": (_START_OVER, _ERROR),
        "WEBAUTHN_MISMATCH_USER_HANDLE": (Message("That passkey is somebody else's."), _ERROR),
        "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (Message("A name has letters, digits, blanks and hyphens."), _ERROR),
        "WEBAUTHN_NAME_INUSE": (Message("You have a passkey of that name already."), _ERROR),
        "WEBAUTHN_NAME_NOT_FOUND": (Message("There is no such passkey."), _ERROR),
        "WEBAUTHN_NO_VERIFY": (_NOT_CHECKED, _ERROR),
        "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_UNKNOWN, _ERROR),
        "WEBAUTHN_REGISTER_SUCCESSFUL": (Message("The passkey “%(name)s” is kept."), _DONE),
        "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_UNKNOWN, _ERROR),
    }
)
