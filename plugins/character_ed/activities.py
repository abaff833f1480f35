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
    key="character_ed",
    name=Message("Character education"),
    description=Message("Children learn about virtues by doing: in workshops, and in the service of others."),
)

PRACTICE_DAYS: Final = SettingField(
    key="practice_days",
    label=Message("Days to practise"),
    kind=FieldKind.INTEGER,
    default=3,
    minimum=0,
    maximum=14,
    help=Message("At least so many days pass from one workshop to the next; 0: any number."),
)

VIRTUE_WORKSHOP: Final = ActivityType(
    key="character_ed.virtue_workshop",
    name=Message("Virtue workshop"),
    line=ActivityLine.VIRTUES,
    description=Message(
        "Stories, crafts and games around one virtue, which children practise until the next workshop."
    ),
    form=(
        SettingField(
            key="virtue",
            label=Message("Virtue"),
            kind=FieldKind.TEXT,
            required=True,
            maximum=40,
        ),
        PRACTICE_DAYS,
        SettingField(
            key="practice_card",
            label=Message("Children take a practice card home"),
            kind=FieldKind.FLAG,
            default=True,
        ),
    ),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="leader", label=Message("Workshop leader"), skill=Skill.TEACHING, required=1, wanted=1),
        RoleNeed(role="helper", label=Message("Helper"), skill=None, required=1, wanted=2),
    ),
    duration=90,
)

SERVICE_DAY: Final = ActivityType(
    key="character_ed.service_day",
    name=Message("Day of service"),
    line=ActivityLine.INCLUSION,
    description=Message("Children do something for others in their community, together with volunteers."),
    form=(
        SettingField(
            key="task",
            label=Message("What is done for whom"),
            kind=FieldKind.TEXT,
            required=True,
            maximum=80,
        ),
        SettingField(
            key="bring",
            label=Message("What to bring"),
            kind=FieldKind.LONG_TEXT,
            maximum=200,
        ),
    ),
    zones=(Zone.OUTDOOR, Zone.ACTIVITY),
    roles=(
        RoleNeed(role="guide", label=Message("Guide"), skill=Skill.CHILDCARE, required=2, wanted=3),
        RoleNeed(role="first_aider", label=Message("First aider"), skill=Skill.FIRST_AID, required=0, wanted=1),
    ),
    duration=150,
)

ACTIVITY_TYPES: Final = (VIRTUE_WORKSHOP, SERVICE_DAY)
