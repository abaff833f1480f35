"""How a station wants places given: what counts, in which order, and what holds for every child and activity."""

from dataclasses import dataclass
from enum import StrEnum


class Aim(StrEnum):
    """What counts, in the order that the settings give; `core/docs/allocation-format.md` defines each value.

    `LOTTERY` decides what the others leave open: it is always last and never among the settings.
    """

    MOST_CHILDREN = "most_children"
    FAIR = "fair"
    WISHES = "wishes"
    EARLIER_LOSERS = "earlier_losers"
    TOGETHER = "together"
    LOTTERY = "lottery"


DEFAULT_AIMS = (Aim.MOST_CHILDREN, Aim.FAIR, Aim.WISHES, Aim.EARLIER_LOSERS)


class Togetherness(StrEnum):
    """Whether children who want to be together must be: always, as an aim (`Aim.TOGETHER`), or not at all."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """How the station wants places given.

    `minutes_between` is kept free between two activities of a child at different places, unless the problem has the way
    from the one to the other. `held_back_percent` of an activity's places, rounded up, are kept for children with
    `held_back`, where the activity says no number itself.
    """

    aims: tuple[Aim, ...] = DEFAULT_AIMS
    together: Togetherness = Togetherness.HARD
    minutes_between: int = 0
    held_back_percent: int = 0
