"""What the planner's soft terms, and the ends of its runs, are called in a coordinator's words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

#: The amounts of the exchange format, in the order in which people care for them.
AMOUNTS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "unscheduled": Message("Sessions not held, counted by priority"),
        "required": Message("Required staff places left empty"),
        "wanted": Message("Further wanted staff places left empty"),
        "overflow": Message("Children beyond what their room holds"),
        "moved": Message("Published sessions moved to another time"),
        "rehoused": Message("Published sessions moved to another room"),
        "restaffed": Message("Volunteers taken out of a published session"),
        "staff": Message("Changing faces in roles that ask for the same people"),
        "rooms": Message("Changes of room within an activity"),
        "times": Message("Changes of the time of day within an activity"),
        "days": Message("Days by which activities are too close together"),
        "isolated": Message("Sessions that leave their group waiting or alone on the day"),
        "trips": Message("Days on which volunteers have to come"),
        "load": Message("Unevenness of the volunteers' load (sum of squares)"),
        "likes": Message("Wishes of volunteers that were met (negative is good)"),
    }
)
STATUS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "optimal": Message("Proved best: no plan costs less."),
        "gap_reached": Message("Stopped as soon as it was known to be as close to the best plan as was asked for."),
        "steps_done": Message("Stopped after the steps that it was given, with the best plan found so far."),
        "timed_out": Message("Stopped when its time was up, with the best plan found so far."),
        "cancelled": Message("Stopped early, with the best plan found so far."),
    }
)
