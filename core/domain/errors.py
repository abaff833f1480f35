"""Errors with a message for the person and a code for the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """A sentence for a person: an English template, which is also the catalogue's key, and the values that fill it.

    Written `Message("Room %(room)s is closed.", {"room": name})`; the catalogues find it by this spelling.
    The edge translates it. Values are never a child's data.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        if not self.values:
            return self.text
        return self.text % {key: _english(value) for key, value in self.values.items()}


def _english(value: object) -> object:
    return ", ".join(str(_english(part)) for part in value) if isinstance(value, tuple) else value


class DomainError(Exception):
    """Something the person can put right; `code` is stable, `message` says what to do."""

    code = "error"

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class NotFoundError(DomainError):
    """What was asked for does not exist, or not for this actor: the two are never told apart."""

    code = "not_found"


class NotAllowedError(DomainError):
    """The actor's role does not allow it."""

    code = "not_allowed"


class InvalidInputError(DomainError):
    """What was entered can't be right."""

    code = "invalid_input"


class ConflictError(DomainError):
    """It clashes with what is stored already, such as a second booking of a room."""

    code = "conflict"


class RestrictedUseError(ConflictError):
    """A guardian has had the use of a child's data restricted (PIPL, art. 44): nothing new may rest on it."""

    code = "restricted_use"

    def __init__(self) -> None:
        super().__init__(
            Message("A guardian has had the use of this child's data restricted: nothing new may rest on it.")
        )
