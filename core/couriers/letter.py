"""What is handed to a courier, and how it says that it couldn't deliver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Invitation:
    """A calendar entry to be answered or taken out: iTIP's method and the text/calendar bytes (RFC 6047)."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What somebody is told by one message, in their language.

    `id` is the same each time the letter is tried, `at` the aware moment at which it was put together. `to` is what
    the way calls its recipient: an address, a number, a member's id; empty for a webhook. `kind` is the notice's, or
    `several`; `values` are what an approved text for messages is filled with, or what a program reads.
    """

    id: str
    at: datetime
    to: str = field(repr=False)
    kind: str
    subject: str
    text: str = field(repr=False)
    values: Mapping[str, str | int] = field(default_factory=dict, repr=False)
    invitation: Invitation | None = field(default=None, repr=False)


class NotDeliveredError(Exception):
    """A letter wasn't taken: why, as a code without anybody's data; a `final` one isn't worth another try."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code[:80]
        self.final = final


class Courier(Protocol):
    """One way out; it answers within a minute, whatever happens at the other end."""

    def deliver(self, letter: Letter) -> None:
        """Hand the letter over, or raise NotDeliveredError."""
        ...
