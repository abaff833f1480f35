"""The one table of who may do what: each capability names its roles, each endpoint the capability that it asks for.

A role is held for one part of the station tree; what lies outside it is kept out of reach by the session's scope, not
by this table. An endpoint that is not in it doesn't start.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.domain.actor import Actor, Role
from core.domain.capabilities import ANYONE, Capability
from core.domain.errors import DomainError, Message, NotAllowedError
from core.security.endpoints import Permissions

_A, _H, _S, _W = Role.ADMINISTRATOR, Role.HEAD, Role.STATION_STAFF, Role.SOCIAL_WORKER
_O, _D, _G = Role.ORGANIZER, Role.COMMUNITY_DIRECTOR, Role.GRID_WORKER
_V, _U = Role.VOLUNTEER, Role.AUDITOR

#: Who may do each kind of work.
HOLDERS: Final[Mapping[Capability, frozenset[Role]]] = MappingProxyType(
    {
        Capability.USE_ACCOUNT: frozenset(Role),
        Capability.OWN_DUTIES: frozenset({_V}),
        Capability.SEE_PLANS: frozenset({_A, _H, _S, _W, _O, _D}),
        Capability.PLAN: frozenset({_A, _H, _O}),
        Capability.KEEP_CALENDAR: frozenset({_A, _H, _S, _W, _O}),
        Capability.APPROVE_ACTIVITIES: frozenset({_A, _H}),
        Capability.KEEP_SETTINGS: frozenset({_A, _H}),
        Capability.SEE_REPORTS: frozenset({_A, _H, _S, _W, _O, _U}),
        Capability.SEE_CHILDREN: frozenset({_A, _H, _S, _W, _D, _G}),
        Capability.KEEP_CHILDREN: frozenset({_H, _S, _W, _D}),
        Capability.MERGE_CHILDREN: frozenset({_H, _S}),
        Capability.EXPORT_CHILDREN: frozenset({_H, _S}),
        Capability.SEAL_CHILDREN: frozenset({_H}),
        Capability.KEEP_CONSENTS: frozenset({_H, _S, _W, _D}),
        Capability.DECIDE_ACCESS: frozenset({_H}),
        Capability.NOTE_VISITS: frozenset({_H, _S, _W, _D, _G}),
        Capability.NOTE_ATTENDANCE: frozenset({_H, _S, _W, _O, _D}),
        Capability.REGISTER_CHILDREN: frozenset({_H, _S, _W, _D}),
        Capability.KEEP_REGISTRATION: frozenset({_H, _S, _O}),
        Capability.TAKE_OUT_ALLOCATIONS: frozenset({_H}),
        Capability.WAIVE_RULES: frozenset({_H, _S}),
        Capability.ASK_FOR_FIELDS: frozenset({_H, _S, _W, _D}),
        Capability.APPROVE_GRANTS: frozenset({_A, _H}),
        Capability.BREAK_GLASS: frozenset({_H, _S, _W, _D}),
        Capability.SEE_VOLUNTEERS: frozenset({_A, _H, _S, _W, _O}),
        Capability.KEEP_VOLUNTEERS: frozenset({_H, _S, _O}),
        Capability.SEE_COMPANY: frozenset({_H}),
        Capability.CLEAR_PEOPLE: frozenset({_H, _S}),
        Capability.MANAGE_ACCOUNTS: frozenset({_A, _H}),
        Capability.READ_AUDIT: frozenset({_H, _U}),
        Capability.REPORT_HARM: frozenset(Role),
        Capability.READ_HARM_REGISTER: frozenset({_H, _U}),
        Capability.ANSWER_REQUESTS: frozenset({_H, _S}),
        Capability.ERASE: frozenset({_H}),
        Capability.GIVE_COPIES: frozenset({_H}),
        Capability.SEE_COMPLIANCE: frozenset({_A, _H, _U}),
        Capability.NOTE_INCIDENTS: frozenset({_A, _H}),
    }
)

#: Whoever may do one of these reads what is about children.
_ABOUT_CHILDREN: Final = (Capability.SEE_CHILDREN, Capability.KEEP_CHILDREN, Capability.NOTE_ATTENDANCE)


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


#: All that somebody reaches whose password is to be changed.
NEW_PASSWORD: Final = frozenset({"security.change_password", "security.logout"})


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
    return any(may(role, capability) for capability in _ABOUT_CHILDREN)


def may(role: Role, capability: Capability) -> bool:
    """Tell whether somebody with this role may do that kind of work."""
    return role in HOLDERS[capability]


def roles_given_by(role: Role) -> frozenset[Role]:
    """Return the roles that somebody may give to others, none of which holds more than their own work needs.

    The county's administrator appoints everybody; a head everybody at the own station, but no administrator.
    """
    if not may(role, Capability.MANAGE_ACCOUNTS):
        return frozenset()
    return frozenset(Role) if role is Role.ADMINISTRATOR else frozenset(Role) - {Role.ADMINISTRATOR}


def require(actor: Actor, capability: Capability) -> None:
    """Raise NotAllowedError unless the actor may do that kind of work; the machine itself may do all."""
    if not (actor.is_machine or may(actor.role, capability)):
        raise NotAllowedError(Message("Your role doesn't allow this: ask the head of the station."))


def allows(permissions: Permissions, endpoint: str, role: Role | None) -> bool:
    """Tell whether somebody with `role`, None for nobody signed in, may call `endpoint`; unknown endpoints: nobody."""
    asked = permissions.get(endpoint)
    if asked is None or role is None:
        return asked is ANYONE
    return asked is ANYONE or may(role, asked)
