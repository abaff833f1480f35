"""What the planner gives back: an outcome with its plan and audit, news while it works, and shortfalls with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.domain.errors import Message
from core.planning.check import Audit
from core.planning.plan import Plan, SessionKey
from core.planning.relaxations import Cure

#: Rises with every change that can give another plan for the same problem and seed.
VERSION = "2"


class Status(StrEnum):
    """Why the planner stopped."""

    OPTIMAL = "optimal"
    GAP_REACHED = "gap_reached"
    STEPS_DONE = "steps_done"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


#: With a limit on steps and none on seconds, what is measured in shares of the time goes by this many seconds.
_STEPS_HORIZON = 3600.0


@dataclass(frozen=True)
class Limits:
    """When a run ends at the latest: after so many seconds or steps, or with a gap of at most that fraction."""

    seconds: float | None
    steps: int | None = None
    gap: float = 0.0

    def __post_init__(self) -> None:
        if self.seconds is None and self.steps is None:
            message = "a run needs a limit of seconds or of steps"
            raise ValueError(message)

    @property
    def horizon(self) -> float:
        """Return the seconds that the run may take."""
        return _STEPS_HORIZON if self.seconds is None else self.seconds


@dataclass(frozen=True)
class Progress:
    """News of a better plan or bound; `amounts`, by preference, and sessions `held` are those of the best so far."""

    seconds: float
    cost: int
    bound: int
    amounts: Mapping[str, int]
    held: int


@dataclass(frozen=True)
class Outcome:
    """An audited plan and how it came about. No plan of the problem costs less than `bound`."""

    plan: Plan
    status: Status
    cost: int
    bound: int
    seconds: float
    audit: Audit
    seed: int
    workers: int
    limits: Limits
    steps: int = 0
    version: str = VERSION

    def to_json(self) -> dict[str, Any]:
        """Return the plan as the format writes it, with the planner's own keys beside."""
        return {
            **self.plan.to_json(),
            "status": self.status.value,
            "cost": self.cost,
            "bound": self.bound,
            "seconds": round(self.seconds, 3),
            "seed": self.seed,
            "workers": self.workers,
            "steps": self.steps,
            "version": self.version,
            "limits": {
                "seconds": self.limits.seconds,
                "steps": self.limits.steps,
                "gap": self.limits.gap,
            },
            "amounts": dict(self.audit.amounts),
        }


@dataclass(frozen=True)
class Shortfall:
    """A session that is not held, or required places of a role in it that are empty (`role` says which), and why.

    `remedies` are the smallest changes that were tried and would mend it. `verified` says that each was found to do so
    by really solving again, and that without a change deciding on the activity again does not mend it; or, if there is
    no remedy, that none of the changes tried alone would. The reason and the cures say what was held fixed meanwhile.

    Sessions of one activity are alike: of several that are not held, a remedy mends one.
    """

    activity: str
    index: int
    role: str | None
    reason: Message
    remedies: tuple[Cure, ...] = ()
    verified: bool = False

    @property
    def key(self) -> SessionKey:
        """Return the session that is short."""
        return self.activity, self.index

    @property
    def cures(self) -> tuple[Message, ...]:
        """Return the remedies in words."""
        return tuple(cure.said() for cure in self.remedies)

    def to_json(self) -> dict[str, Any]:
        """Return the shortfall as JSON; messages as their English templates and values, for the edge to translate."""
        return {
            "activity": self.activity,
            "index": self.index,
            "role": self.role,
            "reason": message_json(self.reason),
            "cures": [message_json(cure) for cure in self.cures],
            "remedies": [cure.to_json() for cure in self.remedies],
            "verified": self.verified,
        }


def message_json(message: Message) -> dict[str, Any]:
    """Return a message as JSON: its English template and its values, for the edge to translate."""
    return {"text": message.text, "values": {key: plain(value) for key, value in message.values.items()}}


def plain(value: object) -> object:
    """Return a message's value as JSON."""
    if isinstance(value, Message):
        return message_json(value)
    return [plain(part) for part in value] if isinstance(value, tuple) else value
