"""What a mapped class tells of itself: its columns, what they point to, whose rows they are, who holds a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, func, inspect, select
from sqlalchemy.orm import Session

from core.db.base import Base, LineageScoped, StationScoped
from core.db.models import Station
from core.db.sealed import Encrypted
from core.domain.actor import Scope

#: Rows that the database deletes together with the one they point to are no reason to keep it.
_CASCADE: Final = "CASCADE"


def column_of(model: type[Any], name: str) -> Column[Any] | None:
    """Return the column behind an attribute, None for one that is no plain column."""
    prop = inspect(model).column_attrs.get(name)
    column = prop.columns[0] if prop is not None else None
    return column if isinstance(column, Column) else None


def target_of(model: type[Any], name: str) -> type[Any] | None:
    """Return the class to which an attribute's foreign key points, None if it has none."""
    column = column_of(model, name)
    if column is None or not column.foreign_keys:
        return None
    table = next(iter(column.foreign_keys)).column.table
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def anchor_of(model: type[Any], form: tuple[str, ...]) -> str | None:
    """Return the attribute by which a row belongs to another one, whose station is then its own; None if to none."""
    if not issubclass(model, StationScoped):
        return None
    for name in form:
        column, target = column_of(model, name), target_of(model, name)
        if column is not None and not column.nullable and target is not None and issubclass(target, StationScoped):
            return name
    return None


def is_personal(model: type[Any]) -> bool:
    """Tell whether a table speaks of people: it has sealed fields, or its rows belong to one that has."""
    columns = list(inspect(model).local_table.columns)
    tables = {key.column.table for column in columns for key in column.foreign_keys}
    sealed = (column for table in tables for column in table.columns)
    return any(isinstance(column.type, Encrypted) for column in (*columns, *sealed))


def station_of(row: Any) -> UUID | None:
    """Return the station in whose audit log a change of the row belongs, None for a row of the whole installation."""
    if isinstance(row, Station):
        return row.id if inspect(row).persistent else row.parent_id
    if isinstance(row, StationScoped | LineageScoped):
        return row.station_id
    return None


def is_within(row: Any, scope: Scope) -> bool:
    """Tell whether the row is the scope's own to change, and not one that a station above it only lets it see."""
    station = station_of(row)
    return station is None or scope.everything or station in scope.stations


@dataclass(frozen=True)
class Holding:
    """Rows of one table that point to a row; `goes_along`: they are deleted with it and don't keep it."""

    model: type[Any]
    count: int
    goes_along: bool


def holdings(session: Session, row: Any) -> Iterator[Holding]:
    """Yield what points to the row, table by table."""
    table = inspect(type(row)).local_table
    # A plugin that was left out may have been imported all the same: its tables are mapped and don't exist.
    there = set(inspect(session.connection()).get_table_names())
    mappers = (mapper for mapper in Base.registry.mappers if mapper.class_.__tablename__ in there)
    for mapper in sorted(mappers, key=lambda mapper: mapper.class_.__tablename__):
        for column in mapper.local_table.columns:
            for key in column.foreign_keys:
                if key.column.table is table and len(key.constraint.elements if key.constraint else ()) == 1:
                    count = session.scalar(select(func.count(mapper.class_.id)).where(column == row.id))
                    if count:
                        yield Holding(mapper.class_, count, key.ondelete == _CASCADE)
