"""How places are to be given in a run, as its row keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.allocation.settings import DEFAULT_AIMS, Aim, Togetherness
from core.domain.errors import InvalidInputError, Message

_WHOLE: Final = 100
_MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True)
class Wanted:
    """What counts in a run, in which order, and what holds for all.

    `minutes_between` are kept free between two activities at different places for which nobody has entered the way;
    None: `DEFAULT_WAY`. Unless `needs_staff`, activities open for which the published plan has too few adults.
    """

    aims: tuple[Aim, ...] = DEFAULT_AIMS
    together: Togetherness = Togetherness.HARD
    held_back_percent: int = 0
    minutes_between: int | None = None
    needs_staff: bool = True

    def __post_init__(self) -> None:
        if not self.aims or len(set(self.aims)) < len(self.aims) or Aim.LOTTERY in self.aims:
            raise InvalidInputError(Message("Choose at least one aim, each once; the lots come last by themselves."))
        if Aim.TOGETHER in self.aims and self.together is not Togetherness.SOFT:
            raise InvalidInputError(Message("To be together is an aim only where it is a wish and not a rule."))
        if not 0 <= self.held_back_percent <= _WHOLE:
            raise InvalidInputError(Message("A share is from 0 to 100 percent."))
        if self.minutes_between is not None and not 0 <= self.minutes_between <= _MOST_MINUTES:
            raise InvalidInputError(Message("The way between two places takes from 0 minutes to a day."))

    def to_json(self) -> dict[str, Any]:
        """Return the settings as a run's row keeps them."""
        return {
            "aims": [aim.value for aim in self.aims],
            "together": self.together.value,
            "held_back_percent": self.held_back_percent,
            "minutes_between": self.minutes_between,
            "needs_staff": self.needs_staff,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Wanted":
        """Return the settings that a run's row keeps."""
        aims = tuple(Aim(one) for one in stored["aims"])
        return cls(**{**stored, "aims": aims, "together": Togetherness(stored["together"])})
