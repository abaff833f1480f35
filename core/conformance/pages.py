"""Pages: each stands behind its permission, answers whoever may call it, and is mounted beside the others' as well."""

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
from datetime import date
from http import HTTPStatus
from io import StringIO
from ipaddress import IPv6Address
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from core.app import create_app
from core.config import Settings
from core.conformance.storage import empty_database
from core.conformance.subject import Subject
from core.db.migrate import CORE, upgrade
from core.db.models import Installation, Station, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import SystemClock
from core.domain.vocabulary import StationKind, VolunteerKind
from core.hooks.calling import Hooks
from core.security.permissions import ANYONE
from core.services.accounts import add_user

_PASSWORD = "a long sentence for a station that is soon gone"  # noqa: S105 - of a database that is thrown away
_TURNED_AWAY = frozenset({HTTPStatus.FOUND, HTTPStatus.FORBIDDEN})


def pages(subject: Subject) -> Iterator[str]:
    """Yield pages that fall over, or that answer somebody who may not call them, on a station without any data."""
    parts = subject.alone.web_parts()
    if not parts:
        return
    permissions = {endpoint: roles for part in parts for endpoint, roles in part.permissions.items()}
    for hooks, where in ((subject.alone, "alone"), (subject.together, "beside the others")):
        with empty_database() as database, TemporaryDirectory() as folder, redirect_stderr(StringIO()) as log:
            _found_station(database, hooks)
            app = create_app(Settings.in_directory(Path(folder)), hooks, database=database)
            visitors = _visitors(app)
            for rule in app.url_map.iter_rules():
                if rule.endpoint in permissions and _is_plain(rule):
                    found = _answers(rule.rule, permissions[rule.endpoint], visitors, log)
                    yield from (f"{where}: {wrong}" for wrong in found)


def _answers(
    path: str, roles: frozenset[Role] | None, visitors: Mapping[Role | None, FlaskClient], log: StringIO
) -> Iterator[str]:
    for role, visitor in visitors.items():
        found = visitor.get(path).status_code
        who = "a visitor" if role is None else f"the role {role}"
        if found >= HTTPStatus.INTERNAL_SERVER_ERROR:
            yield f"{path} answers {who} with {found}: {_last_error(log)}"
        elif roles is not ANYONE and role not in (roles or ()) and found not in _TURNED_AWAY:
            yield f"{path} answers {who}, who may not call it, with {found}"


def _last_error(log: StringIO) -> str:
    """Return the kind and the place of the error that was logged last."""
    lines = (json.loads(line) for line in reversed(log.getvalue().splitlines()) if line.startswith("{"))
    entry = next((line for line in lines if "error" in line), {"error": "?", "frames": ["?"]})
    return f"{entry['error']} at {entry['frames'][-1]}"


def _visitors(app: Flask) -> Mapping[Role | None, FlaskClient]:
    """Return a browser in which nobody has signed in, and for each role one in which somebody has.

    Each has an address of its own, since from one address nobody may sign in so often.
    """
    app.config["WTF_CSRF_ENABLED"] = False
    visitors: dict[Role | None, FlaskClient] = {None: app.test_client()}
    for role in Role:
        address = {"REMOTE_ADDR": str(IPv6Address(uuid4().int))}
        visitors[role] = app.test_client()
        form = {"login": role.value, "password": _PASSWORD}
        answer = visitors[role].post("/account/sign-in", data=form, environ_base=address)
        if answer.status_code != HTTPStatus.FOUND:
            message = f"signing in as {role} was answered with {answer.status_code}"
            raise RuntimeError(message)
    return visitors


def _is_plain(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and not rule.arguments


def _found_station(database: Database, hooks: Hooks) -> None:
    """Migrate, and add a station with an account for each role."""
    for history in (CORE, *hooks.histories):
        upgrade(database.engine, history)
    clock = SystemClock()
    with database.writing(EVERYTHING) as session:
        session.add(Installation(timezone="Asia/Shanghai", demo=False, created_at=clock.now()))
        station = Station(kind=StationKind.STATION, name="试点站", slug="trial", parent_id=None)
        session.add(station)
        session.flush()
        volunteer = Volunteer(
            station_id=station.id,
            number="V001",
            name="试点志愿者",
            kind=VolunteerKind.TEACHER,
            birth_date=date(1990, 1, 1),
            max_sessions=1,
        )
        session.add(volunteer)
        session.flush()
        for role in Role:
            add_user(
                session,
                SYSTEM,
                clock,
                login=role.value,
                password=_PASSWORD,
                role=role,
                station_id=station.id,
                volunteer_id=volunteer.id if role is Role.VOLUNTEER else None,
            )
