"""The ways between venues, in minutes: those that somebody has entered, and what the others count as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

#: Minutes between two venues for which nobody has entered the way.
DEFAULT_WAY: Final = 20


@dataclass(frozen=True)
class Ways:
    """Minutes between two venues, the same in both directions; `default` for a way that nobody has entered."""

    default: int = 0
    pairs: Mapping[frozenset[UUID], int] = field(default_factory=dict)

    def between(self, one: UUID | None, other: UUID | None) -> int:
        """Return how many minutes the way takes: 0 within a venue, and to or from no venue at all."""
        if one == other or one is None or other is None:
            return 0
        return self.pairs.get(frozenset({one, other}), self.default)

    def knows(self, one: UUID, other: UUID) -> bool:
        """Tell whether somebody has entered the way."""
        return frozenset({one, other}) in self.pairs


#: For whoever asks what is held at the same time, wherever it is.
NO_WAYS: Final = Ways()
