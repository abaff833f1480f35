"""What a report says of home visits: how many were due and made each month, where that speaks of nobody."""

from typing import Final

from core.plugin_api import FEWEST_CHILDREN, Message, Period, ReportSection, ReportTable
from sqlalchemy.orm import Session

from weibao_home_visits.due import due_in, tally
from weibao_home_visits.months import months_between


def _count(session: Session, period: Period) -> ReportTable:
    rows = []
    for month in months_between(period.first, period.last):
        found = tally(due_in(session, month))
        rows.append((str(month), figure(found.due), figure_of_part(found.done, found.due)))
    return ReportTable((Message("Month"), Message("Visits due"), Message("Visits made")), rows)


def figure(children: int) -> int | None:
    """Return a number of children, None where it would speak of somebody; that there are none, everybody may know."""
    return None if 0 < children < FEWEST_CHILDREN else children


def figure_of_part(part: int, whole: int) -> int | None:
    """Return a part of a number of children, None where it, or what is left, would speak of somebody."""
    return None if figure(whole) is None or figure(whole - part) is None else figure(part)


VISITS: Final = ReportSection("home_visits_visits", Message("Home visits"), _count)
