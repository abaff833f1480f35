"""Cells are read as the person meant them, whatever Excel made of what they typed."""

from datetime import date, datetime, time, timedelta

import pytest

from core.domain.errors import InvalidInputError
from core.services.workbook.cells import Cell, day_of, number_of, text_of, time_of


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 11, 28),
        datetime(2026, 11, 28, 8, 30),  # noqa: DTZ001 (Excel knows no zones)
        "2026-11-28",
        "2026/11/28",
        "2026.11.28",
        " 2026 年 11 月 28 日 ",
        "２０２６－１１－２８",
    ],
)
def test_a_date_may_be_real_or_text(cell: Cell) -> None:
    assert day_of(cell) == date(2026, 11, 28)


@pytest.mark.parametrize("cell", ["2026-02-30", "2026-13-01", "明天", "", 46354.0, 20261128, True])
def test_an_impossible_date_is_refused(cell: Cell) -> None:
    with pytest.raises(InvalidInputError):
        day_of(cell)


@pytest.mark.parametrize(
    "cell",
    ["9:30", "09:30", "09:30:00", "9：30", "9点30分", time(9, 30), timedelta(hours=9, minutes=30), 9.5 / 24],
)
def test_a_time_may_be_real_or_text(cell: Cell) -> None:
    assert time_of(cell) == time(9, 30)


@pytest.mark.parametrize("cell", ["25:00", "9.30", "上午", 9, 1.5, timedelta(days=1), timedelta(minutes=-1)])
def test_an_impossible_time_is_refused(cell: Cell) -> None:
    with pytest.raises(InvalidInputError):
        time_of(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(13800000000.0, "13800000000"), (1001.0, "1001"), (7, "7"), (1.5, "1.5"), ("  测 \t试\n站 ", "测 试 站")],
)
def test_text_that_excel_took_for_a_number_reads_as_typed(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("cell", [3.50582201501011e17, 10**15, True, date(2026, 1, 1)])
def test_what_lost_its_digits_or_is_no_text_is_refused(cell: Cell) -> None:
    with pytest.raises(InvalidInputError):
        text_of(cell)


@pytest.mark.parametrize(("cell", "number"), [(12.0, 12), ("12", 12), ("１２", 12), (" 12 ", 12), (-3, -3)])
def test_a_number_may_be_real_or_text(cell: Cell, number: int) -> None:
    assert number_of(cell) == number


@pytest.mark.parametrize("cell", [1.5, "十二", "12个", "", True, "nan", "inf", date(2026, 1, 1)])
def test_what_is_no_whole_number_is_refused(cell: Cell) -> None:
    with pytest.raises(InvalidInputError):
        number_of(cell)
