"""News of a run of the planner: what its page shows while it goes on, small enough to be written every second."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from core.planning.outcome import Progress

#: More points than these nobody sees on a page; when there are more, every second one goes.
MOST_POINTS: Final = 60


class Phase(StrEnum):
    """What a run is at: reading the term and searching, or asking why something is short."""

    PLANNING = "planning"
    EXPLAINING = "explaining"


@dataclass(frozen=True)
class News:
    """How far a run has come; without a plan yet, cost, bound, `held` and `empty_places` are None.

    `elapsed` are seconds since its process began to plan. `history` are points (seconds, cost, bound), the newest last.
    `empty_places` are required places of staff that nobody fills.
    """

    phase: Phase = Phase.PLANNING
    elapsed: float = 0.0
    history: tuple[tuple[float, int, int], ...] = ()
    held: int | None = None
    session_count: int | None = None
    empty_places: int | None = None

    @property
    def cost(self) -> int | None:
        """The cost of the best plan so far."""
        return self.history[-1][1] if self.history else None

    @property
    def bound(self) -> int | None:
        """What every plan costs at least, as far as is known."""
        return self.history[-1][2] if self.history else None

    @property
    def gap(self) -> float | None:
        """By which fraction of its cost the best plan could be better at most."""
        if self.cost is None or self.bound is None:
            return None
        return (self.cost - self.bound) / abs(self.cost) if self.cost else 0.0

    def told(self, progress: Progress) -> "News":
        """Return the news after what the planner has told; of one second only the last point is kept."""
        point = (round(progress.seconds, 1), progress.cost, progress.bound)
        kept = self.history[:-1] if self.history and int(self.history[-1][0]) == int(point[0]) else self.history
        points = (*kept, point)
        return replace(
            self,
            history=points if len(points) <= MOST_POINTS else (*points[:-1:2], point),
            held=progress.held,
            empty_places=progress.amounts.get("required", 0),
        )

    def at(self, elapsed: float) -> "News":
        """Return the same news after so many seconds."""
        return replace(self, elapsed=elapsed)

    def to_json(self) -> dict[str, Any]:
        """Return the news as the run's row keeps them."""
        return {
            "phase": self.phase.value,
            "elapsed": round(self.elapsed, 1),
            "history": [list(point) for point in self.history],
            "held": self.held,
            "session_count": self.session_count,
            "empty_places": self.empty_places,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "News":
        """Return the news that a run's row keeps; an empty row has none."""
        if not stored:
            return cls()
        history = tuple((float(seconds), int(cost), int(bound)) for seconds, cost, bound in stored["history"])
        return cls(**{**stored, "phase": Phase(stored["phase"]), "history": history})
