"""Identity numbers; all of them are made up: their region does not exist, or the person could not have been born."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import numdb
from stdnum.cn import ric

from core.domain.errors import InvalidInputError
from core.domain.id_numbers import DEMO_REGION, Sex, demo_id_number, read_id_number

TODAY = date(2026, 11, 1)
BORN = date(2017, 5, 20)


def a_number(born: date = BORN, order: int = 12, region: str = DEMO_REGION) -> str:
    return demo_id_number(born, order, region)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_a_demo_number_is_read_back_in_the_demo(born: date, order: int) -> None:
    read = read_id_number(a_number(born, order), today=TODAY, demo=True)
    assert (read.born, read.region) == (born, DEMO_REGION)
    assert read.sex is (Sex.MALE if order % 2 else Sex.FEMALE)


def test_a_demo_number_is_refused_outside_the_demo() -> None:
    with pytest.raises(InvalidInputError, match="region"):
        read_id_number(a_number(), today=TODAY)


def test_the_demo_region_is_in_no_table_of_regions() -> None:
    assert all(not properties for _, properties in numdb.get("cn/loc").info(DEMO_REGION))


def test_every_province_of_the_table_of_regions_is_taken() -> None:
    codes = [code for code in range(10, 90) if any(found for _, found in numdb.get("cn/loc").info(f"{code}0000"))]
    assert len(codes) == 34
    for code in codes:
        read = read_id_number(a_number(region=f"{code}0000"), today=TODAY)
        assert read.region == f"{code}0000"


def test_a_county_younger_than_the_table_is_taken() -> None:
    assert read_id_number(a_number(region="330113"), today=TODAY).region == "330113"


def test_spaces_full_width_digits_and_a_small_x_are_put_right() -> None:
    number = next(text for order in range(100) if (text := a_number(order=order)).endswith("X"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number[:6])
    assert read_id_number(f" {wide}-{number[6:14]} {number[14:].lower()}", today=TODAY, demo=True).text == number


@given(st.integers(0, 17), st.integers(1, 9))
def test_any_single_mistyped_digit_is_noticed(position: int, shift: int) -> None:
    number = a_number(order=13)
    typed = str((int(number[position], 11 if number[position] == "X" else 10) + shift) % 10)
    mistyped = number[:position] + typed + number[position + 1 :]
    assert mistyped != number
    with pytest.raises(InvalidInputError):
        read_id_number(mistyped, today=TODAY, demo=True)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("", "18 characters"),
        (a_number()[:17], "18 characters"),
        ("9900002017O5200120", "17 digits"),
        ("²" * 18, "does not fit|17 digits"),
        ("٣" * 18, "17 digits"),
        (a_number()[:17] + "?", "17 digits"),
        (a_number(date(2026, 11, 2)), "date of birth"),
        (a_number(date(1899, 12, 31)), "date of birth"),
    ],
)
def test_a_wrong_number_is_refused_with_advice_that_does_not_repeat_it(number: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as refused:
        read_id_number(number, today=TODAY, demo=True)
    assert not number or number not in str(refused.value)
    assert refused.value.__cause__ is None
    assert not refused.value.message.values


def test_an_impossible_day_of_birth_is_refused() -> None:
    body = f"{DEMO_REGION}20170230001"
    with pytest.raises(InvalidInputError, match="date of birth"):
        read_id_number(body + ric.calc_check_digit(f"{body}0"), today=TODAY, demo=True)


def test_a_repr_does_not_show_the_number() -> None:
    number = a_number()
    shown = repr(read_id_number(number, today=TODAY, demo=True))
    assert number[6:14] not in shown
    assert "2017" not in shown
