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
        "account.sign_in": ANYONE,
        "account.sign_out": SIGNED_IN,
        "account.password": SIGNED_IN,
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
        "children.listed": STAFF,
        "children.page": STAFF,
        "children.new": STAFF,
        "children.edit": STAFF,
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


class UndeclaredEndpointError(DomainError):
    """An endpoint is reachable that the permission table doesn't know; the application refuses to start."""

    code = "undeclared_endpoint"


def require_declared(endpoints: Iterable[str], permissions: Permissions) -> None:
    """Raise UndeclaredEndpointError unless every endpoint stands in the table."""
    if missing := sorted(set(endpoints) - set(permissions)):
        raise UndeclaredEndpointError(
            Message("No permission is declared for: %(endpoints)s.", {"endpoints": ", ".join(missing)})
        )


def allows(permissions: Permissions, endpoint: str, role: Role | None) -> bool:
    """Tell whether somebody with `role`, None for nobody signed in, may call `endpoint`; unknown endpoints: nobody."""
    roles = permissions.get(endpoint, frozenset())
    return roles is None or role in roles
