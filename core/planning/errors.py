"""What can go wrong with a planning problem; a shortage is none of it."""

from core.domain.errors import ConflictError, DomainError, Message
from core.exchange.node import MalformedFileError


class MalformedProblemError(MalformedFileError):
    """A problem or plan that doesn't follow the exchange format; `path` is the JSON path of the place."""

    code = "malformed_problem"


class ContradictoryPinsError(ConflictError):
    """Decisions that the organizer, or the past, has fixed and that cannot all be kept.

    `pins` are the positions in `problem.pins` of a set that clashes and would not if any one of them were taken back;
    `frozen` the (activity, index) of frozen sessions that break a rule by themselves.
    """

    code = "contradictory_pins"

    def __init__(self, message: Message, pins: tuple[int, ...] = (), frozen: tuple[tuple[str, int], ...] = ()) -> None:
        super().__init__(message)
        self.pins = pins
        self.frozen = frozen


class AuditFailedError(DomainError):
    """The search made a plan that breaks a rule: a defect of the planner, never of the problem. No plan is returned."""

    code = "audit_failed"
