"""Pins as the planner gets them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Pin, Room, Volunteer
from core.db.queries import runs as queries
from core.domain.errors import ConflictError, Message
from core.planning import problem as planning
from core.planning.moments import from_datetime
from core.services.assignable import may_be_assigned


class LapsedPinsError(ConflictError):
    """Pins speak of a room, a role or a person that is gone; the message names their sessions."""

    code = "lapsed_pins"

    def __init__(self, pins: Sequence[Pin]) -> None:
        super().__init__(
            Message(
                "What was pinned can't be had any more, a room, a role or a person: %(pins)s. Take these pins back.",
                {"pins": tuple(session_name(pin) for pin in pins)},
            )
        )


def session_name(pin: Pin) -> Message:
    """Return what a pinned session is called."""
    row = pin.session
    return Message("%(title)s, session %(number)s", {"title": row.activity.title, "number": row.position + 1})


def binding_pins(
    session: Session,
    term_id: UUID,
    activities: Iterable[Activity],
    rooms: Iterable[Room],
    volunteers: Iterable[Volunteer],
    *,
    now: datetime,
) -> tuple[planning.Pin, ...]:
    """Return the pins of a term that bind a plan of these activities in the exchange format.

    A pin of what lies before `now`, in the station's wall-clock time, binds nobody; one of an activity that isn't
    planned today rests. Raises LapsedPinsError for pins of rooms and people that are not there, of people who may not
    be assigned on that day, or of roles that their activity lacks.
    """
    roles = {activity.id: {role.role for role in activity.roles} for activity in activities}
    room_ids, people = {row.id for row in rooms}, {str(row.id): row for row in volunteers}
    stored = session.scalars(queries.pins_of(term_id))
    pins = [pin for pin in stored if pin.starts_at >= now and pin.session.activity_id in roles]
    lapsed = [pin for pin in pins if not _holds(pin, room_ids, people, roles[pin.session.activity_id], now.date())]
    if lapsed:
        raise LapsedPinsError(lapsed)
    return tuple(_pinned(pin) for pin in pins)


def _pinned(pin: Pin) -> planning.Pin:
    return planning.Pin(
        activity=str(pin.session.activity_id),
        index=pin.session.position,
        start=from_datetime(pin.starts_at),
        room=None if pin.room_id is None else str(pin.room_id),
        staff={role: tuple(people) for role, people in pin.staff.items()},
    )


def _holds(
    pin: Pin, rooms: Collection[UUID], people: Mapping[str, Volunteer], roles: Collection[str], today: date
) -> bool:
    if pin.room_id is not None and pin.room_id not in rooms:
        return False
    pinned = {person for ids in pin.staff.values() for person in ids}
    day = pin.starts_at.date()
    return pin.staff.keys() <= set(roles) and all(
        person in people and may_be_assigned(people[person], day, today=today) for person in pinned
    )
