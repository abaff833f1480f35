"""Migrations: a plugin's tables come as they are declared, go without a trace, and come again, and core misses none."""

from collections.abc import Iterator

from sqlalchemy import inspect

from core.conformance.naming import models_of
from core.conformance.subject import Subject
from core.db.histories import History
from core.db.migrate import CORE, downgrade, drift, upgrade
from core.db.session import Database


def migrations(subject: Subject) -> Iterator[str]:
    """Yield where the tables after migrating differ from those declared, on a database that is thrown away."""
    if not subject.alone.histories:
        return
    with subject.empty_database() as database:
        yield from migrated(database, subject)


def migrated(database: Database, subject: Subject) -> Iterator[str]:
    """Yield what goes wrong when the plugin's tables come, go and come again on a database that has core's."""
    declared = {model.__tablename__ for model in models_of(subject.plugin)}
    for history in subject.alone.histories:
        upgrade(database.engine, history)
        if (found := _tables(database, history)) != declared:
            yield f"declared and migrated tables differ: {sorted(found ^ declared)}"
        changes = drift(database.engine, history)
        yield from (f"after migrating, the tables differ from the models: {change}" for change in changes)
        strays = drift(database.engine, CORE, subject.together.histories)
        yield from (f"core takes the table for its own: {change}" for change in strays)
        downgrade(database.engine, history)
        if left := _tables(database, history):
            yield f"going back leaves tables: {sorted(left)}"
        upgrade(database.engine, history)


def _tables(database: Database, history: History) -> set[str]:
    return {name for name in inspect(database.engine).get_table_names() if name.startswith(history.prefix)}
