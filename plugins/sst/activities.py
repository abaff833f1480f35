"""The program and its kinds of activity."""

from typing import Final

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
    volunteers_offered,
)

PROGRAM: Final = Program(
    key="sst",
    name=Message("SST Plan"),
    description=Message("Someone at the side of children and families who need company or comfort."),
    color="teal",
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
    templates=(
        ActivityTemplate(
            Message("Reading together on Saturdays"),
            {"theme": Message("Families read picture books together")},
            sessions=4,
            weekdays=(5,),
        ),
        ActivityTemplate(
            Message("A call to parents far away"),
            {"theme": Message("Children show their parents what they made"), "video_call": True},
            sessions=2,
            times=("18:30", "19:00"),
        ),
    ),
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

MODULES: Final = SettingField(
    key="modules",
    label=Message("Modules, in order"),
    kind=FieldKind.LINES,
    required=True,
    minimum=2,
    maximum=20,
    help=Message(
        "One module a line. Session by session they are taught in this order: plan as many sessions as modules."
    ),
)
FEWEST: Final = SettingField(
    key="minimum",
    label=Message("Fewest children"),
    kind=FieldKind.INTEGER,
    default=4,
    minimum=2,
    maximum=12,
    help=Message("With fewer children the course doesn't begin."),
)
MOST: Final = SettingField(
    key="maximum",
    label=Message("Most children"),
    kind=FieldKind.INTEGER,
    default=8,
    minimum=2,
    maximum=12,
    help=Message("With so many children the group is closed."),
)
JOIN_UNTIL: Final = SettingField(
    key="join_until",
    label=Message("Joining is open until this session"),
    kind=FieldKind.INTEGER,
    default=2,
    minimum=1,
    maximum=20,
    help=Message("Once it has been held, only an organizer lets a child join."),
)
FROM_AGE: Final = SettingField(
    key="from_age", label=Message("From this age"), kind=FieldKind.INTEGER, minimum=3, maximum=17
)
TO_AGE: Final = SettingField(
    key="to_age", label=Message("Up to this age"), kind=FieldKind.INTEGER, minimum=3, maximum=17
)
LEAD: Final = SettingField(
    key="lead",
    label=Message("Course lead"),
    kind=FieldKind.REFERENCE,
    options=volunteers_offered,
    help=Message("Leads every session. Leave it empty and the planner chooses one person for all sessions."),
)
SUBSTITUTE: Final = SettingField(
    key="substitute",
    label=Message("Substitute"),
    kind=FieldKind.REFERENCE,
    options=volunteers_offered,
    help=Message("The only other person who may lead a session; the children should know them."),
)
DAYS_BETWEEN: Final = SettingField(
    key="days_between",
    label=Message("Days between sessions"),
    kind=FieldKind.INTEGER,
    default=5,
    minimum=0,
    maximum=28,
    help=Message("At least so many days pass from one session to the next; 0: any number."),
)
IN_SIGHT: Final = SettingField(
    key="in_sight",
    label=Message("Only in rooms that can be seen into"),
    kind=FieldKind.FLAG,
    default=False,
    help=Message("Two adults are there in any case."),
)
QUESTIONNAIRE: Final = SettingField(
    key="questionnaire",
    label=Message("Children answer five questions before and after"),
    kind=FieldKind.FLAG,
    default=False,
    help=Message(
        "The answers are encrypted and opened only with a grant; reports show averages of five children or more."
    ),
)
COURSE: Final = SettingField(
    key="course",
    label=Message("Title of the course"),
    kind=FieldKind.TEXT,
    required=True,
    maximum=80,
    help=Message("The group course of this term whose module is made up, as it is called there."),
)
MODULE: Final = SettingField(
    key="module",
    label=Message("Number of the module"),
    kind=FieldKind.INTEGER,
    required=True,
    minimum=1,
    maximum=20,
)

#: The role that stays with one person throughout a course.
LEADING: Final = "lead"

_STAFF: Final = (
    RoleNeed(role=LEADING, label=Message("Course lead"), skill=Skill.TEACHING, required=1, wanted=1, continuity=True),
    RoleNeed(
        role="companion", label=Message("Companion"), skill=Skill.CHILDCARE, required=1, wanted=2, continuity=True
    ),
)

GROUP_COURSE: Final = ActivityType(
    key="sst.group_course",
    name=Message("Group course"),
    line=ActivityLine.COMFORT,
    description=Message("A small closed group that keeps together and goes through a course, module by module."),
    form=(
        MODULES,
        FEWEST,
        MOST,
        JOIN_UNTIL,
        FROM_AGE,
        TO_AGE,
        LEAD,
        SUBSTITUTE,
        DAYS_BETWEEN,
        IN_SIGHT,
        QUESTIONNAIRE,
    ),
    zones=(Zone.PRIVATE, Zone.ACTIVITY),
    roles=_STAFF,
    closed=True,
    size=8,
    sessions=6,
    templates=(
        ActivityTemplate(
            Message("Knowing and saying what I feel"),
            {
                MODULES.key: (
                    Message("Getting to know each other"),
                    Message("Names for feelings"),
                    Message("When I am angry"),
                    Message("When I am worried"),
                    Message("Asking for help"),
                    Message("Saying goodbye"),
                ),
                IN_SIGHT.key: True,
            },
            sessions=6,
        ),
        ActivityTemplate(
            Message("Getting on with others"),
            {
                MODULES.key: (
                    Message("Getting to know each other"),
                    Message("Listening"),
                    Message("Settling a quarrel"),
                    Message("Saying no to what isn't right"),
                ),
            },
            sessions=4,
        ),
    ),
)

MAKE_UP: Final = ActivityType(
    key="sst.make_up",
    name=Message("Make-up session"),
    line=ActivityLine.COMFORT,
    description=Message("Children of a group course who missed a module catch up, with the course's own lead."),
    form=(COURSE, MODULE, IN_SIGHT),
    zones=(Zone.PRIVATE, Zone.ACTIVITY),
    roles=_STAFF,
    closed=True,
    size=4,
)

ACTIVITY_TYPES: Final = (COMPANIONSHIP, COMFORT_CIRCLE, GROUP_COURSE, MAKE_UP)
