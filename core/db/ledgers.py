"""The ledger of consents is written to, not rewritten: the database itself lets a row be withdrawn once, no more.

A row moves with its child's file to another station or into another file, and goes when the file is erased; nothing
else deletes it. On SQLite a trigger keeps the tables that it speaks of from being made anew, so migrations begin by
lifting the guards.
"""

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
    "scan_id",
    "given_on",
    "valid_until",
)
_WITHDRAWAL: Final = ("withdrawn_on", "withdrawn_by", "withdrawn_how")
# In an erasure's cascade the child is gone before what hangs on it.
_CHILD_IS_THERE: Final = "EXISTS (SELECT 1 FROM children WHERE children.id = OLD.child_id)"


def lay_ledger_guards(connection: Connection) -> None:
    """Lay the guards anew where the ledger exists, in the caller's transaction."""
    lift_ledger_guards(connection)
    tables = inspect(connection)
    if "consents" not in tables.get_table_names():
        return
    if "basis" not in {column["name"] for column in tables.get_columns("consents")}:
        return
    sqlite = connection.dialect.name == "sqlite"
    refused = {"UPDATE": _is_rewritten("IS NOT" if sqlite else "IS DISTINCT FROM"), "DELETE": _CHILD_IS_THERE}
    for event, condition in refused.items():
        name = f"kept_consents_{event.lower()}"
        if sqlite:
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} BEFORE {event} ON consents WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{LEDGER_GUARD}'); END"
            )
            continue
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
            f" RAISE EXCEPTION '{LEDGER_GUARD}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {'NEW' if event == 'UPDATE' else 'OLD'}; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON consents FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def lift_ledger_guards(connection: Connection) -> None:
    """Take the guards up, in the caller's transaction, so that the tables they speak of can be changed."""
    for name in ("kept_consents_update", "kept_consents_delete"):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def _is_rewritten(differs: str) -> str:
    written = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in _WRITTEN)
    withdrawal = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in _WITHDRAWAL)
    return f"({written}) OR (OLD.withdrawn_on IS NOT NULL AND ({withdrawal}))"
