"""Phone numbers; the well-formed ones are of the demo's prefix or end in a row of zeros."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.errors import InvalidInputError
from core.domain.phones import demo_phone, read_phone


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("0086 19900000000", "19900000000"),
        ("１３８００００００００", "13800000000"),
        ("0595-82000000", "059582000000"),
        ("(010) 82000000", "01082000000"),
    ],
)
def test_a_number_is_reduced_to_its_digits(text: str, digits: str) -> None:
    assert read_phone(text) == digits


@pytest.mark.parametrize(
    "text", ["", "110", "1380000000", "138000000000", "12000000000", "12900000000", "1380000000x", "82000000", "٣" * 11]
)
def test_what_is_no_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidInputError, match="enter the 11 digits") as refused:
        read_phone(text)
    assert not refused.value.message.values


@given(st.integers(0, 99_999_999))
def test_a_made_up_number_is_taken_in_the_demo_only(order: int) -> None:
    number = demo_phone(order)
    assert read_phone(number, demo=True) == number
    with pytest.raises(InvalidInputError):
        read_phone(number)
