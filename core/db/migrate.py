"""Migrations: one history for core and one for each plugin that has tables, each with a version table of its own.

So a plugin can be taken out and come back to its data. A migration is one transaction on both databases.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine

import core.db.models  # noqa: F401 (the tables register themselves on import)
from core.db.base import Base
from core.db.guards import lay_guards, lift_guards
from core.db.histories import History
from core.db.ledgers import lay_ledger_guards, lift_ledger_guards
from core.db.registers import lay_register_guards
from core.db.row_security import lay_row_security, tell_scope
from core.domain.actor import EVERYTHING

_HERE = Path(__file__).parent / "migrations"


CORE = History(owner="core", versions=_HERE / "versions")


def upgrade(engine: Engine, history: History, revision: str = "head") -> None:
    """Bring the tables of `history` to `revision`, then lay guards and walls anew."""
    with _migrating(engine) as connection:
        lift_guards(connection)
        command.upgrade(_config(connection, history), revision)
        _lay_walls(connection)


def downgrade(engine: Engine, history: History, revision: str = "base") -> None:
    """Take the tables of `history` back to `revision`, then lay the guards anew where their tables remain."""
    with _migrating(engine) as connection:
        lift_guards(connection)
        command.downgrade(_config(connection, history), revision)
        _lay_walls(connection)


def drift(engine: Engine, history: History, others: tuple[History, ...] = ()) -> list[object]:
    """Return the differences between the tables of `history` as declared and as they are; empty when there are none.

    `others` are the histories of which no table is meant.
    """
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_options(history, others))
        return list(compare_metadata(context, Base.metadata))


def owns(history: History, table: str, others: tuple[History, ...] = ()) -> bool:
    """Tell whether `history` looks after the table of that name."""
    if table.startswith("alembic_version_"):
        return False
    return table.startswith(history.prefix) and not any(table.startswith(other.prefix) for other in others)


def _lay_walls(connection: Connection) -> None:
    lay_guards(connection)
    lay_register_guards(connection)
    lay_ledger_guards(connection)
    lay_row_security(connection)


def _config(connection: Connection, history: History) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("version_locations", str(history.versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["options"] = {**_options(history, ()), "target_metadata": Base.metadata}
    return config


def _options(history: History, others: tuple[History, ...]) -> dict[str, object]:
    def include(_item: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001
        return owns(history, name or "", others) if kind == "table" else not (name or "").startswith("guard_")

    return {"version_table": history.version_table, "include_object": include, "compare_type": True}


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """Open one transaction; SQLite's foreign keys rest meanwhile, since a table made anew would empty its children."""
    with engine.connect().execution_options(weibao_write=True) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _pragma(connection, "foreign_keys = OFF")
        try:
            with connection.begin():
                tell_scope(connection, EVERYTHING)
                lift_ledger_guards(connection)
                yield connection
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"The migration would leave {len(broken)} rows that refer to nothing.")
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys = ON")


def _pragma(connection: Connection, pragma: str) -> None:
    # Past SQLAlchemy, which would begin a transaction, inside which the pragma does nothing.
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(f"PRAGMA {pragma}")
