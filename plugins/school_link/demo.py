"""What the program brings to the demo: a season of its activities, and two partner schools."""

from collections.abc import Iterator
from datetime import date, time
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import (
    DemoActivity,
    DemoPart,
    DemoTown,
    VenueKind,
    activities_of,
    terms_ahead,
    venues_offered,
    volunteers_offered,
)
from plugins.school_link.activities import PROGRAM
from plugins.school_link.eligibility import is_for_classes
from plugins.school_link.models import DayKind, School, SchoolAgreement, SchoolClass, SchoolDay, SchoolTeacher
from plugins.school_link.naming import school_of, venue_names

_TEACHERS_EACH: Final = 5
#: The days of each school, in the order of the town's schools.
_DAYS: Final = (
    (
        (date(2026, 12, 12), date(2026, 12, 13), DayKind.CLOSED, "校舍检修"),
        (date(2027, 1, 16), date(2027, 1, 17), DayKind.EXAM, "期末考试"),
        (date(2027, 2, 3), date(2027, 2, 14), DayKind.CLOSED, "春节闭校"),
        (date(2027, 2, 13), date(2027, 2, 14), DayKind.OPEN, "值班开放"),
    ),
    (
        (date(2027, 1, 9), date(2027, 1, 10), DayKind.EXAM, "期末考试"),
        (date(2026, 12, 26), date(2026, 12, 26), DayKind.LESSONS, "补课"),
    ),
)


def part(town: DemoTown) -> DemoPart:
    """Return the program's activities in the autumn and in the winter break, and what fills its tables."""
    return DemoPart((*_open_days(town), *_homework(town), *_with_teachers(town)), fill)


def _open_days(town: DemoTown) -> Iterator[DemoActivity]:
    primary, middle = town.schools
    days: tuple[tuple[str, int, tuple[date, date], str, dict[str, bool]], ...] = (
        ("校园开放日·实验小学", 1, (town.autumn.first, date(2026, 11, 29)), primary, {}),
        ("校园开放日·第二中学", 2, (town.autumn.first, date(2026, 12, 6)), middle, {}),
        ("寒假校园体验", 1, (town.winter.first, date(2027, 1, 26)), primary, {"welcome_first": False}),
    )
    for title, sessions, dates, school, more in days:
        yield DemoActivity(
            "school_link.open_campus",
            title,
            sessions,
            60,
            dates,
            {"school": school, "meeting_point": "校门口", **more},
            times=("09:00", "14:00"),
            rooms=(town.fields[school],),
            priority=5,
        )


def _homework(town: DemoTown) -> Iterator[DemoActivity]:
    primary, middle = town.schools
    autumn, winter = (town.autumn.first, town.autumn.last), (town.winter.first, town.winter.last)
    young, older, rooms = town.young[1:], town.middle[1:], town.schools[primary]
    both = ("09:00", "14:00")
    series = (
        ("作业辅导·周六班", 6, 36, autumn, primary, "语文、数学", young, both, (5,), rooms),
        ("作业辅导·周日班", 6, 36, autumn, primary, "语文、数学、英语", older, both, (6,), rooms),
        ("作业辅导·社区班", 6, 20, autumn, middle, "英语、物理", town.old[1:], both, (), town.homes),
        ("寒假作业·上午班", 12, 36, winter, primary, "语文、数学", young, both[:1], (), rooms),
        ("寒假作业·下午班", 12, 36, winter, primary, "语文、数学、英语", older, both[1:], (), rooms),
    )
    for title, sessions, size, dates, school, subjects, groups, times, weekdays, places in series:
        yield DemoActivity(
            "school_link.homework_room",
            title,
            sessions,
            size,
            dates,
            {"school": school, "subjects": subjects},
            groups=groups,
            times=times,
            weekdays=weekdays,
            rooms=places,
            priority=3,
        )


def _with_teachers(town: DemoTown) -> Iterator[DemoActivity]:
    primary, middle = town.schools
    yield DemoActivity(
        "school_link.school_class",
        "安全自护课·实验小学",
        3,
        40,
        (town.autumn.first, town.autumn.last),
        {"school": primary, "topic": "居家与交通安全"},
        groups=town.young[1:],
        times=("10:45", "15:45"),
        priority=3,
    )
    yield DemoActivity(
        "school_link.outing",
        "走进未保站·第二中学",
        2,
        28,
        (town.autumn.first, town.autumn.last),
        {"school": middle, "meeting_point": "校门口", "bring": "水壶"},
        groups=town.old[:1],
        times=("09:00", "14:00"),
        priority=3,
    )


def fill(session: Session, station_id: UUID) -> None:
    """Enter two partner schools with their days, teachers, classes and agreements; none of them confirms sessions.

    Publishing would wait for a school's answer, which nobody gives in a demo: staff may switch it on and see.
    """
    term = terms_ahead(session, date.min)[0]
    volunteers = iter(volunteers_offered(session, term))
    venues = venues_offered(session, VenueKind.SCHOOL)
    for (venue, name), days in zip(sorted(venues, key=_in_town), _DAYS, strict=True):
        school = School(
            station_id=station_id,
            venue_id=UUID(venue),
            opens=time(8),
            closes=time(17, 30),
            lessons_end=time(16),
            liaison="德育处",
        )
        session.add(school)
        session.flush()
        own = {"station_id": station_id, "school_id": school.id}
        session.add_all(
            SchoolDay(**own, first=first, last=last, kind=kind, note=note) for first, last, kind, note in days
        )
        teachers = islice(volunteers, _TEACHERS_EACH)
        session.add_all(SchoolTeacher(**own, volunteer_id=UUID(volunteer)) for volunteer, _ in teachers)
        session.add_all(_classes(session, school))
        session.add(_agreement(station_id, name))
    session.flush()


def _in_town(venue: tuple[str, str]) -> bool:
    """Sort the primary school before the middle school."""
    return "小学" not in venue[1]


def _classes(session: Session, school: School) -> Iterator[SchoolClass]:
    names = venue_names(session)
    groups = {
        group
        for activity in activities_of(session, PROGRAM.key)
        if is_for_classes(activity) and school_of(activity, names) == str(school.venue_id)
        for group in activity.groups
    }
    own = {"station_id": school.station_id, "school_id": school.id}
    for number, group in enumerate(sorted(groups), start=1):
        yield SchoolClass(**own, name=f"实践{number}班", grade=number, group_id=UUID(group))
    yield SchoolClass(**own, name="兴趣班", grade=6, pupils=32)


def _agreement(station_id: UUID, name: str) -> SchoolAgreement:
    return SchoolAgreement(
        station_id=station_id,
        school=name,
        rooms="一〇一教室、一〇二教室、操场",
        contact="德育处",
        valid_from=date(2026, 9, 1),
        valid_until=date(2027, 8, 31),
    )
