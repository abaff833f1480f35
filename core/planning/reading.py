"""JSON values with the path that leads to them, so that whatever is wrong is named where it stands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from core.domain.errors import Message
from core.planning.errors import MalformedProblemError
from core.planning.moments import Window, moment

#: Numbers in a problem are no farther from 0: weights, sizes and counts, so that no sum of costs leaves 64 bits …
MOST = 10**9
#: … likes and priorities, which are multiplied with weights, …
MOST_POINTS = 10**4
#: … minutes, …
MOST_MINUTES = 10**6
#: … and staff places of one role.
MOST_PLACES = 1000

_END = moment("2200-01-01T00:00")
_SURROGATE = re.compile("[\ud800-\udfff]")
_T = TypeVar("_T")


@dataclass(frozen=True)
class Node:
    """A JSON value and where it was found. Readers raise MalformedProblemError if it isn't what they say."""

    value: object
    path: str = "$"

    def fail(self, reason: Message) -> MalformedProblemError:
        """Return the error that names this place; the caller raises it."""
        return MalformedProblemError(self.path, reason)

    def __getitem__(self, key: str) -> "Node":
        found = self.get(key)
        if found is None:
            raise self.fail(Message("“%(key)s” is missing.", {"key": key}))
        return found

    def get(self, key: str) -> "Node | None":
        """Return a member of an object, or None where it is missing or null."""
        value = self._members().get(key)
        return None if value is None else Node(value, f"{self.path}.{key}")

    def members(self) -> Iterator[tuple[str, "Node"]]:
        """Yield the members of an object."""
        for key, value in self._members().items():
            yield key, Node(value, f"{self.path}.{key}")

    def items(self) -> Iterator["Node"]:
        """Yield the items of a list."""
        if not isinstance(self.value, list):
            raise self.fail(Message("A list is expected."))
        for at, item in enumerate(self.value):
            yield Node(item, f"{self.path}[{at}]")

    def each(self, read: Callable[["Node"], _T]) -> tuple[_T, ...]:
        """Return the items of a list, each read."""
        return tuple(read(item) for item in self.items())

    def some(self, key: str, read: Callable[["Node"], _T]) -> tuple[_T, ...]:
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

    def moment(self) -> int:
        """Return a time written to the minute, from 2000 to 2199."""
        try:
            found = moment(self.text())
        except ValueError:
            raise self.fail(Message("A time such as 2027-01-25T09:00 is expected.")) from None
        if not 0 <= found < _END:
            raise self.fail(Message("A time from 2000 to 2199 is expected."))
        return found

    def window(self) -> Window:
        """Return a pair of times, the first not after the second."""
        start, end = self.pair()
        if start.moment() > end.moment():
            raise self.fail(Message("It ends before it begins."))
        return start.moment(), end.moment()

    def session(self) -> tuple[str, int]:
        """Return the pair of an activity and the index of one of its sessions."""
        activity, index = self.pair()
        return activity.text(), index.whole(0)

    def one_of(self, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        if self.value not in allowed:
            raise self.fail(Message("One of %(allowed)s is expected.", {"allowed": allowed}))
        return self.text()

    def pair(self) -> tuple["Node", "Node"]:
        """Return the two items of a list of two."""
        first, second = self._tuple(2)
        return first, second

    def triple(self) -> tuple["Node", "Node", "Node"]:
        """Return the three items of a list of three."""
        first, second, third = self._tuple(3)
        return first, second, third

    def _tuple(self, length: int) -> tuple["Node", ...]:
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
