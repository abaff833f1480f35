"""What the program brings to the demo: a season of its activities, and rows of its own tables."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import ActivityLine, DemoActivity, DemoPart, DemoTown
from plugins.character_ed.models import Award, MixSetting, MonthlyVirtue

#: How far apart the classes of an age lie.
_FORTNIGHT: Final = timedelta(days=14)
_Answers = Mapping[str, str | int]
_WORKSHOP: Final = "character_ed.virtue_workshop"
_SERVICE_DAY: Final = "character_ed.service_day"
_OPEN_CLASS: Final = "character_ed.open_class"
_YOUNG: Final[_Answers] = MappingProxyType({"age_from": 6, "age_to": 8})
_MIDDLE: Final[_Answers] = MappingProxyType({"age_from": 9, "age_to": 11})
_OLD: Final[_Answers] = MappingProxyType({"age_from": 12, "age_to": 14})


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    activities = (
        *_autumn_workshops(town),
        *_autumn_service_days(town),
        *_classes_for_the_young(town),
        *_classes_for_the_middle(town),
        *_classes_for_the_old(town),
        *_winter(town),
        *_winter_classes(town),
        *_couplets(town),
    )
    return DemoPart(activities=activities, fill=_fill)


def _autumn_workshops(town: DemoTown) -> tuple[DemoActivity, ...]:
    dates = (town.autumn.first, town.autumn.last)
    return (
        DemoActivity(
            _WORKSHOP,
            "诚信工坊",
            3,
            28,
            dates,
            {"virtue": "诚信", "practice_days": 5},
            groups=town.middle[:1],
            ordered=True,
        ),
        DemoActivity(
            _WORKSHOP,
            "孝亲工坊",
            3,
            28,
            dates,
            {"virtue": "孝亲", "practice_days": 5},
            groups=town.middle[1:],
            ordered=True,
        ),
        DemoActivity(
            _WORKSHOP,
            "勤俭工坊",
            2,
            28,
            (town.autumn.first, town.autumn.first + 2 * _FORTNIGHT),
            {"virtue": "勤俭", "practice_days": 5},
            groups=town.young[1:],
        ),
    )


def _autumn_service_days(town: DemoTown) -> tuple[DemoActivity, ...]:
    dates = (town.autumn.first, town.autumn.last)
    return (
        DemoActivity(
            _SERVICE_DAY,
            "河滨清洁日",
            3,
            30,
            dates,
            {"task": "清洁河滨公园", "bring": "手套、水壶"},
            groups=town.old[:1],
            times=("09:00", "14:00"),
            rooms=(town.park,),
        ),
        DemoActivity(
            _SERVICE_DAY,
            "敬老服务日",
            3,
            20,
            dates,
            {"task": "为社区老人表演和读报"},
            groups=town.old[1:],
            times=("09:00", "14:00"),
            rooms=town.communities,
        ),
    )


def _classes_for_the_young(town: DemoTown) -> tuple[DemoActivity, ...]:
    """Return a class on each line but inclusion, which the page of the mix then names; one before Laba."""
    laba = {**_YOUNG, "festival": "laba", "days_before": 8}
    return (
        _a_class(town, 0, "小小观察员公开课", ActivityLine.LEARNING, town.young, _YOUNG),
        _a_class(town, 1, "情绪小怪兽公开课", ActivityLine.COMFORT, town.young, _YOUNG),
        _a_class(town, 2, "家人的一天公开课", ActivityLine.COMPANIONSHIP, town.young, _YOUNG),
        _a_class(town, None, "腊八粥公开课", ActivityLine.VIRTUES, town.young, laba),
    )


def _classes_for_the_middle(town: DemoTown) -> tuple[DemoActivity, ...]:
    return (
        _a_class(town, 0, "爸妈的工作公开课", ActivityLine.COMPANIONSHIP, town.middle, _MIDDLE),
        _a_class(town, 1, "我们的社区公开课", ActivityLine.INCLUSION, town.middle, _MIDDLE),
        _a_class(town, 2, "和烦恼做朋友公开课", ActivityLine.COMFORT, town.middle, _MIDDLE),
        _a_class(town, 3, "成语里的故事公开课", ActivityLine.LEARNING, town.middle, _MIDDLE),
    )


def _classes_for_the_old(town: DemoTown) -> tuple[DemoActivity, ...]:
    new_year = {**_OLD, "festival": "new_year", "days_before": 14}
    return (
        _a_class(town, 0, "家乡历史公开课", ActivityLine.LEARNING, town.old, _OLD),
        _a_class(town, 1, "考试与心情公开课", ActivityLine.COMFORT, town.old, _OLD),
        _a_class(town, None, "新年心愿公开课", ActivityLine.VIRTUES, town.old, new_year),
        _a_class(town, 3, "给家人写信公开课", ActivityLine.COMPANIONSHIP, town.old, _OLD),
    )


def _a_class(
    town: DemoTown,
    fortnight: int | None,
    title: str,
    line: ActivityLine,
    groups: tuple[str, ...],
    settings: _Answers,
) -> DemoActivity:
    """Return a class in a fortnight of the autumn, counted from 0, or whenever its festival has it."""
    first, last = town.autumn.first, town.autumn.last
    if fortnight is not None:
        first += fortnight * _FORTNIGHT
        last = min(last, first + _FORTNIGHT - timedelta(days=1))
    return DemoActivity(_OPEN_CLASS, title, 1, 28, (first, last), settings, groups=groups, line=line)


def _winter(town: DemoTown) -> tuple[DemoActivity, ...]:
    dates = (town.winter.first, town.winter.last)
    return (
        DemoActivity(
            _WORKSHOP,
            "年俗工坊",
            2,
            28,
            dates,
            {"virtue": "礼敬", "practice_days": 2},
            groups=town.middle[:1],
            weekdays=(1, 5),
            ordered=True,
        ),
        DemoActivity(_WORKSHOP, "感恩工坊", 2, 28, dates, {"virtue": "感恩"}, groups=town.old[:1]),
        DemoActivity(
            _SERVICE_DAY,
            "暖冬服务日",
            2,
            20,
            dates,
            {"task": "陪社区老人贴春联、包饺子"},
            groups=town.old[1:],
            times=("09:00", "14:00"),
            rooms=town.communities,
        ),
    )


def _winter_classes(town: DemoTown) -> tuple[DemoActivity, ...]:
    """Return classes that lie between the winter's workshops and days of service."""
    dates = (town.winter.first, town.winter.last)
    return (
        DemoActivity(_OPEN_CLASS, "寒假读书公开课", 2, 28, dates, _OLD, groups=town.old, line=ActivityLine.LEARNING),
        DemoActivity(
            _OPEN_CLASS, "守岁的故事公开课", 1, 28, dates, _OLD, groups=town.old, line=ActivityLine.COMPANIONSHIP
        ),
    )


def _couplets(town: DemoTown) -> tuple[DemoActivity, ...]:
    """Return one class, before the Spring Festival, that two communities hold: a child takes part at one of them."""
    settings: _Answers = {**_MIDDLE, "course": "写春联", "festival": "spring_festival", "days_before": 10}
    return tuple(
        DemoActivity(
            _OPEN_CLASS,
            f"写春联公开课·{room.partition('社区')[0]}社区",
            1,
            24,
            (town.autumn.first, town.winter.last),
            settings,
            groups=(group,),
            rooms=(room,),
            line=ActivityLine.INCLUSION,
        )
        for room, group in zip(town.communities, town.middle, strict=False)
    )


def _fill(session: Session, station_id: UUID) -> None:
    """Write the virtues of the season, the mix that the station asks for, and its awards."""
    virtues = (
        (2026, 11, "诚信", "说到做到，做错了就承认。"),
        (2026, 12, "孝亲", "记得家人的辛苦，每天为家里做一件小事。"),
        (2027, 1, "勤俭", "自己的事情自己做，不浪费一粒米。"),
        (2027, 2, "礼敬", "见面问好，长辈先请。"),
    )
    for year, month, name, explanation in virtues:
        session.add(MonthlyVirtue(station_id=station_id, year=year, month=month, name=name, explanation=explanation))
    for least_days, times in ((0, 1), (120, 2)):
        session.add(MixSetting(station_id=station_id, least_days=least_days, times_per_line=times, alternate=True))
    for name, stamps, lines in (("品格小苗", 3, 1), ("品格之星", 6, 3), ("五线全能奖", 10, 5)):
        session.add(Award(station_id=station_id, name=name, stamps=stamps, lines=lines))
