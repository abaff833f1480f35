"""Ledgers are written to, not rewritten: the database itself lets a consent be withdrawn once, and hours be added.

A consent moves with its child's file to another station or into another file, and goes when the file is erased; nothing
else deletes it. The scan of a signed paper is added where there is none. On SQLite a trigger keeps the tables that it
speaks of from being made anew, so migrations begin by lifting the guards.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, inspect

#: What the error of a refused change contains, on either database.
LEDGER_GUARD: Final = "ledger_is_kept"

_WRITTEN: Final = (
    "id",
    "purpose",
    "basis",
    "law",
    "text_version",
    "guardian_id",
    "how",
    "given_on",
    "valid_until",
)
_SCAN: Final = ("scan_id",)
_WITHDRAWAL: Final = ("withdrawn_on", "withdrawn_by", "withdrawn_guardian_id", "withdrawn_how")
# In an erasure's cascade the child is gone before what hangs on it.
_CHILD_IS_THERE: Final = "EXISTS (SELECT 1 FROM children WHERE children.id = OLD.child_id)"
_SCAN_IS_THERE: Final = "EXISTS (SELECT 1 FROM child_files WHERE child_files.id = OLD.scan_id)"
_ALWAYS: Final = "1 = 1"
_CONSENTS: Final = "consents"
_HOURS: Final = "service_entries"
_UPDATE: Final = "update"
_DELETE: Final = "delete"
_TRUNCATE: Final = "truncate"
_ROW: Final = "ROW"
_STATEMENT: Final = "STATEMENT"
_NAMES: Final = tuple(
    f"kept_{table}_{event}" for table in (_CONSENTS, _HOURS) for event in (_UPDATE, _DELETE, _TRUNCATE)
)


def lay_ledger_guards(connection: Connection) -> None:
    """Lay the guards anew where the ledger exists, in the caller's transaction."""
    lift_ledger_guards(connection)
    tables = inspect(connection)
    names = tables.get_table_names()
    if _CONSENTS in names:
        columns = {column["name"] for column in tables.get_columns(_CONSENTS)}
        if "basis" in columns:
            _keep(connection, _CONSENTS, {_UPDATE: _is_rewritten(columns), _DELETE: _CHILD_IS_THERE})
    if _HOURS in names:
        _keep(connection, _HOURS, {_UPDATE: _ALWAYS, _DELETE: _ALWAYS})


def _keep(connection: Connection, table: str, refused: Mapping[str, str]) -> None:
    """Refuse events on the rows of a table where their conditions hold, and emptying it whole."""
    sqlite = connection.dialect.name == "sqlite"
    for event, condition in refused.items():
        for statement in (_of_sqlite if sqlite else _of_postgresql)(table, event, condition):
            connection.exec_driver_sql(statement)
    if not sqlite:
        for statement in _of_postgresql(table, _TRUNCATE, _ALWAYS, each=_STATEMENT):
            connection.exec_driver_sql(statement)


def lift_ledger_guards(connection: Connection) -> None:
    """Take the guards up, in the caller's transaction, so that the tables they speak of can be changed."""
    for name in _NAMES:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def _of_sqlite(table: str, event: str, condition: str) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER kept_{table}_{event} BEFORE {event} ON {table} WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{LEDGER_GUARD}'); END"
    )


def _of_postgresql(table: str, event: str, condition: str, *, each: str = _ROW) -> Iterator[str]:
    name = f"kept_{table}_{event}"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
        f" RAISE EXCEPTION '{LEDGER_GUARD}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " RETURN coalesce(NEW, OLD); END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"


def _is_rewritten(columns: Container[str]) -> str:
    def changed(names: Iterable[str]) -> str:
        # At an earlier step of the migrations a column may not be there yet.
        return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names if name in columns)

    withdrawn_anew = f"OLD.withdrawn_on IS NOT NULL AND ({changed(_WITHDRAWAL)})"
    other_scan = f"{changed(_SCAN)} AND {_SCAN_IS_THERE}"
    return f"({changed(_WRITTEN)}) OR ({withdrawn_anew}) OR ({other_scan})"
