"""What can happen to people's data."""

from enum import StrEnum
from typing import Final

from core.domain.errors import Message


class IncidentKind(StrEnum):
    """What happened to people's data."""

    #: Seen by, or given to, somebody who may not.
    DISCLOSED = "disclosed"
    LOST = "lost"
    CHANGED = "changed"
    #: A phone, a computer or paper with data on it is gone.
    DEVICE = "device"
    #: Somebody signed in as another, or tried to.
    INTRUSION = "intrusion"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final = {
    IncidentKind.DISCLOSED: Message("Data seen by somebody who may not"),
    IncidentKind.LOST: Message("Data lost"),
    IncidentKind.CHANGED: Message("Data changed without leave"),
    IncidentKind.DEVICE: Message("A device or papers are gone"),
    IncidentKind.INTRUSION: Message("Somebody broke in, or tried to"),
    IncidentKind.OTHER: Message("Something else"),
}
