"""The pages on a real database: a template with the county is made once, and every test gets a copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.app import create_app
from core.cli.console import wording
from core.config import Settings
from core.db.migrate import CORE, upgrade
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import build_hooks
from core.security.keys import Keys
from core.security.vault import Vault
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock, found_county


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Vault, County]:
    """Return the file of a database with the county in it, its vault and the ids of its rows."""
    path, vault = tmp_path_factory.mktemp("county") / "template.db", Vault(Keys.fresh())
    database = Database(f"sqlite:///{path}", vault)
    upgrade(database.engine, CORE)
    with database.writing(EVERYTHING) as session:
        county = found_county(session, MovingClock())
    database.dispose()
    return path, vault, county


@pytest.fixture
def county(template: tuple[Path, Vault, County]) -> County:
    """Return the ids of what the test's database holds."""
    return template[2]


@pytest.fixture
def database(template: tuple[Path, Vault, County], tmp_path: Path) -> Iterator[Database]:
    """Yield the test's own database with the county in it."""
    path, vault, _ = template
    shutil.copyfile(path, tmp_path / "weibao.db")
    database = Database(f"sqlite:///{tmp_path / 'weibao.db'}", vault)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> MovingClock:
    """Return the clock by which the application goes."""
    return MovingClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an installation in the test's directory."""
    return Settings.in_directory(tmp_path, second_factor_forced=False)


@pytest.fixture
def app(settings: Settings, database: Database, clock: MovingClock) -> Flask:
    """Return the application on the test's database, without any plugin."""
    return create_app(settings, build_hooks([]), database=database, clock=clock)


@pytest.fixture
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let commands that run in the test's process find their installation in its directory, and speak English."""
    for name, value in {"WEIBAO_DIR": str(tmp_path), "WEIBAO_LANG": "en", "WEIBAO_PLUGINS": ""}.items():
        monkeypatch.setenv(name, value)
    wording.cache_clear()
    yield
    wording.cache_clear()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Return a browser in which nobody has signed in."""
    return app.test_client()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Return a browser in which nobody has signed in, that fills in forms."""
    return Browser(app.test_client())


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Role], Browser]:
    """Return what gives a browser signed in with a role at the first station."""

    def signed_in(role: Role) -> Browser:
        browser = Browser(app.test_client())
        assert browser.sign_in(f"{role.value}@qingshi").status_code == 302
        return browser

    return signed_in
