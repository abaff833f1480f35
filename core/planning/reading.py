"""JSON values with the path that leads to them, so that whatever is wrong is named where it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from core.domain.errors import Message
from core.planning.errors import MalformedProblemError
from core.planning.moments import Window, moment

_T = TypeVar("_T")


@dataclass(frozen=True)
class Node:
    """A JSON value and where it was found. Readers raise MalformedProblemError if it isn't what they say."""

    value: object
    path: str = "$"

    def fail(self, text: str, **values: object) -> MalformedProblemError:
        """Return the error that names this place; the caller raises it."""
        return MalformedProblemError(self.path, Message(text, values))

    def __getitem__(self, key: str) -> "Node":
        found = self.get(key)
        if found is None:
            raise self.fail("“%(key)s” is missing.", key=key)
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
            raise self.fail("A list is expected.")
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
        """Return a string that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.fail("A text is expected.")
        return self.value

    def whole(self, low: int | None = None) -> int:
        """Return a whole number, at least `low` if that is given; true and false are no numbers."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fail("A whole number is expected.")
        if low is not None and self.value < low:
            raise self.fail("The number must be at least %(low)s.", low=low)
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.fail("true or false is expected.")
        return self.value

    def moment(self) -> int:
        """Return a time written to the minute."""
        try:
            return moment(self.text())
        except ValueError:
            raise self.fail("A time such as 2027-01-25T09:00 is expected.") from None

    def window(self) -> Window:
        """Return a pair of times, the first not after the second."""
        start, end = self.pair()
        if start.moment() > end.moment():
            raise self.fail("It ends before it begins.")
        return start.moment(), end.moment()

    def session(self) -> tuple[str, int]:
        """Return the pair of an activity and the index of one of its sessions."""
        activity, index = self.pair()
        return activity.text(), index.whole(0)

    def one_of(self, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        if self.value not in allowed:
            raise self.fail("One of %(allowed)s is expected.", allowed=", ".join(allowed))
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
            raise self.fail("A list of %(length)s is expected.", length=length)
        return found

    def _members(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.fail("An object is expected.")
        return self.value
