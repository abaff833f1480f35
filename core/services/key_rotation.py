"""Sealing every protected field anew with another key, while the installation is in use, however often it is cut off.

First the new key becomes current in the key file, so that all processes seal with it from then on. Then what older keys
have sealed is sealed anew, some rows at a time, each only if nobody has changed it meanwhile. Older keys stay in the
file: backups, and tables of programs that are not installed now, are opened with them.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Table, func, inspect, select, text, type_coerce, update
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.sealed import Encrypted, EncryptedContent, Sealed
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import Message
from core.security.keys import read_keys, replace_keys
from core.security.vault import SealBrokenError

_PATIENCE: Final = 0.1
#: Files of 5 MB at most: a transaction holds them in memory three times over.
_HEAVY_AT_ONCE: Final = 8

#: Is told how many fields were sealed anew of how many.
Show = Callable[[int, int], None]


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed text, and the attribute's name, to which its contents are bound."""

    table: Table
    name: str
    attribute: str
    #: Its rows are large.
    heavy: bool = False

    @property
    def token(self) -> ColumnElement[bytes]:
        """The column's bytes as they are stored."""
        return type_coerce(self.table.c[self.name], LargeBinary)

    def start(self, length: int) -> ColumnElement[bytes]:
        """The first bytes of the column's contents."""
        return func.substr(self.token, 1, length, type_=LargeBinary)


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Return every column of sealed text, of core and of the plugins that are loaded."""
    found = [
        SealedColumn(mapper.local_table, column.name, attribute.key, isinstance(column.type, EncryptedContent))
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, Table)
        for attribute in mapper.column_attrs
        for column in attribute.columns
        if isinstance(column.type, Encrypted)
    ]
    return tuple(sorted(found, key=lambda column: (column.table.name, column.name)))


def fields_by_key(database: Database) -> Mapping[str, int]:
    """Return how many fields each key has sealed, by the key's name."""
    columns = _present(database)
    with database.reading(EVERYTHING) as session:
        return {
            name: sum(_count(session, column, column.start(len(mark)) == mark) for column in columns)
            for name, mark in database.vault.marks.items()
        }


def rotate(database: Database, key_file: Path, show: Show, at_once: int = 500) -> int:
    """Seal everything with a new key, or go on where a rotation was cut off; return how many fields were sealed anew.

    Of a column at most `at_once` are sealed in one transaction, so that others need not wait long for their turn.

    Raises SealBrokenError, naming the row, where a field can't be opened; everything before it is sealed anew then, and
    nothing is lost. Only one rotation may run at a time.
    """
    with database.reading(EVERYTHING) as session:
        if not _left(session, database):
            replace_keys(key_file, read_keys(key_file).with_another())
    _let_writers_end(database)
    with database.reading(EVERYTHING) as session:
        done, total = 0, _left(session, database)
    while True:
        with database.writing(EVERYTHING) as session:
            sealed = _seal_some(session, database, at_once)
        if not sealed:
            return done
        done += sealed
        show(done, max(total, done))


def _seal_some(session: Session, database: Database, at_once: int) -> int:
    for column in _present(database):
        if sealed := sum(
            _sealed_anew(session, database, column, *row) for row in _older(session, database, column, at_once)
        ):
            return sealed
    return 0


def _sealed_anew(session: Session, database: Database, column: SealedColumn, key: UUID, token: bytes) -> int:
    try:
        anew = database.vault.seal_anew(token, f"{column.table.name}|{column.attribute}|{key.hex}")
    except SealBrokenError as error:
        raise SealBrokenError(
            Message(
                "%(column)s of row %(row)s in %(table)s can't be opened: check that the key file belongs to this database.",  # noqa: E501
                {"column": column.name, "row": key, "table": column.table.name},
            )
        ) from error
    same = (column.table.c.id == key, column.token == token)
    session.execute(update(column.table).where(*same).values({column.name: Sealed(token=anew)}))
    return 1


def _older(session: Session, database: Database, column: SealedColumn, at_once: int) -> list[tuple[UUID, bytes]]:
    limit = min(at_once, _HEAVY_AT_ONCE) if column.heavy else at_once
    wanted = select(column.table.c.id, column.token).where(*_is_older(database, column)).limit(limit)
    return [(key, token) for key, token in session.execute(wanted)]


def _left(session: Session, database: Database) -> int:
    return sum(_count(session, column, *_is_older(database, column)) for column in _present(database))


def _count(session: Session, column: SealedColumn, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(column.table).where(*conditions)) or 0


def _is_older(database: Database, column: SealedColumn) -> tuple[ColumnElement[bool], ...]:
    mark = database.vault.mark
    return column.token.is_not(None), column.start(len(mark)) != mark


def _present(database: Database) -> list[SealedColumn]:
    """Return the columns that the database has: a plugin may be loaded before its tables are made."""
    tables = set(inspect(database.engine).get_table_names())
    return [column for column in sealed_columns() if column.table.name in tables]


def _let_writers_end(database: Database) -> None:
    """Wait until every transaction has ended that may have sealed something before the new key became current.

    In the embedded database there is one writer at a time, and the next one comes after it.
    """
    if database.embedded:
        return
    with database.engine.connect() as connection:
        mine = connection.scalar(text("SELECT pg_current_xact_id()::text::bigint"))
        connection.commit()
        while connection.scalar(text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")) <= mine:
            connection.commit()
            time.sleep(_PATIENCE)
