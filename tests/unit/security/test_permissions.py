"""Rules about roles beside the table itself, written by hand: who needs a second factor, who appoints whom."""

import pytest

from core.domain.actor import Role
from core.security.permissions import (
    CORE_PERMISSIONS,
    NEW_PASSWORD,
    SETTING_UP,
    needs_second_factor,
    roles_given_by,
)


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
