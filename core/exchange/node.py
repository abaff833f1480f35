"""JSON values with the path that leads to them, so that whatever is wrong is named where it stands."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

from core.domain.errors import InvalidInputError, Message

#: Numbers in a file are no farther from 0, so that no sum of products leaves 64 bits.
MOST = 10**9

_SURROGATE = re.compile("[\ud800-\udfff]")
_T = TypeVar("_T")


class MalformedFileError(InvalidInputError):
    """A file that doesn't follow its exchange format; `path` is the JSON path of the place."""

    code = "malformed_file"

    def __init__(self, path: str, reason: Message) -> None:
        super().__init__(Message("%(path)s: %(reason)s", {"path": path, "reason": reason}))
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class JsonNode:
    """A JSON value and where it was found. Readers raise `fail`'s error if it isn't what they say."""

    value: object
    path: str = "$"

    def fail(self, reason: Message) -> MalformedFileError:
        """Return the error that names this place; the caller raises it."""
        return MalformedFileError(self.path, reason)

    def __getitem__(self, key: str) -> Self:
        found = self.get(key)
        if found is None:
            raise self.fail(Message("“%(key)s” is missing.", {"key": key}))
        return found

    def get(self, key: str) -> Self | None:
        """Return a member of an object, or None where it is missing or null."""
        value = self._members().get(key)
        return None if value is None else type(self)(value, f"{self.path}.{key}")

    def only(self, keys: Collection[str]) -> None:
        """Refuse an object with a member that isn't among the keys, such as one that is misspelt."""
        for key in self._members():
            if key not in keys:
                raise self.fail(Message("“%(key)s” is not known here.", {"key": key}))

    def members(self) -> Iterator[tuple[str, Self]]:
        """Yield the members of an object."""
        for key, value in self._members().items():
            yield key, type(self)(value, f"{self.path}.{key}")

    def items(self) -> Iterator[Self]:
        """Yield the items of a list."""
        if not isinstance(self.value, list):
            raise self.fail(Message("A list is expected."))
        for at, item in enumerate(self.value):
            yield type(self)(item, f"{self.path}[{at}]")

    def each(self, read: Callable[[Self], _T]) -> tuple[_T, ...]:
        """Return the items of a list, each read."""
        return tuple(read(item) for item in self.items())

    def some(self, key: str, read: Callable[[Self], _T]) -> tuple[_T, ...]:
        """Return the items of a member that is a list, none where it is missing or null."""
        found = self.get(key)
        return () if found is None else found.each(read)

    def text(self) -> str:
        """Return a string that is not empty, of characters that can be written."""
        if not isinstance(self.value, str) or not self.value or not _is_writable(self.value):
            raise self.fail(Message("A text is expected."))
        return self.value

    def whole(self, low: int = -MOST, high: int = MOST) -> int:
        """Return a whole number from `low` to `high`; true and false are no numbers."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fail(Message("A whole number is expected."))
        if self.value < low:
            raise self.fail(Message("The number must be at least %(low)s.", {"low": low}))
        if self.value > high:
            raise self.fail(Message("The number must be at most %(high)s.", {"high": high}))
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.fail(Message("true or false is expected."))
        return self.value

    def one_of(self, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        if self.value not in allowed:
            raise self.fail(Message("One of %(allowed)s is expected.", {"allowed": allowed}))
        return self.text()

    def pair(self) -> tuple[Self, Self]:
        """Return the two items of a list of two."""
        first, second = self._tuple(2)
        return first, second

    def triple(self) -> tuple[Self, Self, Self]:
        """Return the three items of a list of three."""
        first, second, third = self._tuple(3)
        return first, second, third

    def _tuple(self, length: int) -> tuple[Self, ...]:
        found = tuple(self.items())
        if len(found) != length:
            raise self.fail(Message("A list of %(length)s is expected.", {"length": length}))
        return found

    def _members(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.fail(Message("An object is expected."))
        if not all(map(_is_writable, self.value)):
            raise self.fail(Message("A text is expected."))
        return self.value


def _is_writable(text: str) -> bool:
    """Say whether the text has no half of a character, which JSON can spell and no file can hold."""
    return text.isascii() or not _SURROGATE.search(text)
