"""The control: the rows that the morning wrote, inserted by themselves with one commit a row."""

from collections.abc import Iterator
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Json

from tests.benchmarks.registration_rush.stores import Store

#: What a registration inserts; the other rows that it touches are changed in place.
TABLES: Final = ("registrations", "group_members", "audit_entries")


def bare_inserts(store: Store) -> tuple[int, float]:
    """Insert into the database as it was in the morning what has come since; return how many rows, and seconds.

    It has the same tables, indexes and guards; every row is a transaction, and is on the disk before the next begins.
    """
    with store.after() as source, store.before() as target:
        rows = list(_rows(source, target, store.mark))
        started = perf_counter()
        for statement, values in rows:
            target.execute(statement, values)
        return len(rows), perf_counter() - started


def _rows(source: Any, target: Any, mark: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the new rows with how to insert them, those of one registration one after the other."""
    found: list[tuple[str, str, list[Any]]] = []
    for table in TABLES:
        known = {row[0] for row in target.execute(f"SELECT id FROM {table}")}  # noqa: S608 (our own names)
        cursor = source.execute(f"SELECT * FROM {table}")  # noqa: S608
        marks = ", ".join([mark] * len(cursor.description))
        place = [column[0] for column in cursor.description].index("id")
        statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608
        found += [(_key(row[place]), statement, [*map(_value, row)]) for row in cursor if row[place] not in known]
    # Ids are made in the order of time.
    for _id, statement, row in sorted(found, key=lambda line: line[0]):
        yield statement, row


def _key(key: UUID | str) -> str:
    return key.hex if isinstance(key, UUID) else key


def _value(value: Any) -> Any:
    return Json(value) if isinstance(value, dict | list) else value
