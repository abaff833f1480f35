"""News of a run that gives or publishes places: what its page shows while it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.allocation.result import AimValue, Progress
from core.allocation.settings import Aim
from core.domain.errors import Message


class Phase(StrEnum):
    """What a run is at."""

    READING = "reading"
    SOLVING = "solving"
    EXPLAINING = "explaining"
    #: Before publishing: whether what was found is possible still.
    CHECKING = "checking"
    PLACING = "placing"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _PHASES[self]


_PHASES = {
    Phase.READING: Message("Reading the wishes."),
    Phase.SOLVING: Message("Giving places."),
    Phase.EXPLAINING: Message("The places are found. Asking why wishes didn't come true."),
    Phase.CHECKING: Message("Looking whether anything has changed since."),
    Phase.PLACING: Message("Registering the children."),
}


@dataclass(frozen=True)
class News:
    """How far a run has come: `elapsed` seconds, the aims of the best so far, `children` and `activities` asked for."""

    phase: Phase = Phase.READING
    elapsed: float = 0.0
    children: int | None = None
    activities: int | None = None
    aims: tuple[AimValue, ...] = ()

    def at(self, elapsed: float) -> "News":
        """Return the same news after so many seconds."""
        return replace(self, elapsed=elapsed)

    def told(self, progress: Progress) -> "News":
        """Return the news after what the allocation has told."""
        return replace(self, aims=progress.aims)

    def to_json(self) -> dict[str, Any]:
        """Return the news as the run's row keeps them."""
        return {
            "phase": self.phase.value,
            "elapsed": round(self.elapsed, 1),
            "children": self.children,
            "activities": self.activities,
            "aims": aims_json(self.aims),
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "News":
        """Return the news that a run's row keeps; an empty row has none."""
        if not stored:
            return cls()
        return cls(**{**stored, "phase": Phase(stored["phase"]), "aims": aims_of(stored["aims"])})


def aims_json(aims: tuple[AimValue, ...]) -> list[list[Any]]:
    """Return aims as rows keep them: name, rank, value, bound."""
    return [[one.aim.value, one.rank, one.value, one.bound] for one in aims]


def aims_of(stored: list[list[Any]]) -> tuple[AimValue, ...]:
    """Return aims that a row keeps."""
    return tuple(AimValue(Aim(aim), value, bound, rank) for aim, rank, value, bound in stored)
