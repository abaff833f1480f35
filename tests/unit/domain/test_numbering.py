"""The running numbers of a station's files."""

import pytest

from core.domain.numbering import next_of


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ((), "C001"),
        (("C001", "C007"), "C008"),
        (("C0009",), "C0010"),
        (("C999",), "C1000"),
        (("qs-001", "B17", "C", "C12a", "C²", "Y900"), "C001"),
    ],
)
def test_the_next_number_follows_the_greatest_of_its_form(taken: tuple[str, ...], expected: str) -> None:
    assert next_of("C", taken) == expected


def test_each_letter_counts_by_itself() -> None:
    assert next_of("Y", ("C005", "Y002")) == "Y003"
