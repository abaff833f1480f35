"""How a guardian's copy tells of what a program keeps of a child."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.errors import Message


@dataclass(frozen=True)
class Told:
    """What people call a program's table, and its columns of days, moments, numbers, flags and words, by attribute.

    Words say themselves by a property `label`. Texts are not told: they may speak of others.
    """

    title: Message
    labels: Mapping[str, Message]
