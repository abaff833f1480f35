"""Appointments as the page shows them: the slots of the next weeks, who has which, and those that lost theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import ChildFacts, HeldSession, Message, NotFoundError, child_facts, held_sessions
from plugins.parent_school import queries
from plugins.parent_school.activities import COUNSELLING, PROGRAM
from plugins.parent_school.models import Booking

#: So far ahead appointments are offered.
WEEKS_AHEAD: Final = 8


@dataclass(frozen=True)
class SlotShown:
    """A slot, and the family that has it, by a child; no booking: it is free."""

    slot: HeldSession
    booking: Booking | None = None
    child: ChildFacts | None = None

    @property
    def is_moved(self) -> bool:
        """Say whether the family was told another time."""
        return self.booking is not None and self.booking.is_moved(self.slot.starts_at)


@dataclass(frozen=True)
class Lost:
    """An appointment whose session is not held any more; the family has to be told."""

    booking: Booking
    child: ChildFacts | None


def slots_ahead(session: Session, today: date) -> tuple[HeldSession, ...]:
    """Return the slots from today on, by time."""
    found = held_sessions(session, PROGRAM.key, today, today + timedelta(weeks=WEEKS_AHEAD))
    return tuple(one for one in found if one.activity.type_key == COUNSELLING.key)


def find_slot(session: Session, session_id: UUID, today: date) -> HeldSession:
    """Return a slot that can be booked; NotFoundError where it isn't held, or lies behind us or too far ahead."""
    for slot in slots_ahead(session, today):
        if slot.id == session_id:
            return slot
    raise NotFoundError(Message("This appointment is no longer offered."))


def shown(session: Session, today: date) -> tuple[tuple[SlotShown, ...], tuple[Lost, ...]]:
    """Return the slots ahead with the families that have them, and the appointments ahead that lost their session."""
    slots = slots_ahead(session, today)
    bookings = {one.session_id: one for one in session.scalars(queries.active_bookings([slot.id for slot in slots]))}
    lost = _lost(session, today)
    children = _children(session, [*bookings.values(), *lost], today)
    return (
        tuple(_slot_shown(slot, bookings.get(slot.id), children) for slot in slots),
        tuple(Lost(booking, children.get(booking.child_id)) for booking in lost),
    )


def _slot_shown(slot: HeldSession, booking: Booking | None, children: Mapping[UUID, ChildFacts]) -> SlotShown:
    return SlotShown(slot, booking, None if booking is None else children.get(booking.child_id))


def _lost(session: Session, today: date) -> tuple[Booking, ...]:
    """Return the active appointments agreed for today or later whose session is held at no time at all."""
    from_today = datetime.combine(today, datetime.min.time())
    found = session.scalars(queries.active_bookings_from(from_today)).all()
    if not found:
        return ()
    held = {one.id for one in held_sessions(session, PROGRAM.key, date(2000, 1, 1), date(2199, 12, 31))}
    return tuple(one for one in found if one.session_id not in held)


def _children(session: Session, bookings: Sequence[Booking], today: date) -> dict[UUID, ChildFacts]:
    ids = sorted({booking.child_id for booking in bookings})
    return {child.id: child for child in child_facts(session, ids, today)} if ids else {}
