"""What the program brings to the demo: a season of its activities, and the station's ratios for child care.

Talks in the winter break may begin on working days, and need the rule about parents' hours. Child care needs more
adults than the two without whom no session is held, and courses and talks need their relations.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import DemoActivity, DemoPart, DemoRole, DemoTown, Feature
from plugins.parent_school.models import CareRatio
from plugins.parent_school.ratios import USUAL

_AT_TALKS = ("09:00", "14:00", "16:00")
_BY_APPOINTMENT = ("09:00", "10:00", "11:00", "14:00", "15:00", "16:00")
_MANY_CARERS = (DemoRole("carer", 1, 2), DemoRole("assistant", 1, 2))


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    return DemoPart(activities=(*_autumn(town), *_winter(town)), fill=fill)


def fill(session: Session, station_id: UUID) -> None:
    """Enter the ratios by which the station looks after children."""
    for ratio in USUAL:
        session.add(
            CareRatio(
                station_id=station_id,
                up_to_age=ratio.up_to_age,
                children_per_adult=ratio.children_per_adult,
                source=ratio.source,
            )
        )


def _autumn(town: DemoTown) -> Iterator[DemoActivity]:
    dates = (town.autumn.first, town.autumn.last)
    yield DemoActivity(
        "parent_school.lecture",
        "家长讲堂",
        4,
        40,
        dates,
        {"topic": "怎样听孩子说话", "alongside": "讲堂托管", "care_required": True},
        times=_AT_TALKS,
        features=(Feature.PROJECTOR,),
    )
    yield _care("讲堂托管", 4, dates)
    yield DemoActivity(
        "parent_school.course",
        "正面管教课程",
        4,
        20,
        dates,
        {"topic": "和善而坚定", "alongside": "亲子阅读", "days_between": 7},
        times=_AT_TALKS,
        ordered=True,
    )
    yield _advice("家庭辅导", 10, dates, "parenting")
    yield DemoActivity(
        "parent_school.counselling",
        "年末家庭辅导专场",
        4,
        3,
        (town.away.first, town.away.last),
        {"field": "feelings"},
        max_per_day=2,
        priority=4,
    )


def _winter(town: DemoTown) -> Iterator[DemoActivity]:
    dates = (town.winter.first, town.winter.last)
    yield DemoActivity(
        "parent_school.lecture",
        "寒假家长讲堂",
        3,
        40,
        dates,
        {"topic": "假期里的手机", "alongside": "寒假讲堂托管", "care_required": True},
        times=_AT_TALKS,
        features=(Feature.PROJECTOR,),
    )
    yield _care("寒假讲堂托管", 3, dates)
    yield _advice("寒假家庭辅导", 6, dates, "learning")


def _care(title: str, sessions: int, dates: tuple[date, date]) -> DemoActivity:
    """Return child care for 28 children from 5 on: by the usual ratio, four adults."""
    return DemoActivity(
        "parent_school.care",
        title,
        sessions,
        28,
        dates,
        {"youngest": 5, "oldest": 12},
        times=_AT_TALKS,
        roles=_MANY_CARERS,
        priority=3,
    )


def _advice(title: str, sessions: int, dates: tuple[date, date], field: str) -> DemoActivity:
    return DemoActivity(
        "parent_school.counselling",
        title,
        sessions,
        3,
        dates,
        {"field": field},
        times=_BY_APPOINTMENT,
        max_per_day=4,
        priority=4,
    )
