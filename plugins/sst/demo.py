"""What the program brings to the demo: a season of its activities, and a questionnaire that has been begun."""

from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import DemoActivity, DemoPart, DemoRole, DemoTown, Zone, activities_of, children_of
from plugins.sst.activities import PROGRAM
from plugins.sst.curriculum import curricula
from plugins.sst.models import Answers, Occasion, Question

_COURSE: Final = "情绪小课堂"
_MODULES: Final = ("认识情绪", "生气了怎么办", "说出我的感受", "我的情绪小锦囊")
_WINTER_MODULES: Final = ("我的家人", "好好说话", "遇到困难时", "新学期的我")
_QUESTIONS: Final = (
    "我喜欢来小组。",
    "我能说出自己的心情。",
    "需要帮助时，我知道可以找谁。",
    "我和别的小朋友相处得好。",
    "遇到难事，我比以前更有办法。",
)


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break."""
    return DemoPart(
        activities=(*_companionship(town), *_circles(town), *_courses(town), *_winter(town)),
        fill=partial(_fill, town.autumn.first),
    )


def _companionship(town: DemoTown) -> tuple[DemoActivity, ...]:
    return (
        DemoActivity(
            "sst.companionship",
            "阳光周末",
            8,
            24,
            (town.autumn.first, town.autumn.last),
            {"theme": "一起做饭、一起游戏"},
            groups=town.young[:1],
            priority=3,
        ),
        DemoActivity(
            "sst.companionship",
            "视频家书",
            4,
            20,
            (town.autumn.first, town.autumn.last),
            {"theme": "给在外的爸爸妈妈写信", "video_call": True},
            groups=town.middle[:1],
            rooms=(town.computers,),
        ),
        DemoActivity(
            "sst.companionship",
            "亲子阅读",
            4,
            24,
            (town.autumn.first, town.autumn.last),
            {"theme": "共读一本书"},
            groups=(town.families,),
            times=("09:00", "14:00"),
        ),
        DemoActivity(
            "sst.companionship",
            "入户陪伴",
            6,
            3,
            (town.autumn.first, town.autumn.last),
            {"theme": "上门陪伴", "with_guardians": True},
            zones=(),
            roles=(DemoRole("companion", 1, 2), DemoRole("helper", 1, 1)),
            closed=True,
            max_per_day=2,
            priority=4,
        ),
    )


def _circles(town: DemoTown) -> tuple[DemoActivity, ...]:
    return (
        DemoActivity(
            "sst.comfort_circle",
            "知心小圈·一组",
            6,
            8,
            (town.autumn.first, town.autumn.last),
            {"theme": "认识情绪"},
            groups=town.circles[:1],
            ordered=True,
            priority=4,
        ),
        DemoActivity(
            "sst.comfort_circle",
            "知心小圈·二组",
            6,
            8,
            (town.autumn.first, town.autumn.last),
            {"theme": "我的朋友"},
            groups=town.circles[1:],
            ordered=True,
            priority=4,
        ),
    )


def _courses(town: DemoTown) -> tuple[DemoActivity, ...]:
    """Return courses in the reading room, which is quiet, and a make-up session; other rooms would be nearer."""
    return (
        DemoActivity(
            "sst.group_course",
            _COURSE,
            len(_MODULES),
            8,
            (town.autumn.first, town.autumn.last),
            {"modules": "/".join(_MODULES), "days_between": 5, "join_until": 2, "questionnaire": True},
            groups=town.circles[:1],
            zones=(Zone.ACTIVITY,),
            ordered=True,
            priority=4,
        ),
        DemoActivity(
            "sst.make_up",
            "情绪小课堂·补课",
            1,
            4,
            (town.autumn.first, town.autumn.last),
            {"course": _COURSE, "module": 2},
            groups=town.circles[:1],
            zones=(Zone.ACTIVITY,),
            priority=3,
        ),
        DemoActivity(
            "sst.group_course",
            "寒假成长小组",
            len(_WINTER_MODULES),
            8,
            (town.winter.first, town.winter.last),
            {"modules": "/".join(_WINTER_MODULES), "days_between": 3, "join_until": 1},
            groups=town.circles[1:],
            zones=(Zone.ACTIVITY,),
            ordered=True,
            priority=4,
        ),
    )


def _winter(town: DemoTown) -> tuple[DemoActivity, ...]:
    return (
        DemoActivity(
            "sst.companionship",
            "寒假陪伴营",
            10,
            24,
            (town.winter.first, town.winter.last),
            {"theme": "游戏、手工和午休"},
            groups=town.young[:1],
            priority=3,
        ),
        DemoActivity(
            "sst.companionship",
            "寒假入户陪伴",
            6,
            3,
            (town.winter.first, town.winter.last),
            {"theme": "上门陪伴", "with_guardians": True},
            zones=(),
            roles=(DemoRole("companion", 1, 2), DemoRole("helper", 1, 1)),
            closed=True,
            max_per_day=2,
            priority=4,
        ),
        DemoActivity(
            "sst.comfort_circle",
            "寒假知心小圈",
            5,
            8,
            (town.winter.first, town.winter.last),
            {"theme": "过年的心事"},
            groups=town.circles[:1],
            ordered=True,
            priority=4,
        ),
    )


def _fill(first: date, session: Session, station_id: UUID) -> None:
    """Word the station's questions, and answer them before the first session."""
    session.add_all(
        Question(station_id=station_id, number=number, wording=wording)
        for number, wording in enumerate(_QUESTIONS, start=1)
    )
    for course in curricula(activities_of(session, PROGRAM.key)):
        activity = UUID(course.activity.id)
        for place, child in enumerate(sorted(children_of(session, activity)) if course.questionnaire else ()):
            answers = Answers(
                station_id=station_id,
                activity_id=activity,
                child_id=child,
                occasion=Occasion.BEFORE,
                answered_on=first,
            )
            answers.scores = "".join(str(1 + (place + number) % 4) for number in range(len(_QUESTIONS)))
            session.add(answers)
