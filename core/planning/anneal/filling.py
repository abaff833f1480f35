"""A memory in the making."""

from collections.abc import Iterable, Sequence

import numpy as np

from core.planning.anneal import layout as at
from core.planning.anneal.compiling import Memory


class Filling:
    """A memory in the making: single numbers, and tables one behind the other after the head."""

    def __init__(self) -> None:
        self.head = np.zeros(at.HEAD, np.int64)
        self._tables: list[Memory] = []
        self._length = at.HEAD
        #: How many sessions the largest group has that can't be held without one another.
        self.widest = 1

    def number(self, name: int, value: int) -> None:
        """Set a single number."""
        self.head[name] = value

    def table(self, name: int, values: Iterable[int] | Memory) -> int:
        """Add a table and return where it begins."""
        found = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.int64).ravel()
        self.head[name] = self._length
        return self._append(found)

    def lists(self, begins: int, lengths: int, values: Sequence[Sequence[int] | None]) -> None:
        """Add a list of lists; one that is None begins at -1."""
        flat = [number for found in values if found is not None for number in found]
        begin = self._append(np.asarray(flat, np.int64))
        starts = []
        for found in values:
            starts.append(-1 if found is None else begin)
            begin += len(found or ())
        self.table(begins, starts)
        self.table(lengths, [len(found or ()) for found in values])

    def blank(self, name: int, size: int, value: int = 0) -> None:
        """Add a table of so many equal numbers."""
        self.table(name, np.full(size, value, np.int64))

    def memory(self) -> Memory:
        """Return the whole."""
        return np.concatenate([self.head, *self._tables])

    def _append(self, values: Memory) -> int:
        begin = self._length
        self._tables.append(values)
        self._length += len(values)
        return begin
