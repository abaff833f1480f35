"""Wishes that nobody's place stood in the way of: the activity isn't held, or the child couldn't join it.

Who waits or has a place is told by that. These families would hear nothing, so they are told why as well.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final
from uuid import UUID

from core.allocation.result import Allocation
from core.db.models import WishList
from core.domain.errors import Message
from core.services.allocating.building import taken_id
from core.services.wording import CHINESE, Wording

_LONGEST: Final = 200
_NOT_HELD: Final = Message("It isn't held: children, a room or people are missing.")

#: Why, for the family, by child and activity.
Untold = Mapping[tuple[UUID, UUID], str]


def untold(
    said: Mapping[tuple[str, str], tuple[tuple[Message, ...], bool]],
    allocation: Allocation,
    lists: Collection[WishList],
    waiting: Collection[tuple[UUID, UUID]],
) -> Untold:
    """Return what families are to be told beside places and positions: of wishes dearer than all that came true.

    `said` are the reasons that were found, by the numbers of lists and the activities.
    """
    reasons = {key: why[0] for key, (why, _certain) in said.items() if why}
    return {
        (row.child_id, UUID(key)): in_words(reasons.get((row.number, key), _NOT_HELD))
        for row in lists
        for key in _missed(row, allocation)
        if (row.child_id, UUID(key)) not in waiting
        if key not in allocation.opened or row.number not in allocation.places
    }


def in_words(message: Message) -> str:
    """Return a reason as the notice of a registration keeps it, for whoever reads it to the family."""
    return Wording(CHINESE).say(message)[:_LONGEST]


def _missed(row: WishList, allocation: Allocation) -> Iterator[str]:
    """Yield the wishes of a list that are dearer than each of its that came true."""
    got = allocation.places.get(row.number, ())
    for key in row.ranked:
        if key in got or taken_id(key) in got:
            return
        yield key
