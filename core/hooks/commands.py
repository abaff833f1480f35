"""What a plugin adds to the command line: plain functions that read and write the installation's database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.domain.errors import Message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.domain.clock import Clock


@dataclass(frozen=True)
class PluginCommand:
    """`weibao <plugin key> <name> ARGUMENTS`: `run` gets the session, a clock and the arguments, by name, as text.

    It returns lines to print. All of it is one transaction, kept if `run` returns and dropped if it raises; a
    DomainError is told to whoever called it. `arguments` are their names with what each is.
    """

    name: str
    help: Message
    run: "Callable[[Session, Clock, Mapping[str, str]], list[Message]]"
    arguments: Mapping[str, Message] = field(default_factory=dict)
