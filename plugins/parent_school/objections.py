"""What must be settled before a plan is published: promised appointments, and how long they last."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import Message, Objection, PlannedOutline, TermOutline, held_sessions
from plugins.parent_school import queries
from plugins.parent_school.activities import COUNSELLING, LONGEST_ADVICE, PROGRAM, SHORTEST_ADVICE
from plugins.parent_school.models import Booking


def objections(term: TermOutline, sessions: Sequence[PlannedOutline], session: Session) -> tuple[Objection, ...]:
    """Return what speaks against publishing the program's planned sessions, by session."""
    if not sessions:
        return ()
    promised = _promised(term, session)
    return tuple(found for planned in sessions for found in _about(planned, promised))


def _about(planned: PlannedOutline, promised: Mapping[tuple[str, int], Booking]) -> Iterator[Objection]:
    activity, index = planned.activity, planned.index
    if activity.type_key == COUNSELLING.key:
        if not SHORTEST_ADVICE <= activity.duration <= LONGEST_ADVICE:
            values = {"shortest": SHORTEST_ADVICE, "longest": LONGEST_ADVICE}
            text = Message("Appointments last %(shortest)s to %(longest)s minutes: change the activity.", values)
            yield Objection(activity.id, index, text)
        booking = promised.get((activity.id, index))
        if booking is not None and booking.is_moved(planned.starts_at):
            text = Message(
                "A family was promised this appointment for %(when)s. Pin the session to that time, or agree with the"
                " family and cancel the appointment.",
                {"when": booking.agreed_for},
            )
            yield Objection(activity.id, index, text)


def _promised(term: TermOutline, session: Session) -> Mapping[tuple[str, int], Booking]:
    """Return the appointments that families have in the term, by activity and number."""
    held = {row.id: row for row in held_sessions(session, PROGRAM.key, term.first, term.last)}
    slots: list[UUID] = [row.id for row in held.values() if row.activity.type_key == COUNSELLING.key]
    bookings = session.scalars(queries.active_bookings(slots)) if slots else ()
    return {(held[one.session_id].activity.id, held[one.session_id].index): one for one in bookings}
