"""Brings the rows that hang on another row into line with a list in one of its cells."""

from collections.abc import Sequence
from typing import Any

from core.db.base import Base


def bring_into_line(
    rows: list[Any], model: type[Base], attribute: str, wanted: Sequence[Any], owner: dict[str, Any]
) -> bool:
    """Make `rows`, a relationship's list, have exactly one row for each of `wanted`; tell whether it changed."""
    stored = {getattr(row, attribute): row for row in rows}
    surplus = [row for value, row in stored.items() if value not in wanted]
    lacking = [value for value in wanted if value not in stored]
    for row in surplus:
        rows.remove(row)
    rows.extend(model(**owner, **{attribute: value}) for value in lacking)
    return bool(surplus or lacking)
