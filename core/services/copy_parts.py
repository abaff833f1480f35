"""What a guardian's copy is made of: sections of records, whose entries have a name, a label and a text."""

from dataclasses import dataclass, field

from core.domain.errors import Message


@dataclass(frozen=True)
class Entry:
    """One field of a record: its name in the JSON, what people call it, and what it says."""

    key: str
    label: Message
    text: str = field(repr=False)
    shown: Message | None = None


Record = tuple[Entry, ...]
Records = tuple[Record, ...]


@dataclass(frozen=True)
class Section:
    """Records of one kind."""

    key: str
    title: Message
    records: tuple[Record, ...]
