"""Answers and plans: drafts ask, publishing minds what was said, the next plan too, and what moves is asked anew."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import DutyRequest, Plan
from core.domain.actor import SYSTEM
from core.domain.clock import FixedClock
from core.domain.replies import RequestOrigin, RequestState, ServingRules
from core.planning.moments import from_datetime
from core.services.assignable import NotAssignableError
from core.services.desk import Desk
from core.services.planning.audit import UnsoundPlanError
from core.services.replies.answering import accept, decline, give_up
from core.services.replies.asking import Terms, ask_for_plan
from core.services.replies.keeping import turn_request
from core.services.serving_rules import decide_rules
from core.testing import TEST_MOMENT
from tests.integration.asked import entry, serving, states
from tests.integration.builders import SATURDAY, a_volunteer, at
from tests.integration.timetable import NO_PLUGINS, ZONE, World, a_draft, a_world, planned, problem_of, publish


def a_desk(hours: float = 0) -> Desk:
    return Desk(SYSTEM, FixedClock(TEST_MOMENT + timedelta(hours=hours)), NO_PLUGINS, ZONE)


def asked_for(session: Session, *, go_on: bool = False) -> tuple[World, Plan, dict[object, DutyRequest]]:
    """Draft a session with the first two people, and ask them."""
    world = a_world(session)
    rows = [planned(world.chess.sessions[0], at(SATURDAY, 9), world.rooms[0], world.people[:2])]
    plan = a_draft(session, world.term, *rows)
    ask_for_plan(session, a_desk(), plan.id, Terms(go_on=go_on))
    return world, plan, {one.volunteer_id: one for one in session.scalars(select(DutyRequest))}


def test_a_draft_asks_and_calendars_say_so_before_anything_is_published(writing: Session) -> None:
    world, plan, requests = asked_for(writing)
    first, second, *_ = world.people
    row = world.chess.sessions[0]
    assert {one.plan_id for one in requests.values()} == {plan.id}
    assert [entry(writing, one, row) for one in (first, second)] == ["tentative"] * 2
    accept(writing, a_desk(), requests[first.id].id, first.id)
    assert [entry(writing, one, row) for one in (first, second)] == ["confirmed", "tentative"]
    assert serving(writing, row) == set()
    publish(writing, plan)
    assert serving(writing, row) == {first.id, second.id}
    assert [entry(writing, one, row) for one in (first, second)] == ["confirmed", "tentative"]
    assert [one.plan_id for one in requests.values()] == [None, None]


def test_a_minor_agrees_to_no_draft_outside_of_their_hours(writing: Session) -> None:
    world, _plan, requests = asked_for(writing)
    minor = world.people[0]
    minor.birth_date, minor.guardian_consent_on = date(2009, 1, 1), date(2026, 9, 1)
    decide_rules(writing, a_desk(), world.station.id, replace(ServingRules(), minors_from=time(9, 30)))
    with pytest.raises(NotAssignableError, match="hours"):
        accept(writing, a_desk(), requests[minor.id].id, minor.id)
    decide_rules(writing, a_desk(), world.station.id, ServingRules())
    accept(writing, a_desk(), requests[minor.id].id, minor.id)


def test_a_draft_in_which_a_no_leaves_too_few_adults_is_not_published(writing: Session) -> None:
    world, plan, requests = asked_for(writing)
    decline(writing, a_desk(), requests[world.people[1].id].id, world.people[1].id)
    with pytest.raises(UnsoundPlanError):
        publish(writing, plan)


def test_who_steps_in_for_a_no_is_in_the_published_plan(writing: Session) -> None:
    world, plan, requests = asked_for(writing, go_on=True)
    first, second, *_ = world.people
    decline(writing, a_desk(), requests[second.id].id, second.id, reason="要考试")
    assert turn_request(writing, a_desk(1), requests[second.id].id)
    newest = writing.scalars(select(DutyRequest).order_by(DutyRequest.id.desc())).first()
    assert newest is not None
    assert (newest.origin, newest.plan_id, newest.state) == (RequestOrigin.GAP, plan.id, RequestState.ASKED)
    accept(writing, a_desk(1), newest.id, newest.volunteer_id)
    publish(writing, plan)
    row = world.chess.sessions[0]
    assert serving(writing, row) == {first.id, newest.volunteer_id}
    assert entry(writing, newest.volunteer, row) == "confirmed"


def test_the_planner_has_nobody_serve_at_a_time_that_they_refused(writing: Session) -> None:
    world, _plan, requests = asked_for(writing)
    second = world.people[1]
    decline(writing, a_desk(), requests[second.id].id, second.id)
    person = problem_of(writing, world.term).person_of[str(second.id)]
    start = from_datetime(at(SATURDAY, 9))
    assert not person.is_available(start, start + 60)
    assert person.is_available(start + 60, start + 120)


def test_the_planner_may_keep_whoever_agreed_outside_their_usual_times(writing: Session) -> None:
    world, _plan, requests = asked_for(writing)
    first = world.people[0]
    accept(writing, a_desk(), requests[first.id].id, first.id)
    first.availabilities.clear()
    writing.flush()
    start = from_datetime(at(SATURDAY, 9))
    assert problem_of(writing, world.term).person_of[str(first.id)].available == ((start, start + 60),)
    first.active = False
    writing.flush()
    assert str(first.id) not in problem_of(writing, world.term).person_of


def test_an_answer_holds_for_its_time_so_a_duty_that_moves_is_asked_anew(writing: Session) -> None:
    world, plan, requests = asked_for(writing)
    first, second, *_ = world.people
    for one in (first, second):
        accept(writing, a_desk(), requests[one.id].id, one.id)
    publish(writing, plan)
    row = planned(world.chess.sessions[0], at(SATURDAY, 14), world.rooms[0], (first, world.people[2]))
    publish(writing, a_draft(writing, world.term, row), day=1)
    found = {one.volunteer_id: one for one in writing.scalars(select(DutyRequest))}
    assert (found[first.id].state, found[first.id].starts_at) == (RequestState.ASKED, at(SATURDAY, 14))
    assert found[second.id].state is RequestState.WITHDRAWN
    session = world.chess.sessions[0]
    assert [entry(writing, one, session) for one in world.people[:3]] == ["tentative", "cancelled", "confirmed"]


def test_a_new_plan_leaves_out_who_gave_the_duty_up(writing: Session) -> None:
    world, plan, _requests = asked_for(writing)
    publish(writing, plan)
    second, row = world.people[1], world.chess.sessions[0]
    give_up(writing, a_desk(), row.id, second.id)
    again = planned(row, at(SATURDAY, 9), world.rooms[0], world.people[1:3])
    with pytest.raises(UnsoundPlanError):
        publish(writing, a_draft(writing, world.term, again), day=1)
    assert states(writing).count(RequestState.DECLINED) == 1


def test_whoever_is_paid_is_not_asked(writing: Session) -> None:
    world = a_world(writing)
    worker = a_volunteer(writing, world.station, kind="staff")
    row = planned(world.chess.sessions[0], at(SATURDAY, 9), world.rooms[0], [world.people[0], worker])
    plan = a_draft(writing, world.term, row)
    assert ask_for_plan(writing, a_desk(), plan.id) == 1
