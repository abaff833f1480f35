"""What comes back from plugins is what the contract says, or it is refused."""

from collections.abc import Iterable
from typing import Any


def require(values: Iterable[object], kind: type[Any]) -> None:
    """Raise TypeError unless all values are of the kind."""
    for value in values:
        if not isinstance(value, kind):
            raise TypeError(f"a hook returned {type(value).__name__} where the contract asks for {kind.__name__}")
