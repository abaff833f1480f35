"""Reporting harm (强制报告): whom to call, and a register of the fact that it was reported, without the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, HarmContact, HarmReport, Station
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotAllowedError, NotFoundError
from core.domain.phones import read_phone
from core.domain.vocabulary import HarmAuthority, StationKind
from core.security.permissions import may, require
from core.services.audit import record

LONGEST_NAME: Final = 80
#: What was reported longer ago belongs into no register of today; somebody mistyped the year.
_LONGEST_AGO: Final = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The fact that harm was reported: when, to whom, under which number, and of which child where that is said."""

    reported_at: datetime
    authority: HarmAuthority
    authority_name: str = ""
    reference: str = ""
    child_id: UUID | None = None


@dataclass(frozen=True)
class CallList:
    """Whom to call besides the numbers that everybody knows: the county centre, and the station's own list."""

    county: Station | None
    contacts: Sequence[HarmContact]


def call_list(session: Session) -> CallList:
    """Return whom somebody of the session's scope calls, those of the own station last entered last."""
    county = session.scalars(select(Station).where(Station.kind == StationKind.COUNTY).order_by(Station.id)).first()
    return CallList(county, session.scalars(select(HarmContact).order_by(HarmContact.name, HarmContact.id)).all())


def note_report(session: Session, actor: Actor, clock: Clock, reported: Reported) -> HarmReport:
    """Note that harm was reported and return the entry, which nobody can change or take back.

    Raises InvalidInputError for a time that can't be and for an authority without a name, NotFoundError for a child
    whom the actor doesn't see.
    """
    require(actor, Capability.REPORT_HARM)
    if actor.station_id is None:
        raise NotAllowedError(Message("People report harm, not the machine."))
    _check(reported, clock.now())
    station_id = actor.station_id
    if reported.child_id is not None:
        station_id = reported_child(session, actor, reported.child_id).station_id
    row = HarmReport(
        station_id=station_id,
        child_id=reported.child_id,
        reporter_id=actor.user_id,
        reported_at=reported.reported_at,
        noted_at=clock.now(),
        authority=reported.authority,
        authority_name=reported.authority_name.strip(),
        reference=reported.reference.strip(),
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action="harm.reported",
        subject_kind="harm_report",
        subject_id=row.id,
        detail={"authority": reported.authority},
    )
    return row


def reported_child(session: Session, actor: Actor, child_id: UUID) -> Child:
    """Return a child whom the actor sees, to report harm to it; NotFoundError for any other."""
    child = session.get(Child, child_id) if may(actor.role, Capability.SEE_CHILDREN) else None
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    return child


def own_report(session: Session, actor: Actor, report_id: UUID) -> HarmReport:
    """Return an entry to whoever made it, as a receipt; NotFoundError for everybody else."""
    row = session.get(HarmReport, report_id)
    if row is None or actor.user_id is None or row.reporter_id != actor.user_id:
        raise NotFoundError(Message("There is no such report."))
    return row


def register(session: Session, actor: Actor) -> list[HarmReport]:
    """Return all entries in reach, the newest first, to the head and the auditor."""
    require(actor, Capability.READ_HARM_REGISTER)
    return list(session.scalars(select(HarmReport).order_by(HarmReport.noted_at.desc(), HarmReport.id.desc())))


def add_contact(session: Session, actor: Actor, clock: Clock, *, name: str, phone: str) -> HarmContact:
    """Add somebody to the call list of the actor's station."""
    require(actor, Capability.KEEP_SETTINGS)
    if actor.station_id is None:
        raise NotAllowedError(Message("A call list is a station's own."))
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise InvalidInputError(Message("Enter a name of 80 characters at most."))
    row = HarmContact(station_id=actor.station_id, name=name.strip(), phone=read_phone(phone))
    session.add(row)
    session.flush()
    _record_contact(session, actor, clock, row, "harm_contact.added")
    return row


def remove_contact(session: Session, actor: Actor, clock: Clock, contact_id: UUID) -> None:
    """Take somebody off the call list of the actor's station, or of one below it."""
    require(actor, Capability.KEEP_SETTINGS)
    row = session.get(HarmContact, contact_id)
    if row is None:
        raise NotFoundError(Message("There is no such contact."))
    session.delete(row)
    session.flush()
    _record_contact(session, actor, clock, row, "harm_contact.removed")


def _check(reported: Reported, now: datetime) -> None:
    if reported.reported_at > now:
        raise InvalidInputError(Message("The report can't lie in the future: correct day and time."))
    if now - reported.reported_at > _LONGEST_AGO:
        raise InvalidInputError(Message("The report lies more than a year back: correct day and time."))
    if max(len(reported.authority_name.strip()), len(reported.reference.strip())) > LONGEST_NAME:
        raise InvalidInputError(Message("Enter the authority and its number alone, nothing of the case."))
    if reported.authority is HarmAuthority.OTHER and not reported.authority_name.strip():
        raise InvalidInputError(Message("Say which authority it was."))


def _record_contact(session: Session, actor: Actor, clock: Clock, row: HarmContact, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="harm_contact",
        subject_id=row.id,
        detail={},
    )
