"""The virtue of the month, a page that a program brings: who may see it, whose virtue, of which month."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.hooks.manager import load_hooks
from plugins.character_ed.models import MonthlyVirtue
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock

PAGE = "/character-ed/virtue"


@pytest.fixture
def app(database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with character education alone."""
    hooks = load_hooks(only=["character_ed"])
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


@pytest.fixture(autouse=True)
def virtues(app: Flask, database: Database, county: County) -> None:
    """Choose a virtue for November at both stations."""
    with database.writing(EVERYTHING) as session:
        session.add(_a_virtue(county.here.station, "诚信"))
        session.add(_a_virtue(county.elsewhere.station, "勇敢"))


def _a_virtue(station: UUID, name: str) -> MonthlyVirtue:
    return MonthlyVirtue(station_id=station, year=2026, month=11, name=name, explanation=f"{name}就是说到做到。")


@pytest.mark.parametrize("role", list(Role))
def test_everybody_of_a_station_reads_its_virtue_and_no_other(sign_in: Callable[[Role], Browser], role: Role) -> None:
    page = sign_in(role).get(PAGE).get_data(as_text=True)
    assert "诚信就是说到做到。" in page
    assert "勇敢" not in page


def test_another_month_has_another_virtue(sign_in: Callable[[Role], Browser], clock: MovingClock) -> None:
    clock.advance(timedelta(days=5))
    page = sign_in(Role.VOLUNTEER).get(PAGE).get_data(as_text=True)
    assert "诚信" not in page
    assert "No virtue has been chosen" in page or "还没有选定美德" in page


def test_the_page_stands_in_the_menu(sign_in: Callable[[Role], Browser]) -> None:
    assert f'href="{PAGE}"' in sign_in(Role.VOLUNTEER).get("/duties/").get_data(as_text=True)


def test_a_visitor_is_asked_to_sign_in(visitor: FlaskClient) -> None:
    answer = visitor.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/sign-in")
