"""Rows of any table as JSON and back, so that what was done to them can be taken back: sealed fields are opened in it.

Whoever writes one seals it again, and opens fields as core.db.opening says.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import LargeBinary, Table, inspect, select
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import Child
from core.db.sealed import Encrypted, Sealed
from core.services.children.dependents import Dependent, dependents

Values = dict[str, Any]
_IN_ISO: Final = (datetime, date, time)


def written(session: Session, row: Base) -> Values:
    """Return all of a row's attributes as JSON can say them; FieldClosedError where one may not be opened here."""
    return {one.key: _said(session, row, one.key) for one in inspect(type(row)).column_attrs}


def read(model: type[Base], said: Mapping[str, Any]) -> Values:
    """Return a row's attributes as its model takes them; ValueError for what no row of it has said."""
    columns = {one.key: one.columns[0] for one in inspect(model).column_attrs}
    key = UUID(said["id"])
    return {name: _meant(model, name, columns[name].type, value, key) for name, value in said.items()}


def hanging(session: Session, row: Base) -> Iterator[Base]:
    """Yield the rows that go when a row goes, those nearer to it first."""
    here = inspect(type(row)).local_table
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            for key in attribute.columns[0].foreign_keys:
                if key.column.table is here and key.ondelete == "CASCADE" and mapper.class_ is not type(row):
                    query = select(mapper.class_).where(getattr(mapper.class_, attribute.key) == row.id)
                    for found in session.scalars(query).all():
                        yield found
                        yield from hanging(session, found)


def fingerprint(session: Session, tables: frozenset[str], child_id: UUID, *, but: UUID) -> str:
    """Return what tells whether anything of a file has changed: a digest of all its rows but one, as stored."""
    digest = hashlib.sha256()
    own = Dependent(Child, "id")
    for dependent in (own, *(one for one in dependents() if one.table.name in tables)):
        table: Table = dependent.table
        column = inspect(dependent.model).column_attrs[dependent.attribute].columns[0]
        for row in session.execute(select(table).where(column == child_id, table.c.id != but).order_by(table.c.id)):
            digest.update(repr([table.name, *map(_stored, row)]).encode())
    return digest.hexdigest()


def _stored(value: Any) -> str:
    return value.token.hex() if isinstance(value, Sealed) else repr(value)


def _said(session: Session, row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, Sealed):
        return value.open_in(session, getattr(row, "child_id", row.id), _context(type(row), name, row.id))
    if isinstance(value, _IN_ISO):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | bytes):
        return value.hex if isinstance(value, UUID) else value.hex()
    return value


def _meant(model: type[Base], name: str, kind: Any, value: Any, key: UUID) -> Any:
    if value is None:
        return None
    if isinstance(kind, Encrypted):
        return Sealed(context=_context(model, name, key), text=value)
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    wanted = kind.python_type
    if issubclass(wanted, _IN_ISO):
        return wanted.fromisoformat(value)
    return wanted(value) if issubclass(wanted, UUID | Enum) else value


def _context(model: type[Base], name: str, key: UUID) -> str:
    return f"{model.__tablename__}|{name}|{key.hex}"
