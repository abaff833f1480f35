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
    key="sst",
    name=Message("SST Plan"),
    description=Message("Someone at the side of children and families who need company or comfort."),
)

FAMILIAR_FACE: Final = SettingField(
    key="familiar_face",
    label=Message("A familiar face"),
    kind=FieldKind.FLAG,
    default=True,
    help=Message("At least one adult of each session was there the last time."),
)

COMPANIONSHIP: Final = ActivityType(
    key="sst.companionship",
    name=Message("Family companionship"),
    line=ActivityLine.COMPANIONSHIP,
    description=Message("Children spend time with their families, or with volunteers where the family is far away."),
    form=(
        SettingField(
            key="theme",
            label=Message("What they do together"),
            kind=FieldKind.TEXT,
            required=True,
            maximum=80,
        ),
        SettingField(
            key="with_guardians",
            label=Message("Guardians take part"),
            kind=FieldKind.FLAG,
            default=True,
        ),
        SettingField(
            key="video_call",
            label=Message("Parents who work away join by video call"),
            kind=FieldKind.FLAG,
            default=False,
        ),
    ),
    zones=(Zone.ACTIVITY, Zone.OUTDOOR),
    roles=(
        RoleNeed(role="companion", label=Message("Companion"), skill=Skill.CHILDCARE, required=2, wanted=3),
        RoleNeed(role="helper", label=Message("Helper"), skill=None, required=0, wanted=1),
    ),
    duration=90,
)

COMFORT_CIRCLE: Final = ActivityType(
    key="sst.comfort_circle",
    name=Message("Comfort circle"),
    line=ActivityLine.COMFORT,
    description=Message("A small closed group in which children talk and play with a counsellor."),
    form=(
        SettingField(
            key="theme",
            label=Message("What the circle is about"),
            kind=FieldKind.TEXT,
            required=True,
            maximum=80,
        ),
        FAMILIAR_FACE,
        SettingField(
            key="quiet_minutes",
            label=Message("Quiet time at the beginning, in minutes"),
            kind=FieldKind.INTEGER,
            default=10,
            minimum=0,
            maximum=30,
        ),
    ),
    zones=(Zone.PRIVATE,),
    roles=(
        RoleNeed(
            role="counsellor",
            label=Message("Counsellor"),
            skill=Skill.COUNSELLING,
            required=1,
            wanted=1,
            continuity=True,
        ),
        RoleNeed(
            role="companion", label=Message("Companion"), skill=Skill.CHILDCARE, required=1, wanted=2, continuity=True
        ),
    ),
    duration=60,
    closed=True,
)

ACTIVITY_TYPES: Final = (COMPANIONSHIP, COMFORT_CIRCLE)
