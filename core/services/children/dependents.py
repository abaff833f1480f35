"""Everything that hangs on a child's file, in core and in the programs: it follows the child wherever the file goes.

The rows are found by the tables themselves, so that a table that is new needs no word here: whatever refers to
`children.id` follows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from uuid import UUID

from sqlalchemy import Column, Table, UniqueConstraint, inspect, select
from sqlalchemy.orm import Session

from core.db.base import Base, OfAChild, StationScoped
from core.db.models import Child, Group, GroupMember, Registration
from core.db.models.station import Station
from core.domain.errors import Message


@dataclass(frozen=True)
class Dependent:
    """A table whose rows refer to a child, and the attribute that does."""

    model: type[Base]
    attribute: str

    @property
    def table(self) -> Table:
        """The table of the rows."""
        found = self.model.__table__
        if not isinstance(found, Table):
            raise TypeError(f"{self.model.__name__} is no table.")
        return found


def dependents() -> tuple[Dependent, ...]:
    """Return every table that refers to a child, of core and of the programs that are loaded, by name."""
    found = [
        Dependent(mapper.class_, attribute.key)
        for mapper in Base.registry.mappers
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column, Column) and _is_of_a_child(column)
    ]
    return tuple(sorted(found, key=lambda one: (one.table.name, one.attribute)))


def program_titles() -> Mapping[str, Message]:
    """Return what people call the tables of the programs that are loaded, by their names."""
    models = (one.model for one in dependents() if issubclass(one.model, OfAChild))
    return {str(model.__tablename__): model.told.title for model in models if model.told is not None}


@dataclass(frozen=True)
class HandedOver:
    """What became of the rows that hung on a file: those that went over, and those that the other file had already.

    `stations` are those of the rows that went over, as they were, by table and id.
    """

    counts: Mapping[str, int]
    stations: Mapping[tuple[str, UUID], UUID | None]
    doubles: tuple[Base, ...]


def hand_over(session: Session, tables: frozenset[str], former: Child, kept: Child) -> HandedOver:
    """Give what hangs on one file to another, and return what became of it; doubles are to be deleted by the caller.

    A row is a double that the other file has already, as its table tells the two apart. Registrations have rules of
    their own and stay where they are. `tables` are those that the database has: a program may be loaded before its
    tables are made.
    """
    counts: Counter[str] = Counter()
    stations: dict[tuple[str, UUID], UUID | None] = {}
    doubles: list[Base] = []
    for dependent in (one for one in _present(tables) if one.model is not Registration):
        theirs = {key for row in _rows(session, dependent, kept.id) for key in _identities(dependent, row, kept.id)}
        for row in _rows(session, dependent, former.id):
            if not theirs.isdisjoint(_identities(dependent, row, kept.id)):
                doubles.append(row)
                continue
            stations[dependent.table.name, row.id] = row.station_id if isinstance(row, StationScoped) else None
            setattr(row, dependent.attribute, kept.id)
            if _goes_along(row) and row.station_id == former.station_id:
                row.station_id = kept.station_id
            counts[dependent.table.name] += 1
    return HandedOver(counts, stations, tuple(doubles))


def move_along(session: Session, tables: frozenset[str], child: Child, target: Station) -> Counter[str]:
    """Give what hangs on a file to the station to which the child moves, and return how many rows of each table.

    What belongs to another station than the file's, such as the note that a child was at its session, stays there. A
    place in a group is given up where the group is of a station that is not above the new one.
    """
    moved: Counter[str] = Counter()
    left = child.station_id
    above = _lineage(session, target)
    for dependent in _present(tables):
        for row in _rows(session, dependent, child.id):
            if isinstance(row, GroupMember) and _station_of_group(session, row) not in above:
                session.delete(row)
                moved["group_members_left"] += 1
            elif _goes_along(row) and row.station_id == left:
                row.station_id = target.id
                moved[dependent.table.name] += 1
    child.station_id = target.id
    session.flush()
    return moved


def tables_of(session: Session) -> frozenset[str]:
    """Return the names of the tables that the database has."""
    # By a connection that only reads: one that writes would wait for this very session.
    return frozenset(inspect(session.get_bind().execution_options(weibao_write=False)).get_table_names())


def _goes_along(row: Base) -> TypeGuard[StationScoped]:
    """Tell whether a row's station is the child's; a registration's is the one that offers the activity."""
    return isinstance(row, StationScoped) and not isinstance(row, Registration)


def _is_of_a_child(column: Column[Any]) -> bool:
    return any(key.column is Child.__table__.c.id for key in column.foreign_keys)


def _present(tables: frozenset[str]) -> Iterator[Dependent]:
    return (dependent for dependent in dependents() if dependent.table.name in tables)


def _rows(session: Session, dependent: Dependent, child_id: UUID) -> list[Base]:
    column = getattr(dependent.model, dependent.attribute)
    return list(session.scalars(select(dependent.model).where(column == child_id)))


def _identities(dependent: Dependent, row: Base, child_id: UUID) -> list[tuple[Any, ...]]:
    """Return by what the row would be another's double if it were the child's: one tuple a unique constraint."""
    column = dependent.table.c[inspect(dependent.model).column_attrs[dependent.attribute].columns[0].name]
    return [
        (name, *(child_id if other is column else _value(row, other) for other in columns))
        for name, columns in _unique(dependent.table)
        if column in columns
    ]


def _unique(table: Table) -> Iterator[tuple[str, list[Column[Any]]]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield str(constraint.name), list(constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield str(index.name), [table.c[column.name] for column in index.columns]


def _value(row: Base, column: Column[Any]) -> Any:
    return getattr(row, inspect(type(row)).get_property_by_column(column).key)


def _lineage(session: Session, station: Station) -> set[UUID]:
    found: set[UUID] = set()
    here: Station | None = station
    while here is not None:
        found.add(here.id)
        here = session.get(Station, here.parent_id) if here.parent_id else None
    return found


def _station_of_group(session: Session, row: GroupMember) -> UUID | None:
    group = session.get(Group, row.group_id)
    return group.station_id if group else None
