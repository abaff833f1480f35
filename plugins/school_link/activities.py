"""The program and its kinds of activity."""

from typing import Final

from core.plugin_api import (
    ActivityLine,
    ActivityType,
    FieldKind,
    Message,
    Program,
    RoleNeed,
    SettingField,
    Skill,
    Zone,
)

PROGRAM: Final = Program(
    key="school_link",
    name=Message("School–community link"),
    description=Message("The station and its partner schools help children learn, and open their doors to families."),
)

SCHOOL: Final = SettingField(
    key="school",
    label=Message("Partner school"),
    kind=FieldKind.TEXT,
    required=True,
    maximum=80,
    help=Message(
        "Write the school's name alike everywhere: activities of one school are planned with each other in mind."
    ),
)

WELCOME_FIRST: Final = SettingField(
    key="welcome_first",
    label=Message("The open day comes first"),
    kind=FieldKind.FLAG,
    default=True,
    help=Message("Homework rooms at this school begin after the first open day. Decide before the term is published."),
)

HOMEWORK_ROOM: Final = ActivityType(
    key="school_link.homework_room",
    name=Message("Homework room"),
    line=ActivityLine.LEARNING,
    description=Message("Children do their homework with somebody to ask, and read when they are done."),
    form=(
        SCHOOL,
        SettingField(
            key="subjects",
            label=Message("Subjects"),
            kind=FieldKind.TEXT,
            maximum=80,
        ),
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
)

OPEN_CAMPUS: Final = ActivityType(
    key="school_link.open_campus",
    name=Message("Open campus day"),
    line=ActivityLine.INCLUSION,
    description=Message("A partner school opens its rooms and grounds to the children of the area and their families."),
    form=(
        SCHOOL,
        WELCOME_FIRST,
        SettingField(
            key="meeting_point",
            label=Message("Meeting point"),
            kind=FieldKind.TEXT,
            maximum=80,
        ),
    ),
    zones=(Zone.ACTIVITY, Zone.OUTDOOR),
    roles=(
        RoleNeed(role="guide", label=Message("Guide"), skill=Skill.TEACHING, required=1, wanted=2),
        RoleNeed(role="carer", label=Message("Carer"), skill=Skill.CHILDCARE, required=1, wanted=2),
    ),
    duration=120,
)

ACTIVITY_TYPES: Final = (HOMEWORK_ROOM, OPEN_CAMPUS)
