"""A question that is asked very often: compiled once, and asked of the database's driver itself."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.types import TypeEngine

_Convert = Callable[[Any], Any]


class Question:
    """A statement as a driver takes it, and what turns its parameters and its answer into values and back.

    It has no part that depends on how many values there are: `in_` is not for it.
    """

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._order = compiled.positiontup
        encoders = {name: _encoder(bind.type, dialect) for name, bind in compiled.binds.items()}
        given = {name for name, bind in compiled.binds.items() if bind.required}
        self._encoders = {name: encoders[name] for name in given}
        self._fixed = {name: encoders[name](value) for name, value in compiled.params.items() if name not in given}
        self._decoders = [(name, _decoder(column.type, dialect)) for name, column in statement.selected_columns.items()]

    def ask(self, cursor: DBAPICursor, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the first row of the answer by the names of its columns, None where there is none."""
        given = {**self._fixed, **{name: encode(parameters[name]) for name, encode in self._encoders.items()}}
        cursor.execute(self._text, given if self._order is None else [given[name] for name in self._order])
        row = cursor.fetchone()
        if row is None:
            return None
        return {name: decode(value) for (name, decode), value in zip(self._decoders, row, strict=True)}


def _encoder(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _decoder(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
