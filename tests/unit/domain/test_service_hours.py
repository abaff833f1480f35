"""What counts as served: stays add up, and what overlaps counts once; and what of a name anybody sees."""

from datetime import date, datetime, time, timedelta

import pytest

from core.domain.service_hours import masked_name, minutes_served

NINE = datetime.combine(date(2026, 11, 28), time(9))


def at(minute: int) -> datetime:
    return NINE + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("stays", "minutes"),
    [
        ([(0, 120)], 120),
        ([(0, 30), (60, 120)], 90),
        ([(60, 120), (0, 30)], 90),
        ([(0, 60), (30, 120)], 120),
        ([(0, 120), (30, 60)], 120),
        ([(-60, -40), (-10, 200)], 165),
        ([(0, 7), (20, 27), (40, 46)], 15),
        ([(151, 170)], 0),
        ([], 0),
    ],
    ids=["one", "two", "any order", "overlap", "within", "around", "rounded once", "after", "none"],
)
def test_minutes_are_the_sum_of_the_stays(stays: list[tuple[int, int]], minutes: int) -> None:
    times = [(at(arrived), at(left)) for arrived, left in stays]
    assert minutes_served(times, at(0), at(120)) == minutes


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳小明", "欧*"), (" 王五", "王*"), ("Anna Lee", "A*"), ("李", "李*")]
)
def test_of_a_name_the_first_sign_is_left(name: str, masked: str) -> None:
    assert masked_name(name) == masked
