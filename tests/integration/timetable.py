"""A small station whose plans are written by hand: two rooms, four volunteers, two activities on one weekend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Plan, Room, Station, Term, Volunteer
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.hooks.manager import build_hooks
from core.planning.check import audit
from core.planning.moments import from_datetime, iso
from core.planning.outcome import Limits, Outcome, Status
from core.planning.plan import Plan as PlanDocument
from core.planning.plan import PlannedSession
from core.planning.problem import Problem
from core.services.planning.drafts import store_draft
from core.services.planning.problem import term_problem
from core.services.publishing import Change, publish_plan
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    BEFORE,
    LEAD,
    SATURDAY,
    a_room,
    a_station,
    a_term,
    a_venue,
    a_volunteer,
    an_activity,
    an_installation,
)

ZONE = "Asia/Shanghai"
#: The days of the term.
WEEKENDS = [(SATURDAY + timedelta(days=7 * week + day)).isoformat() for week in range(5) for day in range(2)]
NO_PLUGINS = build_hooks([])


@dataclass(frozen=True)
class World:
    """What was stored; the rows outlive their session."""

    station: Station
    rooms: tuple[Room, ...]
    people: tuple[Volunteer, ...]
    term: Term
    painting: Activity
    chess: Activity

    def sessions(self) -> tuple[ActivitySession, ...]:
        """Return the sessions of both activities, painting's first."""
        return (*self.painting.sessions, *self.chess.sessions)


def a_world(session: Session) -> World:
    """Store the small station."""
    an_installation(session)
    station = a_station(session)
    venue = a_venue(session, station, address="青石路1号")
    rooms = tuple(a_room(session, venue) for _ in range(2))
    people = tuple(a_volunteer(session, station) for _ in range(4))
    term = a_term(session, station)
    painting = an_activity(session, term, title="绘画", session_count=2)
    chess = an_activity(session, term, title="象棋")
    return World(station, rooms, people, term, painting, chess)


def planned(
    row: ActivitySession, start: datetime, room: Room | None, staff: Iterable[Volunteer], role: str = LEAD
) -> PlannedSession:
    """Return a session as a plan holds it."""
    people = tuple(sorted(str(person.id) for person in staff))
    room_id = None if room is None else str(room.id)
    return PlannedSession(str(row.activity_id), row.position, from_datetime(start), room_id, {role: people})


def problem_of(session: Session, term: Term, now: datetime = BEFORE) -> Problem:
    """Return the term's problem as it is now."""
    return term_problem(session, NO_PLUGINS, session.get_one(Term, term.id), timezone=ZONE, now=now)


def a_draft(session: Session, term: Term, *sessions: PlannedSession, now: datetime = BEFORE) -> Plan:
    """Store a plan that holds these sessions, as if the planner had found it."""
    problem = problem_of(session, term, now)
    plan = PlanDocument(problem.name, sessions)
    limits = Limits(seconds=1)
    outcome = Outcome(plan, Status.OPTIMAL, 0, 0, 0.0, audit(problem, plan), seed=0, workers=1, limits=limits)
    return store_draft(
        session,
        SYSTEM,
        FixedClock(TEST_MOMENT),
        NO_PLUGINS,
        term_id=term.id,
        problem=problem,
        outcome=outcome,
        shortfalls=(),
    )


def publish(session: Session, plan: Plan, *, day: int = 0, now: datetime = BEFORE) -> tuple[Change, ...]:
    """Publish a draft on a day after TEST_MOMENT."""
    clock = FixedClock(TEST_MOMENT + timedelta(days=day))
    return publish_plan(session, SYSTEM, clock, NO_PLUGINS, plan.id, timezone=ZONE, now=now)


def days_of(problem: Problem, volunteer: Volunteer) -> list[str]:
    """Return the days on which somebody may serve, by the start of each window."""
    return [iso(start)[:10] for start, _ in problem.person_of[str(volunteer.id)].available]
