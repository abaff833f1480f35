"""The permission table's questions: who may, who must not, and what an endpoint without an entry is."""

from uuid import UUID

import pytest

from core.domain.actor import SYSTEM, Actor, Role
from core.domain.capabilities import ANYONE, Capability
from core.domain.errors import NotAllowedError
from core.security.endpoints import CORE_PERMISSIONS
from core.security.permissions import (
    HOLDERS,
    NEW_PASSWORD,
    SETTING_UP,
    UndeclaredEndpointError,
    allows,
    may,
    needs_second_factor,
    require,
    require_declared,
    roles_given_by,
)
from tests.translated import in_chinese

TABLE = {"open": ANYONE, "erase": Capability.ERASE}
STATION = UUID(int=1)


def test_an_endpoint_is_open_to_those_whose_role_holds_its_capability() -> None:
    answers = {role: allows(TABLE, "erase", role) for role in Role}
    assert answers == {role: role is Role.HEAD for role in Role}


@pytest.mark.parametrize("role", [*Role, None])
def test_what_is_open_to_anyone_asks_for_no_account_and_what_nobody_declared_is_open_to_nobody(
    role: Role | None,
) -> None:
    assert allows(TABLE, "open", role)
    assert not allows(TABLE, "undeclared", role)


def test_a_visitor_may_call_nothing_else() -> None:
    assert not allows(TABLE, "erase", None)


@pytest.mark.parametrize("capability", Capability)
def test_a_service_asks_the_same_table_as_the_pages(capability: Capability) -> None:
    for role in Role:
        allowed = role in HOLDERS[capability]
        assert may(role, capability) is allowed
        actor = Actor(role, STATION)
        if allowed:
            require(actor, capability)
        else:
            with pytest.raises(NotAllowedError) as caught:
                require(actor, capability)
            assert "站长" in in_chinese(caught.value.message) or "负责人" in in_chinese(caught.value.message)


def test_the_machine_itself_may_do_all() -> None:
    for capability in Capability:
        require(SYSTEM, capability)


def test_an_application_with_undeclared_endpoints_does_not_start_and_names_them() -> None:
    require_declared(["open", "erase"], TABLE)
    with pytest.raises(UndeclaredEndpointError) as caught:
        require_declared(["zebra", "open", "ape"], TABLE)
    assert str(caught.value) == "No permission is declared for: ape, zebra."
    assert "ape, zebra" in in_chinese(caught.value.message)


@pytest.mark.parametrize("role", list(Role))
def test_whoever_reads_about_children_needs_a_second_factor(role: Role) -> None:
    assert needs_second_factor(role) is (role not in {Role.VOLUNTEER, Role.AUDITOR})


@pytest.mark.parametrize("role", list(Role))
def test_administrators_appoint_everybody_and_heads_all_but_them(role: Role) -> None:
    expected = {
        Role.ADMINISTRATOR: set(Role),
        Role.HEAD: set(Role) - {Role.ADMINISTRATOR},
    }
    assert roles_given_by(role) == expected.get(role, set())


def test_what_stays_open_to_somebody_who_is_held_up_exists() -> None:
    assert CORE_PERMISSIONS.keys() >= SETTING_UP
    assert CORE_PERMISSIONS.keys() >= NEW_PASSWORD
    assert "security.mf_recovery_codes" not in SETTING_UP
    assert "security.change_password" not in SETTING_UP
