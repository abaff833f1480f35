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
        rows.append((str(month), _told(found.due), _told_of(found.done, found.due)))
    return ReportTable((Message("Month"), Message("Visits due"), Message("Visits made")), rows)


def _told(children: int) -> int | None:
    """Return a number of children, None where it would speak of somebody; that there are none, everybody may know."""
    return None if 0 < children < FEWEST_CHILDREN else children


def _told_of(made: int, due: int) -> int | None:
    """Return how many visits were made, None where they, or those that weren't, are so few that they are somebody."""
    return None if _told(due) is None or _told(due - made) is None else _told(made)


VISITS: Final = ReportSection("home_visits_visits", Message("Home visits"), _count)
