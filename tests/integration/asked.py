"""A small published weekend with places that are empty, and people who may be asked for them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Assignment, DutyRequest, FeedItem, Station, Term, User, Volunteer
from core.db.models.feed import FeedKind
from core.domain.actor import Actor, Role
from core.domain.clock import FixedClock
from core.domain.replies import RequestState
from core.hooks.manager import build_hooks
from core.services.desk import Desk
from core.services.feed_ledger import update_ledger
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    LEAD,
    SATURDAY,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_account,
    an_activity,
    an_installation,
    at,
    held,
)

NO_PLUGINS = build_hooks([])
ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Weekend:
    """What was stored; the rows outlive their session."""

    station: Station
    term: Term
    activity: Activity
    session: ActivitySession
    organizer: User
    people: tuple[Volunteer, ...]

    def desk(self, hours: float = 0, role: Role = Role.ORGANIZER) -> Desk:
        """Return an organizer's desk so many hours after TEST_MOMENT."""
        clock = FixedClock(TEST_MOMENT + timedelta(hours=hours))
        return Desk(Actor(role, self.station.id, self.organizer.id), clock, NO_PLUGINS, ZONE)

    def theirs(self, number: int, hours: float = 0) -> Desk:
        """Return the desk of one of the people."""
        clock = FixedClock(TEST_MOMENT + timedelta(hours=hours))
        actor = Actor(Role.VOLUNTEER, self.station.id, volunteer_id=self.people[number].id)
        return Desk(actor, clock, NO_PLUGINS, ZONE)


def a_weekend(
    session: Session, *, serving: int = 2, people: int = 5, places: int = 3, hour: int = 9, **values: Any
) -> Weekend:
    """Publish a session on SATURDAY with some of its places filled by the first of the people."""
    an_installation(session)
    station = a_station(session)
    room = a_room(session, a_venue(session, station))
    term = a_term(session, station)
    activity = an_activity(session, term, places=places, title="绘画")
    row = activity.sessions[0]
    found = tuple(a_volunteer(session, station, **values) for _ in range(people))
    held(session, row, at(SATURDAY, hour), room, found[:serving])
    session.refresh(row, ["assignments"])
    organizer = an_account(session, station)
    weekend = Weekend(station, term, activity, row, organizer, found)
    update_ledger(session, weekend.desk().clock, NO_PLUGINS, station_id=station.id)
    return weekend


def another_session(session: Session, weekend: Weekend, hour: int, *, day: int = 0, **values: Any) -> ActivitySession:
    """Publish another session of the station, without staff unless named."""
    serving = values.pop("serving", ())
    room = a_room(session, a_venue(session, weekend.station))
    activity = an_activity(session, weekend.term, **{"places": 2, **values})
    row = held(session, activity.sessions[0], at(SATURDAY + timedelta(days=day), hour), room, serving)
    session.refresh(row, ["assignments"])
    return row


def serving(session: Session, row: ActivitySession) -> set[UUID]:
    """Return who serves in a session."""
    return set(session.scalars(select(Assignment.volunteer_id).where(Assignment.session_id == row.id)))


def states(session: Session) -> list[RequestState]:
    """Return where all requests stand, the oldest first."""
    return [one.state for one in session.scalars(select(DutyRequest).order_by(DutyRequest.id))]


def entry(session: Session, volunteer: Volunteer, row: ActivitySession) -> str:
    """Return what somebody's calendar says of a session: tentative, confirmed, cancelled or nothing."""
    item = session.scalars(
        select(FeedItem).where(
            FeedItem.kind == FeedKind.VOLUNTEER,
            FeedItem.subject == volunteer.id.hex,
            FeedItem.session_id == row.id,
        )
    ).one_or_none()
    if item is None:
        return "nothing"
    return "cancelled" if item.cancelled else "tentative" if item.provisional else "confirmed"


__all__ = ["LEAD", "Weekend", "a_weekend", "another_session", "entry", "serving", "states"]
