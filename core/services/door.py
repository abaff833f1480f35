"""The door of a session: who came to serve is let in or turned away; children come in once enough adults are here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Volunteer, VolunteerPresence
from core.db.queries import volunteers as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.replies import ServingRules
from core.domain.serving import Bar, enough_adults
from core.security.permissions import require
from core.services.adults import Homes, counted
from core.services.assignable import require_assignable_then, why_not_then
from core.services.attendance import find_held_session
from core.services.audit import record
from core.services.serving_rules import rules_of
from core.services.stays import Stays, last_stay, require_unbooked, stays_at
from core.services.volunteering import find_person

#: Whoever is back so soon never left: phones send twice, and thumbs slip.
_AT_ONCE: Final = timedelta(minutes=1)


class TooFewAdultsError(ConflictError):
    """The session can't begin: too few adults are there, or all of one household."""

    code = "too_few_adults"

    def __init__(self, adults: int, least: int) -> None:
        super().__init__(
            Message(
                "The session can't begin: %(adults)s adults are here; it takes %(least)s, not all of one household.",
                {"adults": adults, "least": least},
            )
        )


@dataclass(frozen=True)
class AtTheDoor:
    """Somebody who is assigned or came: whether they are here, and what keeps them from being let in."""

    person: Volunteer
    role: str | None
    #: As often as they came, the last one at the end.
    stays: Stays
    bar: Bar | None

    @property
    def presence(self) -> VolunteerPresence | None:
        """Return the stay that was noted last."""
        return self.stays[-1] if self.stays else None

    @property
    def present(self) -> bool:
        """Tell whether they came, though they may have left."""
        return bool(self.stays)

    @property
    def here(self) -> bool:
        """Tell whether they are here now."""
        return self.presence is not None and self.presence.left_at is None


@dataclass(frozen=True)
class Door:
    """A session's door: who is expected or here, how many adults count, and whether that is enough."""

    people: tuple[AtTheDoor, ...]
    adults: int
    least: int
    safe: bool


def door_of(session: Session, held: ActivitySession, *, today: date) -> Door:
    """Return how things stand at the door of a session: those assigned first, then whoever else came."""
    rules = rules_of(session, held.station_id)
    came = stays_at(session, held)
    roles = {row.volunteer_id: row.role for row in held.assignments}
    expected = {row.volunteer_id: row.volunteer for row in held.assignments}
    people = tuple(
        AtTheDoor(person, roles.get(key), came.get(key, ()), _bar(held, person, rules, today=today))
        for key, person in {**expected, **{key: stays[0].volunteer for key, stays in came.items()}}.items()
    )
    adults = _adults(session, held, [one.person for one in people if one.here], today=today)
    least = held.activity.min_adults
    return Door(people, len(adults), least, enough_adults(adults, least))


def others_who_may_serve(session: Session, held: ActivitySession, *, today: date) -> tuple[Volunteer, ...]:
    """Return the people of the session's station who may serve on its day and are neither expected nor here."""
    known = {one.person.id for one in door_of(session, held, today=today).people}
    rules = rules_of(session, held.station_id)
    return tuple(
        person
        for person in session.scalars(queries.people_in_service([held.station_id]))
        if person.id not in known and _bar(held, person, rules, today=today) is None
    )


def let_in(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, volunteer_id: UUID, *, now: datetime
) -> VolunteerPresence:
    """Note that somebody is here to serve: whoever is here already stays as noted, whoever left begins a further stay.

    NotAssignableError for whoever may not serve then, ConflictError before the day, NotFoundError for somebody
    who is not of the station or below it, ConflictError for whoever comes back once their hours are booked. `now` is
    the station's wall-clock time; of other days than the session's own nobody notes a further stay.
    """
    require(actor, Capability.NOTE_ATTENDANCE)
    return come(session, actor, clock, session_id, volunteer_id, now=now)


def come(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, volunteer_id: UUID, *, now: datetime
) -> VolunteerPresence:
    """Note that somebody is here, whoever notes it: as `let_in`, for who has shown by other means that they may."""
    held = find_held_session(session, session_id)
    day, person = _day(held), find_person(session, volunteer_id)
    if now.date() < day:
        raise ConflictError(Message("Who is here is noted on the day of the session."))
    require_assignable_then(person, *_hours(held), rules_of(session, held.station_id), today=now.date())
    moment = now.replace(second=0, microsecond=0)
    _wait_for_others(session, held)
    last = last_stay(session, held, person.id)
    if last is not None and (last.left_at is None or now.date() != day):
        return last
    if last is not None and last.left_at is not None:
        require_unbooked(session, held, person)
        if moment - last.left_at <= _AT_ONCE:
            return leave(session, actor, clock, session_id, volunteer_id, now=now, back=True)
    row = VolunteerPresence(
        station_id=held.station_id,
        session_id=held.id,
        volunteer_id=person.id,
        served_on=day,
        # Whoever is noted on a later day came at a time that nobody has noted.
        arrived_at=moment if now.date() == day else None,
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, held, "door.let_in", volunteer=person.id)
    return row


def go_out(
    session: Session,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    volunteer_id: UUID,
    *,
    now: datetime,
    back: bool = False,
) -> VolunteerPresence:
    """Note that somebody goes, or with `back` that they are here still, as `leave` does."""
    require(actor, Capability.NOTE_ATTENDANCE)
    return leave(session, actor, clock, session_id, volunteer_id, now=now, back=back)


def leave(
    session: Session,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    volunteer_id: UUID,
    *,
    now: datetime,
    back: bool = False,
) -> VolunteerPresence:
    """Note that somebody who was here goes, or with `back` that they are here still; NotFoundError for who never was.

    Whoever has left already left when it was first noted. ConflictError on another day than the session's: times are
    corrected with the hours.
    """
    held = find_held_session(session, session_id)
    _wait_for_others(session, held)
    row = last_stay(session, held, volunteer_id)
    if row is None:
        raise NotFoundError(Message("There is no such person."))
    if now.date() != _day(held):
        raise ConflictError(Message("Who leaves is noted on the day of the session; correct the hours instead."))
    left_at = None if back else row.left_at or now.replace(second=0, microsecond=0)
    if row.left_at != left_at:
        row.left_at = left_at
        if row.arrived_at is not None and left_at is not None:
            row.arrived_at = min(row.arrived_at, left_at)
        _record(session, actor, clock, held, "door.back" if back else "door.left", volunteer=volunteer_id)
    return row


def take_back(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, volunteer_id: UUID, *, today: date
) -> None:
    """Take back the stay of somebody that was noted last.

    TooFewAdultsError where the session has begun and too few would be left.
    """
    require(actor, Capability.NOTE_ATTENDANCE)
    held = find_held_session(session, session_id)
    rows = list(session.scalars(queries.presences_of(held.id)))
    row = next((one for one in reversed(rows) if one.volunteer_id == volunteer_id), None)
    if row is None:
        raise NotFoundError(Message("There is no such person."))
    if held.begun_at is not None:
        left = {one.volunteer_id: one.volunteer for one in rows if one is not row}
        _require_safe(session, held, list(left.values()), today=today)
    session.delete(row)
    _record(session, actor, clock, held, "door.taken_back", volunteer=volunteer_id)


def begin_session(session: Session, actor: Actor, clock: Clock, session_id: UUID, *, now: datetime) -> ActivitySession:
    """Note that the children come in; TooFewAdultsError unless enough adults who may serve are here.

    ConflictError on any day but the session's own. `now` is the station's wall-clock time.
    """
    require(actor, Capability.NOTE_ATTENDANCE)
    held = find_held_session(session, session_id)
    if now.date() != _day(held):
        raise ConflictError(Message("A session begins on its own day."))
    here = [row.volunteer for row in session.scalars(queries.presences_of(held.id)) if row.left_at is None]
    _require_safe(session, held, here, today=now.date())
    if held.begun_at is None:
        held.begun_at = clock.now()
        _record(session, actor, clock, held, "session.begun", adults=len(here))
    return held


def _wait_for_others(session: Session, held: ActivitySession) -> None:
    """Let whoever else notes who is here at this session finish first: phones send twice on a slow network."""
    session.scalars(select(ActivitySession.id).where(ActivitySession.id == held.id).with_for_update()).one()


def _bar(held: ActivitySession, person: Volunteer, rules: ServingRules, *, today: date) -> Bar | None:
    return why_not_then(person, *_hours(held), rules, today=today)


def _require_safe(session: Session, held: ActivitySession, here: list[Volunteer], *, today: date) -> None:
    adults, least = _adults(session, held, here, today=today), held.activity.min_adults
    if not enough_adults(adults, least):
        raise TooFewAdultsError(len(adults), least)


def _adults(session: Session, held: ActivitySession, here: list[Volunteer], *, today: date) -> tuple[str | None, ...]:
    """Return the households of the adults who may serve; whoever was let in and failed a check since is none."""
    return counted(here, Homes(session).at(held.station_id), _day(held), today=today)


def _day(held: ActivitySession) -> date:
    return _hours(held)[0].date()


def _hours(held: ActivitySession) -> tuple[datetime, datetime]:
    if held.starts_at is None or held.ends_at is None:
        raise ConflictError(Message("A held session has no time: publish its term again."))
    return held.starts_at, held.ends_at


def _record(
    session: Session, actor: Actor, clock: Clock, held: ActivitySession, action: str, **detail: UUID | int
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=held.station_id,
        action=action,
        subject_kind="session",
        subject_id=held.id,
        detail={key: value.hex if isinstance(value, UUID) else value for key, value in detail.items()},
    )
