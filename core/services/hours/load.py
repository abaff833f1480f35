"""Who carries how much: duties, hours and absences by person, so that load is shared and nobody is forgotten."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Volunteer
from core.db.queries import service as queries
from core.db.queries import volunteers as volunteer_queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message
from core.domain.notices import Notice, NoticeKind, to_volunteer
from core.domain.serving import Stage
from core.security.permissions import require
from core.services.audit import record
from core.services.notices.outbox import put
from core.services.volunteering import PAID, find_person


@dataclass(frozen=True)
class Load:
    """What somebody was asked to do in a time, and did: sessions, sessions missed, minutes that were booked."""

    person: Volunteer
    duties: int
    served: int
    missed: int
    minutes: int
    #: Serves at least twice as often as most do.
    much: bool
    #: Serves at present, and had no duty.
    never: bool


def loads(session: Session, first: date, last: date, *, today: date) -> tuple[Load, ...]:
    """Return everybody in reach who serves without pay, who does most first; absences up to yesterday."""
    people = [
        one
        for one in session.scalars(volunteer_queries.people())
        if one.stage is Stage.ACCEPTED and one.active and one.kind not in PAID
    ]
    ids = {one.id for one in people}
    duties = {(who, what) for who, what in session.execute(queries.duties_between(first, last)) if who in ids}
    over = queries.duties_between(first, min(last, _before(today)))
    past = {(who, what) for who, what in session.execute(over) if who in ids}
    came = {(who, what) for who, what in session.execute(queries.presences_between(first, last)) if who in ids}
    minutes = Counter[UUID]()
    for entry in session.scalars(queries.served_between(first, last)):
        minutes[entry.volunteer_id] += entry.minutes
    asked, served = Counter(who for who, _ in duties), Counter(who for who, _ in came)
    missed = Counter(who for who, _ in past - came)
    usual = sorted(asked.values())[len(asked) // 2] if asked else 0
    found = [
        Load(
            one,
            asked[one.id],
            served[one.id],
            missed[one.id],
            minutes[one.id],
            much=asked[one.id] >= 2 * max(usual, 2),
            never=asked[one.id] == 0 and served[one.id] == 0,
        )
        for one in people
    ]
    return tuple(sorted(found, key=lambda load: (-load.duties, -load.minutes, load.person.name)))


def thank(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID, *, today: date) -> None:
    """Tell somebody the station's thanks, once on a day; InvalidInputError for who doesn't serve at present."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    person = find_person(session, volunteer_id)
    if person.stage is not Stage.ACCEPTED:
        raise InvalidInputError(Message("Thanks go to people who serve at present."))
    notice = Notice(NoticeKind.THANKS, to_volunteer(person.id), person.station_id, f"{person.id.hex}-{today}")
    put(session, clock, notice)
    record(
        session,
        actor,
        clock,
        station_id=person.station_id,
        action="volunteer.thanked",
        subject_kind="volunteer",
        subject_id=person.id,
        detail={},
    )


def _before(today: date) -> date:
    return date.fromordinal(today.toordinal() - 1)
