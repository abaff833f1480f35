"""The festivals to which a class can be tied, with their days: lunar ones by the calendar, others by their date."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from core.plugin_api import Message, festival_on

NO_FESTIVAL: Final = "none"

#: Each by the name that the calendar gives to its day, but for those of a fixed date.
FESTIVALS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "new_year": Message("New Year's Day"),
        "laba": Message("Laba Festival"),
        "spring_festival": Message("Spring Festival"),
        "lantern": Message("Lantern Festival"),
        "qingming": Message("Tomb-Sweeping Day"),
        "dragon_boat": Message("Dragon Boat Festival"),
        "mid_autumn": Message("Mid-Autumn Festival"),
        "national_day": Message("National Day"),
        "double_ninth": Message("Double Ninth Festival"),
        "winter_solstice": Message("Winter Solstice"),
    }
)
_FIXED: Final[Mapping[str, tuple[int, int]]] = MappingProxyType({"new_year": (1, 1), "national_day": (10, 1)})


def days_before(festival: str, most: int, first: date, last: date) -> tuple[date, ...]:
    """Return the days from the first to the last that lie before a festival, but no more than so many days.

    The festival itself may lie after the last day.
    """
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        day for day in days if any(_is_on(festival, day + timedelta(days=ahead)) for ahead in range(1, most + 1))
    )


def _is_on(festival: str, day: date) -> bool:
    if festival in _FIXED:
        return (day.month, day.day) == _FIXED[festival]
    return festival_on(day) == FESTIVALS.get(festival, festival)
