"""The pages with the back office and two of the programs mounted."""

from pathlib import Path

import pytest
from flask import Flask

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.session import Database
from core.hooks.manager import Hooks, load_hooks
from tests.functional.county import MovingClock


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
    return create_app(Settings.in_directory(tmp_path), hooks, database=database, clock=clock)
