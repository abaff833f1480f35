"""A small station at which children are registered: an announced weekend, activities with places, children."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import (
    Activity,
    ActivityGroup,
    ActivityIntake,
    Child,
    GroupMember,
    Registration,
    Station,
    Term,
    TravelTime,
    WishList,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor
from core.domain.ids import new_id
from core.domain.registering import HOLDING, Channel, Place
from core.domain.vocabulary import ConsentPurpose
from core.hooks.calling import Hooks
from core.services.desk import Desk
from core.services.registration.giving import Outcome, Wanted, register
from core.services.registration.intakes import IntakeDraft, TermDraft, keep_intake, keep_term_intake
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, a_child, a_consent, a_station, a_term, a_venue, an_activity, at, held
from tests.integration.timetable import NO_PLUGINS, ZONE

OPENS = datetime(2026, 11, 1, 9)  # noqa: DTZ001 (the station's wall clock)


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.at = TEST_MOMENT

    def now(self) -> datetime:
        """Return where the hands stand."""
        return self.at

    def pass_by(self, step: timedelta) -> None:
        """Let time go by."""
        self.at += step


@dataclass(frozen=True)
class Fair:
    """What was stored, by ids: rows don't outlive the work of registration."""

    station: UUID
    term: UUID
    activities: tuple[UUID, ...]
    children: tuple[UUID, ...]


def a_desk(clock: Hands | None = None, actor: Actor = SYSTEM, hooks: Hooks = NO_PLUGINS) -> Desk:
    """Return a desk at which the machine itself registers."""
    return Desk(actor, clock or Hands(), hooks, ZONE)


def an_open_term(session: Session, station: Station, **values: object) -> Term:
    """Add a term whose open places have been given since OPENS."""
    term = a_term(session, station)
    keep_term_intake(session, a_desk(), term.id, TermDraft(**{"opens_at": OPENS, **values}))  # type: ignore[arg-type]
    return term


def an_announced(
    session: Session,
    term: Term,
    capacity: int,
    *starts: datetime,
    intake: dict[str, object] | None = None,
    **values: object,
) -> Activity:
    """Add an activity with places whose sessions are published, the first Saturday at nine unless told otherwise."""
    when = starts or (at(SATURDAY, 9),)
    activity = an_activity(session, term, session_count=len(when), **values)
    for row, start in zip(activity.sessions, when, strict=True):
        held(session, row, start)
    keep_intake(session, a_desk(), activity.id, IntakeDraft(capacity, **(intake or {})))  # type: ignore[arg-type]
    return activity


def two_sites(session: Session, station: Station, minutes: int | None = None) -> tuple[UUID, UUID]:
    """Add two sites with a way of so many minutes between them, if it is entered."""
    one, other = (a_venue(session, station).id for _ in range(2))
    if minutes is not None:
        way = TravelTime(station_id=station.id, from_venue_id=one, to_venue_id=other, minutes=minutes)
        session.add(way)
        session.flush()
    return one, other


def a_candidate(session: Session, station: Station, **values: object) -> Child:
    """Add a child for whom a guardian has agreed to the keeping of data."""
    child = a_child(session, station, **values)
    a_consent(session, child, ConsentPurpose.DATA)
    return child


def a_fair(session: Session, *, activities: int = 1, capacity: int = 1, children: int = 2) -> Fair:
    """Store a station with activities at different hours, each with `capacity` places, and children for all."""
    station = a_station(session)
    term = an_open_term(session, station)
    made = tuple(
        an_announced(session, term, capacity, at(SATURDAY + timedelta(days=number // 10), 8 + number % 10)).id
        for number in range(activities)
    )
    people = tuple(a_candidate(session, session.get_one(Station, station.id)).id for _ in range(children))
    return Fair(station.id, term.id, made, people)


def sign_up(
    session: Session,
    child: UUID,
    activity: UUID,
    desk: Desk | None = None,
    request: UUID | None = None,
    reason: str = "",
) -> Outcome:
    """Register a child for an activity."""
    (outcome,) = register(session, desk or a_desk(), request or new_id(), [Wanted(child, activity)], reason=reason)
    return outcome


def standings(session: Session, activity: UUID) -> Sequence[tuple[UUID, Place]]:
    """Return the children of an activity with where they stand, in the order in which they came."""
    rows = session.scalars(
        select(Registration)
        .where(Registration.activity_id == activity)
        .order_by(Registration.registered_at, Registration.id)
    )
    return [(row.child_id, row.state) for row in rows]


def registration_of(session: Session, child: UUID, activity: UUID) -> Registration:
    """Return the newest registration of a child for an activity."""
    query = select(Registration).where(Registration.child_id == child, Registration.activity_id == activity)
    return session.scalars(query.order_by(Registration.id.desc()).execution_options(populate_existing=True)).first()  # type: ignore[return-value]


def places_taken(database: Database, activity: UUID) -> tuple[int, int]:
    """Return how many places of an activity are taken, and how many children are in its group."""
    with database.reading(EVERYTHING) as session:
        held_places = session.scalar(
            select(func.count(Registration.id)).where(
                Registration.activity_id == activity, Registration.state.in_(HOLDING)
            )
        )
        intake = session.scalars(select(ActivityIntake).where(ActivityIntake.activity_id == activity)).one()
        members = session.scalar(select(func.count(GroupMember.id)).where(GroupMember.group_id == intake.group_id))
    return held_places or 0, members or 0


#: What of a child registration and wishes keep.
SIGNED_UP = {Registration, WishList}


def signed_up_at(session: Session, group: UUID, **own: Any) -> tuple[Registration, WishList]:
    """Return a registration for the activity of a group, and a list that wishes for it."""
    placed = a_registration_at(session, group, **own)
    term = session.scalars(select(Activity.term_id).where(Activity.id == placed.activity_id)).one()
    said = {"number": new_id().hex[-20:], "code": new_id().hex[-20:]}
    said |= {"entered_at": TEST_MOMENT, "changed_at": TEST_MOMENT, "ranked": [str(placed.activity_id)]}
    return placed, WishList(term_id=term, **said, **own)


def a_registration_at(session: Session, group: UUID, **own: Any) -> Registration:
    """Return a registration for the activity of a group, which takes children from now on."""
    activity = session.scalars(select(ActivityGroup.activity_id).where(ActivityGroup.group_id == group)).one()
    query = select(ActivityIntake).where(ActivityIntake.activity_id == activity)
    if session.scalars(query).first() is None:
        session.add(ActivityIntake(station_id=own["station_id"], activity_id=activity, group_id=group, capacity=5))
        session.flush()
    said = {"request_id": new_id(), "channel": Channel.DESK, "registered_at": TEST_MOMENT, "changed_at": TEST_MOMENT}
    return Registration(activity_id=activity, state=Place.PLACED, **said, **own)
