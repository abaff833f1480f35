"""A small station as the content of a workbook, for tests of its import."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import (
    ChildCategory,
    Relation,
    Skill,
    StationKind,
    TermKind,
    VenueKind,
    VolunteerKind,
    Zone,
)
from core.services.workbook.content import (
    ActivityRow,
    AvailabilityRow,
    ChildRow,
    GroupRow,
    GuardianRow,
    HoursRow,
    RoleRow,
    RoomRow,
    StationRow,
    TermRow,
    VenueRow,
    VolunteerRow,
    WorkbookContent,
)
from core.services.workbook.write import write_workbook

BORN = date(2015, 5, 5)


def a_child(**changes: Any) -> ChildRow:
    """Return a child of the small station."""
    child = ChildRow(
        station="测试站",
        number="C1",
        name="例童甲",
        id_number=demo_id_number(BORN, 11),
        address="例路1号",
        health="例敏",
        categories=(ChildCategory.LEFT_BEHIND,),
        groups=("一组",),
    )
    return replace(child, **changes)


def an_activity(**changes: Any) -> ActivityRow:
    """Return an activity of the small station."""
    activity = ActivityRow(
        term="寒假",
        title="作业辅导",
        type_key="school_link.homework_room",
        session_count=3,
        duration=90,
        size=20,
        times=("09:00",),
        zones=(Zone.ACTIVITY,),
        rooms=("文体中心/一号厅",),
        groups=("一组",),
        settings=(("school", "例校"),),
    )
    return replace(activity, **changes)


def a_volunteer(**changes: Any) -> VolunteerRow:
    """Return a volunteer of the small station."""
    volunteer = VolunteerRow(
        station="测试站",
        number="V1",
        name="测员一",
        kind=VolunteerKind.TEACHER,
        birth_date=date(1990, 1, 1),
        phone=demo_phone(1),
        max_sessions=10,
    )
    return replace(volunteer, **changes)


def a_station(**changes: Any) -> WorkbookContent:
    """Return a station with one of most things."""
    content = WorkbookContent(
        stations=(StationRow(name="测试站", kind=StationKind.STATION, slug="ceshi"),),
        venues=(
            VenueRow(station="测试站", name="文体中心", kind=VenueKind.CENTRE),
            VenueRow(station="测试站", name="例校", kind=VenueKind.SCHOOL),
        ),
        rooms=(RoomRow(venue="文体中心", name="一号厅", zone=Zone.ACTIVITY, capacity=30),),
        hours=(HoursRow(station="测试站", opens=time(8), closes=time(18)),),
        terms=(
            TermRow(
                station="测试站", name="寒假", kind=TermKind.WINTER, first=date(2027, 1, 25), last=date(2027, 2, 21)
            ),
        ),
        groups=(GroupRow(station="测试站", name="一组", from_age=6, to_age=12),),
        children=(a_child(),),
        guardians=(GuardianRow(child="C1", name="样亲甲", relation=Relation.MOTHER, phone=demo_phone(9)),),
        volunteers=(a_volunteer(),),
        availabilities=(AvailabilityRow(volunteer="V1", weekday=5, from_time=time(8), to_time=time(18)),),
        activities=(an_activity(),),
        roles=(RoleRow(activity="作业辅导", role="老师", skill=Skill.TEACHING, required=1),),
    )
    return replace(content, **changes)


def workbook(content: WorkbookContent) -> bytes:
    """Return the content as a workbook."""
    return write_workbook(content, {})
