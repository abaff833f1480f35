"""An installation as the command line opens it: settings, keys, database and plugins."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.config import Settings
from core.db.migrate import CORE, upgrade
from core.db.models import Installation
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import Clock, wall_clock
from core.domain.errors import ConflictError, DomainError, Message
from core.domain.ids import new_id
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.security.keys import Keys, read_keys, write_keys
from core.security.suites import SuiteName
from core.security.vault import Vault


class NotInstalledError(DomainError):
    """There is no installation yet where one is looked for."""

    code = "not_installed"


@dataclass(frozen=True)
class Machine:
    """What a command works with."""

    settings: Settings
    database: Database
    hooks: Hooks
    clock: Clock

    def wall_clock(self) -> datetime:
        """Return the stations' wall-clock time, without offset."""
        return wall_clock(self.clock, self.settings.timezone)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees everything."""
        with self.database.reading(EVERYTHING) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that may write everything; it commits at the end."""
        with self.database.writing(EVERYTHING) as session:
            yield session


def open_machine(settings: Settings, clock: Clock) -> Machine:
    """Open an installation; raise NotInstalledError, saying how to make one, where there is none."""
    if not settings.key_file.exists():
        raise NotInstalledError(
            Message("There is no installation in %(folder)s: run “weibao init” first.", {"folder": settings.data_dir})
        )
    database = Database(settings.database_url, Vault.of_file(settings.key_file))
    if not inspect(database.engine).has_table(Installation.__tablename__):
        raise NotInstalledError(
            Message("The database of %(folder)s is empty: run “weibao init” first.", {"folder": settings.data_dir})
        )
    return Machine(settings, database, load_hooks(settings.plugins), clock)


def install(settings: Settings, clock: Clock, suite: SuiteName | None = None) -> Machine:
    """Make an installation, or bring an existing one up to date; what is there is kept.

    `suite` says with which algorithms a new one protects fields, None: the international ones. Raises ConflictError
    where one that is there has others.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not settings.key_file.exists():
        write_keys(settings.key_file, Keys.fresh(suite or SuiteName.INTERNATIONAL))
    elif suite not in {None, read_keys(settings.key_file).suite}:
        raise ConflictError(
            Message(
                "This installation was made with other algorithms: they can't be changed any more. Leave --suite out."
            )
        )
    database = Database(settings.database_url, Vault.of_file(settings.key_file))
    hooks = load_hooks(settings.plugins)
    for history in (CORE, *hooks.histories):
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        if session.scalars(select(Installation)).one_or_none() is None:
            session.add(
                Installation(id=new_id(), timezone=settings.timezone, demo=settings.demo, created_at=clock.now())
            )
    return Machine(settings, database, hooks, clock)
