"""Passwords: hashed with Argon2id, and refused when they are short or known to everybody."""

import unicodedata
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from passlib.context import CryptContext

from core.config import PasswordProfile
from core.domain.errors import InvalidInputError, Message

MIN_LENGTH: Final = 12
#: Of the profile that asks for them.
LEAST_KINDS: Final = 3
LONGEST_USE: Final = timedelta(days=90)
#: Argon2 would hash a longer one as well; the bound keeps a request from costing much.
MAX_LENGTH: Final = 256
#: The same password is typed in different ways on different keyboards.
NORMAL_FORM: Final = "NFKC"

#: OWASP's smaller profile: 19 MiB, 2 passes, 1 lane, 25 to 90 ms on one core. Flask-Security is given the same.
HASHING: Final = MappingProxyType(
    {
        "argon2__type": "ID",
        "argon2__memory_cost": 19 * 1024,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
        "argon2__digest_size": 32,
    }
)

# Those of 12 characters or more that people choose first; shorter ones are refused for their length.
_COMMON = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456123456",
        "123123123123",
        "121212121212",
        "111111111111",
        "000000000000",
        "888888888888",
        "666666666666",
        "aaaaaaaaaaaa",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopas",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "1qazxsw23edc",
        "zaq12wsxcde3",
        "asdfghjkl123",
        "zxcvbnm12345",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "adminadmin123",
        "admin1234567",
        "administrator",
        "administrator1",
        "letmeinletmein",
        "welcome12345",
        "iloveyou1234",
        "iloveyouiloveyou",
        "woaini123456",
        "woaini1314520",
        "woaini520131",
        "woaini5201314",
        "woaiwojia1314",
        "5201314520131",
        "a12345678901",
        "abc123456789",
        "abcd12345678",
        "abcdefghijkl",
        "abcdefg12345",
        "changeme1234",
        "changeme12345",
        "weibao123456",
        "weibao12345678",
        "weibaozhan123",
        "weibaoweibao",
    ]
)


def hash_password(password: str, profile: PasswordProfile = PasswordProfile.ASVS) -> str:
    """Return the Argon2id hash of an accepted password; raise InvalidInputError with what is wrong with another."""
    require_acceptable(password, profile)
    hashed: str = _context().hash(normal(password))
    return hashed


def normal(password: str) -> str:
    """Return the one form in which a password is hashed and compared."""
    return unicodedata.normalize(NORMAL_FORM, password)


def lasts(profile: PasswordProfile) -> timedelta | None:
    """Return for how long a password may be used, None: as long as nothing speaks against it."""
    return LONGEST_USE if profile is PasswordProfile.DENGBAO else None


def require_acceptable(password: str, profile: PasswordProfile = PasswordProfile.ASVS) -> None:
    """Raise InvalidInputError, saying why, for a password that is too short, too long, too well known or too plain."""
    if len(password) < MIN_LENGTH:
        raise InvalidInputError(
            Message(
                "A password needs at least %(number)s characters: a sentence is easy to keep.", {"number": MIN_LENGTH}
            )
        )
    if len(password) > MAX_LENGTH:
        raise InvalidInputError(Message("A password has at most %(number)s characters.", {"number": MAX_LENGTH}))
    if password.lower() in _COMMON or len(set(password)) == 1:
        raise InvalidInputError(Message("That password is among the first that people try: choose another."))
    if profile is PasswordProfile.DENGBAO and len(_kinds(password)) < LEAST_KINDS:
        raise InvalidInputError(
            Message(
                "A password needs %(number)s kinds of characters: large and small letters, digits, others.",
                {"number": LEAST_KINDS},
            )
        )


def _kinds(password: str) -> set[str]:
    """Return the kinds of characters in a password, as Unicode sorts them: Lu, Ll, Nd, and all else."""
    found = {unicodedata.category(character) for character in password}
    return {kind if kind in {"Lu", "Ll", "Nd"} else "other" for kind in found}


def _context() -> Any:
    return CryptContext(schemes=["argon2"], **HASHING)
