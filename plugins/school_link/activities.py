"""The program and its kinds of activity."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from core.plugin_api import (
    ActivityLine,
    ActivityTemplate,
    ActivityType,
    FieldKind,
    Message,
    Program,
    RoleNeed,
    SettingField,
    Skill,
    TermOutline,
    VenueKind,
    Zone,
    venues_offered,
)

PROGRAM: Final = Program(
    key="school_link",
    name=Message("School–community link"),
    description=Message("The station and its partner schools help children learn, and open their doors to families."),
    color="royalblue",
)
#: The role that a school's own teachers alone fill.
TEACHER: Final = "teacher"


def _schools(session: Session, _term: TermOutline) -> Sequence[tuple[str, str]]:
    return venues_offered(session, VenueKind.SCHOOL)


SCHOOL: Final = SettingField(
    key="school",
    label=Message("Partner school"),
    kind=FieldKind.REFERENCE,
    required=True,
    maximum=80,
    help=Message("Its hours, exam days and teachers are kept in the back office."),
    options=_schools,
)

WELCOME_FIRST: Final = SettingField(
    key="welcome_first",
    label=Message("The open day comes first"),
    kind=FieldKind.FLAG,
    default=True,
    help=Message("Homework rooms at this school begin after the first open day. Decide before the term is published."),
)

FOR_CLASSES: Final = SettingField(
    key="for_classes",
    label=Message("For classes of the school only"),
    kind=FieldKind.FLAG,
    default=True,
    help=Message("Only children of the chosen groups take part, and these stand on the school's class lists."),
)

_TEACHER: Final = RoleNeed(role=TEACHER, label=Message("Accompanying teacher"), skill=None, required=1, wanted=1)

HOMEWORK_ROOM: Final = ActivityType(
    key="school_link.homework_room",
    name=Message("Homework room"),
    line=ActivityLine.LEARNING,
    description=Message("Children do their homework with somebody to ask, and read when they are done."),
    form=(
        SCHOOL,
        SettingField(key="subjects", label=Message("Subjects"), kind=FieldKind.TEXT, maximum=80),
        SettingField(
            key="reading_minutes",
            label=Message("Reading at the end, in minutes"),
            kind=FieldKind.INTEGER,
            default=15,
            minimum=0,
            maximum=60,
        ),
    ),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="tutor", label=Message("Tutor"), skill=Skill.TEACHING, required=1, wanted=2, continuity=True),
        RoleNeed(role="carer", label=Message("Carer"), skill=Skill.CHILDCARE, required=1, wanted=1),
    ),
    duration=120,
    templates=(
        ActivityTemplate(Message("Homework at weekends"), sessions=8, weekdays=(5, 6)),
        ActivityTemplate(Message("Homework in the holidays"), {"reading_minutes": 30}, sessions=12),
    ),
)

OPEN_CAMPUS: Final = ActivityType(
    key="school_link.open_campus",
    name=Message("Open campus day"),
    line=ActivityLine.INCLUSION,
    description=Message("A partner school opens its rooms and grounds to the children of the area and their families."),
    form=(
        SCHOOL,
        WELCOME_FIRST,
        SettingField(key="meeting_point", label=Message("Meeting point"), kind=FieldKind.TEXT, maximum=80),
    ),
    zones=(Zone.ACTIVITY, Zone.OUTDOOR),
    roles=(
        RoleNeed(role="guide", label=Message("Guide"), skill=Skill.TEACHING, required=1, wanted=2),
        RoleNeed(role="carer", label=Message("Carer"), skill=Skill.CHILDCARE, required=1, wanted=2),
    ),
    duration=120,
)

SCHOOL_CLASS: Final = ActivityType(
    key="school_link.school_class",
    name=Message("Class at the school"),
    line=ActivityLine.LEARNING,
    description=Message("The station brings a class to a partner school, after lessons or on free days."),
    form=(
        SCHOOL,
        FOR_CLASSES,
        SettingField(key="topic", label=Message("What it is about"), kind=FieldKind.TEXT, required=True, maximum=80),
    ),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="lecturer", label=Message("Lecturer"), skill=Skill.TEACHING, required=1, wanted=1),
        RoleNeed(role="helper", label=Message("Helper"), skill=None, required=1, wanted=2),
        _TEACHER,
    ),
    duration=90,
    templates=(
        ActivityTemplate(Message("How to protect myself"), {"topic": Message("Protecting oneself and getting help")}),
        ActivityTemplate(Message("Safe online"), {"topic": Message("What to share online, and what not")}),
    ),
)

OUTING: Final = ActivityType(
    key="school_link.outing",
    name=Message("Outing of pupils"),
    line=ActivityLine.INCLUSION,
    description=Message("Pupils come to the station with a teacher of their school; guardians have agreed."),
    form=(
        SCHOOL,
        FOR_CLASSES,
        SettingField(key="meeting_point", label=Message("Meeting point"), kind=FieldKind.TEXT, maximum=80),
        SettingField(key="bring", label=Message("What to bring"), kind=FieldKind.LONG_TEXT, maximum=200),
    ),
    zones=(Zone.ACTIVITY, Zone.OUTDOOR),
    roles=(
        RoleNeed(role="guide", label=Message("Guide"), skill=Skill.CHILDCARE, required=1, wanted=2),
        _TEACHER,
    ),
    duration=120,
    templates=(
        ActivityTemplate(
            Message("A day at the station"),
            {"bring": Message("A water bottle and comfortable shoes")},
            times=("09:00", "14:00"),
        ),
    ),
)

ACTIVITY_TYPES: Final = (HOMEWORK_ROOM, OPEN_CAMPUS, SCHOOL_CLASS, OUTING)
