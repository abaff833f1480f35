"""Activities with too few children on the day by which they were to have enough: wait, merge, or give up and tell."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, Term
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.domain.ids import new_id
from core.domain.registering import LIVE, Channel, Place
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.registration.desk import find_intake, lock_children, lock_intakes
from core.services.registration.ending import end
from core.services.registration.giving import Outcome, Wanted, register
from core.services.registration.lists import Numbers, numbers_of_term
from core.services.registration.waiving import ReasonMissingError, tidy_reason
from core.services.withdrawing import withdraw_activity

#: So long before the day an activity that is too small is shown.
AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True)
class TooSmall:
    """An activity with fewer children than it takes; `due`: the day to decide has come.

    `into` are the activities of its kind, else of its term, that have places for all of its children, by title.
    """

    numbers: Numbers
    due: bool
    into: tuple[Numbers, ...]


def too_small(session: Session, term_id: UUID, today: date) -> tuple[TooSmall, ...]:
    """Return the activities of a term that are below their minimum, when their day has come or is near, by that day."""
    everything = [one for one in numbers_of_term(session, term_id) if one.intake.given_up_on is None]
    found = [
        TooSmall(one, _day(one.intake) <= today, _alike(one, everything))
        for one in everything
        if one.placed < one.intake.minimum and _day(one.intake) <= today + AHEAD
    ]
    return tuple(sorted(found, key=lambda one: (_day(one.numbers.intake), one.numbers.intake.activity.title)))


@dataclass(frozen=True)
class Merging:
    """What merging an activity into another one would come to now, child by child in the order in which they come."""

    outcomes: tuple[Outcome, ...]

    @property
    def mark(self) -> str:
        """Return a text that is another one as soon as it would come to something else for any child."""
        lines = [f"{one.child_id} {one.state} {[each.code for each in one.obstacles]}" for one in self.outcomes]
        return sha256("\n".join(lines).encode()).hexdigest()[:16]


def wait_until(session: Session, desk: Desk, activity_id: UUID, day: date) -> None:
    """Give an activity more time to fill; InvalidInputError for a day that is past."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    if day < desk.now.date():
        raise InvalidInputError(Message("That day is past: choose a later one."))
    intake = find_intake(session, activity_id)
    intake.minimum_by = day
    _record(session, desk, intake, "minimum_extended", until=day.isoformat())


def give_up(session: Session, desk: Desk, activity_id: UUID, reason: str) -> int:
    """Give an activity up: everybody is told why, its sessions ahead are cancelled, rooms and people are free.

    Returns how many families are to be told. Raises what publishing raises.
    """
    require(desk.actor, Capability.PLAN)
    text = tidy_reason(reason)
    if text is None:
        raise ReasonMissingError
    find_intake(session, activity_id)
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        _lock_term(session, intake)
        told = _end_all(session, desk, intake, text)
        _record(session, desk, intake, "activity_given_up", families=told)
    _withdraw(session, desk, activity_id, text)
    return told


def would_merge(session: Session, desk: Desk, source_id: UUID, target_id: UUID, reason: str) -> Merging:
    """Return what `merge_into` would come to now: it is done and taken back. Raises what it raises."""
    with session.begin_nested() as attempt:
        found = Merging(merge_into(session, desk, source_id, target_id, reason))
        attempt.rollback()
    return found


def merge_into(
    session: Session, desk: Desk, source_id: UUID, target_id: UUID, reason: str, *, seen: str | None = None
) -> tuple[Outcome, ...]:
    """Give an activity up and register its children for another one; return what came of each.

    Those who had a place come first, in the order in which they came; who can't take part in the other one is to be
    told as after giving up. ConflictError where it comes to something else than what was `seen`, by its mark.
    """
    require(desk.actor, Capability.PLAN)
    text = tidy_reason(reason)
    if text is None:
        raise ReasonMissingError
    if source_id == target_id:
        raise InvalidInputError(Message("Choose another activity."))
    find_intake(session, source_id)
    if find_intake(session, target_id).given_up_on is not None:
        raise ConflictError(Message("That activity was given up itself: choose another."))
    with seeing_all(session):
        rows = session.scalars(queries.of_activity(source_id)).all()
        lock_children(session, {row.child_id for row in rows if row.state in LIVE})
        intakes = lock_intakes(session, [source_id, target_id])
        _lock_term(session, intakes[source_id])
        rows = session.scalars(queries.of_activity(source_id).execution_options(populate_existing=True)).all()
        placed = [row.child_id for row in rows if row.state is Place.PLACED]
        others = [row.child_id for row in rows if row.state in LIVE - {Place.PLACED}]
        _end_all(session, desk, intakes[source_id], text)
        _record(session, desk, intakes[source_id], "merged", into=target_id.hex)
        wanted = [Wanted(child, target_id) for child in (*placed, *others)]
        outcomes = register(session, desk, new_id(), wanted, channel=Channel.MERGED)
    if seen not in {None, Merging(outcomes).mark}:
        raise ConflictError(Message("Something has changed since you looked: look again who goes along, then merge."))
    _withdraw(session, desk, source_id, text)
    return outcomes


def _lock_term(session: Session, intake: ActivityIntake) -> None:
    """Wait for whoever publishes the term, before the log is written: they take the two in this order."""
    session.get_one(Term, intake.activity.term_id, with_for_update=True)


def _end_all(session: Session, desk: Desk, intake: ActivityIntake, reason: str) -> int:
    if intake.given_up_on is not None:
        raise ConflictError(Message("The activity was given up already."))
    intake.given_up_on = desk.now.date()
    rows = [row for row in session.scalars(queries.of_activity(intake.activity_id)) if row.state in LIVE]
    for row in rows:
        end(session, desk, intake, row, "cancelled")
        # It doesn't come back, so there is nothing to take back.
        row.former, row.to_tell, row.notice = None, True, reason
    session.flush()
    return len(rows)


def _withdraw(session: Session, desk: Desk, activity_id: UUID, reason: str) -> None:
    withdraw_activity(
        session,
        desk.actor,
        desk.clock,
        desk.hooks,
        activity_id,
        reason=reason,
        timezone=desk.timezone,
        now=desk.now,
    )


def _alike(one: Numbers, everything: list[Numbers]) -> tuple[Numbers, ...]:
    """Return where the children could go: activities with places for all who have one, those of the kind first."""
    kind = one.intake.activity.type_key
    fitting = [
        other
        for other in everything
        if other is not one and other.intake.capacity - other.placed - other.offered >= one.placed
    ]
    return tuple(sorted(fitting, key=lambda other: other.intake.activity.type_key != kind))


def _day(intake: ActivityIntake) -> date:
    return intake.minimum_by or date.max - AHEAD


def _record(session: Session, desk: Desk, intake: ActivityIntake, action: str, **detail: object) -> None:
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=intake.station_id,
        action=f"registration.{action}",
        subject_kind="activity",
        subject_id=intake.activity_id,
        detail=detail,
    )
