"""Alembic's entry: runs the history that `core.db.migrate` hands it, on the connection and transaction it opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

handed = context.config.attributes


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column kinds as what the database stores, so that a revision outlives their code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.LargeBinary()" if isinstance(item.impl_instance, LargeBinary) else "sa.DateTime()"
    return False


context.configure(
    connection=handed["connection"],
    transactional_ddl=True,
    render_as_batch=True,
    render_item=render_item,
    **handed["options"],
)
context.run_migrations()
