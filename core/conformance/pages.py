"""Pages: each stands behind its permission, answers whoever may call it, and is mounted beside the others' as well."""

import json
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr
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
from core.conformance.stations import PASSWORD, found_station
from core.conformance.subject import Subject
from core.domain.actor import Role
from core.security.endpoints import Permissions
from core.security.permissions import allows

_TURNED_AWAY = frozenset({HTTPStatus.FOUND, HTTPStatus.FORBIDDEN})


def pages(subject: Subject) -> Iterator[str]:
    """Yield pages that fall over, or that answer somebody who may not call them, on a station without any data."""
    parts = subject.alone.web_parts()
    if not parts:
        return
    permissions = {endpoint: asked for part in parts for endpoint, asked in part.permissions.items()}
    for hooks, where in ((subject.alone, "alone"), (subject.together, "beside the others")):
        with subject.empty_database() as database, TemporaryDirectory() as folder, redirect_stderr(StringIO()) as log:
            found_station(database, hooks)
            app = create_app(Settings.in_directory(Path(folder), second_factor_forced=False), hooks, database=database)
            visitors = _visitors(app)
            for rule in app.url_map.iter_rules():
                if rule.endpoint in permissions and _is_plain(rule):
                    found = _answers(rule, permissions, visitors, log)
                    yield from (f"{where}: {wrong}" for wrong in found)


def _answers(
    rule: Rule, permissions: Permissions, visitors: Mapping[Role | None, FlaskClient], log: StringIO
) -> Iterator[str]:
    for role, visitor in visitors.items():
        found = visitor.get(rule.rule).status_code
        who = "a visitor" if role is None else f"the role {role}"
        if found >= HTTPStatus.INTERNAL_SERVER_ERROR:
            yield f"{rule.rule} answers {who} with {found}: {_last_error(log)}"
        elif not allows(permissions, rule.endpoint, role) and found not in _TURNED_AWAY:
            yield f"{rule.rule} answers {who}, who may not call it, with {found}"


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
        form = {"login": role.value, "password": PASSWORD}
        answer = visitors[role].post("/account/sign-in", data=form, environ_base=address)
        if answer.status_code != HTTPStatus.FOUND:
            message = f"signing in as {role} was answered with {answer.status_code}"
            raise RuntimeError(message)
    return visitors


def _is_plain(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and not rule.arguments
