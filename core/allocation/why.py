"""Why a wish didn't come true, as values: whoever only reads the reasons needs no solver."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import Message


class Reason(StrEnum):
    """Why not, as a code."""

    BARRED = "barred"
    DECIDED = "decided"
    NO_ROOM = "no_room"
    NO_STAFF = "no_staff"
    TOO_FEW = "too_few"
    AGAINST_PINS = "against_pins"
    AGAINST_TOGETHER = "against_together"
    AGAINST_SHARED = "against_shared"
    AGAINST_HELD_BACK = "against_held_back"
    AGAINST_RULES = "against_rules"
    FEWER_CHILDREN = "fewer_children"
    LESS_FAIR = "less_fair"
    FEWER_WISHES = "fewer_wishes"
    EARLIER_LOSERS = "earlier_losers"
    SPLITS_FRIENDS = "splits_friends"
    DRAWN = "drawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Why:
    """Why a wish of a child, of that rank, didn't come true.

    For a reason that is an aim, `worse_by` is by how much it would be worse with the place, while all aims before are
    kept, by `fair_rank` for `Aim.FAIR`; `exact` if that was found by solving again, else it is at least that, by proof.
    Only `Reason.UNKNOWN` is not verified. No message says for whom places are held back.
    """

    child: str
    activity: str
    rank: int
    reason: Reason
    message: Message
    worse_by: int | None = None
    fair_rank: int | None = None
    exact: bool = True

    @property
    def verified(self) -> bool:
        """Say whether the reason is certain."""
        return self.reason is not Reason.UNKNOWN
