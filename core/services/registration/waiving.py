"""Letting somebody in against a rule that may be waived: by whom, and never without a reason."""

from collections.abc import Iterable
from typing import Final

from core.domain.actor import Actor
from core.domain.errors import InvalidInputError, Message
from core.hooks.joining import Obstacle
from core.security.permissions import may

LONGEST_REASON: Final = 200


class ReasonMissingError(InvalidInputError):
    """A rule is waived or somebody overtaken, and nobody says why."""

    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(Message("Say why: the reason is kept."))


def tidy_reason(text: str) -> str | None:
    """Return a reason without white space around it, None for an empty one; InvalidInputError for a long one."""
    tidy = " ".join(text.split())
    if len(tidy) > LONGEST_REASON:
        raise InvalidInputError(Message("Say it in 200 characters at most."))
    return tidy or None


def may_waive(actor: Actor, obstacle: Obstacle) -> bool:
    """Tell whether the actor may let somebody in against this."""
    return obstacle.waived_by is not None and (actor.is_machine or may(actor.role, obstacle.waived_by))


def unwaived(actor: Actor, obstacles: Iterable[Obstacle], reason: str | None) -> tuple[Obstacle, ...]:
    """Return what still stands in the way where the actor waives, for a reason, all that they may."""
    return tuple(one for one in obstacles if reason is None or not may_waive(actor, one))
