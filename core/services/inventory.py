"""What is kept about people, read from the tables themselves: which fields, what for, on which basis, protected how."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Table, inspect

from core.db.base import Base
from core.db.sealed import Encrypted
from core.domain.errors import Message
from core.domain.retention import RULES, DataClass


@dataclass(frozen=True)
class Why:
    """What a table's rows are kept for, and on which basis in law."""

    purpose: Message
    basis: Message


@dataclass(frozen=True)
class KeptField:
    """A line of the inventory."""

    table: str
    field: str
    why: Why
    protection: Message
    kept: Message


_DUTY: Final = Message("Statutory duty: Law on the Protection of Minors, art. 43; PIPL, art. 13 (3)")
_CONSENT: Final = Message("A guardian's consent: PIPL, arts. 29 and 31")
_APPROVAL: Final = Message("Statutory duty: Regulations on protecting minors online, art. 36")
_CHECKS: Final = Message("Statutory duty: Law on the Protection of Minors, art. 62")
_REPORTS: Final = Message("Statutory duty: Law on the Protection of Minors, art. 11")
_INCIDENTS: Final = Message("Statutory duty: PIPL, arts. 55 to 57")
_SERVICE: Final = Message("Volunteering: Regulations on Volunteer Service, art. 19; PIPL, art. 13 (3)")
_ANSWERS: Final = Message("Statutory duty: PIPL, arts. 44 to 50")
_LOGS: Final = Message("Statutory duty: Cybersecurity Law, art. 23")

_FILE: Final = Why(Message("A file of each child whom the station looks after"), _DUTY)
_PROOF: Final = Why(Message("Proof of what a file says"), _DUTY)
_TAKING_PART: Final = Why(Message("A child takes part in activities"), _CONSENT)
_READERS: Final = Why(Message("Who may read what is sensitive, and why"), _APPROVAL)
_WISHED: Final = Why(Message("Places are given for wishes, such that it can be checked"), _CONSENT)
_PLANNED: Final = Why(Message("Volunteers are planned when they can and like to serve"), _SERVICE)
_TOLD: Final = Why(Message("People are told what changes for them, the way they want"), _SERVICE)
_ASKED: Final = Why(Message("People are asked for duties, and answer"), _SERVICE)
_ACCOUNT: Final = Why(Message("Whoever works here signs in as themselves"), _LOGS)
_OF_A_PROGRAM: Final = Why(Message("A program's own records; its description says what for"), _CONSENT)

_WHY: Final[Mapping[str, Why]] = {
    "access_grant_children": _READERS,
    "access_grants": _READERS,
    "assignments": Why(Message("Who served in which session"), _SERVICE),
    "allocation_runs": _WISHED,
    "attendances": _TAKING_PART,
    "audit_entries": Why(Message("Who did what, by ids alone"), _LOGS),
    "availabilities": _PLANNED,
    "campaign_replies": _PLANNED,
    "duty_requests": _ASKED,
    "duty_swaps": _ASKED,
    "volunteer_links": _ASKED,
    "blackouts": _PLANNED,
    "busy_calendars": _PLANNED,
    "busy_times": _PLANNED,
    "child_categories": _FILE,
    "child_feed_items": Why(Message("A calendar tells a guardian what their child takes part in"), _CONSENT),
    "child_files": _PROOF,
    "child_turns": _FILE,
    "children": _FILE,
    "clearances": Why(Message("Nobody works near children without a background check"), _CHECKS),
    "consents": Why(Message("What a guardian has agreed to"), _CONSENT),
    "group_members": _TAKING_PART,
    "guardian_leaves": Why(Message("What each guardian may see, and who decided"), _DUTY),
    "guardian_links": Why(Message("What a guardian has agreed to"), _CONSENT),
    "guardians": _FILE,
    "handovers": Why(Message("Who picked a child up, and when"), _DUTY),
    "pick_up_persons": Why(Message("Who may pick a child up, and who may not"), _DUTY),
    "incidents": Why(Message("What happened to data, and what was done about it"), _INCIDENTS),
    "notice_choices": _TOLD,
    "outbox": _TOLD,
    "harm_reports": Why(Message("That harm was reported: the fact, not the case"), _REPORTS),
    "registrations": _TAKING_PART,
    "rights_requests": Why(Message("What guardians asked for by right, and the answer"), _ANSWERS),
    "sealed_child_workers": _READERS,
    "stored_files": Why(Message("Proof of skills, insurance and the like"), _SERVICE),
    "users": _ACCOUNT,
    "visits": Why(Message("Children are looked after regularly"), _DUTY),
    "service_certificates": Why(Message("Certificates of service, as they were issued"), _SERVICE),
    "service_entries": Why(Message("Hours of service"), _SERVICE),
    "service_objections": Why(Message("Objections to hours of service"), _SERVICE),
    "volunteer_answers": _PLANNED,
    "volunteer_likes": _PLANNED,
    "volunteer_presences": Why(Message("Who served in which session"), _SERVICE),
    "volunteer_skills": _PLANNED,
    "volunteer_steps": Why(Message("How somebody came to serve at the station"), _SERVICE),
    "volunteers": Why(Message("Who gives their time to the station"), _SERVICE),
    "web_sessions": _ACCOUNT,
    "wish_lists": _TAKING_PART,
    "wish_rounds": _WISHED,
}
_WHOSE: Final = frozenset({"children", "volunteers"})
#: People are meant in them too, though no key of theirs says so.
_BY_NAME: Final = frozenset({"busy_times", "users", "web_sessions", "audit_entries", "harm_reports", "incidents"})

_RULE: Final[Mapping[str, DataClass]] = {
    "access_grants": DataClass.GRANT_PURPOSES,
    "allocation_runs": DataClass.WISHES,
    "audit_entries": DataClass.AUDIT_LOG,
    "harm_reports": DataClass.HARM_REGISTER,
    "incidents": DataClass.INCIDENTS,
    "outbox": DataClass.NOTICES,
    "users": DataClass.ACCOUNTS,
    "web_sessions": DataClass.WEB_SESSIONS,
    "wish_lists": DataClass.WISHES,
    "wish_rounds": DataClass.WISHES,
}

_BY_GRANT: Final = Message("Sealed; opens by a grant alone, and each reading is noted")
_SEALED: Final = Message("Sealed")
_KEYED: Final = Message("A keyed digest, to find the row by")
_SCOPED: Final = Message("Within the station alone")


def inventory() -> tuple[KeptField, ...]:
    """Return every field that is kept about people, by table; keys of rows are none.

    Raises KeyError for a table of core of which nobody has said why it is kept.
    """
    mappers = sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    return tuple(
        KeptField(table.name, column.name, why_of(mapper.class_), _protection(column), kept_of(table))
        for mapper in mappers
        if isinstance(table := mapper.local_table, Table) and is_personal(table)
        for column in _told(table)
    )


def is_personal(table: Table) -> bool:
    """Tell whether the rows are about people: sealed somewhere, hanging on a child or a volunteer, or named here."""
    return (
        table.name in _BY_NAME | _WHOSE
        or any(isinstance(column.type, Encrypted) for column in table.columns)
        or any(key.column.table.name in _WHOSE for key in table.foreign_keys)
    )


def why_of(model: type[Base]) -> Why:
    """Return what a model's rows are kept for; what a program keeps, its own description says."""
    if not model.__module__.startswith("core."):
        return _OF_A_PROGRAM
    return _WHY[str(inspect(model).local_table.name)]  # type: ignore[attr-defined]


def rests_on_consent(model: type[Base]) -> bool:
    """Tell whether a model's rows are kept on a guardian's consent alone, and go when it is asked for."""
    return why_of(model).basis is _CONSENT


def kept_of(table: Table) -> Message:
    """Return how long a table's rows are kept; what hangs on a child goes with its file, the rest with the volunteer.

    A row about both, such as a child's stamps from a volunteer, goes with whichever goes first.
    """
    if table.name in _RULE:
        return RULES[_RULE[table.name]].words
    about = {key.column.table.name for key in table.foreign_keys} | {table.name}
    return RULES[DataClass.CHILD_FILES if "children" in about else DataClass.FORMER_VOLUNTEERS].words


def _told(table: Table) -> Iterator[Column[object]]:
    yield from (column for column in table.columns if not (column.primary_key or column.foreign_keys))


def _protection(column: Column[object]) -> Message:
    if isinstance(column.type, Encrypted):
        return _BY_GRANT if column.type.sensitive else _SEALED
    return _KEYED if column.name.endswith(("_index", "_hash")) else _SCOPED
