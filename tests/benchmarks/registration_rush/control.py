"""The control: the rows that the morning wrote, inserted by themselves with one commit a row."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pysqlite3.dbapi2

#: What a registration inserts; the other rows that it touches are changed in place.
TABLES: Final = ("registrations", "group_members", "audit_entries")


def bare_inserts(before: Path, after: Path) -> tuple[int, float]:
    """Insert into one database what another one has more, with one commit a row; return how many rows, and seconds.

    `before` is the database as it was in the morning: the same tables, indexes and guards.
    """
    with _opened(after) as source, _opened(before) as target:
        rows = list(_rows(source, target))
        started = perf_counter()
        for statement, values in rows:
            target.execute(statement, values)
        return len(rows), perf_counter() - started


def _rows(source: sqlite3.Connection, target: sqlite3.Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the new rows with how to insert them, those of one registration one after the other."""
    found: list[tuple[bytes, str, tuple[Any, ...]]] = []
    for table in TABLES:
        known = {row[0] for row in target.execute(f"SELECT id FROM {table}")}  # noqa: S608 (our own names)
        cursor = source.execute(f"SELECT * FROM {table}")  # noqa: S608
        marks = ", ".join("?" * len(cursor.description))
        place = [column[0] for column in cursor.description].index("id")
        statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608
        found += [(row[place], statement, row) for row in cursor if row[place] not in known]
    # Ids are made in the order of time.
    for _key, statement, row in sorted(found, key=lambda line: line[0]):
        yield statement, row


def _opened(path: Path) -> sqlite3.Connection:
    # No transaction of its own: every statement is one.
    connection: sqlite3.Connection = pysqlite3.dbapi2.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
