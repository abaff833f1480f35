"""Who reaches what: every endpoint for every role, as was written by hand, and nothing of another station."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from uuid import UUID

import pytest
from flask import Flask

from core.app import create_app
from core.config import Settings
from core.db.session import Database
from core.domain.actor import Role
from core.domain.capabilities import Capability
from core.hooks.manager import build_hooks
from core.hooks.types import WebPart
from core.security import endpoints, permissions
from core.security.endpoints import CORE_PERMISSIONS
from core.security.permissions import HOLDERS, UndeclaredEndpointError, allows
from tests.functional.access_matrix import CAPABILITIES, ENDPOINTS
from tests.functional.browsing import Browser
from tests.functional.county import County, StationRows, give_role
from tests.functional.routes import path_to, requests_of

REFUSED = {401, 403}
SIGN_IN = "/account/sign-in"


def test_the_table_is_the_one_that_was_written_by_hand() -> None:
    assert not list(_differences())


def test_a_change_of_any_one_cell_of_the_table_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    flipped = 0
    for capability in Capability:
        for role in Role:
            changed = {**HOLDERS, capability: HOLDERS[capability] ^ {role}}
            monkeypatch.setattr(permissions, "HOLDERS", changed)
            assert f"{capability} {role}" in set(_differences())
            flipped += 1
    assert flipped == len(Capability) * len(Role)


def test_an_endpoint_that_asks_for_something_else_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    unlike = [
        (endpoint, asked)
        for endpoint in CORE_PERMISSIONS
        for asked in (*Capability, None)
        if any(allows({endpoint: asked}, endpoint, role) is not _may(endpoint, role) for role in Role)
    ]
    for endpoint, asked in unlike:
        monkeypatch.setattr(endpoints, "CORE_PERMISSIONS", {**CORE_PERMISSIONS, endpoint: asked})
        assert any(line.startswith(endpoint) for line in _differences())
    assert len(unlike) > 20 * len(CORE_PERMISSIONS)


@pytest.mark.parametrize("role", list(Role))
def test_every_endpoint_answers_each_role_as_was_written_by_hand(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, asked = sign_in(role), 0
    for rule, method in requests_of(app):
        answer = browser.client.open(path_to(rule, county.here), method=method)
        allowed = _may(rule.endpoint, role)
        assert (answer.status_code not in REFUSED) == allowed, f"{method} {rule.rule} as {role}: {answer.status}"
        asked += 1
    assert asked > 20


def test_visitors_are_sent_to_sign_in_from_everything_that_is_not_public(app: Flask, county: County) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in requests_of(app):
        answer = app.test_client().open(path_to(rule, county.here), method=method)
        redirected = answer.status_code == 302 and SIGN_IN in answer.headers["Location"]
        assert redirected == (ENDPOINTS[rule.endpoint] is not None), f"{method} {rule.rule}: {answer.status}"


@pytest.mark.parametrize("role", list(Role))
def test_ids_of_another_station_are_not_found_on_any_route(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, tried = sign_in(role), 0
    for rule, method in requests_of(app):
        if not any(name.endswith("_id") for name in rule.arguments):
            continue
        allowed = _may(rule.endpoint, role)
        answer = browser.client.open(path_to(rule, county.elsewhere), method=method)
        assert answer.status_code == (404 if allowed else 403), f"{method} {rule.rule} as {role}: {answer.status}"
        tried += 1
    assert tried > 8


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_anything_of_another_station(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    browser = sign_in(role)
    foreign = [str(value) for value in _ids(county.elsewhere)]
    for rule, method in requests_of(app):
        if method != "GET" or rule.endpoint in {"static", "public.notice"}:
            continue
        page = browser.get(path_to(rule, county.here)).get_data().decode(errors="replace")
        assert "远桥" not in page, f"{rule.rule} as {role}"
        assert not any(value in page for value in foreign), f"{rule.rule} as {role}"


def test_the_county_sees_its_stations(app: Flask, county: County) -> None:
    browser = Browser(app.test_client())
    browser.sign_in("county@yunshan")
    for rows in (county.here, county.elsewhere):
        assert browser.get(f"/timetable/{rows.term}").status_code == 200


def test_a_form_without_its_token_is_refused(app: Flask, county: County, sign_in: Callable[[Role], Browser]) -> None:
    browser, tried = sign_in(Role.ADMINISTRATOR), 0
    for rule, method in requests_of(app):
        if method == "GET":
            continue
        if not _may(rule.endpoint, Role.ADMINISTRATOR):
            continue
        assert browser.client.open(path_to(rule, county.here), method=method).status_code == 400, rule.rule
        tried += 1
    assert tried > 8


def test_a_role_that_was_taken_away_is_gone_with_the_next_request(
    browser: Browser, database: Database, county: County
) -> None:
    browser.sign_in("organizer@qingshi")
    assert browser.get(f"/plans/{county.here.plan}").status_code == 200
    give_role(database, county.here.users[Role.ORGANIZER], Role.VOLUNTEER)
    assert browser.get(f"/plans/{county.here.plan}").status_code == 403


def test_an_endpoint_without_a_permission_does_not_start(database: Database, settings: Settings) -> None:
    hooks = build_hooks([])
    part = WebPart("careless", lambda app: app.add_url_rule("/x", "careless.page", lambda: "x"), {})
    hooks.web_parts = lambda: (part,)  # type: ignore[method-assign]
    with pytest.raises(UndeclaredEndpointError, match=r"careless\.page"):
        create_app(settings, hooks, database=database)


def _ids(rows: StationRows) -> list[UUID]:
    return [value for field in fields(rows) if isinstance(value := getattr(rows, field.name), UUID)]


def _may(endpoint: str, role: Role) -> bool:
    """Tell whether a role may call an endpoint, as was written by hand."""
    roles = ENDPOINTS[endpoint]
    return roles is None or role in roles


def _differences() -> Iterator[str]:
    """Yield the cells in which the product's table differs from the one that was written by hand."""
    for name, roles in CAPABILITIES.items():
        held = permissions.HOLDERS[Capability(name)]
        yield from (f"{name} {role}" for role in Role if (role in held) is not (role in (roles or ())))
    yield from (f"{capability} is not judged" for capability in Capability if capability not in CAPABILITIES)
    for endpoint in endpoints.CORE_PERMISSIONS.keys() | ENDPOINTS.keys():
        if endpoint not in ENDPOINTS:
            yield f"{endpoint} is not judged"
            continue
        for role in Role:
            if allows(endpoints.CORE_PERMISSIONS, endpoint, role) is not _may(endpoint, role):
                yield f"{endpoint} {role}"
