"""The wall around data under restricted use: no program writes anything new about such a child, whatever it asks.

Core asks where it registers, exports and tells; programs are many, so what they write is judged in one place, as it is
written. Deleting is always allowed, and so is what only ends a row or follows a file that moves or is merged.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from core.db.base import Base, OfAChild, of_a_program
from core.db.models import RightsRequest
from core.db.queries.children import restricted
from core.domain.errors import RestrictedUseError

_PUT_BACK: Final = "rows_put_back"
#: What core changes in a row of a program when the child's file moves or is merged into another.
_FOLLOWS: Final = frozenset({"child_id", "station_id"})


def refuse_restricted(session: Session, _context: Any, _instances: Any) -> None:
    """Raise RestrictedUseError where a program's row is about to be added or changed of a child under restricted use.

    It is of a child that it names, or that a row names on which it hangs by keys. Listens to the flush of each writing
    session.
    """
    if session.info.get(_PUT_BACK) or not (rows := list(_written_by_programs(session))):
        return
    children = {child for row in rows for child in _children_of(session, row)}
    if session.scalars(restricted().where(RightsRequest.child_id.in_(children))).first() is not None:
        raise RestrictedUseError


@contextmanager
def putting_back(session: Session) -> Iterator[None]:
    """Let rows be written as they were, where something that was done to a child's file is taken back."""
    session.info[_PUT_BACK] = True
    try:
        yield
    finally:
        session.info[_PUT_BACK] = False


def _written_by_programs(session: Session) -> Iterator[Base]:
    yield from (row for row in session.new if of_a_program(type(row)))
    yield from (row for row in session.dirty if of_a_program(type(row)) and _uses_it_anew(row))


def _children_of(session: Session, row: Base) -> Iterator[UUID]:
    """Yield the child that a row names, else those that the rows name on which it hangs."""
    if isinstance(row, OfAChild):
        yield row.child_id
        return
    owners = {one.local_table: one.class_ for one in Base.registry.mappers if _may_be_of_a_child(one.class_)}
    for attribute in inspect(type(row)).column_attrs:
        for key in attribute.columns[0].foreign_keys:
            owner, value = owners.get(key.column.table), getattr(row, attribute.key)
            if owner not in {None, type(row)} and value is not None:
                for found in session.scalars(select(owner).where(key.column == value)):
                    yield from _children_of(session, found)


def _may_be_of_a_child(model: type[Base]) -> bool:
    return issubclass(model, OfAChild) or of_a_program(model)


def _uses_it_anew(row: Base) -> bool:
    """Tell whether anything changes but that the row ends, or follows the file."""
    ended_by = row.ended_by if isinstance(row, OfAChild) else frozenset()
    for attribute in inspect(type(row)).column_attrs:
        change = get_history(row, attribute.key)
        ends = attribute.key in ended_by and not any(change.deleted or ()) and any(change.added or ())
        if change.has_changes() and attribute.key not in _FOLLOWS and not ends:
            return True
    return False
