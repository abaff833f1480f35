"""What the program brings to the demo: children who are visited through the season, and an afternoon for all."""

from datetime import date
from typing import Final
from uuid import UUID

from core.plugin_api import DemoActivity, DemoPart, DemoTown, activities_of, child_by_number
from sqlalchemy.orm import Session

from weibao_home_visits.activities import AFTERNOON, PROGRAM, VISIT
from weibao_home_visits.models import HomeVisitNeed, HomeVisitSeries

#: Titles of the series, with the files of the made-up children whom they visit.
_CHILDREN: Final = {"走访一": "C007", "走访二": "C031", "走访三": "C058", "走访四": "C102", "走访五": "C166"}
#: Late enough in the day, and close enough to one another, that somebody has to mind the dark and the way.
_TIMES: Final = ("09:00", "10:00", "14:00", "15:00", "16:30")
_DAYS_APART: Final = 21


def part(town: DemoTown) -> DemoPart:
    """Return a visit a month to five children, and two afternoons on which all meet."""
    season = (town.autumn.first, town.winter.last)
    # November's weekend, December, January and February.
    visits = [DemoActivity(VISIT.key, title, 4, 1, season, times=_TIMES) for title in _CHILDREN]
    afternoons = DemoActivity(
        AFTERNOON.key,
        "走访家庭下午茶",
        2,
        20,
        season,
        {"theme": "包饺子", "bring": ("围裙",)},
        groups=(town.families,),
        times=("14:00", "15:45"),
        rooms=town.homes,
    )

    def fill(session: Session, station_id: UUID) -> None:
        del station_id
        _note_needs(session, town.autumn.first)

    return DemoPart(activities=(*visits, afternoons), fill=fill)


def _note_needs(session: Session, since: date) -> None:
    """Note the children's needs, each with the series that serves it."""
    series = {activity.title: activity for activity in activities_of(session, PROGRAM.key)}
    for title, number in _CHILDREN.items():
        child = child_by_number(session, number, since)
        own = {"station_id": child.station_id}
        need = HomeVisitNeed(child_id=child.id, days_apart=_DAYS_APART, since=since, **own)
        session.add(need)
        session.flush()
        session.add(HomeVisitSeries(need_id=need.id, activity_id=UUID(series[title].id), **own))
    session.flush()
