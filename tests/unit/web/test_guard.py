"""The guard before every view: who is let through, who is led where, and within which part of the station tree."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.domain.actor import Actor, Role, Scope
from core.domain.capabilities import ANYONE, Capability
from core.extensions import wiring
from core.security.permissions import NEW_PASSWORD, SETTING_UP
from core.services.web_sessions import Signature, SignedIn
from core.testing import TEST_MOMENT
from core.web.guard import guard

STATION = UUID(int=3)
SCOPE = Scope(frozenset({STATION}), frozenset({STATION}))
SIGN_IN, FACTORS, PASSWORD = "/security.login", "/account.factors", "/security.change_password"
PERMISSIONS = {
    "open": ANYONE,
    "plain": Capability.USE_ACCOUNT,
    "children": Capability.SEE_CHILDREN,
    "security.login": ANYONE,
    **dict.fromkeys(SETTING_UP | NEW_PASSWORD, Capability.USE_ACCOUNT),
}


class Door:
    """An application whose every page says which part of the tree it reaches; somebody may be signed in."""

    def __init__(self) -> None:
        self.somebody: SignedIn | None = None
        app = Flask(__name__)
        app.extensions["weibao"] = SimpleNamespace(permissions=PERMISSIONS)
        app.before_request(self._sign_in)
        guard(app)
        for endpoint in (*PERMISSIONS, "undeclared"):
            app.add_url_rule(f"/{endpoint}", endpoint, _reached, methods=["GET", "POST"])
        with app.app_context():
            assert wiring().permissions is PERMISSIONS
        self.client: FlaskClient = app.test_client()

    def _sign_in(self) -> None:
        g.signed_in = self.somebody

    def get(self, path: str) -> TestResponse:
        """Ask for a page."""
        return self.client.get(path)


def _reached() -> str:
    return str(g.get("scope") == SCOPE)


@pytest.fixture
def door() -> Door:
    return Door()


def somebody(role: Role = Role.HEAD, *, confined: bool = False, stale: bool = False) -> SignedIn:
    return SignedIn(
        actor=Actor(role, STATION, UUID(int=4)),
        name="",
        station_id=STATION,
        scope=SCOPE,
        signature=Signature(UUID(int=4), "", TEST_MOMENT),
        content="",
        expires_at=TEST_MOMENT,
        confined=confined,
        stale=stale,
    )


def led_to(door: Door, path: str) -> str | None:
    """Return where somebody who asks for a page is led, None for the page itself."""
    answer = door.get(path)
    assert answer.status_code in {200, 302}
    return answer.headers.get("Location")


def test_a_visitor_sees_open_pages_and_is_led_to_sign_in_from_all_others(door: Door) -> None:
    assert door.get("/open").text == "False"
    for page in ("plain", "children", "undeclared"):
        assert led_to(door, f"/{page}") == f"{SIGN_IN}?next=/{page}"


def test_after_signing_in_one_is_led_on_to_what_was_asked_for_with_its_query(door: Door) -> None:
    assert led_to(door, "/plain?day=1&of=X") == f"{SIGN_IN}?next=/plain?day%3D1%26of%3DX"
    assert led_to(door, "/plain?") == f"{SIGN_IN}?next=/plain"


def test_a_form_that_a_visitor_sends_leads_nowhere_after_signing_in(door: Door) -> None:
    answer = door.client.post("/children")
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_table_says(door: Door, role: Role) -> None:
    door.somebody = somebody(role)
    assert door.get("/open").status_code == door.get("/plain").status_code == 200
    blind = {Role.ORGANIZER, Role.VOLUNTEER, Role.AUDITOR}
    assert door.get("/children").status_code == (403 if role in blind else 200)
    assert door.client.post("/children").status_code == (403 if role in blind else 200)


def test_what_the_table_does_not_know_nobody_may_call(door: Door) -> None:
    door.somebody = somebody(Role.ADMINISTRATOR)
    assert door.get("/undeclared").status_code == 403


@pytest.mark.parametrize("page", ["open", "plain", "children"])
def test_every_page_reaches_the_part_of_the_tree_of_whoever_is_signed_in(door: Door, page: str) -> None:
    door.somebody = somebody()
    assert door.get(f"/{page}").text == "True"


def test_an_address_that_leads_nowhere_is_not_found_whoever_asks(door: Door) -> None:
    for who in (None, somebody(), somebody(confined=True)):
        door.somebody = who
        assert door.get("/nowhere").status_code == 404


def test_who_has_no_second_factor_yet_sets_one_up_before_all_else(door: Door) -> None:
    for stale in (False, True):
        door.somebody = somebody(confined=True, stale=stale)
        for page in ("plain", "children", "security.change_password"):
            assert led_to(door, f"/{page}") == FACTORS
        for page in (*SETTING_UP, "open"):
            assert led_to(door, f"/{page}") is None


def test_whose_password_is_too_old_changes_it_before_all_else(door: Door) -> None:
    door.somebody = somebody(stale=True)
    for page in ("plain", "children", *(SETTING_UP - NEW_PASSWORD)):
        assert led_to(door, f"/{page}") == PASSWORD
    for page in (*NEW_PASSWORD, "open"):
        assert led_to(door, f"/{page}") is None


@pytest.mark.parametrize("way", ["confined", "stale"])
def test_who_may_not_see_a_page_is_refused_and_not_led_anywhere(door: Door, way: str) -> None:
    door.somebody = somebody(Role.VOLUNTEER, **{way: True})
    assert door.get("/children").status_code == 403
