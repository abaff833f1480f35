"""What passwords must be like, by either profile."""

import pytest

from core.config import PasswordProfile
from core.domain.errors import InvalidInputError
from core.security.passwords import MAX_LENGTH, hash_password, lasts, normal, require_acceptable

ASVS, DENGBAO = PasswordProfile


@pytest.mark.parametrize("password", ["一句只有我知道的长话 2026", "correct horse battery", "x1" * (MAX_LENGTH // 2)])
def test_a_long_password_will_do(password: str) -> None:
    require_acceptable(password, ASVS)


@pytest.mark.parametrize("profile", PasswordProfile)
@pytest.mark.parametrize(
    "password", ["elevenchars", "Password1234", "aaaaaaaaaaaaaaaa", "x1" * MAX_LENGTH, "woaini1314520"]
)
def test_a_short_or_well_known_one_will_not(password: str, profile: PasswordProfile) -> None:
    with pytest.raises(InvalidInputError):
        require_acceptable(password, profile)


@pytest.mark.parametrize("password", ["correct horse battery", "一句只有我知道的长话长长", "alllowercase1234"])
def test_one_of_few_kinds_of_characters_will_not_where_kinds_are_asked_for(password: str) -> None:
    require_acceptable(password, ASVS)
    with pytest.raises(InvalidInputError):
        require_acceptable(password, DENGBAO)


@pytest.mark.parametrize("password", ["Correct horse 9", "一句只有我知道的长话A1", "lower UPPER lower", "aB3aB3aB3aB3"])
def test_one_of_three_kinds_will(password: str) -> None:
    require_acceptable(password, DENGBAO)


def test_only_one_profile_lets_passwords_age() -> None:
    assert lasts(ASVS) is None
    ninety = lasts(DENGBAO)
    assert ninety is not None
    assert ninety.days == 90


def test_a_hash_says_its_algorithm_and_cost_and_never_the_same_twice(costly_passwords: None) -> None:
    one, other = (hash_password("一句只有我知道的长话 2026") for _ in range(2))
    assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert one != other


def test_full_width_signs_are_the_same_as_plain_ones() -> None:
    assert normal("ｐａｓｓ１２３，ｏｋ！") == normal("pass123,ok!")
