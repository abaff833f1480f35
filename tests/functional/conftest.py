"""The pages on a real database: one with the county is made once, and every test begins with a copy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.cli.console import wording
from core.config import Settings
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.calling import Hooks
from core.jobs.engine import Engine
from core.security.keys import Keys
from core.security.vault import Vault
from tests.databases import migrated
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock, found_county
from tests.functional.grounds import Ground, Grounds


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Return a vault for this test process."""
    return Vault(Keys.fresh())


@pytest.fixture(scope="session")
def county_file(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> tuple[Path, County]:
    """Return the file of a database with the county in it, and the ids of its rows."""
    path = tmp_path_factory.mktemp("county") / "county.db"
    database = migrated(path, vault)
    with database.writing(EVERYTHING) as session:
        county = found_county(session, MovingClock())
    database.dispose()
    return path, county


@pytest.fixture(scope="session")
def grounds(county_file: tuple[Path, County], tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Grounds:
    """Return what all tests of this process begin with."""
    settings = Settings.in_directory(tmp_path_factory.mktemp("installation"))
    return Grounds(county_file[0], settings, Database(settings.database_url, vault))


@pytest.fixture
def county(county_file: tuple[Path, County]) -> County:
    """Return the ids of what the test's database holds."""
    return county_file[1]


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the keys of the plugins that the application has: none, unless a test module or folder says which."""
    return ()


@pytest.fixture
def ground(grounds: Grounds, plugins: tuple[str, ...]) -> Ground:
    """Return what the test begins with."""
    return grounds.with_plugins(plugins)


@pytest.fixture
def hooks(ground: Ground) -> Hooks:
    """Return the hooks of these plugins."""
    return ground.hooks


@pytest.fixture
def database(grounds: Grounds, ground: Ground) -> Iterator[Database]:
    """Yield a database with the county in it, on which no other test has been."""
    with grounds.turn(ground) as database:
        yield database


@pytest.fixture
def clock() -> MovingClock:
    """Return the clock by which the application goes."""
    return MovingClock()


@pytest.fixture
def settings(database: Database) -> Settings:
    """Return the settings of the installation with the test's database."""
    return Settings.in_directory(Path(str(database.engine.url.database)).parent, second_factor_forced=False)


@pytest.fixture
def engine() -> Engine | None:
    """Return what carries out runs of the planner; None: processes of this machine."""
    return None


@pytest.fixture
def app(
    ground: Ground, settings: Settings, database: Database, clock: MovingClock, engine: Engine | None
) -> Iterator[Flask]:
    """Yield the application on the test's database."""
    with ground.lent(settings, database, clock, engine) as app:
        yield app


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
