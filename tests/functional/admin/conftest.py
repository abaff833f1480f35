"""The pages with the back office and two of the programs mounted."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.services.accounts import add_user
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, MovingClock


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the keys of the back office and of two programs, one with a table of its own."""
    return ("admin", "sst", "school_link")


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
