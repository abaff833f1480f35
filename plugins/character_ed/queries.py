"""What is asked of the program's own tables."""

from datetime import date

from sqlalchemy import Select, select

from core.plugin_api import TermOutline
from plugins.character_ed.models import Award, MixSetting, MonthlyVirtue


def virtues_of_the_month(day: date) -> Select[MonthlyVirtue]:
    """Return the query for the virtues of the month in which the day lies: one for each station within reach."""
    return (
        select(MonthlyVirtue)
        .where(MonthlyVirtue.year == day.year, MonthlyVirtue.month == day.month)
        .order_by(MonthlyVirtue.name)
    )


def settings_for(term: TermOutline) -> Select[MixSetting]:
    """Return the query for what the term's station asks for in terms as long as this one, the most fitting first."""
    days = (term.last - term.first).days + 1
    return (
        select(MixSetting)
        .where(MixSetting.station_id == term.station_id, MixSetting.least_days <= days)
        .order_by(MixSetting.least_days.desc())
    )


def awards() -> Select[Award]:
    """Return the query for the awards within reach, the easiest first."""
    return select(Award).order_by(Award.stamps, Award.lines, Award.name, Award.id)
