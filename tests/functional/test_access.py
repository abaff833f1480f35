"""Who reaches what: every endpoint for every role, as the permission table says, and nothing of another station."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core.app import create_app
from core.config import Settings
from core.db.session import Database
from core.domain.actor import Role
from core.extensions import wiring
from core.hooks.manager import build_hooks
from core.hooks.types import WebPart
from core.security.permissions import CORE_PERMISSIONS, UndeclaredEndpointError, allows
from tests.functional.browsing import Browser
from tests.functional.county import County, StationRows, give_role

REFUSED = {401, 403}
SIGN_IN = "/account/sign-in"


def _path(rule: Rule, rows: StationRows) -> str:
    """Return the rule's address with the ids of a station's rows, or a made-up one for what has none."""
    values = {
        "term_id": rows.term,
        "session_id": rows.session,
        "activity_id": rows.activity,
        "plan_id": rows.plan,
        "closure_id": rows.closure,
        "token_id": rows.token,
        "run_id": rows.run,
        "pin_id": rows.pin,
        "consent_id": rows.consent,
        "child_id": rows.child,
        "slug": rows.slug,
        "type_key": "sst.companionship",
        "key": "sst",
        "token": "x" * 43,
        "filename": "dist/nothing.css",
    }
    adapter = rule.map.bind("localhost") if rule.map else None
    assert adapter is not None
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def _requests(app: Flask) -> Iterator[tuple[Rule, str]]:
    # Signing out comes last, so that one sign-in serves for all the others.
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == "account.sign_out", rule.rule)):
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield rule, method


@pytest.mark.parametrize("role", list(Role))
def test_every_endpoint_answers_each_role_as_the_table_says(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, asked = sign_in(role), 0
    for rule, method in _requests(app):
        answer = browser.client.open(_path(rule, county.here), method=method)
        with app.app_context():
            allowed = allows(wiring().permissions, rule.endpoint, role)
        assert (answer.status_code not in REFUSED) == allowed, f"{method} {rule.rule} as {role}: {answer.status}"
        asked += 1
    assert asked > 20


def test_visitors_are_sent_to_sign_in_from_everything_that_is_not_public(app: Flask, county: County) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, method in _requests(app):
        answer = app.test_client().open(_path(rule, county.here), method=method)
        redirected = answer.status_code == 302 and SIGN_IN in answer.headers["Location"]
        assert redirected == (CORE_PERMISSIONS[rule.endpoint] is not None), f"{method} {rule.rule}: {answer.status}"


@pytest.mark.parametrize("role", list(Role))
def test_ids_of_another_station_are_not_found_on_any_route(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, tried = sign_in(role), 0
    for rule, method in _requests(app):
        if not any(name.endswith("_id") for name in rule.arguments):
            continue
        with app.app_context():
            allowed = allows(wiring().permissions, rule.endpoint, role)
        answer = browser.client.open(_path(rule, county.elsewhere), method=method)
        assert answer.status_code == (404 if allowed else 403), f"{method} {rule.rule} as {role}: {answer.status}"
        tried += 1
    assert tried > 8


@pytest.mark.parametrize("role", list(Role))
def test_no_page_shows_anything_of_another_station(
    app: Flask, county: County, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    browser = sign_in(role)
    foreign = [str(value) for value in _ids(county.elsewhere)]
    for rule, method in _requests(app):
        if method != "GET" or rule.endpoint in {"static", "public.notice"}:
            continue
        page = browser.get(_path(rule, county.here)).get_data(as_text=True)
        assert "远桥" not in page, f"{rule.rule} as {role}"
        assert not any(value in page for value in foreign), f"{rule.rule} as {role}"


def test_the_county_sees_its_stations(app: Flask, county: County) -> None:
    browser = Browser(app.test_client())
    browser.sign_in("county@yunshan")
    for rows in (county.here, county.elsewhere):
        assert browser.get(f"/timetable/{rows.term}").status_code == 200


def test_a_form_without_its_token_is_refused(app: Flask, county: County, sign_in: Callable[[Role], Browser]) -> None:
    browser, tried = sign_in(Role.ADMINISTRATOR), 0
    for rule, method in _requests(app):
        if method == "GET":
            continue
        with app.app_context():
            if not allows(wiring().permissions, rule.endpoint, Role.ADMINISTRATOR):
                continue
        assert browser.client.open(_path(rule, county.here), method=method).status_code == 400, rule.rule
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
