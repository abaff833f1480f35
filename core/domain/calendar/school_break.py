"""School breaks: data of the county, with exceptions of single schools."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.calendar.span import Span


@dataclass(frozen=True)
class SchoolBreak(Span):
    """A break named by the county (寒假), or by one school if `school_id` is given.

    A school's own break replaces the county's of the same name that ends in the same year, and is added if there is
    none. So a school that starts late gives its own 寒假, and one with a day of its own gives that day a new name.
    """

    name: str
    school_id: Hashable | None = None

    @property
    def occasion(self) -> tuple[str, int]:
        """What makes two breaks the same: the name and the year in which they end."""
        return self.name, self.last.year


def breaks_of(breaks: Iterable[SchoolBreak], school_id: Hashable | None) -> tuple[SchoolBreak, ...]:
    """Return the breaks that hold for a school, or for the county where `school_id` is None."""
    listed = tuple(breaks)
    own = tuple(item for item in listed if school_id is not None and item.school_id == school_id)
    replaced = {item.occasion for item in own}
    county = (item for item in listed if item.school_id is None and item.occasion not in replaced)
    return (*county, *own)


def break_on(breaks: Iterable[SchoolBreak], day: date, school_id: Hashable | None) -> SchoolBreak | None:
    """Return the break that covers the day for the school, or for the county where `school_id` is None."""
    return next((item for item in breaks_of(breaks, school_id) if day in item), None)
