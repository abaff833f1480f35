"""No page, feed, export, address, error or log tells a protected field to somebody who has no right to it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.app import create_app
from core.config import Settings
from core.db.base import Base
from core.db.migrate import upgrade
from core.db.models import Attendance, Child, NoticeChoices, Station, TermIntake, User, Volunteer
from core.db.models.feed import FeedKind
from core.db.queries.feeds import feeds_that_speak
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.vocabulary import GuardianAccess, Presence, SensitiveField
from core.hooks.manager import load_hooks
from core.services import guardian_links as links
from core.services.accounts import add_user
from core.services.children.digest import refresh
from core.services.feed_ledger import update_ledger
from core.services.feeds import Choices, FeedAddress, open_feed
from core.services.grants import break_glass
from core.services.web_sessions import actor_of
from core.services.wording import LANGUAGES
from tests.canaries import STEM, ProtectedField, forms_of, plant, protected_fields, traces
from tests.functional.browsing import Browser
from tests.functional.county import PASSWORD, County, MovingClock
from tests.functional.routes import path_to, requests_of
from tests.integration.builders import unlocked

#: What is no free text: a day on which nobody else here is born, and the first of the words that a column takes.
SHAPED = {
    "children.birth_date": "2016-02-29",
    "children.document": "residence_permit",
    "children.grade": "3",
    "children.sex": "female",
    "child_categories.category": "unattended",
    "child_categories.evidence": "certificate",
    "sst_answers.scores": "[5, 4, 3, 2, 1]",
}
#: Pages that show what is of a person when a form is sent, and what somebody would send to see all of it.
SHOWN_BY_FORM: Mapping[str, Mapping[str, object]] = {
    "children.listed": {"looked_for": "qingshi"},
    "children.show": {"field": [field.value for field in SensitiveField]},
    "children.edit": {"open": "1"},
    "child_parts.proof": {},
    "child_trade.give_out": {},
    "child_turns.merge": {},
    # Without a child who is here it shows nothing; what it shows of one who is: below.
    "door_children.collectors": {},
    "compliance.download": {"year": "2026"},
    "skills.proof": {"skill": "teaching"},
}
#: Who sees nothing that is sealed, wherever they look.
STRANGERS = (None, Role.VOLUNTEER, Role.AUDITOR)
#: What somebody wrote themselves is shown to them.
OWN_WORDS: Mapping[str, frozenset[str]] = {"/hours/mine": frozenset({"service_objections.text"})}
#: Who works with children, and has no grant.
WITHOUT_GRANT = (Role.HEAD,)
#: From when until when the first station's term takes wishes, at its wall clock.
WISHES = datetime(2026, 11, 20, 8), datetime(2026, 12, 20, 8)  # noqa: DTZ001
Planted = Mapping[ProtectedField, str]


def of_nobody_here(session: Session, user: Base, clock: MovingClock) -> NoticeChoices:
    """Return how the account wants to be told that is nobody's who signs in."""
    assert isinstance(user, User)
    row = NoticeChoices(station_id=user.station_id, user_id=user.id, changed_at=clock.now())
    session.add(row)
    return row


@pytest.fixture
def planted(database: Database, county: County, clock: MovingClock) -> Planted:
    """Put canaries in the files of the first station, and return them by field.

    The account that has some is nobody's who signs in here: with such secrets nobody could.
    """
    hooks = load_hooks(only=("admin", "sst", "character_ed", "school_link", "parent_school"))
    for history in hooks.histories:
        upgrade(database.engine, history)
    fields = protected_fields(database)
    with database.writing(EVERYTHING) as session:
        child = session.query(Child).filter_by(station_id=county.here.station).one()
        there: dict[type[Base], Base] = {
            Station: session.get_one(Station, county.here.station),
            Child: child,
            User: add_user(
                session,
                SYSTEM,
                clock,
                login="away@qingshi",
                password=PASSWORD,
                role=Role.STATION_STAFF,
                station_id=county.here.station,
            ),
            Volunteer: session.get_one(Volunteer, county.here.volunteer),
        }
        # Whoever is told sees by what on a page of their own.
        there[NoticeChoices] = of_nobody_here(session, there[User], clock)
        planted = plant(session, fields, shaped=SHAPED, there=there)
        # Lists show what the file says, and find it, by the digest, which is no text of its own.
        with unlocked(session):
            refresh(child)
        return planted


@pytest.fixture
def app(planted: Planted, database: Database, clock: MovingClock, tmp_path: Path) -> Flask:
    """Return the application with the back office and the four programs, over files with canaries."""
    assert planted
    hooks = load_hooks(only=("admin", "sst", "character_ed", "school_link", "parent_school"))
    return create_app(
        Settings.in_directory(tmp_path, second_factor_forced=False), hooks, database=database, clock=clock
    )


def told(content: bytes, planted: Planted, *, sensitive_only: bool) -> list[str]:
    """Return the names of the fields whose canary stands in the content; the shaped ones are words of every page."""
    if not traces(content):
        return []
    return [
        field.name
        for field, text in planted.items()
        if text.startswith(STEM) and (field.sensitive or not sensitive_only)
        if any(form in content for form in forms_of(text).values())
    ]


def answers(app: Flask, client: FlaskClient, county: County) -> Iterator[tuple[str, int, bytes]]:
    """Yield of every page that can be read its address, its status and all that the browser is sent."""
    for rule, method in requests_of(app):
        if method == "GET":
            answer = client.get(_path(rule, county), follow_redirects=False)
            yield rule.rule, answer.status_code, str(answer.headers).encode() + answer.get_data()
        elif rule.endpoint in SHOWN_BY_FORM:
            answer = sent(client, _path(rule, county), SHOWN_BY_FORM[rule.endpoint])
            yield f"form of {rule.rule}", answer.status_code, str(answer.headers).encode() + answer.get_data()


def sent(client: FlaskClient, path: str, form: Mapping[str, object]) -> TestResponse:
    """Send a form with the token of a page that everybody sees, signed in or not."""
    page = "/account/" if client.get("/account/").status_code == 200 else "/account/sign-in"
    return Browser(client).send(path, form, seen_on=page)


def _path(rule: Rule, county: County) -> str:
    try:
        path = path_to(rule, county.here)
    except KeyError:
        # The back office's pages and the programs' own name rows that every station has one of, or none.
        values = {name: county.here.activity if name.endswith("_id") else "csv" for name in rule.arguments}
        adapter = rule.map.bind("localhost") if rule.map else None
        assert adapter is not None
        path = adapter.build(rule.endpoint, values)
    return f"{path}?id={county.here.volunteer}" if path.startswith("/admin/") else path


def look_everywhere(app: Flask, browser: Browser, county: County, planted: Planted, *, sensitive_only: bool) -> int:
    """Read every page and return how many were shown; no canary may stand in any."""
    shown = 0
    for rule, status, content in answers(app, browser.client, county):
        assert set(told(content, planted, sensitive_only=sensitive_only)) <= OWN_WORDS.get(rule, frozenset()), rule
        shown += status == 200
    return shown


@pytest.mark.parametrize("role", STRANGERS)
def test_who_may_see_no_file_is_told_nothing_sealed(
    app: Flask,
    county: County,
    planted: Planted,
    sign_in: Callable[[Role], Browser],
    capsys: pytest.CaptureFixture[str],
    role: Role | None,
) -> None:
    browser = Browser(app.test_client()) if role is None else sign_in(role)
    assert look_everywhere(app, browser, county, planted, sensitive_only=False) >= 3
    assert told(_logged(capsys), planted, sensitive_only=False) == []


@pytest.mark.parametrize(
    "role",
    [*WITHOUT_GRANT, *(pytest.param(role, marks=pytest.mark.verify) for role in Role if role not in WITHOUT_GRANT)],
)
def test_who_has_no_grant_is_told_nothing_sensitive(
    app: Flask,
    county: County,
    planted: Planted,
    sign_in: Callable[[Role], Browser],
    capsys: pytest.CaptureFixture[str],
    role: Role,
) -> None:
    assert look_everywhere(app, sign_in(role), county, planted, sensitive_only=True) >= 5
    assert told(_logged(capsys), planted, sensitive_only=False) == []


def all_of_the_link(app: Flask, browser: Browser, keys: Mapping[str, object]) -> Iterator[tuple[str, int, bytes]]:
    """Do all that a guardian can do at an address, forms that show a page included; entering the code comes last."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("guardians.")]
    for rule in sorted(rules, key=lambda rule: (rule.endpoint == "guardians.enter", rule.endpoint)):
        token = keys["calendar" if rule.endpoint == "guardians.calendar" else "token"]
        adapter = rule.map.bind("localhost") if rule.map else None
        assert adapter is not None
        wanted = {"token": token, "purpose": "photo", "term_id": keys["term"]}
        path = adapter.build(rule.endpoint, {name: wanted[name] for name in rule.arguments})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            form = {"code": "wrong", "version": "0"}
            answer = browser.get(path) if method == "GET" else browser.send(path, form, seen_on="/account/sign-in")
            yield rule.endpoint, answer.status_code, str(answer.headers).encode() + answer.get_data()


@pytest.mark.parametrize("access", [GuardianAccess.FULL, GuardianAccess.RESTRICTED])
def test_a_guardians_address_tells_the_childs_name_after_the_code_and_nothing_else_that_is_sealed(
    app: Flask,
    county: County,
    database: Database,
    clock: MovingClock,
    planted: Planted,
    capsys: pytest.CaptureFixture[str],
    access: GuardianAccess,
) -> None:
    with database.writing(EVERYTHING) as session:
        links.decide_access(session, SYSTEM, clock, county.here.guardian, GuardianAccess.FULL)
        made = links.make_link(session, SYSTEM, clock, county.here.guardian)
        calendar = links.open_calendar(session, clock, links.visit(session, clock, made.token))
        set_scope(session, EVERYTHING)
        links.decide_access(session, SYSTEM, clock, county.here.guardian, access, reason=f"{STEM}998")
        # The child's own term takes wishes.
        intake = session.scalars(select(TermIntake).where(TermIntake.term_id == county.here.term)).one()
        intake.wishes_from, intake.wishes_until = WISHES
    keys = {"token": made.token, "calendar": calendar, "term": county.here.term}
    for endpoint, _, content in all_of_the_link(app, Browser(app.test_client()), keys):
        assert told(content, planted, sensitive_only=False) == [], endpoint
    browser = Browser(app.test_client())
    assert browser.send(f"/guardians/by-link/{made.token}", {"code": made.code}).status_code == 302
    seen = list(all_of_the_link(app, browser, keys))
    for endpoint, _, content in seen:
        assert set(told(content, planted, sensitive_only=False)) <= {"children.name"}, endpoint
        assert f"{STEM}998".encode() not in content, endpoint
    statuses = {(endpoint, status) for endpoint, status, _ in seen}
    opened = 200 if access is GuardianAccess.FULL else 404
    assert statuses >= {("guardians.give", 409), ("guardians.enter", 422), ("guardians.open_calendar", opened)}
    assert ("guardians.wishes", opened) in statuses
    assert any(told(content, planted, sensitive_only=False) for _, _, content in seen)
    assert told(_logged(capsys), planted, sensitive_only=False) == []


def test_the_slips_for_a_guardian_tell_nothing_sensitive(
    app: Flask, county: County, planted: Planted, sign_in: Callable[[Role], Browser]
) -> None:
    staff, page = sign_in(Role.HEAD), f"/consents/children/{county.here.child}"
    for path in (f"links/{county.here.link}/code", f"guardians/{county.here.guardian}/link"):
        answer = staff.send(f"/consents/{path}", {}, seen_on=page)
        assert answer.status_code == 200
        assert told(answer.get_data(), planted, sensitive_only=True) == []


def test_the_door_tells_names_and_relations_of_who_picks_up_and_nothing_else(
    app: Flask,
    county: County,
    planted: Planted,
    database: Database,
    sign_in: Callable[[Role], Browser],
    clock: MovingClock,
) -> None:
    assert app
    clock.advance(timedelta(days=2))
    with database.writing(EVERYTHING) as session:
        session.execute(delete(Attendance).where(Attendance.session_id == county.here.session))
        row = Attendance(station_id=county.here.station, session_id=county.here.session, child_id=county.here.child)
        row.presence, row.noted_at = Presence.PRESENT, clock.now()
        session.add(row)
    page = f"/sessions/{county.here.session}/door/children"
    answer = sign_in(Role.HEAD).send(f"{page}/{county.here.child}/collectors", {}, seen_on=page)
    assert answer.status_code == 200
    found = set(told(answer.get_data(), planted, sensitive_only=True))
    assert found == {"pick_up_persons.name", "pick_up_persons.relation"}


def test_each_page_that_shows_by_a_form_is_asked(app: Flask) -> None:
    sending = {rule.endpoint for rule, method in requests_of(app) if method != "GET"}
    assert sending >= SHOWN_BY_FORM.keys()
    opened = re.compile(
        r"\b(show_fields|open_all|read_fields|read_child_file|read_file|proof_of)\(db\.|\b(show_fields|open_all)\("
    )
    web = Path(__file__).parents[2] / "core/web"
    opening = {str(path.relative_to(web)) for path in web.rglob("*.py") if opened.search(path.read_text("utf-8"))}
    assert opening == {
        "children/parts.py",
        "children/sight.py",
        "children/views.py",
        "showing.py",
        "volunteers/skills.py",
    }


@pytest.mark.parametrize("endpoint", ["children.show", "children.edit"])
def test_who_has_leave_is_told_by_the_same_forms(
    app: Flask, county: County, planted: Planted, database: Database, sign_in: Callable[[Role], Browser], endpoint: str
) -> None:
    browser, clock = sign_in(Role.STATION_STAFF), MovingClock()
    with database.writing(EVERYTHING) as session:
        staff = actor_of(session.get_one(User, county.here.users[Role.STATION_STAFF]))
        break_glass(session, staff, clock, session.get_one(Child, county.here.child), "送医")
    (rule,) = (rule for rule, method in requests_of(app) if rule.endpoint == endpoint and method == "POST")
    answer = sent(browser.client, path_to(rule, county.here), SHOWN_BY_FORM[endpoint])
    assert answer.status_code == 200
    assert len(told(answer.get_data(), planted, sensitive_only=True)) > 1


def test_a_plain_field_is_told_so_the_search_works(
    app: Flask, county: County, database: Database, sign_in: Callable[[Role], Browser]
) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, county.here.volunteer).name = f"{STEM}999"
    pages = answers(app, sign_in(Role.HEAD).client, county)
    assert any(f"{STEM}999".encode() in content for _, _, content in pages)


def test_an_error_tells_neither_the_page_nor_the_log_what_it_quotes(
    app: Flask, planted: Planted, sign_in: Callable[[Role], Browser], capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [text for text in planted.values() if text.startswith(STEM)]

    def fail(**_arguments: object) -> NoReturn:
        raise ValueError(f"{texts} can't be read")

    app.view_functions["home.overview"] = fail
    browser = sign_in(Role.HEAD)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser.get("/overview")
    assert answer.status_code == 500
    logged = _logged(capsys)
    assert told(str(answer.headers).encode() + answer.get_data(), planted, sensitive_only=False) == []
    assert told(logged, planted, sensitive_only=False) == []
    assert any("error" in json.loads(line) for line in logged.decode().splitlines())


def test_the_log_has_nothing_of_what_somebody_asked_for(
    app: Flask, planted: Planted, visitor: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.url_map
    text = next(text for text in planted.values() if text.startswith(STEM))
    answer = visitor.get(
        f"/feeds/{text.encode().hex()}.ics?child={text}", headers={"Referer": f"http://localhost/{text}"}
    )
    assert answer.status_code == 404
    logged = _logged(capsys)
    assert b'"status": 404' in logged
    assert told(logged, planted, sensitive_only=False) == []


def _logged(capsys: pytest.CaptureFixture[str]) -> bytes:
    captured = capsys.readouterr()
    return (captured.out + captured.err).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_calendar_of_any_kind_tells_anything_of_a_child_or_what_is_sealed_of_others(
    app: Flask, county: County, database: Database, clock: MovingClock, planted: Planted, language: str
) -> None:
    with database.writing(EVERYTHING) as session:
        update_ledger(session, clock, load_hooks(), station_id=county.here.station)
        addresses = [FeedAddress(*row) for row in session.execute(feeds_that_speak())]
        tokens = [open_feed(session, SYSTEM, clock, one, Choices(language, alarm=60)) for one in addresses]
        links.decide_access(session, SYSTEM, clock, county.here.guardian, GuardianAccess.FULL)
        made = links.make_link(session, SYSTEM, clock, county.here.guardian)
        calendar = links.open_calendar(
            session, clock, links.visit(session, clock, made.token), Choices(language, alarm=60)
        )
    assert {address.kind for address in addresses} == set(FeedKind)
    client = app.test_client()
    paths = [*(f"/feeds/{token}.ics" for token in tokens), f"/guardians/by-link/{calendar}/calendar.ics"]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        unfolded = answer.get_data().replace(b"\r\n ", b"")
        assert told(str(answer.headers).encode() + unfolded, planted, sensitive_only=False) == []
