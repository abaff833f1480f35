"""What the changes of a plan are called on its pages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.services.publishing import ChangeKind

CHANGES: Final[Mapping[ChangeKind, Message]] = MappingProxyType(
    {
        ChangeKind.ADDED: Message("Added"),
        ChangeKind.MOVED: Message("Moved"),
        ChangeKind.CANCELLED: Message("Cancelled"),
        ChangeKind.RESTAFFED: Message("Other staff"),
    }
)
