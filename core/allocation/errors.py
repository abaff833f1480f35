"""What can go wrong with an allocation problem; too few places is none of it."""

from core.domain.errors import ConflictError, DomainError, Message
from core.exchange.node import MalformedFileError


class MalformedAllocationError(MalformedFileError):
    """A problem or allocation that doesn't follow the exchange format; `path` is the JSON path of the place."""

    code = "malformed_allocation"


class ContradictoryPinsError(ConflictError):
    """Decided places that cannot all be kept; `pins` are the positions in `problem.pins` of some that clash."""

    code = "contradictory_pins"

    def __init__(self, message: Message, pins: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.pins = pins


class CheckFailedError(DomainError):
    """The solver gave places that break a rule: a defect of the solver, never of the problem. Nothing is returned."""

    code = "check_failed"
