"""What tests of the pages begin with, made once for each set of plugins: a database file and a composed application."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.session import Database
from core.domain.clock import Clock
from core.extensions import wiring
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.jobs.embedded import EmbeddedEngine
from core.jobs.engine import Engine


@dataclass(frozen=True)
class Ground:
    """The county on a database with the tables of some plugins, and the application with these plugins."""

    file: Path
    hooks: Hooks
    app: Flask

    @contextmanager
    def lent(
        self, settings: Settings, database: Database, clock: Clock, engine: Engine | None = None
    ) -> Iterator[Flask]:
        """Lend the application as if it were composed of these; what a test changes about it is taken back."""
        with self.app.app_context():
            composed = wiring()
        changeable = (self.app.config, self.app.view_functions)
        kept = [dict(each) for each in changeable]
        own = engine or EmbeddedEngine(settings)
        replace(composed, settings=settings, database=database, clock=clock, engine=own).bind(self.app)
        yield self.app
        composed.bind(self.app)
        for each, before in zip(changeable, kept, strict=True):
            each.clear()
            each.update(before)


class Grounds:
    """The grounds of a test process, each made when it is first asked for, for one database whose file is replaced.

    What SQLAlchemy has compiled for a database serves it as long as it lives, and so do an application's templates.
    """

    def __init__(self, county: Path, settings: Settings, database: Database) -> None:
        self._county, self._settings, self._database = county, settings, database
        self._made: dict[tuple[str, ...], Ground] = {}

    def with_plugins(self, plugins: tuple[str, ...]) -> Ground:
        """Return the ground with these plugins."""
        if plugins not in self._made:
            self._made[plugins] = self._make(plugins)
        return self._made[plugins]

    @contextmanager
    def turn(self, ground: Ground) -> Iterator[Database]:
        """Give one test the database, with the rows that the ground has."""
        home = self._settings.data_dir
        shutil.copyfile(ground.file, home / "weibao.db")
        yield self._database
        self._database.dispose()
        shutil.rmtree(home)
        home.mkdir()

    def _make(self, plugins: tuple[str, ...]) -> Ground:
        file = self._county.with_name(f"{'-'.join(('county', *plugins))}.db")
        hooks = load_hooks(plugins)
        assert not hooks.broken
        app = create_app(self._settings, hooks, database=self._database)
        if not hooks.histories:
            return Ground(self._county, hooks, app)
        with self.turn(Ground(self._county, hooks, app)) as database:
            for history in hooks.histories:
                upgrade(database.engine, history)
            database.dispose()
            shutil.copyfile(self._settings.data_dir / "weibao.db", file)
        return Ground(file, hooks, app)
