"""The register of incidents with people's data: what happened, how many it concerns, who was told; nobody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Incident
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotAllowedError
from core.domain.incidents import IncidentKind
from core.security.permissions import require
from core.services.audit import record

LONGEST_TOLD: Final = 80
LONGEST_MEASURES: Final = 2000
#: Nobody looks after more; whoever enters it mistyped.
MOST_CHILDREN: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An incident as the head describes it; `told` is the authority, with the moment at which it was told."""

    noticed_at: datetime
    kind: IncidentKind
    children: int
    told: str = ""
    told_at: datetime | None = None
    families_told: bool = False
    measures: str


def note_incident(session: Session, actor: Actor, clock: Clock, happened: Happened) -> Incident:
    """Enter an incident, which nobody can change or take back; raise InvalidInputError for what can't be."""
    require(actor, Capability.NOTE_INCIDENTS)
    if actor.station_id is None:
        raise NotAllowedError(Message("People note incidents, not the machine."))
    _check(happened, clock.now())
    row = Incident(
        station_id=actor.station_id,
        noticed_at=happened.noticed_at,
        kind=happened.kind,
        children=happened.children,
        told=happened.told.strip(),
        told_at=happened.told_at,
        families_told=happened.families_told,
        measures=happened.measures.strip(),
        noted_at=clock.now(),
        noted_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action="incident.noted",
        subject_kind="incident",
        subject_id=row.id,
        detail={"kind": happened.kind.value},
    )
    return row


def incidents(session: Session, actor: Actor) -> list[Incident]:
    """Return the register in reach, the newest first."""
    require(actor, Capability.NOTE_INCIDENTS)
    return list(session.scalars(select(Incident).order_by(Incident.noticed_at.desc(), Incident.id.desc())))


def _check(happened: Happened, now: datetime) -> None:
    if happened.noticed_at > now or (happened.told_at is not None and happened.told_at > now):
        raise InvalidInputError(Message("That lies in the future: correct day and time."))
    if not 0 <= happened.children <= MOST_CHILDREN:
        raise InvalidInputError(Message("Enter how many children it concerns; 0 if none."))
    if bool(happened.told.strip()) != (happened.told_at is not None):
        raise InvalidInputError(Message("Say which authority was told and when, or leave both empty."))
    if happened.told_at is not None and happened.told_at < happened.noticed_at:
        raise InvalidInputError(Message("Nobody is told before it was noticed: correct day and time."))
    if len(happened.told.strip()) > LONGEST_TOLD:
        raise InvalidInputError(Message("Enter the authority in 80 characters at most."))
    if not happened.measures.strip() or len(happened.measures.strip()) > LONGEST_MEASURES:
        raise InvalidInputError(Message("Say what was done about it, in 2000 characters at most and without names."))
