"""The program and its kinds of activity."""

from collections.abc import Mapping
from typing import Any, Final

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
    Zone,
)
from plugins.character_ed.festivals import FESTIVALS, NO_FESTIVAL

PROGRAM: Final = Program(
    key="character_ed",
    name=Message("Character education"),
    description=Message("Children learn about virtues by doing: in workshops, and in the service of others."),
    color="crimson",
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
    templates=(
        ActivityTemplate(Message("Honesty"), {"virtue": Message("Honesty")}, sessions=2),
        ActivityTemplate(Message("Gratitude"), {"virtue": Message("Gratitude")}, sessions=2),
        ActivityTemplate(Message("Perseverance"), {"virtue": Message("Perseverance")}, sessions=4),
    ),
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
    templates=(
        ActivityTemplate(
            Message("Visiting old people"), {"task": Message("Talking, reading and making music with old people")}
        ),
        ActivityTemplate(
            Message("Keeping the neighbourhood clean"),
            {"task": Message("Sorting waste and tidying the grounds"), "bring": Message("Gloves and a water bottle")},
        ),
    ),
)

AGE_FROM: Final = SettingField(
    key="age_from",
    label=Message("From which age"),
    kind=FieldKind.INTEGER,
    required=True,
    minimum=3,
    maximum=17,
)

AGE_TO: Final = SettingField(
    key="age_to",
    label=Message("Up to which age"),
    kind=FieldKind.INTEGER,
    required=True,
    minimum=3,
    maximum=17,
)

COURSE: Final = SettingField(
    key="course",
    label=Message("Course"),
    kind=FieldKind.TEXT,
    maximum=40,
    help=Message("Classes of the same course are one class repeated at several places: a child takes part in one."),
)

FESTIVAL: Final = SettingField(
    key="festival",
    label=Message("Festival"),
    kind=FieldKind.CHOICE,
    default=NO_FESTIVAL,
    choices=((NO_FESTIVAL, Message("No festival")), *FESTIVALS.items()),
    help=Message("A class on a festival is held before it."),
)

DAYS_BEFORE: Final = SettingField(
    key="days_before",
    label=Message("Days before the festival"),
    kind=FieldKind.INTEGER,
    default=14,
    minimum=1,
    maximum=60,
    help=Message("The class is held at most so many days before its festival."),
)

OPEN_CLASS: Final = ActivityType(
    key="character_ed.open_class",
    name=Message("Open class"),
    line=ActivityLine.LEARNING,
    description=Message("A class on its own for children of an age, open to whoever would like to come."),
    form=(AGE_FROM, AGE_TO, COURSE, FESTIVAL, DAYS_BEFORE),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="leader", label=Message("Class leader"), skill=Skill.TEACHING, required=1, wanted=1),
        RoleNeed(role="helper", label=Message("Helper"), skill=None, required=1, wanted=2),
    ),
    duration=90,
    size=28,
    templates=(
        ActivityTemplate(
            Message("Writing couplets for the Spring Festival"),
            {AGE_FROM.key: 8, AGE_TO.key: 14, FESTIVAL.key: "spring_festival"},
        ),
        ActivityTemplate(
            Message("Science by hand"), {AGE_FROM.key: 6, AGE_TO.key: 9, COURSE.key: Message("Science by hand")}
        ),
    ),
)

ACTIVITY_TYPES: Final = (VIRTUE_WORKSHOP, SERVICE_DAY, OPEN_CLASS)


def age_band(settings: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the youngest and the oldest age of an open class, None where its form was never answered."""
    ages = [settings[field.key] for field in (AGE_FROM, AGE_TO) if field.key in settings]
    return (min(ages), max(ages)) if ages else None
