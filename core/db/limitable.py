"""Which statements a scope's criteria can limit: those made of mapped classes; the others are refused, not trusted."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Alias, Column, Select, Table, TextClause
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.selectable import TextualSelect

from core.db.base import LineageScoped, StationScoped
from core.db.models.station import Station
from core.domain.errors import Message, NotAllowedError

#: What SQLAlchemy itself writes as text, in EXISTS and count().
_HARMLESS = frozenset({"1", "*"})
_OWNING_COLUMNS = frozenset({"id", "parent_id", "station_id"})


def require_limitable(state: ORMExecuteState) -> None:
    """Raise NotAllowedError for a statement that would reach past the criteria of a limited session."""
    if not state.is_orm_statement or any(_is_raw(element) for element in _elements(state)):
        raise NotAllowedError(Message("A limited session runs statements over mapped classes alone."))
    if state.is_insert and _is_walled(state):
        raise NotAllowedError(Message("A limited session adds rows as objects, so that each can be checked."))
    if state.is_update and _is_walled(state) and _leaves_its_place(state):
        raise NotAllowedError(Message("A limited session moves rows as objects, so that each can be checked."))


def _elements(state: ORMExecuteState) -> Iterator[Any]:
    statement: Any = state.statement
    return visitors.iterate(statement)


def _is_raw(element: Any) -> bool:
    """Tell whether an element of a statement is text, or a choice of columns past the mapped classes."""
    if isinstance(element, TextClause | TextualSelect):
        return True
    if isinstance(element, ColumnClause) and element.is_literal:
        return element.name not in _HARMLESS
    # Public `column_descriptions` fails on the selects that SQLAlchemy makes for EXISTS.
    return isinstance(element, Select) and any(
        "parententity" not in chosen._annotations and _is_of_a_table(chosen)  # noqa: SLF001
        for chosen in element._raw_columns  # noqa: SLF001
    )


def _is_of_a_table(chosen: Any) -> bool:
    source = chosen.table if isinstance(chosen, Column) else chosen
    return isinstance(source.element if isinstance(source, Alias) else source, Table)


def _is_walled(state: ORMExecuteState) -> bool:
    mapper = state.bind_mapper
    return mapper is None or issubclass(mapper.class_, StationScoped | LineageScoped | Station)


def _leaves_its_place(state: ORMExecuteState) -> bool:
    """Tell whether an update changes whose its rows are, or goes by primary keys, for which criteria don't count."""
    if state.parameters is not None:
        return True
    statement: Any = state.statement
    # SQLAlchemy has no public way to ask an update what it sets.
    return any(getattr(column, "key", column) in _OWNING_COLUMNS for column in statement._values or ())  # noqa: SLF001
