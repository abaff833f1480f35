"""From lists to places: the problem, a run, its result, and publishing it once."""

import json
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import allotting
from core.allocation.allocate import allocate
from core.allocation.check import check
from core.allocation.format import allocation_from_json, problem_from_json
from core.allocation.settings import Aim
from core.db.models import AllocationRun, AuditEntry, Child, ChildCategoryMark, GroupMember, Registration, Station, Term
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role, Scope
from core.domain.errors import ConflictError, NotAllowedError, NotFoundError
from core.domain.registering import Place
from core.domain.vocabulary import ChildCategory, GuardianAccess
from core.services import guardian_links
from core.services.allocating.building import build
from core.services.allocating.results import Document, compare_runs, refused_of, result_of, take_out
from core.services.allocating.runs import (
    ALLOCATION_RUNS,
    AllocationUnderWayError,
    PublishedError,
    ask_allocation,
    ask_publishing,
)
from core.services.allocating.settings import Wanted
from core.services.audit import verify_chain
from core.services.registration.giving import Wanted as Pair
from core.services.registration.giving import register
from core.services.registration.intakes import keep_term_intake
from core.services.stations import scope_of_station, scope_of_user
from core.services.wishes.earlier import empty_terms
from core.services.wishes.families import OwnWish, family_outcome
from core.services.wishes.rounds import round_of
from tests.integration.builders import a_station, a_term, an_account, at
from tests.integration.registering import Hands, a_desk, standings
from tests.integration.timetable import NO_PLUGINS, ZONE
from tests.integration.wishing import DRAW, Wished, a_wish_dates, a_wish_term, draw_lots, wish

#: The made-up plan has no people.
UNSTAFFED = Wanted(needs_staff=False)


def drawn(session: Session, lists: list[tuple[int, ...]], **values: Any) -> tuple[Wished, Hands]:
    """Store a term with a list for each child, after the draw."""
    wished, clock = a_wish_term(session, children=len(lists), **values), Hands()
    for child, ranked in enumerate(lists):
        wish(session, wished, child, *ranked)
    draw_lots(session, wished, clock)
    return wished, clock


def carried_out(database: Database, clock: Hands, run: UUID) -> AllocationRun:
    """Carry a run out in this process, and return it."""
    allotting.carry_out(database, NO_PLUGINS, clock, ZONE, run, "a process")
    with database.reading(EVERYTHING) as session:
        row = session.get_one(AllocationRun, run)
        _ = row.problem, row.allocation, row.reasons
        return row


def solved(database: Database, wished: Wished, clock: Hands, wanted: Wanted = UNSTAFFED) -> AllocationRun:
    with database.writing(EVERYTHING) as session:
        run = ask_allocation(session, a_desk(clock), wished.term, wanted, seconds=15).id
    return carried_out(database, clock, run)


def published(database: Database, clock: Hands, result: UUID) -> AllocationRun:
    with database.writing(EVERYTHING) as session:
        run = ask_publishing(session, a_desk(clock), result).id
    return carried_out(database, clock, run)


def stored(database: Database, lists: list[tuple[int, ...]], **values: Any) -> tuple[Wished, Hands]:
    with database.writing(EVERYTHING) as session:
        return drawn(session, lists, **values)


def test_places_are_given_checked_and_published_once(database: Database) -> None:
    wished, clock = stored(database, [(0, 1), (0,), (0, 2)])
    run = solved(database, wished, clock)
    assert (run.state, run.error) == (RunState.DONE, {})
    assert {name: run.figures[name] for name in ("asking", "with_a_place", "proved", "unverified")} == {
        "asking": 3,
        "with_a_place": 3,
        "proved": True,
        "unverified": 0,
    }
    problem, allocation = (
        problem_from_json(json.loads(run.problem or "")),
        allocation_from_json(json.loads(run.allocation or "")),
    )
    assert check(problem, allocation).valid
    # Whoever is given the file finds the same places.
    assert allocate(problem, seconds=15).places == allocation.places
    done = published(database, clock, run.id)
    assert (done.state, done.figures) == (RunState.DONE, {"placed": 3, "waiting": 0, "refused": 0})
    with database.reading(EVERYTHING) as session:
        assert standings(session, wished.activities[0]) == [(wished.children[1], Place.PLACED)]
        assert len(session.scalars(select(GroupMember)).all()) == 3
        assert all(row.to_tell for row in session.scalars(select(Registration)))
        assert verify_chain(session, wished.station) is None
    with database.writing(EVERYTHING) as session, pytest.raises(PublishedError):
        ask_publishing(session, a_desk(clock), run.id)
    with database.writing(EVERYTHING) as session, pytest.raises(PublishedError):
        ask_allocation(session, a_desk(clock), wished.term, UNSTAFFED, seconds=15)


def test_who_gets_nothing_waits_for_what_is_held_in_the_order_of_the_lots_and_knows_why(database: Database) -> None:
    wished, clock = stored(database, [(0,), (0,), (0,)])
    run = solved(database, wished, clock)
    reasons = json.loads(run.reasons or "")["wishes"]
    assert [(one["reason"], one["verified"]) for one in reasons] == [("drawn", True)] * 2
    done = published(database, clock, run.id)
    assert done.figures == {"placed": 1, "waiting": 2, "refused": 0}
    with database.reading(EVERYTHING) as session:
        states = [state for _child, state in standings(session, wished.activities[0])]
        assert sorted(states) == [Place.PLACED, Place.WAITING, Place.WAITING]


def test_nothing_is_given_before_the_draw(writing: Session) -> None:
    wished = a_wish_term(writing)
    wish(writing, wished, 0, 0)
    with pytest.raises(ConflictError, match="aren't drawn"):
        ask_allocation(writing, a_desk(), wished.term, UNSTAFFED, seconds=15)
    with pytest.raises(ConflictError, match="aren't drawn"):
        build(writing, a_desk(), wished.term, UNSTAFFED)


def test_two_runs_of_a_term_are_not_open_at_once(writing: Session) -> None:
    wished, clock = drawn(writing, [(0,)])
    first = ask_allocation(writing, a_desk(clock), wished.term, UNSTAFFED, seconds=15)
    with pytest.raises(AllocationUnderWayError) as caught:
        ask_allocation(writing, a_desk(clock), wished.term, UNSTAFFED, seconds=15)
    assert caught.value.run_id == first.id


def test_the_problem_says_no_more_of_a_child_than_its_wishes(writing: Session) -> None:
    wished = a_wish_term(writing, children=2, capacity=4, minimum=2, minimum_by=a_desk().now.date())
    wish(writing, wished, 0, 0, 1, most=1)
    wish(writing, wished, 1, 1)
    mark = {"station_id": wished.station, "child_id": wished.children[1]}
    writing.add(ChildCategoryMark(category=ChildCategory.ORPHAN, **mark))
    clock = Hands()
    draw_lots(writing, wished, clock)
    problem = build(writing, a_desk(clock), wished.term, Wanted(needs_staff=False, held_back_percent=25)).problem
    first, second = sorted(problem.children, key=lambda child: len(child.wishes), reverse=True)
    assert (first.wishes, first.most, first.held_back) == (tuple(map(str, wished.activities[:2])), 1, False)
    assert (second.wishes, second.held_back) == ((str(wished.activities[1]),), True)
    assert {(child.age, child.grade, child.community) for child in problem.children} == {(0, None, None)}
    assert {(one.capacity, one.minimum, one.room_ready, one.staffed) for one in problem.activities} == {
        (4, 2, True, None)
    }


def test_without_the_people_that_a_session_needs_an_activity_does_not_open(writing: Session) -> None:
    wished, clock = drawn(writing, [(0,)])
    problem = build(writing, a_desk(clock), wished.term, Wanted()).problem
    assert {one.staffed for one in problem.activities} == {0}


def test_places_that_were_given_before_stay_and_count(writing: Session) -> None:
    wished, clock = drawn(writing, [(0, 1), (0,)], capacity=2)
    opened = a_wish_dates(opens_at=at(DRAW.day, 0))
    keep_term_intake(writing, a_desk(clock), wished.term, opened)
    (outcome,) = register(writing, a_desk(clock), wished.term, [Pair(wished.children[0], wished.activities[0])])
    assert outcome.state is Place.PLACED
    problem = build(writing, a_desk(clock), wished.term, UNSTAFFED).problem
    taken = f"{wished.activities[0]}.taken"
    assert [(pin.activity, pin.place) for pin in problem.pins] == [(taken, True)]
    assert {one.id: one.capacity for one in problem.activities if one.capacity < 2} == {
        str(wished.activities[0]): 1,
        taken: 1,
    }
    assert {child.wishes for child in problem.children} == {(str(wished.activities[key]),) for key in (0, 1)}


def test_the_result_says_for_each_child_what_became_of_its_wishes(database: Database) -> None:
    wished, clock = stored(database, [(0, 1), (0,), (0,)])
    first = solved(database, wished, clock)
    second = solved(database, wished, clock, Wanted(aims=(Aim.WISHES,), needs_staff=False))
    with database.writing(EVERYTHING) as session:
        found = result_of(session, a_desk(clock), first.id)
        compared = compare_runs(session, a_desk(clock), first.id, second.id)
        problem, lists = (take_out(session, a_desk(clock), first.id, one) for one in (Document.PROBLEM, Document.LISTS))
        of_term = round_of(session, wished.term)
    assert (len(found.children), found.unseen, found.run.digest) == (3, 0, sha256(problem.encode()).hexdigest())
    assert of_term is not None
    assert of_term.digest == sha256(lists.encode()).hexdigest()
    assert sorted(child.with_nothing for child in found.children) == [False, False, True]
    lines = [wish for child in found.children for wish in child.wishes]
    assert all(one.came_true or one.why for one in lines)
    assert all(one.verified for one in lines)
    assert sum(one.given for one in found.activities) == 2
    assert [one.opened for one in found.activities] == [True, True, False]
    assert compared.first.with_a_place == 2


def test_a_wish_that_cannot_come_true_any_more_is_left_out_with_its_reason(writing: Session) -> None:
    wished, clock = drawn(writing, [(0, 1)])
    clock.pass_by(timedelta(days=6))
    built = build(writing, a_desk(clock), wished.term, UNSTAFFED)
    assert [[one.code for one in left.obstacles] for left in built.left_out] == [["over"], ["over"]]
    assert [child.wishes for child in built.problem.children] == [()]


def test_the_log_says_each_place(database: Database) -> None:
    wished, clock = stored(database, [(0,), (1,)])
    published(database, clock, solved(database, wished, clock).id)
    with database.reading(EVERYTHING) as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert actions[-4:] == ["allocation.asked", "registration.placed", "registration.placed", "allocation.published"]


def test_a_family_sees_its_own_outcome_once_it_is_published(database: Database) -> None:
    wished, clock = stored(database, [(1, 0), (1,)])
    result = solved(database, wished, clock)
    with database.writing(EVERYTHING) as session:
        guardian = session.get_one(Child, wished.children[0]).guardians[0].id
        guardian_links.decide_access(session, SYSTEM, clock, guardian, GuardianAccess.FULL)
        token = guardian_links.make_link(session, SYSTEM, clock, guardian).token

    def outcome() -> tuple[OwnWish, ...] | None:
        with database.reading(EVERYTHING) as session:
            found = guardian_links.visit(session, clock, token)
            return family_outcome(session, a_desk(clock), found, wished.term)

    assert outcome() is None
    published(database, clock, result.id)
    seen = outcome()
    assert seen is not None
    assert [one.activity_id for one in seen] == [wished.activities[1], wished.activities[0]]
    assert {one.state for one in seen} <= {Place.PLACED, None}
    assert Place.PLACED in {one.state for one in seen}


def test_who_got_nothing_before_is_counted_from_published_terms_alone(database: Database) -> None:
    wished, clock = stored(database, [(0,), (0,), ()])
    with database.writing(EVERYTHING) as session:
        later = a_term(session, session.get_one(Station, wished.station), first=date(2027, 1, 9), last=date(2027, 2, 9))
        assert empty_terms(session, later) == {}
    published(database, clock, solved(database, wished, clock).id)
    with database.reading(EVERYTHING) as session:
        counted = empty_terms(session, session.get_one(Term, later.id))
        loser = session.scalars(select(Registration.child_id).where(Registration.state == Place.WAITING)).one()
    assert counted == {loser: 1}


def test_a_run_that_is_stopped_keeps_the_best_so_far(database: Database) -> None:
    wished, clock = stored(database, [(0,), (1,)])
    with database.writing(EVERYTHING) as session:
        run = ask_allocation(session, a_desk(clock), wished.term, UNSTAFFED, seconds=300)
        run.cancel_asked = True
    found = carried_out(database, clock, run.id)
    assert found.state is RunState.DONE
    assert found.figures["children"] == 2


def test_staff_give_and_publish_places_from_within_their_own_station(database: Database) -> None:
    wished, clock = stored(database, [(0,), (0, 1)])
    with database.writing(EVERYTHING) as session:
        account = an_account(session, session.get_one(Station, wished.station), role=Role.STATION_STAFF)
        scope = scope_of_user(session, account)
        desk = a_desk(clock, Actor(Role.STATION_STAFF, wished.station, account.id))
    with database.writing(scope) as session:
        run = ask_allocation(session, desk, wished.term, UNSTAFFED, seconds=15).id
    carried_out(database, clock, run)
    with database.writing(scope) as session:
        assert len(result_of(session, desk, run).children) == 2
        with pytest.raises(NotAllowedError):
            take_out(session, desk, run, Document.PROBLEM)
        publish = ask_publishing(session, desk, run).id
    done = carried_out(database, clock, publish)
    assert (done.state, done.figures) == (RunState.DONE, {"placed": 2, "waiting": 0, "refused": 0})
    with database.reading(scope) as session:
        assert refused_of(session, desk, publish) == ()
        by = session.scalars(select(Registration.registered_by)).all()
        assert by == [account.id] * 2
    with database.reading(another_stations(database)) as session, pytest.raises(NotFoundError):
        ALLOCATION_RUNS.find(session, run)


def another_stations(database: Database) -> Scope:
    """Return the scope of another station."""
    with database.writing(EVERYTHING) as session:
        return scope_of_station(session, a_station(session).id)
