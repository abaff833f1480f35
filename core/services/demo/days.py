"""The demo's calendar: weekends of an autumn term, a winter break, the Spring Festival between."""

from datetime import date, time
from typing import Final

from core.domain.calendar.span import Span
from core.domain.vocabulary import TermKind
from core.services.demo.places import COMMUNITY_STATIONS, COUNTY, MIDDLE, STATION
from core.services.workbook.content import ClosureRow, HoursRow, SchoolBreakRow, TermRow

#: The weekends of the autumn term that are left, and the winter break after them; both are planned as one season.
AUTUMN: Final = Span(date(2026, 11, 28), date(2027, 1, 24))
WINTER: Final = Span(date(2027, 1, 25), date(2027, 2, 21))
SEASON: Final = TermRow(
    station=STATION,
    name="2026年秋季周末与2027年寒假",
    kind=TermKind.SEASON,
    first=AUTUMN.first,
    last=WINTER.last,
)
#: Two days before New Year's Eve of the lunar calendar, until the seventh day of the new year.
FESTIVAL: Final = (date(2027, 2, 3), date(2027, 2, 12))
#: The days on which nearly all counsellors are away: the shortage that the plan has to show.
SHORT_WEEKEND: Final = (date(2026, 12, 19), date(2026, 12, 20))


def hours() -> tuple[HoursRow, ...]:
    """Return when the station and its communities are open."""
    return tuple(HoursRow(station=name, opens=time(8, 30), closes=time(18)) for name in (STATION, *COMMUNITY_STATIONS))


def closures() -> tuple[ClosureRow, ...]:
    """Return the Spring Festival's closed days; the communities close with their station."""
    first, last = FESTIVAL
    return (ClosureRow(station=STATION, first=first, last=last, reason="春节"),)


def school_breaks() -> tuple[SchoolBreakRow, ...]:
    """Return the county's winter break, and that of one school, which ends earlier."""
    return (
        SchoolBreakRow(station=COUNTY, name="2027年寒假", first=WINTER.first, last=WINTER.last),
        SchoolBreakRow(station=STATION, school=MIDDLE, name="2027年寒假", first=WINTER.first, last=date(2027, 2, 19)),
    )
