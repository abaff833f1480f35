"""The ledger of consents is written to, not rewritten: the database itself lets a row be withdrawn once, no more.

A row moves with its child's file to another station or into another file, and goes when the file is erased; nothing
else deletes it. The scan of a signed paper is added where there is none. On SQLite a trigger keeps the tables that it
speaks of from being made anew, so migrations begin by lifting the guards.
"""

from collections.abc import Container, Iterable
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
_WITHDRAWAL: Final = ("withdrawn_on", "withdrawn_by", "withdrawn_guardian_id", "withdrawn_how")
# In an erasure's cascade the child is gone before what hangs on it.
_CHILD_IS_THERE: Final = "EXISTS (SELECT 1 FROM children WHERE children.id = OLD.child_id)"
_SCAN_IS_THERE: Final = "EXISTS (SELECT 1 FROM child_files WHERE child_files.id = OLD.scan_id)"
_ON_SQLITE: Final = (
    f"""
    CREATE TRIGGER kept_consents_{{event}} BEFORE {{event}} ON consents WHEN {{condition}}
    BEGIN SELECT RAISE(ABORT, '{LEDGER_GUARD}'); END
    """,
)
_ON_POSTGRESQL: Final = (
    f"""
    CREATE FUNCTION kept_consents_{{event}}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF {{condition}} THEN
        RAISE EXCEPTION '{LEDGER_GUARD}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN {{answer}};
    END $$
    """,
    """
    CREATE TRIGGER kept_consents_{event} BEFORE {event} ON consents
    FOR EACH {each} EXECUTE FUNCTION kept_consents_{event}()
    """,
)
_OFF_SQLITE: Final = "DROP TRIGGER IF EXISTS kept_consents_{event}"
_OFF_POSTGRESQL: Final = "DROP FUNCTION IF EXISTS kept_consents_{event}() CASCADE"
#: Whether a guard looks at each row or at the statement, and what its function answers where it lets it pass.
_EVENTS: Final = {
    "update": {"each": "ROW", "answer": "NEW"},
    "delete": {"each": "ROW", "answer": "OLD"},
    "truncate": {"each": "STATEMENT", "answer": "NULL"},
}


def lay_ledger_guards(connection: Connection) -> None:
    """Lay the guards anew where the ledger exists, in the caller's transaction."""
    lift_ledger_guards(connection)
    tables = inspect(connection)
    if "consents" not in tables.get_table_names():
        return
    columns = {column["name"] for column in tables.get_columns("consents")}
    if "basis" not in columns:
        return
    sqlite = connection.dialect.name == "sqlite"
    rewritten = _is_rewritten("IS NOT" if sqlite else "IS DISTINCT FROM", columns)
    refused = {"update": rewritten, "delete": _CHILD_IS_THERE}
    laid = _ON_SQLITE if sqlite else _ON_POSTGRESQL
    for event, condition in (refused if sqlite else {**refused, "truncate": "true"}).items():
        for statement in laid:
            connection.exec_driver_sql(statement.format(event=event, condition=condition, **_EVENTS[event]))


def lift_ledger_guards(connection: Connection) -> None:
    """Take the guards up, in the caller's transaction, so that the tables they speak of can be changed."""
    sqlite = connection.dialect.name == "sqlite"
    for event in _EVENTS:
        connection.exec_driver_sql((_OFF_SQLITE if sqlite else _OFF_POSTGRESQL).format(event=event))


def _is_rewritten(differs: str, columns: Container[str]) -> str:
    def changed(names: Iterable[str]) -> str:
        # At an earlier step of the migrations a column may not be there yet.
        return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names if name in columns)

    withdrawn_anew = f"OLD.withdrawn_on IS NOT NULL AND ({changed(_WITHDRAWAL)})"
    other_scan = f"NEW.scan_id {differs} OLD.scan_id AND {_SCAN_IS_THERE}"
    return f"({changed(_WRITTEN)}) OR ({withdrawn_anew}) OR ({other_scan})"
