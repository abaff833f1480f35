"""The one table of who may do what: each capability names its roles, each endpoint the capability that it asks for.

A role is held for one part of the station tree; what lies outside it is kept out of reach by the session's scope, not
by this table. An endpoint that is not in it doesn't start.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.domain.actor import Actor, Role
from core.domain.capabilities import ANYONE, Asked, Capability
from core.domain.errors import DomainError, Message, NotAllowedError

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
        Capability.NOTE_VISITS: frozenset({_H, _S, _W, _D, _G}),
        Capability.NOTE_ATTENDANCE: frozenset({_H, _S, _W, _O, _D}),
        Capability.ASK_FOR_FIELDS: frozenset({_H, _S, _W, _D}),
        Capability.APPROVE_GRANTS: frozenset({_A, _H}),
        Capability.BREAK_GLASS: frozenset({_H, _S, _W, _D}),
        Capability.SEE_VOLUNTEERS: frozenset({_A, _H, _S, _W, _O}),
        Capability.KEEP_VOLUNTEERS: frozenset({_H, _S, _O}),
        Capability.CLEAR_PEOPLE: frozenset({_H, _S}),
        Capability.MANAGE_ACCOUNTS: frozenset({_A, _H}),
        Capability.READ_AUDIT: frozenset({_H, _U}),
        Capability.REPORT_HARM: frozenset(Role),
        Capability.READ_HARM_REGISTER: frozenset({_H, _U}),
        Capability.ANSWER_REQUESTS: frozenset({_H, _S}),
        Capability.ERASE: frozenset({_H}),
        Capability.SEE_COMPLIANCE: frozenset({_A, _H, _U}),
    }
)

Permissions = Mapping[str, Asked]

#: Endpoints of core; a plugin's web part brings its own.
CORE_PERMISSIONS: Final[Permissions] = MappingProxyType(
    {
        "static": ANYONE,
        "home.start": Capability.USE_ACCOUNT,
        "home.overview": Capability.SEE_PLANS,
        "home.health": ANYONE,
        "language.choose": ANYONE,
        "account.sign_in": ANYONE,
        "account.sign_out": Capability.USE_ACCOUNT,
        "account.password": Capability.USE_ACCOUNT,
        "timetable.current": Capability.USE_ACCOUNT,
        "timetable.of_term": Capability.USE_ACCOUNT,
        "sessions.page": Capability.USE_ACCOUNT,
        "public.notice": ANYONE,
        "duties.mine": Capability.OWN_DUTIES,
        "duties.subscribe": Capability.OWN_DUTIES,
        "duties.unsubscribe": Capability.OWN_DUTIES,
        # The secret in its address is the permission.
        "feeds.calendar": ANYONE,
        "feeds.listed": Capability.KEEP_CALENDAR,
        "feeds.open_address": Capability.KEEP_CALENDAR,
        "feeds.revoke": Capability.KEEP_CALENDAR,
        "plans.listed": Capability.SEE_PLANS,
        "plans.page": Capability.SEE_PLANS,
        "plans.compare": Capability.PLAN,
        "plans.publish": Capability.PLAN,
        "runs.ask": Capability.PLAN,
        "runs.page": Capability.SEE_PLANS,
        "runs.cancel": Capability.PLAN,
        "pins.new": Capability.PLAN,
        "pins.remove": Capability.PLAN,
        "calendar.overview": Capability.SEE_PLANS,
        "calendar.consider": Capability.KEEP_CALENDAR,
        "calendar.close": Capability.KEEP_CALENDAR,
        "calendar.reopen": Capability.KEEP_CALENDAR,
        "calendar.enter_year": Capability.PLAN,
        "activities.listed": Capability.SEE_PLANS,
        "activities.choose": Capability.PLAN,
        "activities.new": Capability.PLAN,
        "activities.edit": Capability.PLAN,
        "batches.chosen": Capability.PLAN,
        "joining.ask": Capability.SEE_CHILDREN,
        "consents.due": Capability.KEEP_CONSENTS,
        "consents.of_child": Capability.KEEP_CONSENTS,
        "consents.give": Capability.KEEP_CONSENTS,
        "consents.note_duty": Capability.KEEP_CONSENTS,
        "consents.withdraw": Capability.KEEP_CONSENTS,
        "consents.decide_access": Capability.KEEP_CONSENTS,
        "consents.make_link": Capability.KEEP_CONSENTS,
        "consents.revoke_link": Capability.KEEP_CONSENTS,
        # The secret in their addresses is the permission, and for all but the calendar a code besides.
        "guardians.page": ANYONE,
        "guardians.enter": ANYONE,
        "guardians.consent": ANYONE,
        "guardians.give": ANYONE,
        "guardians.withdraw": ANYONE,
        "guardians.open_calendar": ANYONE,
        "guardians.calendar": ANYONE,
        "attendance.sheet": Capability.NOTE_ATTENDANCE,
        "attendance.note": Capability.NOTE_ATTENDANCE,
        "reports.page": Capability.SEE_REPORTS,
        "programs.listed": Capability.SEE_PLANS,
        "programs.switch": Capability.KEEP_SETTINGS,
        "activities.feasible": Capability.PLAN,
        "grants.mine": Capability.ASK_FOR_FIELDS,
        "grants.ask": Capability.ASK_FOR_FIELDS,
        "grants.ask_for_child": Capability.ASK_FOR_FIELDS,
        "grants.give_back": Capability.ASK_FOR_FIELDS,
        "grants.break_glass": Capability.BREAK_GLASS,
        "grants.desk": Capability.APPROVE_GRANTS,
        "grants.approve": Capability.APPROVE_GRANTS,
        "grants.refuse": Capability.APPROVE_GRANTS,
        "grants.acknowledge": Capability.APPROVE_GRANTS,
        "grants.end": Capability.APPROVE_GRANTS,
        "sealing.file": Capability.SEAL_CHILDREN,
        "sealing.seal": Capability.SEAL_CHILDREN,
        "sealing.unseal": Capability.SEAL_CHILDREN,
        "harm.calls": Capability.REPORT_HARM,
        "harm.calls_for_child": Capability.REPORT_HARM,
        "harm.receipt": Capability.REPORT_HARM,
        "harm.register": Capability.READ_HARM_REGISTER,
        "harm.contacts": Capability.KEEP_SETTINGS,
        "harm.drop_contact": Capability.KEEP_SETTINGS,
        "audit.entries": Capability.READ_AUDIT,
        "audit.export": Capability.READ_AUDIT,
        "audit.chain": Capability.READ_AUDIT,
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


def may(role: Role, capability: Capability) -> bool:
    """Tell whether somebody with this role may do that kind of work."""
    return role in HOLDERS[capability]


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
