"""The program and its kinds of activity: a series of visits to one child, and afternoons on which all meet."""

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
    Zone,
)

PROGRAM: Final = Program(
    key="home_visits",
    name=Message("Home visits"),
    description=Message("Two visitors call on each child who needs it, once a month, at home."),
)

HOME_BY: Final = SettingField(
    key="home_by",
    label=Message("Visits are over by this hour"),
    kind=FieldKind.INTEGER,
    default=17,
    minimum=10,
    maximum=20,
    help=Message("Visitors go home by daylight: 17 in winter, later in summer."),
)
WAY: Final = SettingField(
    key="way",
    label=Message("Minutes on the way to another home"),
    kind=FieldKind.INTEGER,
    default=30,
    minimum=0,
    maximum=180,
    help=Message("Between two visits of one visitor; the longest way that a term's visits name holds for all of them."),
)

#: Nothing of the child is asked: answers go into planning problems. Whom a series leads to stands in a table.
VISIT: Final = ActivityType(
    key="home_visits.visit",
    name=Message("Visits to a child's home"),
    line=ActivityLine.COMPANIONSHIP,
    description=Message(
        "A series of visits to one child, by the same two people where possible. Give it a number for a title, no name."
    ),
    form=(HOME_BY, WAY),
    zones=(),
    roles=(RoleNeed(role="visitor", label=Message("Visitor"), skill=None, required=2, wanted=2, continuity=True),),
    duration=60,
    closed=True,
    size=1,
    sessions=3,
    audience=Audience.CHILDREN,
    templates=(
        ActivityTemplate(
            Message("Visits through a school term"), sessions=5, times=("09:00", "10:30", "14:00", "15:30")
        ),
        ActivityTemplate(
            Message("Visits in the summer"), {HOME_BY.key: 19}, sessions=2, times=("09:00", "16:00", "17:30")
        ),
    ),
)

AFTERNOON: Final = ActivityType(
    key="home_visits.afternoon",
    name=Message("Families' afternoon"),
    line=ActivityLine.COMPANIONSHIP,
    description=Message("Visitors and the families they visit meet at the station, and whoever likes comes along."),
    form=(
        SettingField(key="theme", label=Message("What is done together"), kind=FieldKind.TEXT, maximum=40),
        SettingField(key="bring", label=Message("What families bring, a line each"), kind=FieldKind.LINES, maximum=8),
    ),
    zones=(Zone.ACTIVITY, Zone.OUTDOOR),
    roles=(RoleNeed(role="host", label=Message("Host"), skill=None, required=2, wanted=4),),
    duration=120,
    size=30,
    audience=Audience.FAMILIES,
)

ACTIVITY_TYPES: Final = (VISIT, AFTERNOON)
