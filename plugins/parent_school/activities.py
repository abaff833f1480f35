"""The program and its kinds of activity."""

from typing import Final

from core.plugin_api import (
    ActivityLine,
    ActivityTemplate,
    ActivityType,
    Audience,
    FieldKind,
    Message,
    Program,
    RoleNeed,
    SettingField,
    Skill,
    Zone,
)

#: Appointments last so many minutes.
SHORTEST_ADVICE: Final = 30
LONGEST_ADVICE: Final = 50
#: Parents who work can come from this time of day on; minutes after midnight.
EVENING: Final = 18 * 60

PROGRAM: Final = Program(
    key="parent_school",
    name=Message("Parent school"),
    description=Message("Talks and courses for parents with child care beside them, and advice by appointment."),
    color="darkorange",
)

TOPIC: Final = SettingField(
    key="topic",
    label=Message("Topic"),
    kind=FieldKind.TEXT,
    required=True,
    maximum=80,
)

ALONGSIDE: Final = SettingField(
    key="alongside",
    label=Message("Children are looked after in"),
    kind=FieldKind.TEXT,
    maximum=80,
    help=Message("The title of a children's activity of the same term: the two are held at the same time and venue."),
)

CARE_REQUIRED: Final = SettingField(
    key="care_required",
    label=Message("Not held without the child care"),
    kind=FieldKind.FLAG,
    default=False,
    help=Message("For parents who can't come without their children."),
)

DAYS_BETWEEN: Final = SettingField(
    key="days_between",
    label=Message("Days from one part to the next, at least"),
    kind=FieldKind.INTEGER,
    default=7,
    minimum=1,
    maximum=28,
    help=Message("Parents try at home what they heard before they come again."),
)

YOUNGEST: Final = SettingField(
    key="youngest",
    label=Message("Age of the youngest child"),
    kind=FieldKind.INTEGER,
    default=3,
    minimum=0,
    maximum=17,
    help=Message("The younger the children, the more adults are there: see the ratios in the back office."),
)

OLDEST: Final = SettingField(
    key="oldest",
    label=Message("Age of the oldest child"),
    kind=FieldKind.INTEGER,
    default=12,
    minimum=0,
    maximum=17,
)

_SPEAKER: Final = RoleNeed(role="speaker", label=Message("Speaker"), skill=Skill.TEACHING, required=1, wanted=1)
_HOST: Final = RoleNeed(role="host", label=Message("Host"), skill=None, required=1, wanted=2)

LECTURE: Final = ActivityType(
    key="parent_school.lecture",
    name=Message("Talk for parents"),
    line=ActivityLine.LEARNING,
    description=Message(
        "A talk with time for questions, in the evening or on a day off; the children can be looked after meanwhile."
    ),
    form=(
        TOPIC,
        ALONGSIDE,
        CARE_REQUIRED,
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
    roles=(_SPEAKER, _HOST),
    duration=90,
    size=40,
    audience=Audience.GUARDIANS,
    templates=(
        ActivityTemplate(Message("Talking with children"), {TOPIC.key: Message("How to listen and be listened to")}),
        ActivityTemplate(
            Message("Children and mobile phones"), {TOPIC.key: Message("Rules for screens that the family keeps")}
        ),
        ActivityTemplate(
            Message("Bringing up children from afar"),
            {TOPIC.key: Message("For parents who work away and grandparents who care")},
        ),
    ),
)

COURSE: Final = ActivityType(
    key="parent_school.course",
    name=Message("Course for parents"),
    line=ActivityLine.LEARNING,
    description=Message(
        "Several parts that build on one another, in the evening or on days off, for the same parents."
    ),
    form=(TOPIC, ALONGSIDE, CARE_REQUIRED, DAYS_BETWEEN),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="speaker", label=Message("Speaker"), skill=Skill.TEACHING, required=1, wanted=1, continuity=True),
        _HOST,
    ),
    duration=90,
    size=20,
    sessions=4,
    audience=Audience.GUARDIANS,
    templates=(
        ActivityTemplate(
            Message("Calm parents, calm children"),
            {TOPIC.key: Message("Staying calm when it is difficult"), DAYS_BETWEEN.key: 7},
            sessions=4,
        ),
    ),
)

COUNSELLING: Final = ActivityType(
    key="parent_school.counselling",
    name=Message("Family advice by appointment"),
    line=ActivityLine.COMFORT,
    description=Message("One family and one adviser behind a closed door; each session is a slot that can be booked."),
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
            key="in_a_row",
            label=Message("Appointments follow one another"),
            kind=FieldKind.FLAG,
            default=True,
            help=Message("So that the adviser need not come, or wait, for a single one."),
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
    ),
    duration=45,
    closed=True,
    size=3,
    sessions=6,
    audience=Audience.GUARDIANS,
    safe_with_one=Message("A parent is present all the time."),
)

CARE: Final = ActivityType(
    key="parent_school.care",
    name=Message("Child care beside a talk"),
    line=ActivityLine.COMPANIONSHIP,
    description=Message("Children play, read and rest near their parents, with as many adults as their age asks for."),
    form=(YOUNGEST, OLDEST),
    zones=(Zone.ACTIVITY,),
    roles=(
        RoleNeed(role="carer", label=Message("Carer"), skill=Skill.CHILDCARE, required=1, wanted=2),
        RoleNeed(role="assistant", label=Message("Assistant"), skill=None, required=1, wanted=2),
    ),
    duration=90,
    size=20,
    audience=Audience.CHILDREN,
)

#: The roles of child care in which an adult counts for the ratio.
CARING_ROLES: Final = ("carer", "assistant")
#: What parents come to hear.
FOR_PARENTS: Final = frozenset({LECTURE.key, COURSE.key})

ACTIVITY_TYPES: Final = (LECTURE, COURSE, COUNSELLING, CARE)
