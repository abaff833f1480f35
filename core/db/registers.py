"""Registers that are only written to: the database itself refuses to change or delete an entry, whoever asks.

All are evidence: the audit log (Cybersecurity Law, art. 23), the register of harm that was reported (Law on the
Protection of Minors, art. 11), that of incidents with people's data (PIPL, art. 57), and the texts that guardians have
agreed to. Whoever may change the tables themselves can take the guards away; that the audit log was changed then shows
in its chain.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, inspect

#: What the error of a refused change contains, on either database.
REGISTER_GUARD: Final = "register_is_kept"
REGISTERS: Final = ("audit_entries", "harm_reports", "incidents", "consent_texts")
_REFUSED: Final = ("update", "delete")

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {REGISTER_GUARD}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REGISTER_GUARD}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def lay_register_guards(connection: Connection) -> None:
    """Lay the guards anew on the registers that exist, in the caller's transaction."""
    existing = set(inspect(connection).get_table_names())
    for register in REGISTERS:
        for statement in _statements(register, connection.dialect.name, exists=register in existing):
            connection.exec_driver_sql(statement)
    if connection.dialect.name == "postgresql" and not existing & set(REGISTERS):
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {REGISTER_GUARD}()")


def _statements(register: str, dialect: str, *, exists: bool) -> Iterator[str]:
    if dialect == "sqlite":
        for moment in _REFUSED:
            name = f"kept_{register}_{moment}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            if exists:
                yield (
                    f"CREATE TRIGGER {name} BEFORE {moment} ON {register}"
                    f" BEGIN SELECT RAISE(ABORT, '{REGISTER_GUARD}'); END"
                )
    elif exists:
        yield _FUNCTION
        yield (
            f"CREATE OR REPLACE TRIGGER kept_{register} BEFORE UPDATE OR DELETE OR TRUNCATE ON {register}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {REGISTER_GUARD}()"
        )
