"""A pinned session stays where the newest plan held it, in every further plan, until the pin is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, AuditEntry, Pin
from core.db.models.activity import ActivityState
from core.domain.errors import ConflictError, NotFoundError
from core.planning.moments import from_datetime
from core.planning.search.solve import solve
from core.services.assignable import NotAssignableError
from core.services.planning.audit import UnsoundPlanError
from core.services.planning.pinned import LapsedPinsError
from core.services.planning.pins import is_newest, newest_placing, pin_session, placed_sessions, unpin_session
from core.testing import TEST_MOMENT
from tests.integration.builders import BEFORE, LEAD, SATURDAY, SUNDAY, at
from tests.integration.planning_runs import NOW, Office, an_office
from tests.integration.timetable import a_draft, planned, problem_of, publish

TODAY = BEFORE.date()
#: Not where a planner would begin.
FIVE = at(SUNDAY, 17)


@pytest.fixture
def office(writing: Session) -> Office:
    """Store the station with a plan that holds the first session of painting late on Sunday."""
    office = an_office(writing)
    world = office.world
    a_draft(writing, world.term, planned(world.sessions()[0], FIVE, world.rooms[1], world.people[2:]))
    return office


def test_the_next_plan_keeps_what_is_pinned(writing: Session, office: Office) -> None:
    world, painting = office.world, office.world.sessions()[0]
    pin = pin_session(
        writing, office.organizer, NOW, painting.id, today=TODAY, reason=" 已经通知家长 ", with_staff=True
    )
    assert (pin.reason, pin.pinned_by) == ("已经通知家长", office.organizer.user_id)
    problem = problem_of(writing, world.term)
    found = solve(problem, seconds=1.0, workers=1)
    row = next(one for one in found.plan.sessions if one.key == (str(painting.activity_id), 0))
    assert (row.start, row.room) == (from_datetime(FIVE), str(world.rooms[1].id))
    assert set(row.staff[LEAD]) == {str(person.id) for person in world.people[2:]}


def test_without_staff_only_time_and_room_are_kept(writing: Session, office: Office) -> None:
    pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY)
    (pin,) = problem_of(writing, office.world.term).pins
    assert pin.staff == {}


def test_pinning_again_takes_the_place_of_the_pin_before(writing: Session, office: Office) -> None:
    painting = office.world.sessions()[0]
    pin_session(writing, office.organizer, NOW, painting.id, today=TODAY)
    pin_session(writing, office.organizer, NOW, painting.id, today=TODAY, with_staff=True)
    (pin,) = problem_of(writing, office.world.term).pins
    assert set(pin.staff[LEAD]) == {str(person.id) for person in office.world.people[2:]}


def test_a_pin_that_is_taken_back_binds_nobody(writing: Session, office: Office) -> None:
    pin = pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY)
    assert unpin_session(writing, office.organizer, NOW, pin.id) == office.term
    assert problem_of(writing, office.world.term).pins == ()
    of_station = select(AuditEntry.action).where(AuditEntry.station_id == office.world.station.id)
    actions = writing.scalars(of_station.order_by(AuditEntry.number)).all()
    assert actions[-2:] == ["session.pinned", "session.unpinned"]


def test_what_the_newest_plan_does_not_hold_can_not_be_pinned(writing: Session, office: Office) -> None:
    world = office.world
    with pytest.raises(ConflictError):
        pin_session(writing, office.organizer, NOW, world.sessions()[1].id, today=TODAY)
    with pytest.raises(NotFoundError):
        newest_placing(writing, world.term.id)


def test_a_pin_of_what_lies_behind_is_let_go(writing: Session, office: Office) -> None:
    pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY)
    assert problem_of(writing, office.world.term, now=FIVE + timedelta(minutes=1)).pins == ()


def test_a_pin_rests_while_its_activity_is_a_draft(writing: Session, office: Office) -> None:
    pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY)
    activity = writing.get_one(Activity, office.world.painting.id)
    activity.state = ActivityState.DRAFT
    assert problem_of(writing, office.world.term).pins == ()
    activity.state = ActivityState.READY
    assert len(problem_of(writing, office.world.term).pins) == 1


def test_a_pin_of_somebody_who_left_is_named(writing: Session, office: Office) -> None:
    pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY, with_staff=True)
    office.world.people[2].active = False
    writing.merge(office.world.people[2])
    writing.flush()
    with pytest.raises(LapsedPinsError, match="绘画, session 1"):
        problem_of(writing, office.world.term)


def test_somebody_who_may_not_serve_any_more_is_not_pinned(writing: Session, office: Office) -> None:
    person, painting = writing.merge(office.world.people[2]), office.world.sessions()[0]
    person.clearances[0].valid_until = TODAY
    writing.flush()
    with pytest.raises(NotAssignableError, match=person.name):
        pin_session(writing, office.organizer, NOW, painting.id, today=TODAY, with_staff=True)
    assert pin_session(writing, office.organizer, NOW, painting.id, today=TODAY).staff == {}


def test_a_pin_of_somebody_whose_check_is_over_is_named(writing: Session, office: Office) -> None:
    pin_session(writing, office.organizer, NOW, office.world.sessions()[0].id, today=TODAY, with_staff=True)
    writing.merge(office.world.people[2]).clearances[0].valid_until = TODAY
    writing.flush()
    with pytest.raises(LapsedPinsError, match="绘画, session 1"):
        problem_of(writing, office.world.term)


def test_a_draft_that_does_not_keep_a_pin_is_not_published(writing: Session, office: Office) -> None:
    world, painting = office.world, office.world.sessions()[0]
    plan = a_draft(writing, world.term, planned(painting, at(SATURDAY, 9), world.rooms[0], world.people[:2]))
    writing.add(Pin(station_id=painting.station_id, session_id=painting.id, starts_at=FIVE, pinned_at=TEST_MOMENT))
    writing.flush()
    with pytest.raises(UnsoundPlanError, match="Session 1 of 绘画 is not held as it was pinned"):
        publish(writing, plan)


def test_what_a_plan_holds_is_told_with_names(writing: Session, office: Office) -> None:
    world = office.world
    plan = a_draft(
        writing,
        world.term,
        planned(world.sessions()[0], FIVE, world.rooms[1], world.people[2:]),
        planned(world.sessions()[2], at(SATURDAY, 9), world.rooms[0], world.people[:2]),
    )
    first, second = placed_sessions(writing, plan)
    assert (first.title, first.number, first.room) == ("象棋", 1, world.rooms[0].name)
    assert second.staff == {LEAD: sorted((person.name for person in world.people[2:]), key=second.staff[LEAD].index)}
    assert is_newest(writing, plan)
