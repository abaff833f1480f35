"""What is asked of the program's own table."""

from datetime import date

from sqlalchemy import Select, select

from plugins.character_ed.models import MonthlyVirtue


def virtues_of_the_month(day: date) -> Select[MonthlyVirtue]:
    """Return the query for the virtues of the month in which the day lies: one for each station within reach."""
    return (
        select(MonthlyVirtue)
        .where(MonthlyVirtue.year == day.year, MonthlyVirtue.month == day.month)
        .order_by(MonthlyVirtue.name)
    )
