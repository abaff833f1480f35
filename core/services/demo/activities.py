"""The demo's thirty activities: four programs, two terms, one shortage."""

import random
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from core.domain.calendar.span import Span
from core.domain.vocabulary import Feature, Skill, VolunteerKind, Zone
from core.services.demo.children import CIRCLES, FAMILIES
from core.services.demo.days import AUTUMN, SEASON, SHORT_WEEKEND, WINTER
from core.services.demo.places import COMMUNITY_STATIONS, MIDDLE, PRIMARY, committee
from core.services.workbook.content import ActivityRow, LikeRow, RoleRow, VolunteerRow

#: The kinds of activities that the four programs offer, as the workbook's list shows them.
ACTIVITY_TYPES: Final = {
    "sst.companionship": "亲情陪伴",
    "sst.comfort_circle": "知心小圈",
    "character_ed.virtue_workshop": "美德工坊",
    "character_ed.service_day": "服务日",
    "school_link.homework_room": "作业辅导室",
    "school_link.open_campus": "校园开放日",
    "parent_school.lecture": "家长讲堂",
    "parent_school.counselling": "家庭辅导",
}
#: What can't be staffed: it has to be on the weekend on which the counsellors are away.
SHORT_ACTIVITY: Final = "年末家庭辅导专场"
_ALL_DAY: Final = ("09:00", "10:45", "14:00", "15:45")
_YOUNG: Final = ("低年级一组", "低年级二组")
_MIDDLE: Final = ("中年级一组", "中年级二组")
_OLD: Final = ("高年级一组", "高年级二组")


def _role(role: str, skill: Skill | None, required: int, wanted: int, *, continuity: bool = False) -> RoleRow:
    return RoleRow(activity="", role=role, skill=skill, required=required, wanted=wanted, continuity=continuity)


@dataclass(frozen=True)
class _Kind:
    """What all activities of a type have alike: minutes, zones, who serves, whether the public hears of it."""

    type_key: str
    duration: int
    zones: tuple[Zone, ...]
    roles: tuple[RoleRow, ...]
    closed: bool = False
    features: tuple[Feature, ...] = field(default=())


_COMPANY = _Kind(
    "sst.companionship",
    90,
    (Zone.ACTIVITY, Zone.OUTDOOR),
    (_role("陪伴员", Skill.CHILDCARE, 2, 3), _role("助手", None, 0, 1)),
)
_HOME_VISIT = _Kind(
    "sst.companionship", 90, (), (_role("陪伴员", Skill.CHILDCARE, 1, 2), _role("同行人", None, 1, 1)), closed=True
)
_CIRCLE = _Kind(
    "sst.comfort_circle",
    60,
    (Zone.PRIVATE,),
    (
        _role("心理辅导员", Skill.COUNSELLING, 1, 1, continuity=True),
        _role("陪伴员", Skill.CHILDCARE, 1, 2, continuity=True),
    ),
    closed=True,
)
_WORKSHOP = _Kind(
    "character_ed.virtue_workshop",
    90,
    (Zone.ACTIVITY,),
    (_role("工坊老师", Skill.TEACHING, 1, 1), _role("助手", None, 1, 2)),
)
_SERVICE = _Kind(
    "character_ed.service_day",
    150,
    (Zone.OUTDOOR, Zone.ACTIVITY),
    (_role("带队人", Skill.CHILDCARE, 2, 3), _role("急救员", Skill.FIRST_AID, 0, 1)),
)
_HOMEWORK = _Kind(
    "school_link.homework_room",
    120,
    (Zone.ACTIVITY,),
    (_role("辅导老师", Skill.TEACHING, 1, 2, continuity=True), _role("看护员", Skill.CHILDCARE, 1, 1)),
)
_CAMPUS = _Kind(
    "school_link.open_campus",
    120,
    (Zone.ACTIVITY, Zone.OUTDOOR),
    (_role("向导", Skill.TEACHING, 1, 2), _role("看护员", Skill.CHILDCARE, 1, 2)),
)
_LECTURE = _Kind(
    "parent_school.lecture",
    90,
    (Zone.ACTIVITY,),
    (_role("主讲人", Skill.TEACHING, 1, 1), _role("主持人", None, 1, 2)),
    features=(Feature.PROJECTOR,),
)
_COUNSELLING = _Kind(
    "parent_school.counselling",
    60,
    (Zone.PRIVATE,),
    (_role("心理辅导员", Skill.COUNSELLING, 1, 1, continuity=True), _role("陪同成人", None, 1, 1)),
    closed=True,
)


def _rooms(venue: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{venue}/{name}" for name in names)


_PRIMARY_ROOMS: Final = _rooms(PRIMARY, "一〇一教室", "一〇二教室")
_COMMUNITY_ROOMS: Final = tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "社区活动室"))
_CHILDRENS_HOMES: Final = tuple(room for name in COMMUNITY_STATIONS for room in _rooms(committee(name), "儿童之家"))


@dataclass(frozen=True)
class _Series:
    """One activity: its kind, title, number of sessions and children, and whatever is its own."""

    kind: _Kind
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
    _Series(_COMPANY, "阳光周末", 8, 24, {"theme": "一起做饭、一起游戏"}, ("低年级一组",), priority=3),
    _Series(
        _COMPANY,
        "视频家书",
        4,
        20,
        {"theme": "给在外的爸爸妈妈写信", "video_call": True},
        ("中年级一组",),
        rooms=_rooms("青阳街道文体中心", "科学电脑室"),
    ),
    _Series(_COMPANY, "亲子阅读", 4, 24, {"theme": "共读一本书"}, (FAMILIES,), times=("09:00", "14:00")),
    _Series(_HOME_VISIT, "入户陪伴", 6, 3, {"theme": "上门陪伴", "with_guardians": True}, max_per_day=2, priority=4),
    _Series(_CIRCLE, "知心小圈·一组", 6, 8, {"theme": "认识情绪"}, CIRCLES[:1], ordered=True, priority=4),
    _Series(_CIRCLE, "知心小圈·二组", 6, 8, {"theme": "我的朋友"}, CIRCLES[1:], ordered=True, priority=4),
    _Series(_WORKSHOP, "诚信工坊", 5, 28, {"virtue": "诚信", "practice_days": 5}, ("中年级一组",), ordered=True),
    _Series(_WORKSHOP, "孝亲工坊", 5, 28, {"virtue": "孝亲", "practice_days": 5}, ("中年级二组",), ordered=True),
    _Series(_WORKSHOP, "勤俭工坊", 4, 28, {"virtue": "勤俭", "practice_days": 5}, ("低年级二组",)),
    _Series(
        _SERVICE,
        "河滨清洁日",
        3,
        30,
        {"task": "清洁河滨公园", "bring": "手套、水壶"},
        ("高年级一组",),
        times=("09:00", "14:00"),
        rooms=("虚构河滨公园/草坪",),
    ),
    _Series(
        _SERVICE,
        "敬老服务日",
        3,
        20,
        {"task": "为社区老人表演和读报"},
        ("高年级二组",),
        times=("09:00", "14:00"),
        rooms=_COMMUNITY_ROOMS,
    ),
    _Series(
        _CAMPUS,
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
        _CAMPUS,
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
        _HOMEWORK,
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
        _HOMEWORK,
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
        _HOMEWORK,
        "作业辅导·社区班",
        6,
        20,
        {"school": MIDDLE, "subjects": "英语、物理"},
        ("高年级二组",),
        ("09:00", "14:00"),
        rooms=_CHILDRENS_HOMES,
        priority=3,
    ),
    _Series(
        _LECTURE, "家长讲堂", 4, 40, {"topic": "怎样听孩子说话", "alongside": "亲子阅读"}, times=("09:00", "14:00")
    ),
    _Series(_COUNSELLING, "家庭辅导", 10, 3, {"field": "parenting"}, max_per_day=2, priority=4),
    _Series(_COUNSELLING, SHORT_ACTIVITY, 4, 3, {"field": "feelings"}, dates=SHORT_WEEKEND, max_per_day=2, priority=4),
)
_BREAK: Final = (
    _Series(_COMPANY, "寒假陪伴营", 10, 24, {"theme": "游戏、手工和午休"}, ("低年级一组",), priority=3),
    _Series(
        _HOME_VISIT, "寒假入户陪伴", 6, 3, {"theme": "上门陪伴", "with_guardians": True}, max_per_day=2, priority=4
    ),
    _Series(_CIRCLE, "寒假知心小圈", 5, 8, {"theme": "过年的心事"}, CIRCLES[:1], ordered=True, priority=4),
    _Series(_WORKSHOP, "年俗工坊", 4, 28, {"virtue": "礼敬", "practice_days": 2}, ("中年级一组",), ordered=True),
    _Series(_WORKSHOP, "感恩工坊", 4, 28, {"virtue": "感恩"}, ("高年级一组",)),
    _Series(
        _SERVICE,
        "暖冬服务日",
        3,
        20,
        {"task": "陪社区老人贴春联、包饺子"},
        ("高年级二组",),
        times=("09:00", "14:00"),
        rooms=_COMMUNITY_ROOMS,
    ),
    _Series(
        _CAMPUS,
        "寒假校园体验",
        1,
        60,
        {"school": PRIMARY, "meeting_point": "校门口"},
        times=("09:00", "14:00"),
        dates=(WINTER.first, date(2027, 1, 26)),
        rooms=_rooms(PRIMARY, "操场"),
        priority=5,
    ),
    _Series(
        _HOMEWORK,
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
        _HOMEWORK,
        "寒假作业·下午班",
        12,
        36,
        {"school": PRIMARY, "subjects": "语文、数学、英语"},
        ("中年级二组",),
        ("14:00",),
        rooms=_PRIMARY_ROOMS,
        priority=3,
    ),
    _Series(_LECTURE, "寒假家长讲堂", 3, 40, {"topic": "假期里的手机"}, times=("09:00", "14:00")),
    _Series(_COUNSELLING, "寒假家庭辅导", 6, 3, {"field": "learning", "families": 1}, max_per_day=2, priority=4),
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
