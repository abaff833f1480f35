"""What the figures of a run are called on its page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.services.publishing import ChangeKind

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
        "timed_out": Message("Stopped when its time was up, with the best plan found so far."),
        "cancelled": Message("Stopped early, with the best plan found so far."),
    }
)
CHANGES: Final[Mapping[ChangeKind, Message]] = MappingProxyType(
    {
        ChangeKind.ADDED: Message("Added"),
        ChangeKind.MOVED: Message("Moved"),
        ChangeKind.CANCELLED: Message("Cancelled"),
        ChangeKind.RESTAFFED: Message("Other staff"),
    }
)
