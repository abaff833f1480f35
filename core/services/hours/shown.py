"""Hours as a station shows them to anybody for seven days, so that anybody may object: decision note 35.

A line tells a masked name, the day, the activity and the hours. Nobody under age is shown, and no session that is
nobody else's business; reasons of corrections are for the station and the volunteer.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import ServiceEntry, ServiceObjection, Station
from core.db.session import vault_of
from core.domain.actor import SYSTEM
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.service_hours import REASON_LENGTH, final_on, masked_name
from core.domain.serving import is_adult
from core.services.audit import record
from core.services.feed_ledger import is_private
from core.services.hours.ledger import shown_now

CONTACT_LENGTH: Final = 80
#: So many objections to a line are open at once; a further one would tell the station nothing new.
MOST_OPEN: Final = 3
_PURPOSE: Final = "shown_hours"
_LENGTH: Final = 12


@dataclass(frozen=True)
class Shown:
    """A line of the ledger as anybody sees it; `reference` names it in addresses and is no id."""

    reference: str
    name: str
    served_on: date
    title: str
    minutes: int
    correction: bool
    final_on: date


def shown_by(session: Session, station: Station, *, today: date) -> tuple[Shown, ...]:
    """Return what a station shows at present, the newest first; NotFoundError where it shows nothing to anybody."""
    return tuple(_shown(reference, entry) for reference, entry in _entries(session, station, today))


def find_shown(session: Session, station: Station, reference: str, *, today: date) -> Shown:
    """Return one line that a station shows at present; NotFoundError for any other reference."""
    return _shown(reference, _find(session, station, reference, today))


def object_in_public(
    session: Session, clock: Clock, station: Station, reference: str, text: str, contact: str, *, today: date
) -> ServiceObjection:
    """Note that somebody, who need not say who, finds a line wrong; it isn't final until the station has answered.

    `contact` is how to reach them, kept until then. NotFoundError for a line that isn't shown, ConflictError where
    several such objections are open already, InvalidInputError without words or with too many.
    """
    said, reachable = text.strip(), contact.strip()
    if not 0 < len(said) <= REASON_LENGTH or len(reachable) > CONTACT_LENGTH:
        raise InvalidInputError(Message("Say what is wrong, in 200 characters at most."))
    entry = _find(session, station, reference, today)
    line = entry.corrects_id or entry.id
    waiting = select(func.count()).where(
        ServiceObjection.entry_id == line,
        ServiceObjection.sealed_contact.is_not(None),
        ServiceObjection.answered_at.is_(None),
    )
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise ConflictError(Message("The station is looking into several objections to this line already."))
    row = ServiceObjection(station_id=station.id, entry_id=line, volunteer_id=entry.volunteer_id, made_at=clock.now())
    row.text, row.contact = said, reachable
    session.add(row)
    session.flush()
    record(
        session,
        SYSTEM,
        clock,
        station_id=station.id,
        action="hours.objected_in_public",
        subject_kind="service_entry",
        subject_id=line,
        detail={},
    )
    return row


def _find(session: Session, station: Station, reference: str, today: date) -> ServiceEntry:
    for shown, entry in _entries(session, station, today):
        if shown == reference:
            return entry
    raise NotFoundError(Message("This line isn't shown any more."))


def _entries(session: Session, station: Station, today: date) -> Iterator[tuple[str, ServiceEntry]]:
    if not station.shows_hours:
        raise NotFoundError(Message("There is no such page."))
    for entry in shown_now(session, today=today):
        of_age = is_adult(entry.volunteer.birth_date, entry.served_on)
        if entry.station_id == station.id and of_age and not is_private(entry.session):
            yield _reference(session, entry), entry


def _shown(reference: str, entry: ServiceEntry) -> Shown:
    return Shown(
        reference=reference,
        name=masked_name(entry.volunteer.name),
        served_on=entry.served_on,
        title=entry.title,
        minutes=entry.minutes,
        correction=entry.corrects_id is not None,
        final_on=final_on(entry.noted_on),
    )


def _reference(session: Session, entry: ServiceEntry) -> str:
    digest = vault_of(session).blind_index(_PURPOSE, entry.id.hex)
    return base64.b32encode(digest).decode()[:_LENGTH].lower()
