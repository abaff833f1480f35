"""The one table of who may do what: every endpoint names the roles that may call it, or it doesn't start.

A role is held for one part of the station tree; what lies outside it is kept out of reach by the session's scope, not
by this table.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.domain.actor import Role
from core.domain.errors import DomainError, Message

#: Open to everybody, signed in or not.
ANYONE: Final[frozenset[Role] | None] = None
SIGNED_IN: Final = frozenset(Role)
STAFF: Final = frozenset({Role.ADMINISTRATOR, Role.ORGANIZER, Role.STATION_STAFF})
PLANNERS: Final = frozenset({Role.ADMINISTRATOR, Role.ORGANIZER})
VOLUNTEERS: Final = frozenset({Role.VOLUNTEER})
ADMINISTRATORS: Final = frozenset({Role.ADMINISTRATOR})

Permissions = Mapping[str, frozenset[Role] | None]

#: Endpoints of core; a plugin's web part brings its own.
CORE_PERMISSIONS: Final[Permissions] = MappingProxyType(
    {
        "static": ANYONE,
        "home.start": SIGNED_IN,
        "home.overview": STAFF,
        "home.health": ANYONE,
        "language.choose": ANYONE,
        "security.login": ANYONE,
        "security.logout": SIGNED_IN,
        "security.verify": SIGNED_IN,
        "security.change_password": SIGNED_IN,
        "security.two_factor_setup": SIGNED_IN,
        "security.two_factor_setup_validate": SIGNED_IN,
        # Between password and second factor nobody is signed in yet: what the session has noted is the permission.
        "security.two_factor_token_validation": ANYONE,
        "security.two_factor_rescue": ANYONE,
        "security.mf_recovery": ANYONE,
        "security.mf_recovery_codes": SIGNED_IN,
        "security.wan_signin": ANYONE,
        "security.wan_signin_response": ANYONE,
        "security.wan_register": SIGNED_IN,
        "security.wan_register_response": SIGNED_IN,
        "security.wan_delete": SIGNED_IN,
        "security.wan_verify": SIGNED_IN,
        "security.wan_verify_response": SIGNED_IN,
        "account.factors": SIGNED_IN,
        "timetable.current": SIGNED_IN,
        "timetable.of_term": SIGNED_IN,
        "sessions.page": SIGNED_IN,
        "public.notice": ANYONE,
        "duties.mine": VOLUNTEERS,
        "duties.subscribe": VOLUNTEERS,
        "duties.unsubscribe": VOLUNTEERS,
        # The secret in its address is the permission.
        "feeds.calendar": ANYONE,
        "feeds.listed": STAFF,
        "feeds.open_address": STAFF,
        "feeds.revoke": STAFF,
        "plans.listed": STAFF,
        "plans.page": STAFF,
        "plans.compare": PLANNERS,
        "plans.publish": PLANNERS,
        "runs.ask": PLANNERS,
        "runs.page": STAFF,
        "runs.cancel": PLANNERS,
        "pins.new": PLANNERS,
        "pins.remove": PLANNERS,
        "calendar.overview": STAFF,
        "calendar.consider": STAFF,
        "calendar.close": STAFF,
        "calendar.reopen": STAFF,
        "calendar.enter_year": PLANNERS,
        "activities.listed": STAFF,
        "activities.choose": PLANNERS,
        "activities.new": PLANNERS,
        "activities.edit": PLANNERS,
        "batches.chosen": PLANNERS,
        "joining.ask": STAFF,
        "joining.consent": STAFF,
        "joining.withdraw": STAFF,
        "attendance.sheet": STAFF,
        "attendance.note": STAFF,
        "reports.page": STAFF,
        "programs.listed": STAFF,
        "programs.switch": ADMINISTRATORS,
        "activities.feasible": PLANNERS,
    }
)


#: All that somebody reaches who still has to set up a second factor.
SETTING_UP: Final = frozenset(
    {
        "account.factors",
        "security.logout",
        "security.verify",
        "security.two_factor_setup",
        "security.two_factor_setup_validate",
        "security.wan_register",
        "security.wan_register_response",
    }
)


class UndeclaredEndpointError(DomainError):
    """An endpoint is reachable that the permission table doesn't know; the application refuses to start."""

    code = "undeclared_endpoint"


def require_declared(endpoints: Iterable[str], permissions: Permissions) -> None:
    """Raise UndeclaredEndpointError unless every endpoint stands in the table."""
    if missing := sorted(set(endpoints) - set(permissions)):
        raise UndeclaredEndpointError(
            Message("No permission is declared for: %(endpoints)s.", {"endpoints": ", ".join(missing)})
        )


def needs_second_factor(role: Role) -> bool:
    """Tell whether a password alone must not do for a role: that of everybody who can read children's data."""
    return role in STAFF


def allows(permissions: Permissions, endpoint: str, role: Role | None) -> bool:
    """Tell whether somebody with `role`, None for nobody signed in, may call `endpoint`; unknown endpoints: nobody."""
    roles = permissions.get(endpoint, frozenset())
    return roles is None or role in roles
