"""What the program's rules and preference are told of a term: how each series is to be planned, and nothing of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core.plugin_api import ActivityOutline, Contribution, Problem, day_of
from sqlalchemy.orm import Session

from weibao_home_visits import queries
from weibao_home_visits.activities import HOME_BY, PROGRAM, VISIT, WAY
from weibao_home_visits.models import DAYS_APART

_MINUTES_A_DAY: Final = 24 * 60
_FIRST_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Series:
    """How one series is to be planned: days from visit to visit, and minutes after midnight by which one is over."""

    days_apart: int
    home_by: int


def contribution(activities: Sequence[ActivityOutline], session: Session) -> Contribution:
    """Return the extension for a term's series of visits; the session is asked only where there are any."""
    own = [activity for activity in activities if activity.type_key == VISIT.key]
    if not own:
        return Contribution(PROGRAM.key)
    needs = {
        str(row.activity_id): row.need.days_apart
        for row in session.scalars(queries.series_of([activity.id for activity in own]))
    }
    extension = {
        "series": {activity.id: _told(activity.settings, needs.get(activity.id, DAYS_APART)) for activity in own},
        "way": max(int(activity.settings.get(WAY.key, WAY.default)) for activity in own),
    }
    return Contribution(PROGRAM.key, extension=extension)


def series_in(problem: Problem) -> Mapping[str, Series]:
    """Return how each series of the problem is to be planned; MalformedProblemError names what can't be read."""
    found = problem.extension(PROGRAM.key).get("series")
    if found is None:
        return {}
    return {
        activity: Series(node["days_apart"].whole(1, 28), node["home_by"].whole(0, _MINUTES_A_DAY))
        for activity, node in found.members()
    }


def way_in(problem: Problem) -> int:
    """Return how many minutes a visitor has from one home to the next."""
    found = problem.extension(PROGRAM.key).get("way")
    return 0 if found is None else found.whole(0, _MINUTES_A_DAY)


def date_of(moment: int) -> date:
    """Return the date of a moment of the planner."""
    return _FIRST_DAY + timedelta(days=day_of(moment))


def is_behind(problem: Problem, moment: int) -> bool:
    """Tell whether a moment lies in the part of a published plan that nobody changes any more."""
    return problem.frozen_before is not None and moment < problem.frozen_before


def _told(settings: Mapping[str, Any], days_apart: int) -> Mapping[str, int]:
    return {"days_apart": days_apart, "home_by": 60 * int(settings.get(HOME_BY.key, HOME_BY.default))}
