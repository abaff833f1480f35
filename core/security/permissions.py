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

Permissions = Mapping[str, Asked]

#: Endpoints of core; a plugin's web part brings its own.
CORE_PERMISSIONS: Final[Permissions] = MappingProxyType(
    {
        "static": ANYONE,
        "home.start": Capability.USE_ACCOUNT,
        "home.overview": Capability.SEE_PLANS,
        "home.health": ANYONE,
        "language.choose": ANYONE,
        "security.login": ANYONE,
        "security.logout": Capability.USE_ACCOUNT,
        "security.verify": Capability.USE_ACCOUNT,
        "security.change_password": Capability.USE_ACCOUNT,
        "security.two_factor_setup": Capability.USE_ACCOUNT,
        "security.two_factor_setup_validate": Capability.USE_ACCOUNT,
        # Between password and second factor nobody is signed in yet: what the session has noted is the permission.
        "security.two_factor_token_validation": ANYONE,
        "security.two_factor_rescue": ANYONE,
        "security.mf_recovery": ANYONE,
        "security.mf_recovery_codes": Capability.USE_ACCOUNT,
        "security.wan_signin": ANYONE,
        "security.wan_signin_response": ANYONE,
        "security.wan_register": Capability.USE_ACCOUNT,
        "security.wan_register_response": Capability.USE_ACCOUNT,
        "security.wan_delete": Capability.USE_ACCOUNT,
        "security.wan_verify": Capability.USE_ACCOUNT,
        "security.wan_verify_response": Capability.USE_ACCOUNT,
        "account.factors": Capability.USE_ACCOUNT,
        "account.end_session": Capability.USE_ACCOUNT,
        "account.end_all": Capability.USE_ACCOUNT,
        # The secret in its address is the permission.
        "account.accept": ANYONE,
        "accounts.listed": Capability.MANAGE_ACCOUNTS,
        "accounts.new": Capability.MANAGE_ACCOUNTS,
        "accounts.page": Capability.MANAGE_ACCOUNTS,
        "accounts.change": Capability.MANAGE_ACCOUNTS,
        "accounts.invite_again": Capability.MANAGE_ACCOUNTS,
        "accounts.shut_out": Capability.MANAGE_ACCOUNTS,
        "accounts.let_in": Capability.MANAGE_ACCOUNTS,
        "accounts.reset_second_factor": Capability.MANAGE_ACCOUNTS,
        "timetable.current": Capability.USE_ACCOUNT,
        "timetable.of_term": Capability.USE_ACCOUNT,
        "sessions.page": Capability.USE_ACCOUNT,
        "sessions.entry": Capability.USE_ACCOUNT,
        "notices.mine": Capability.USE_ACCOUNT,
        "notices.of_volunteer": Capability.KEEP_VOLUNTEERS,
        "notices.listed": Capability.KEEP_VOLUNTEERS,
        "notices.preview": Capability.KEEP_VOLUNTEERS,
        "notices.again": Capability.KEEP_VOLUNTEERS,
        "notices.called": Capability.KEEP_VOLUNTEERS,
        "public.notice": ANYONE,
        "duties.mine": Capability.OWN_DUTIES,
        "duties.subscribe": Capability.OWN_DUTIES,
        "duties.unsubscribe": Capability.OWN_DUTIES,
        "hours.mine": Capability.OWN_DUTIES,
        "hours.object_to": Capability.OWN_DUTIES,
        "certificates.issue_own": Capability.OWN_DUTIES,
        "certificates.own_paper": Capability.OWN_DUTIES,
        "checkin.page": Capability.OWN_DUTIES,
        "checkin.note": Capability.OWN_DUTIES,
        "checkin.screen": Capability.NOTE_ATTENDANCE,
        "hours.listed": Capability.KEEP_VOLUNTEERS,
        "hours.of_session": Capability.KEEP_VOLUNTEERS,
        "hours.book": Capability.KEEP_VOLUNTEERS,
        "hours.of_volunteer": Capability.KEEP_VOLUNTEERS,
        "hours.correct": Capability.KEEP_VOLUNTEERS,
        "hours.answer": Capability.KEEP_VOLUNTEERS,
        "hours.export": Capability.KEEP_VOLUNTEERS,
        "hours.loads": Capability.KEEP_VOLUNTEERS,
        "hours.thank": Capability.KEEP_VOLUNTEERS,
        "certificates.issue": Capability.KEEP_VOLUNTEERS,
        "certificates.paper": Capability.KEEP_VOLUNTEERS,
        "certificates.revoke": Capability.KEEP_VOLUNTEERS,
        # The secret on the paper is the permission.
        "certificates.verify": ANYONE,
        "availability.mine": Capability.OWN_DUTIES,
        "availability.my_calendars": Capability.OWN_DUTIES,
        "availability.of_volunteer": Capability.KEEP_VOLUNTEERS,
        "availability.calendars_of_volunteer": Capability.KEEP_VOLUNTEERS,
        "shared_rooms.listed": Capability.SEE_PLANS,
        "shared_rooms.page": Capability.SEE_PLANS,
        "shared_rooms.change": Capability.KEEP_CALENDAR,
        "taking.answer": Capability.OWN_DUTIES,
        "taking.unchanged": Capability.OWN_DUTIES,
        "taking.offer_duty": Capability.OWN_DUTIES,
        "taking.cancel": Capability.OWN_DUTIES,
        "taking.swap": Capability.OWN_DUTIES,
        "taking.places": Capability.OWN_DUTIES,
        "taking.join": Capability.OWN_DUTIES,
        # The secret in its address is the permission.
        "replies.page": ANYONE,
        "replies.answer": ANYONE,
        "replies.unchanged": ANYONE,
        "asking.listed": Capability.PLAN,
        "asking.of_session": Capability.PLAN,
        "asking.ask": Capability.PLAN,
        "asking.withdraw": Capability.PLAN,
        "asking.decide_swap": Capability.PLAN,
        "asking.of_plan": Capability.PLAN,
        "asking.rules": Capability.PLAN,
        "reply_links.page": Capability.KEEP_VOLUNTEERS,
        "reply_links.make": Capability.KEEP_VOLUNTEERS,
        "reply_links.revoke": Capability.KEEP_VOLUNTEERS,
        "campaigns.listed": Capability.PLAN,
        "campaigns.new": Capability.PLAN,
        "campaigns.page": Capability.PLAN,
        "campaigns.remind": Capability.PLAN,
        "campaigns.close": Capability.PLAN,
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
        "children.listed": Capability.SEE_CHILDREN,
        "children.page": Capability.SEE_CHILDREN,
        "children.new": Capability.KEEP_CHILDREN,
        "children.edit": Capability.KEEP_CHILDREN,
        "children.show": Capability.SEE_CHILDREN,
        "child_parts.new_guardian": Capability.KEEP_CHILDREN,
        "child_parts.guardian": Capability.KEEP_CHILDREN,
        "child_parts.drop_guardian": Capability.KEEP_CHILDREN,
        "child_parts.new_pick_up": Capability.KEEP_CHILDREN,
        "child_parts.drop_pick_up": Capability.KEEP_CHILDREN,
        "child_parts.new_category": Capability.KEEP_CHILDREN,
        "child_parts.finish_category": Capability.KEEP_CHILDREN,
        "child_parts.proof": Capability.SEE_CHILDREN,
        "child_parts.new_visit": Capability.NOTE_VISITS,
        "child_turns.due": Capability.NOTE_VISITS,
        "child_turns.intervals": Capability.MERGE_CHILDREN,
        "child_turns.move": Capability.MERGE_CHILDREN,
        "child_turns.go": Capability.KEEP_CHILDREN,
        "child_turns.back": Capability.KEEP_CHILDREN,
        "child_turns.adults": Capability.KEEP_CHILDREN,
        "child_turns.merge": Capability.MERGE_CHILDREN,
        "child_turns.unmerge": Capability.MERGE_CHILDREN,
        "child_trade.take_in": Capability.KEEP_CHILDREN,
        "child_trade.template": Capability.KEEP_CHILDREN,
        "child_trade.give_out": Capability.EXPORT_CHILDREN,
        "joining.ask": Capability.SEE_CHILDREN,
        "places.of_term": Capability.KEEP_REGISTRATION,
        "places.decide": Capability.KEEP_REGISTRATION,
        "places.draw": Capability.KEEP_REGISTRATION,
        "places.ask": Capability.KEEP_REGISTRATION,
        "places.page": Capability.KEEP_REGISTRATION,
        "places.cancel": Capability.KEEP_REGISTRATION,
        "places.publish": Capability.KEEP_REGISTRATION,
        "places.compared": Capability.KEEP_REGISTRATION,
        "places.take_out": Capability.TAKE_OUT_ALLOCATIONS,
        "registration.desk": Capability.REGISTER_CHILDREN,
        "registration.give": Capability.REGISTER_CHILDREN,
        "registration.slip": Capability.REGISTER_CHILDREN,
        "registration.take_back": Capability.REGISTER_CHILDREN,
        "registration.new_child": Capability.KEEP_CHILDREN,
        "registration.overview": Capability.SEE_PLANS,
        "registration.listed": Capability.REGISTER_CHILDREN,
        "registration.change": Capability.REGISTER_CHILDREN,
        "registration.leave": Capability.REGISTER_CHILDREN,
        "registration.intake": Capability.KEEP_REGISTRATION,
        "registration.drop": Capability.KEEP_REGISTRATION,
        "registration.term": Capability.KEEP_REGISTRATION,
        "registration.small": Capability.KEEP_REGISTRATION,
        "registration.decide": Capability.KEEP_REGISTRATION,
        "registration.clashes": Capability.REGISTER_CHILDREN,
        "registration.to_be_told": Capability.REGISTER_CHILDREN,
        "registration.sizes": Capability.PLAN,
        "registration.school_class": Capability.REGISTER_CHILDREN,
        "registration.take_in": Capability.REGISTER_CHILDREN,
        "registration.empty_workbook": Capability.REGISTER_CHILDREN,
        "wishes.of_child": Capability.REGISTER_CHILDREN,
        "wishes.together": Capability.REGISTER_CHILDREN,
        "wishes.of_term": Capability.REGISTER_CHILDREN,
        "consents.due": Capability.KEEP_CONSENTS,
        "consents.of_child": Capability.KEEP_CONSENTS,
        "consents.give": Capability.KEEP_CONSENTS,
        "consents.note_duty": Capability.KEEP_CONSENTS,
        "consents.withdraw": Capability.KEEP_CONSENTS,
        "consents.paper": Capability.KEEP_CONSENTS,
        "consent_scans.add": Capability.KEEP_CONSENTS,
        "consent_scans.read": Capability.KEEP_CONSENTS,
        "consent_scans.drop": Capability.KEEP_CONSENTS,
        "consent_texts.listed": Capability.KEEP_SETTINGS,
        "consent_texts.new": Capability.KEEP_SETTINGS,
        "consents.decide_access": Capability.DECIDE_ACCESS,
        "consents.make_link": Capability.KEEP_CONSENTS,
        "consents.renew_code": Capability.KEEP_CONSENTS,
        "consents.revoke_link": Capability.KEEP_CONSENTS,
        # The secret in their addresses is the permission, and for all but the calendar a code besides.
        "guardians.page": ANYONE,
        "guardians.enter": ANYONE,
        "guardians.consent": ANYONE,
        "guardians.give": ANYONE,
        "guardians.withdraw": ANYONE,
        "guardians.open_calendar": ANYONE,
        "guardians.calendar": ANYONE,
        "guardians.wishes": ANYONE,
        "guardians.save_wishes": ANYONE,
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
        "sealing.listed": Capability.SEAL_CHILDREN,
        "sealing.file": Capability.SEAL_CHILDREN,
        "sealing.seal": Capability.SEAL_CHILDREN,
        "sealing.unseal": Capability.SEAL_CHILDREN,
        "requests.listed": Capability.ANSWER_REQUESTS,
        "requests.new": Capability.ANSWER_REQUESTS,
        "requests.page": Capability.ANSWER_REQUESTS,
        "requests.copy_pdf": Capability.GIVE_COPIES,
        "requests.copy_json": Capability.GIVE_COPIES,
        "requests.close": Capability.ANSWER_REQUESTS,
        "requests.refuse": Capability.ANSWER_REQUESTS,
        "requests.erase": Capability.ERASE,
        "requests.lift": Capability.ERASE,
        "harm.calls": Capability.REPORT_HARM,
        "harm.calls_for_child": Capability.REPORT_HARM,
        "harm.receipt": Capability.REPORT_HARM,
        "harm.register": Capability.READ_HARM_REGISTER,
        "harm.contacts": Capability.KEEP_SETTINGS,
        "harm.drop_contact": Capability.KEEP_SETTINGS,
        "retention.listed": Capability.ERASE,
        "retention.years": Capability.ERASE,
        "retention.keep": Capability.ERASE,
        "compliance.page": Capability.SEE_COMPLIANCE,
        "compliance.download": Capability.SEE_COMPLIANCE,
        "incidents.listed": Capability.NOTE_INCIDENTS,
        "audit.entries": Capability.READ_AUDIT,
        "audit.export": Capability.READ_AUDIT,
        "audit.chain": Capability.READ_AUDIT,
        "public.apply": ANYONE,
        "public.applied": ANYONE,
        "volunteers.listed": Capability.SEE_VOLUNTEERS,
        "volunteers.checks": Capability.SEE_VOLUNTEERS,
        "volunteers.page": Capability.SEE_VOLUNTEERS,
        "volunteers.new": Capability.KEEP_VOLUNTEERS,
        "volunteers.edit": Capability.KEEP_VOLUNTEERS,
        "volunteers.step": Capability.KEEP_VOLUNTEERS,
        "volunteers.accept": Capability.CLEAR_PEOPLE,
        "volunteers.check": Capability.CLEAR_PEOPLE,
        "skills.add": Capability.KEEP_VOLUNTEERS,
        "skills.remove": Capability.KEEP_VOLUNTEERS,
        "skills.proof": Capability.KEEP_VOLUNTEERS,
        "skills.trainings": Capability.SEE_VOLUNTEERS,
        "skills.training": Capability.KEEP_VOLUNTEERS,
        "skills.mark": Capability.KEEP_VOLUNTEERS,
        "skills.completed": Capability.KEEP_VOLUNTEERS,
        "door.sheet": Capability.NOTE_ATTENDANCE,
        "door.enter": Capability.NOTE_ATTENDANCE,
        "door.correct": Capability.NOTE_ATTENDANCE,
        "door.leave_or_stay": Capability.NOTE_ATTENDANCE,
        "door.begin": Capability.NOTE_ATTENDANCE,
        "door_children.listed": Capability.NOTE_ATTENDANCE,
        "door_children.came": Capability.NOTE_ATTENDANCE,
        "door_children.collectors": Capability.NOTE_ATTENDANCE,
        "door_children.hand_over": Capability.NOTE_ATTENDANCE,
        "roster.paper": Capability.NOTE_ATTENDANCE,
        "roster.entry": Capability.NOTE_ATTENDANCE,
        "roster.enter": Capability.NOTE_ATTENDANCE,
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
