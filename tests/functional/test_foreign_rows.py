"""Rows of another station are found on no route of the programs and of the back office, where the own ones are.

There is a row of every table at both stations, so that “not found” tells of the wall and not of an id that is nobody's.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from core.db.base import Base, LineageScoped, StationScoped
from core.db.models import Activity, ActivitySession, Child, Group, Station, Term, User, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from plugins.parent_school.models import Booking
from plugins.school_link.models import LiaisonLink, School
from plugins.sst.models import Grant
from tests.functional.access_matrix import OF_PLUGINS
from tests.functional.browsing import Browser
from tests.functional.county import County, StationRows
from tests.functional.routes import requests_of
from tests.integration.builders import an_activity, held
from tests.rows import one_of_each

Found = Mapping[object, UUID]
#: A talk that is over and an appointment that is still to be had, as the clock stands.
YESTERDAY, TOMORROW = datetime(2026, 11, 25, 9), datetime(2026, 11, 27, 9)  # noqa: DTZ001 (the station's wall clock)


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the keys of the back office and of the four programs."""
    return ("admin", "sst", "character_ed", "school_link", "parent_school")


@pytest.fixture
def here(app: Flask, database: Database, county: County) -> Found:
    """Put a row of every table into the own station."""
    with database.writing(EVERYTHING) as session:
        return settled(app, session, county.here)


@pytest.fixture
def elsewhere(app: Flask, database: Database, county: County) -> Found:
    """Put a row of every table into the other station."""
    with database.writing(EVERYTHING) as session:
        return settled(app, session, county.elsewhere)


def sections(app: Flask) -> dict[str, type[Base]]:
    """Return the table that each section of the back office keeps, by its endpoint, where stations have rows in it."""
    (office,) = app.extensions["admin"]
    kept = {view.endpoint: view.model for view in office._views if hasattr(view, "model")}
    return {key: model for key, model in kept.items() if issubclass(model, StationScoped | LineageScoped | Station)}


def settled(app: Flask, session: Session, rows: StationRows) -> Found:
    """Return the id of a row of each section's table at the station, and of what the programs' addresses name."""
    term = session.get_one(Term, rows.term)
    course, talk, advice = (
        an_activity(session, term, type_key=kind, title=f"{rows.slug} {kind}", zones=[])
        for kind in ("sst.group_course", "parent_school.lecture", "parent_school.counselling")
    )
    there: dict[type[Base], Base] = {
        Station: session.get_one(Station, rows.station),
        Term: term,
        Activity: course,
        ActivitySession: held(session, advice.sessions[0], TOMORROW),
        Child: session.get_one(Child, rows.child),
        User: session.get_one(User, rows.users[Role.SOCIAL_WORKER]),
        Volunteer: session.get_one(Volunteer, rows.volunteer),
    }
    made = one_of_each(session, [Grant, Group, School, LiaisonLink, Booking, *sections(app).values()], there)
    return {
        **{model: row.id for model, row in made.items()},
        ("sst", "activity_id"): course.id,
        ("parent_school.book", "session_id"): made[ActivitySession].id,
        ("parent_school", "session_id"): held(session, talk.sessions[0], YESTERDAY).id,
    }


def addresses(app: Flask, found: Found) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of every route that names rows, with those that were found."""
    for rule, method in requests_of(app):
        if rule.endpoint not in OF_PLUGINS or "token" in rule.arguments:
            # Whoever holds a secret is signed in as nobody; the secret itself is the wall there.
            continue
        section, _, page = rule.endpoint.rpartition(".")
        if section in sections(app) and page in {"edit_view", "details_view", "delete_view"}:
            yield rule.endpoint, method, f"{_built(rule, {})}?id={found[sections(app)[section]]}"
        elif any(name.endswith("_id") for name in rule.arguments):
            yield rule.endpoint, method, _built(rule, {name: _named(rule, name, found) for name in rule.arguments})


def _named(rule: Rule, name: str, found: Found) -> UUID:
    by_table = {
        "grant_id": Grant,
        "group_id": Group,
        "school_id": School,
        "link_id": LiaisonLink,
        "booking_id": Booking,
    }
    if name in by_table:
        return found[by_table[name]]
    return found[rule.endpoint, name] if (rule.endpoint, name) in found else found[rule.endpoint.split(".")[0], name]


def _built(rule: Rule, values: Mapping[str, UUID]) -> str:
    assert rule.map
    return rule.map.bind("localhost").build(rule.endpoint, values)


@pytest.mark.parametrize("role", [Role.HEAD, Role.ADMINISTRATOR, Role.ORGANIZER, Role.SOCIAL_WORKER])
def test_a_row_of_another_station_is_not_found(
    app: Flask, elsewhere: Found, sign_in: Callable[[Role], Browser], role: Role
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser, not_found = sign_in(role), 0
    for endpoint, method, address in addresses(app, elsewhere):
        allowed = OF_PLUGINS[endpoint] is None or role in OF_PLUGINS[endpoint]
        answer = browser.client.open(address, method=method)
        assert answer.status_code == (404 if allowed else 403), f"{method} {address} as {role}: {answer.status}"
        not_found += allowed
    assert not_found > 5


def test_the_own_row_is_found_on_each_of_these_routes(
    app: Flask, here: Found, sign_in: Callable[[Role], Browser]
) -> None:
    asked, browsers = 0, {role: sign_in(role) for role in Role}
    for endpoint, method, address in sorted(addresses(app, here), key=partial(_turn, app)):
        roles = OF_PLUGINS[endpoint] or set(Role)
        browser = browsers[min(roles)]
        answer = browser.get(address) if method == "GET" else browser.send(address, {}, seen_on="/overview")
        assert answer.status_code in {200, 302, 403, 405, 409, 422}, f"{method} {address}: {answer.status}"
        asked += 1
    assert asked > 50


def _turn(app: Flask, request: tuple[str, str, str]) -> tuple[bool, int]:
    """Return what puts deletions last, and of these the tables first that hang on others."""
    endpoint, method, _address = request
    section, _, page = endpoint.rpartition(".")
    if page != "delete_view" or method == "GET":
        # A grant for answers that is ended is gone as well.
        return False, int(endpoint == "sst.end")
    return True, -Base.metadata.sorted_tables.index(sections(app)[section].__table__)
