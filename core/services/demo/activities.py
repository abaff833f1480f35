"""The demo's thirty activities: four programs, two terms, one shortage."""

import random
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from core.domain.calendar.span import Span
from core.domain.vocabulary import VolunteerKind
from core.services.demo.children import CIRCLES, FAMILIES
from core.services.demo.days import AUTUMN, SEASON, SHORT_WEEKEND, WINTER
from core.services.demo.kinds import (
    CAMPUS,
    CIRCLE,
    COMPANY,
    COUNSELLING,
    HOME_VISIT,
    HOMEWORK,
    LECTURE,
    SERVICE,
    WORKSHOP,
    Kind,
)
from core.services.demo.places import COMMUNITY_STATIONS, MIDDLE, PRIMARY, committee
from core.services.workbook.content import ActivityRow, LikeRow, RoleRow, VolunteerRow

#: What can't be staffed: it has to be on the weekend on which the counsellors are away.
SHORT_ACTIVITY: Final = "年末家庭辅导专场"
_ALL_DAY: Final = ("09:00", "10:45", "14:00", "15:45")
_YOUNG: Final = ("低年级一组", "低年级二组")
_MIDDLE: Final = ("中年级一组", "中年级二组")
_OLD: Final = ("高年级一组", "高年级二组")


def _rooms(venue: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{venue}/{name}" for name in names)


_PRIMARY_ROOMS: Final = _rooms(PRIMARY, "一〇一教室", "一〇二教室")
_COMMUNITY_ROOMS: Final = tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "社区活动室"))
_CHILDRENS_HOMES: Final = tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "儿童之家"))


@dataclass(frozen=True)
class _Series:
    """One activity: its kind, title, number of sessions and children, and whatever is its own."""

    kind: Kind
    title: str
    sessions: int
    size: int
    settings: dict[str, str | int | bool]
    groups: tuple[str, ...] = ()
    times: tuple[str, ...] = _ALL_DAY
    weekdays: tuple[int, ...] = ()
    dates: tuple[date, date] | None = None
    rooms: tuple[str, ...] = ()
    max_per_day: int = 1
    ordered: bool = False
    priority: int = 2


_AUTUMN: Final = (
    _Series(COMPANY, "阳光周末", 8, 24, {"theme": "一起做饭、一起游戏"}, ("低年级一组",), priority=3),
    _Series(
        COMPANY,
        "视频家书",
        4,
        20,
        {"theme": "给在外的爸爸妈妈写信", "video_call": True},
        ("中年级一组",),
        rooms=_rooms("青阳街道文体中心", "科学电脑室"),
    ),
    _Series(COMPANY, "亲子阅读", 4, 24, {"theme": "共读一本书"}, (FAMILIES,), times=("09:00", "14:00")),
    _Series(HOME_VISIT, "入户陪伴", 6, 3, {"theme": "上门陪伴", "with_guardians": True}, max_per_day=2, priority=4),
    _Series(CIRCLE, "知心小圈·一组", 6, 8, {"theme": "认识情绪"}, CIRCLES[:1], ordered=True, priority=4),
    _Series(CIRCLE, "知心小圈·二组", 6, 8, {"theme": "我的朋友"}, CIRCLES[1:], ordered=True, priority=4),
    _Series(WORKSHOP, "诚信工坊", 5, 28, {"virtue": "诚信", "practice_days": 5}, ("中年级一组",), ordered=True),
    _Series(
        WORKSHOP,
        "孝亲工坊",
        5,
        28,
        {"virtue": "孝亲", "practice_days": 5},
        ("中年级二组",),
        ordered=True,
        weekdays=(5,),
    ),
    _Series(WORKSHOP, "勤俭工坊", 4, 28, {"virtue": "勤俭", "practice_days": 5}, ("低年级二组",), weekdays=(6,)),
    _Series(
        SERVICE,
        "河滨清洁日",
        3,
        30,
        {"task": "清洁河滨公园", "bring": "手套、水壶"},
        ("高年级一组",),
        times=("09:00", "14:00"),
        rooms=("虚构河滨公园/草坪",),
    ),
    _Series(
        SERVICE,
        "敬老服务日",
        3,
        20,
        {"task": "为社区老人表演和读报"},
        ("高年级二组",),
        times=("09:00", "14:00"),
        rooms=_COMMUNITY_ROOMS,
    ),
    _Series(
        CAMPUS,
        "校园开放日·实验小学",
        1,
        60,
        {"school": PRIMARY, "meeting_point": "校门口"},
        times=("09:00", "14:00"),
        dates=(AUTUMN.first, date(2026, 11, 29)),
        rooms=_rooms(PRIMARY, "操场"),
        priority=5,
    ),
    _Series(
        CAMPUS,
        "校园开放日·第二中学",
        2,
        60,
        {"school": MIDDLE, "meeting_point": "校门口"},
        times=("09:00", "14:00"),
        dates=(AUTUMN.first, date(2026, 12, 6)),
        rooms=_rooms(MIDDLE, "操场"),
        priority=5,
    ),
    _Series(
        HOMEWORK,
        "作业辅导·周六班",
        7,
        36,
        {"school": PRIMARY, "subjects": "语文、数学"},
        ("低年级二组",),
        ("09:00", "14:00"),
        (5,),
        rooms=_PRIMARY_ROOMS,
        priority=3,
    ),
    _Series(
        HOMEWORK,
        "作业辅导·周日班",
        7,
        36,
        {"school": PRIMARY, "subjects": "语文、数学、英语"},
        ("中年级二组",),
        ("09:00", "14:00"),
        (6,),
        rooms=_PRIMARY_ROOMS,
        priority=3,
    ),
    _Series(
        HOMEWORK,
        "作业辅导·社区班",
        6,
        20,
        {"school": MIDDLE, "subjects": "英语、物理"},
        ("高年级二组",),
        ("09:00", "14:00"),
        rooms=_CHILDRENS_HOMES,
        priority=3,
    ),
    _Series(LECTURE, "家长讲堂", 4, 40, {"topic": "怎样听孩子说话", "alongside": "亲子阅读"}, times=("09:00", "14:00")),
    _Series(COUNSELLING, "家庭辅导", 10, 3, {"field": "parenting"}, max_per_day=2, priority=4),
    _Series(COUNSELLING, SHORT_ACTIVITY, 4, 3, {"field": "feelings"}, dates=SHORT_WEEKEND, max_per_day=2, priority=4),
)
_BREAK: Final = (
    _Series(COMPANY, "寒假陪伴营", 10, 24, {"theme": "游戏、手工和午休"}, ("低年级一组",), priority=3),
    _Series(HOME_VISIT, "寒假入户陪伴", 6, 3, {"theme": "上门陪伴", "with_guardians": True}, max_per_day=2, priority=4),
    _Series(CIRCLE, "寒假知心小圈", 5, 8, {"theme": "过年的心事"}, CIRCLES[:1], ordered=True, priority=4),
    _Series(
        WORKSHOP,
        "年俗工坊",
        4,
        28,
        {"virtue": "礼敬", "practice_days": 2},
        ("中年级一组",),
        ordered=True,
        weekdays=(1, 5),
    ),
    _Series(WORKSHOP, "感恩工坊", 4, 28, {"virtue": "感恩"}, ("高年级一组",)),
    _Series(
        SERVICE,
        "暖冬服务日",
        3,
        20,
        {"task": "陪社区老人贴春联、包饺子"},
        ("高年级二组",),
        times=("09:00", "14:00"),
        rooms=_COMMUNITY_ROOMS,
    ),
    _Series(
        CAMPUS,
        "寒假校园体验",
        1,
        60,
        {"school": PRIMARY, "meeting_point": "校门口", "welcome_first": False},
        times=("09:00", "14:00"),
        dates=(WINTER.first, date(2027, 1, 26)),
        rooms=_rooms(PRIMARY, "操场"),
        priority=5,
    ),
    _Series(
        HOMEWORK,
        "寒假作业·上午班",
        12,
        36,
        {"school": PRIMARY, "subjects": "语文、数学"},
        ("低年级二组",),
        ("09:00",),
        rooms=_PRIMARY_ROOMS,
        priority=3,
    ),
    _Series(
        HOMEWORK,
        "寒假作业·下午班",
        12,
        36,
        {"school": PRIMARY, "subjects": "语文、数学、英语"},
        ("中年级二组",),
        ("14:00",),
        rooms=_PRIMARY_ROOMS,
        priority=3,
    ),
    _Series(LECTURE, "寒假家长讲堂", 3, 40, {"topic": "假期里的手机"}, times=("09:00", "14:00")),
    _Series(COUNSELLING, "寒假家庭辅导", 6, 3, {"field": "learning", "families": 1}, max_per_day=2, priority=4),
)


def activities() -> tuple[ActivityRow, ...]:
    """Return the activities of the season: those of the autumn's weekends, and those of the winter break."""
    return tuple(_activity(part, series) for part, found in ((AUTUMN, _AUTUMN), (WINTER, _BREAK)) for series in found)


def roles() -> tuple[RoleRow, ...]:
    """Return the roles of all activities."""
    return tuple(replace(role, activity=series.title) for series in (*_AUTUMN, *_BREAK) for role in series.kind.roles)


def likes(rng: random.Random, people: tuple[VolunteerRow, ...]) -> tuple[LikeRow, ...]:
    """Return what a third of the volunteers, counsellors aside, like and would rather not do."""
    titles = [series.title for series in (*_AUTUMN, *_BREAK) if not series.kind.closed]
    willing = [person for person in people if person.kind is not VolunteerKind.PSYCHOLOGIST and rng.random() < 1 / 3]
    return tuple(
        LikeRow(volunteer=person.number, activity=rng.choice(titles), liking=rng.choice((-2, 1, 2, 3)))
        for person in willing
    )


def _activity(part: Span, series: _Series) -> ActivityRow:
    first, last = series.dates or (part.first, part.last)
    return ActivityRow(
        term=SEASON.name,
        title=series.title,
        type_key=series.kind.type_key,
        session_count=series.sessions,
        duration=series.kind.duration,
        size=series.size,
        times=series.times,
        weekdays=series.weekdays,
        first=first,
        last=last,
        zones=series.kind.zones,
        features=series.kind.features,
        rooms=series.rooms,
        groups=series.groups,
        ordered=series.ordered,
        max_per_day=series.max_per_day,
        min_days=min(series.sessions, 4),
        priority=series.priority,
        closed=series.kind.closed,
        settings=tuple(series.settings.items()),
    )
