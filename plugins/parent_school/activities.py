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
    key="parent_school",
    name=Message("Parent school"),
    description=Message("Lectures for parents, and advice for families who ask for it."),
)

ALONGSIDE: Final = SettingField(
    key="alongside",
    label=Message("Children are looked after in"),
    kind=FieldKind.TEXT,
    maximum=80,
    help=Message("The title of a children's activity of the same term: the two begin at the same time."),
)

LECTURE: Final = ActivityType(
    key="parent_school.lecture",
    name=Message("Lecture for parents"),
    line=ActivityLine.LEARNING,
    description=Message("A talk for parents with time for questions; their children can be looked after meanwhile."),
    form=(
        SettingField(
            key="topic",
            label=Message("Topic"),
            kind=FieldKind.TEXT,
            required=True,
            maximum=80,
        ),
        ALONGSIDE,
        SettingField(
            key="question_minutes",
            label=Message("Time for questions, in minutes"),
            kind=FieldKind.INTEGER,
            default=20,
            minimum=0,
            maximum=60,
        ),
    ),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="speaker", label=Message("Speaker"), skill=Skill.TEACHING, required=1, wanted=1),
        RoleNeed(role="host", label=Message("Host"), skill=None, required=1, wanted=2),
    ),
    duration=90,
)

COUNSELLING: Final = ActivityType(
    key="parent_school.counselling",
    name=Message("Family counselling"),
    line=ActivityLine.COMFORT,
    description=Message("A family talks with a counsellor behind a closed door; a second adult is there."),
    form=(
        SettingField(
            key="field",
            label=Message("Field of advice"),
            kind=FieldKind.CHOICE,
            default="parenting",
            choices=(
                ("parenting", Message("Bringing up children")),
                ("learning", Message("Learning")),
                ("feelings", Message("Feelings and relationships")),
                ("law", Message("Legal questions")),
            ),
        ),
        SettingField(
            key="families",
            label=Message("Families in one session"),
            kind=FieldKind.INTEGER,
            default=1,
            minimum=1,
            maximum=4,
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
        RoleNeed(role="second_adult", label=Message("Second adult"), skill=None, required=1, wanted=1),
    ),
    duration=60,
    closed=True,
)

ACTIVITY_TYPES: Final = (LECTURE, COUNSELLING)
