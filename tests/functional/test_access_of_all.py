"""Every route of the whole product, its programs and its back office, for every role, as was written by hand."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import inspect
from werkzeug.routing import Rule

from core.app import create_app
from core.config import Settings
from core.db.migrate import upgrade
from core.db.session import Database
from core.domain.actor import Role
from core.extensions import wiring
from core.hooks.manager import load_hooks
from tests.functional.access_matrix import ENDPOINTS, OF_PLUGINS
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.routes import path_to, requests_of

JUDGED = ENDPOINTS | OF_PLUGINS
REFUSED = {401, 403}
NOBODYS = UUID(int=7)
#: The year's arrangement is entered by the topmost station, and nobody here is of that.
_TOPMOST = {f"admin_arranged_years.{page}_view" for page in ("create", "edit", "delete")}
#: What is written because somebody looked: who is signed in, how often they asked, and what they have read.
_TRACES = ("web_sessions", "rate_counters", "audit_entries", "audit_heads")


@pytest.fixture
def app(database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the back office and the four programs."""
    hooks = load_hooks(only=("admin", "sst", "character_ed", "school_link", "parent_school"))
    assert not hooks.broken
    for history in hooks.histories:
        upgrade(database.engine, history)
    return create_app(Settings.in_directory(tmp_path), hooks, database=database, clock=clock)


def test_every_route_is_judged(app: Flask) -> None:
    with app.app_context():
        assert wiring().permissions.keys() == JUDGED.keys()


@pytest.mark.parametrize("role", list(Role))
def test_every_route_answers_each_role_as_was_written_by_hand(
    app: Flask, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, asked = sign_in(role), 0
    for rule, method in requests_of(app):
        if rule.endpoint not in OF_PLUGINS:
            continue
        answer = browser.client.open(_path(rule), method=method)
        allowed = _may(rule.endpoint, role) and rule.endpoint not in _TOPMOST
        assert (answer.status_code not in REFUSED) is allowed, f"{method} {rule.rule} as {role}"
        asked += 1
    assert asked > len(OF_PLUGINS)


def test_nothing_is_sent_without_the_forms_token(app: Flask, sign_in: Callable[[Role], Browser]) -> None:
    browser, asked = sign_in(Role.HEAD), 0
    for rule, method in requests_of(app):
        if method != "GET" and _may(rule.endpoint, Role.HEAD):
            assert browser.client.open(_path(rule), method=method).status_code == 400, rule.rule
            asked += 1
    assert asked > 80


@pytest.mark.parametrize("role", [Role.HEAD, Role.VOLUNTEER])
def test_reading_changes_nothing(
    app: Flask, county: County, database: Database, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    browser, asked = sign_in(role), 0
    before = _contents(database)
    for rule, method in requests_of(app):
        if method == "GET":
            browser.get(path_to(rule, county.here) if rule.endpoint in ENDPOINTS else _path(rule))
            asked += 1
    assert asked > 100
    assert _contents(database) == before


def test_a_change_would_be_noticed(app: Flask, database: Database, sign_in: Callable[[Role], Browser]) -> None:
    assert app.url_map
    before = _contents(database)
    sign_in(Role.HEAD).send("/language", {"language": "en", "next": "/"}, seen_on="/overview")
    assert _contents(database) != before


def _path(rule: Rule) -> str:
    """Return the rule's address; what it names exists nowhere, which is known after the permission only."""
    words = {"token": "x" * 43, "filename": "dist/nothing.css", "export_type": "csv", "slug": "nowhere"}
    values = {
        name: NOBODYS if name.endswith("_id") else words.get(name, "sst.companionship") for name in rule.arguments
    }
    adapter = rule.map.bind("localhost") if rule.map else None
    assert adapter is not None
    path = adapter.build(rule.endpoint, values)
    return f"{path}?id={NOBODYS}" if path.startswith("/admin/") else path


def _may(endpoint: str, role: Role) -> bool:
    roles = JUDGED[endpoint]
    return roles is None or role in roles


def _contents(database: Database) -> str:
    """Return a digest of all rows but the traces."""
    digest = hashlib.sha256()
    with database.engine.connect() as connection:
        for table in sorted(inspect(connection).get_table_names()):
            if table not in _TRACES:
                rows = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
                digest.update(f"{table}{rows}".encode())
    return digest.hexdigest()
