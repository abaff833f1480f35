"""Passwords are kept as hashes that nobody else makes, and weak ones are refused with what to do."""

import pytest

from core.domain.errors import InvalidInputError
from core.security.passwords import MAX_LENGTH, MIN_LENGTH, hash_password, verify_password
from tests.translated import in_chinese

GOOD = "一句只有我知道的长话 2026"


def test_a_password_is_known_again_and_no_other_is() -> None:
    stored = hash_password(GOOD)
    assert verify_password(stored, GOOD)
    assert not verify_password(stored, GOOD + " ")
    assert not verify_password(stored, "")
    assert not verify_password("no hash", GOOD)
    assert not verify_password(None, GOOD)


def test_two_hashes_of_one_password_differ_and_hold_nothing_of_it() -> None:
    one, other = hash_password(GOOD), hash_password(GOOD)
    assert one != other
    assert GOOD not in one


def test_a_hash_is_argon2id_at_the_cost_that_owasp_asks_for() -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("length", [MIN_LENGTH, MAX_LENGTH])
def test_the_shortest_and_the_longest_password_are_taken_whole(length: int) -> None:
    password = ("ab" * length)[:length]
    stored = hash_password(password)
    assert verify_password(stored, password)
    assert not verify_password(stored, password[:-1])
    assert not verify_password(stored, password + "c")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ab" * 5 + "c", "12"),
        ("ab" * 128 + "c", "256"),
        ("Password1234", "换一个"),
        ("woaini1314520", "换一个"),
        ("z" * 20, "换一个"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(password: str, said: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        hash_password(password)
    assert said in in_chinese(caught.value.message)
