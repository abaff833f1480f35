"""The pages with the back office and two of the programs mounted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.hooks.calling import Hooks
from core.hooks.manager import load_hooks
from core.services.accounts import add_user
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, MovingClock


@pytest.fixture(scope="session")
def hooks() -> Hooks:
    """Return the hooks of the back office and of two programs, one with a table of its own."""
    found = load_hooks(only=("admin", "sst", "school_link"))
    assert not found.broken
    return found


@pytest.fixture
def app(database: Database, hooks: Hooks, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the back office, on the test's database."""
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture
def at_county(app: Flask, database: Database, clock: MovingClock) -> Callable[[Role], Browser]:
    """Return what gives a browser signed in with a role at the county, above both stations."""

    def signed_in(role: Role) -> Browser:
        with database.writing(EVERYTHING) as session:
            county = session.scalars(select(Station.id).where(Station.parent_id.is_(None))).one()
            login = f"{role.value}@county"
            add_user(session, SYSTEM, clock, login=login, password=PASSWORD, role=role, station_id=county)
        browser = Browser(app.test_client())
        assert browser.sign_in(login).status_code == 302
        return browser

    return signed_in
