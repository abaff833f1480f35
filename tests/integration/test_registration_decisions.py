"""What becomes of activities that are too small, of clashes after a change, and of the numbers for the planner."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import (
    Activity,
    ActivityGroup,
    ActivitySession,
    AuditEntry,
    Child,
    GroupMember,
    Pin,
    Registration,
    Room,
    Station,
)
from core.db.models.activity import ActivityState, SessionStatus
from core.db.queries import planning as planning_queries
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError
from core.domain.ids import new_id
from core.domain.registering import Channel, Place
from core.hooks.manager import build_hooks
from core.hooks.types import Objection, PlannedOutline
from core.planning.plan import Plan as PlanDocument
from core.planning.problem import Problem
from core.planning.rules.base import Breach, Rule
from core.services.publishing import NotSettledError
from core.services.registration.deciding import give_up, merge_into, too_small, wait_until, would_merge
from core.services.registration.importing import HEADINGS, import_registrations
from core.services.registration.intakes import IntakeDraft, TermDraft, keep_intake, keep_term_intake
from core.services.registration.lists import activity_list, receipt, siblings
from core.services.registration.meetings import clashes_of_term
from core.services.registration.offers import note_told
from core.services.registration.sizes import sizes_of_term, take_over_sizes
from core.services.registration.telling import to_tell
from core.services.registration.waiving import ReasonMissingError
from core.services.sealed_files import seal
from core.services.spreadsheets import as_xlsx
from core.services.stations import scope_of_station
from core.services.workbook.errors import InvalidWorkbookError
from tests.integration.builders import SATURDAY, SUNDAY, a_group, an_account, at
from tests.integration.registering import (
    OPENS,
    a_candidate,
    a_desk,
    a_fair,
    an_announced,
    an_open_term,
    registration_of,
    sign_up,
    two_sites,
)
from tests.integration.timetable import World, a_draft, a_world, planned, problem_of, publish

TODAY = date(2026, 11, 26)


@pytest.fixture
def world(writing: Session) -> World:
    """Return a station with painting on both days and chess on Saturday, published, open for registration."""
    world = a_world(writing)
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    plan = a_draft(
        writing,
        world.term,
        planned(painting, at(SATURDAY, 9), world.rooms[0], [one, other]),
        planned(again, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(chess, at(SATURDAY, 14), world.rooms[1], [third, fourth]),
    )
    publish(writing, plan)
    keep_term_intake(writing, a_desk(), world.term.id, TermDraft(opens_at=OPENS))
    keep_intake(writing, a_desk(), world.painting.id, IntakeDraft(8, minimum=3, minimum_by=TODAY))
    keep_intake(writing, a_desk(), world.chess.id, IntakeDraft(2))
    return world


def children(session: Session, world: World, count: int) -> list[Child]:
    return [a_candidate(session, session.get_one(Station, world.station.id)) for _ in range(count)]


def statuses(session: Session, activity: Activity) -> list[SessionStatus]:
    query = select(ActivitySession.status).where(ActivitySession.activity_id == activity.id)
    return list(session.scalars(query.order_by(ActivitySession.position)))


def test_an_activity_below_its_minimum_is_shown_when_its_day_comes(writing: Session, world: World) -> None:
    (found,) = too_small(writing, world.term.id, TODAY)
    assert (found.numbers.intake.activity_id, found.due) == (world.painting.id, True)
    assert [other.intake.activity_id for other in found.into] == [world.chess.id]
    assert not too_small(writing, world.term.id, TODAY - timedelta(days=8))
    for child in children(writing, world, 3):
        sign_up(writing, child.id, world.painting.id)
    assert not too_small(writing, world.term.id, TODAY)


def test_it_may_wait(writing: Session, world: World) -> None:
    wait_until(writing, a_desk(), world.painting.id, TODAY + timedelta(days=2))
    (found,) = too_small(writing, world.term.id, TODAY)
    assert not found.due
    with pytest.raises(InvalidInputError):
        wait_until(writing, a_desk(), world.painting.id, TODAY - timedelta(days=1))


def test_giving_up_frees_rooms_and_people_and_tells_the_families(writing: Session, world: World) -> None:
    pupils = [child.id for child in children(writing, world, 2)]
    for child in pupils:
        sign_up(writing, child, world.painting.id)
    assert give_up(writing, a_desk(), world.painting.id, "人数不足") == 2
    assert statuses(writing, world.painting) == [SessionStatus.CANCELLED] * 2
    assert statuses(writing, world.chess) == [SessionStatus.HELD]
    cancelled = writing.scalars(select(ActivitySession).where(ActivitySession.activity_id == world.painting.id)).all()
    assert {row.reason for row in cancelled} == {"人数不足"}
    assert all(row.assignments == [] for row in cancelled)
    plan = writing.scalars(planning_queries.published_plan_of(world.term.id)).one()
    assert plan.version == 2
    assert writing.get_one(Activity, world.painting.id).state is ActivityState.DRAFT
    assert [(row.state, row.notice) for row, _child, _activity in to_tell(writing)] == [
        (Place.CANCELLED, "人数不足")
    ] * 2
    assert writing.scalars(select(GroupMember)).all() == []
    outcome = sign_up(writing, pupils[0], world.painting.id)
    assert [one.code for one in outcome.obstacles][:1] == ["given_up"]


def test_what_programs_object_to_in_the_rest_of_the_timetable_already_keeps_nobody_from_giving_up(
    writing: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chess, painting = str(world.chess.id), str(world.painting.id)
    children_there = iter((9, 8))

    def object_to(_term: object, sessions: Sequence[PlannedOutline], _session: Session) -> tuple[Objection, ...]:
        known = Objection(chess, 0, Message("The group has %(count)s children.", {"count": next(children_there)}))
        alone = Objection(chess, 0, Message("It is held beside painting alone."))
        return (known,) if {one.activity.id for one in sessions} & {painting} else (known, alone)

    hooks = build_hooks([])
    monkeypatch.setattr(hooks, "publishing_objections", object_to)
    with pytest.raises(NotSettledError) as refused, writing.begin_nested():
        give_up(writing, a_desk(hooks=hooks), world.painting.id, "人数不足")
    assert [str(one.reason) for one in refused.value.objections] == ["It is held beside painting alone."]
    monkeypatch.setattr(hooks, "publishing_objections", lambda *_: (Objection(chess, 0, Message("Divide it.")),))
    assert give_up(writing, a_desk(hooks=hooks), world.painting.id, "人数不足") == 0


class ChessAlone(Rule):
    """A rule of some program: chess is never held without painting."""

    name = "chess_alone"

    def breaches(self, _problem: Problem, plan: PlanDocument) -> Iterable[Breach]:
        """Return the sessions of chess where nothing else is held."""
        if len({row.activity for row in plan.sessions}) == 1:
            return [Breach(self.name, (plan.sessions[0].key,), Message("Chess is held alone."))]
        return []


def test_a_rule_that_the_rest_does_not_keep_alone_keeps_nobody_from_giving_up(
    writing: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = build_hooks([])
    monkeypatch.setattr(hooks, "planning_rules", lambda: (ChessAlone(),))
    give_up(writing, a_desk(hooks=hooks), world.painting.id, "人数不足")
    assert statuses(writing, world.painting) == [SessionStatus.CANCELLED] * 2
    assert statuses(writing, world.chess) == [SessionStatus.HELD]


def test_giving_up_takes_a_reason_and_somebody_who_plans(writing: Session, world: World) -> None:
    with pytest.raises(ReasonMissingError):
        give_up(writing, a_desk(), world.painting.id, " ")
    account = an_account(writing, writing.get_one(Station, world.station.id), role=Role.STATION_STAFF)
    with pytest.raises(NotAllowedError):
        give_up(writing, a_desk(actor=Actor(account.role, world.station.id, account.id)), world.painting.id, "人数不足")


def test_merged_children_keep_their_order_and_who_finds_no_place_waits(writing: Session, world: World) -> None:
    pupils = [child.id for child in children(writing, world, 3)]
    for child in pupils:
        sign_up(writing, child, world.painting.id)
    outcomes = merge_into(writing, a_desk(), world.painting.id, world.chess.id, "合并开班")
    assert [(one.child_id, one.state) for one in outcomes] == [
        (pupils[0], Place.PLACED),
        (pupils[1], Place.PLACED),
        (pupils[2], Place.WAITING),
    ]
    assert {
        row.channel for row in writing.scalars(select(Registration).where(Registration.activity_id == world.chess.id))
    } == {Channel.MERGED}
    assert statuses(writing, world.painting) == [SessionStatus.CANCELLED] * 2
    assert "registration.merged" in set(writing.scalars(select(AuditEntry.action)))


def test_looking_ahead_at_a_merger_changes_nothing_and_tells_what_then_comes(writing: Session, world: World) -> None:
    pupils = [child.id for child in children(writing, world, 3)]
    for child in pupils:
        sign_up(writing, child, world.painting.id)
    before = [(row.activity_id, row.child_id, row.state) for row in writing.scalars(select(Registration))]
    entries = len(writing.scalars(select(AuditEntry)).all())
    found = would_merge(writing, a_desk(), world.painting.id, world.chess.id, "合并开班")
    assert [one.state for one in found.outcomes] == [Place.PLACED, Place.PLACED, Place.WAITING]
    assert [(row.activity_id, row.child_id, row.state) for row in writing.scalars(select(Registration))] == before
    assert len(writing.scalars(select(AuditEntry)).all()) == entries
    assert statuses(writing, world.painting) == [SessionStatus.HELD] * 2
    merged = merge_into(writing, a_desk(), world.painting.id, world.chess.id, "合并开班", seen=found.mark)
    assert [(one.child_id, one.state) for one in merged] == [(one.child_id, one.state) for one in found.outcomes]


def test_a_merger_that_would_come_to_something_else_than_was_seen_is_refused(writing: Session, world: World) -> None:
    first, second, other = (child.id for child in children(writing, world, 3))
    for child in (first, second):
        sign_up(writing, child, world.painting.id)
    found = would_merge(writing, a_desk(), world.painting.id, world.chess.id, "合并开班")
    assert sign_up(writing, other, world.chess.id).state is Place.PLACED
    with pytest.raises(ConflictError, match="has changed since you looked"), writing.begin_nested():
        merge_into(writing, a_desk(), world.painting.id, world.chess.id, "合并开班", seen=found.mark)
    assert statuses(writing, world.painting) == [SessionStatus.HELD] * 2
    again = would_merge(writing, a_desk(), world.painting.id, world.chess.id, "合并开班")
    assert [one.state for one in again.outcomes] == [Place.PLACED, Place.WAITING]


def test_who_clashes_since_the_timetable_changed_is_listed_with_proposals(writing: Session, world: World) -> None:
    station = writing.get_one(Station, world.station.id)
    child = a_candidate(writing, station).id
    for activity in (world.painting.id, world.chess.id):
        assert sign_up(writing, child, activity).state is Place.PLACED
    free = an_announced(writing, world.term, 5, at(SUNDAY, 16), title="合唱").id
    assert clashes_of_term(writing, a_desk(), world.term.id) == ()
    moved = writing.scalars(select(ActivitySession).where(ActivitySession.activity_id == world.chess.id)).one()
    moved.starts_at, moved.ends_at, moved.room_free_at = at(SATURDAY, 9, 30), at(SATURDAY, 10, 30), at(SATURDAY, 10, 30)
    writing.flush()
    (clash,) = clashes_of_term(writing, a_desk(), world.term.id)
    assert (clash.child_id, clash.way) == (child, None)
    assert {side.activity_id for side in clash.sides} == {world.painting.id, world.chess.id}
    assert all(side.registration_id for side in clash.sides)
    assert [one.activity_id for one in clash.instead] == [free]


def test_who_has_no_time_for_the_way_since_the_timetable_changed_is_listed_with_it(
    writing: Session, world: World
) -> None:
    station = writing.get_one(Station, world.station.id)
    child, (hall, park) = a_candidate(writing, station).id, two_sites(writing, station, 30)
    first = an_announced(writing, world.term, 5, at(SUNDAY, 14), zones=[], place_id=hall).id
    then = an_announced(writing, world.term, 5, at(SUNDAY, 15, 30), zones=[], place_id=park).id
    for activity in (first, then):
        assert sign_up(writing, child, activity).state is Place.PLACED
    assert clashes_of_term(writing, a_desk(), world.term.id) == ()
    moved = writing.scalars(select(ActivitySession).where(ActivitySession.activity_id == then)).one()
    moved.starts_at, moved.ends_at = at(SUNDAY, 15, 20), at(SUNDAY, 16, 20)
    writing.flush()
    (clash,) = clashes_of_term(writing, a_desk(), world.term.id)
    assert (clash.child_id, clash.way) == (child, 30)


def test_the_registered_become_the_size_that_is_staffed_at_the_published_times(writing: Session, world: World) -> None:
    for child in children(writing, world, 2):
        sign_up(writing, child.id, world.painting.id)
    sizes = {one.activity_id: one for one in sizes_of_term(writing, a_desk(), world.term.id)}
    assert (sizes[world.painting.id].planned, sizes[world.painting.id].registered) == (10, 2)
    assert take_over_sizes(writing, a_desk(), world.term.id) == 2
    writing.expire_all()
    problem = problem_of(writing, world.term)
    assert problem.activity_of[str(world.painting.id)].size == 2
    assert problem.activity_of[str(world.chess.id)].size == 1
    assert len(problem.pins) == 3
    assert all(not pin.staff for pin in problem.pins)
    assert take_over_sizes(writing, a_desk(), world.term.id) == 0
    assert len(writing.scalars(select(Pin)).all()) == 3


def test_children_of_other_groups_count_for_the_planner_as_well(writing: Session, world: World) -> None:
    station = writing.get_one(Station, world.station.id)
    group, child = a_group(writing, station), a_candidate(writing, station)
    own = {"station_id": station.id, "group_id": group.id}
    writing.add_all([ActivityGroup(activity_id=world.chess.id, **own), GroupMember(child_id=child.id, **own)])
    writing.flush()
    pupil = children(writing, world, 1)[0].id
    sign_up(writing, pupil, world.chess.id)
    sizes = {one.activity_id: one.registered for one in sizes_of_term(writing, a_desk(), world.term.id)}
    assert sizes == {world.painting.id: 0, world.chess.id: 2}


def test_a_room_that_is_too_small_is_named_and_not_pinned(writing: Session, world: World) -> None:
    writing.get_one(Room, world.rooms[0].id).capacity = 1
    writing.flush()
    for child in children(writing, world, 2):
        sign_up(writing, child.id, world.painting.id)
    sizes = {one.activity_id: one for one in sizes_of_term(writing, a_desk(), world.term.id)}
    assert sizes[world.painting.id].rooms == (world.rooms[0].name,)
    take_over_sizes(writing, a_desk(), world.term.id)
    assert {pin.session.activity_id for pin in writing.scalars(select(Pin))} == {world.chess.id}


def test_a_family_that_was_told_is_off_the_list(writing: Session, world: World) -> None:
    pupil = children(writing, world, 1)[0].id
    sign_up(writing, pupil, world.painting.id)
    give_up(writing, a_desk(), world.painting.id, "人数不足")
    note_told(writing, a_desk(), registration_of(writing, pupil, world.painting.id).id)
    assert to_tell(writing) == []


def test_a_workbook_is_taken_whole_or_not_at_all(writing: Session) -> None:
    fair = a_fair(writing, capacity=5)
    title = writing.get_one(Activity, fair.activities[0]).title
    numbers = [writing.get_one(Child, key).number for key in fair.children]
    wrong = as_xlsx(HEADINGS, [(numbers[0], "", "", title), (numbers[0], "", "", title), ("X", "", "", "无")])
    with pytest.raises(InvalidWorkbookError) as refusal:
        import_registrations(writing, a_desk(), fair.term, wrong)
    assert [(error.row, error.column) for error in refusal.value.errors] == [(3, "活动"), (4, "档案编号"), (4, "活动")]
    writing.rollback()


def test_a_receipt_and_brothers_and_sisters(writing: Session) -> None:
    fair, request = a_fair(writing, capacity=5), new_id()
    sign_up(writing, fair.children[0], fair.activities[0], request=request)
    (line,) = receipt(writing, request)
    assert (line.child.id, [one.starts_at for one in line.times]) == (fair.children[0], [at(SATURDAY, 8)])
    # The builder's mothers all have the same phone.
    assert [child.id for child in siblings(writing, [fair.children[0]])] == [fair.children[1]]


def test_a_sealed_file_takes_its_place_unseen(writing: Session) -> None:
    fair = a_fair(writing, capacity=1)
    for child in fair.children:
        sign_up(writing, child, fair.activities[0])
    head = an_account(writing, writing.get_one(Station, fair.station), role=Role.HEAD)
    seal(writing, Actor(Role.HEAD, fair.station, head.id), a_desk().clock, fair.children[0], ())
    set_scope(writing, scope_of_station(writing, fair.station))
    listed = activity_list(writing, fair.activities[0])
    assert (listed.taken, listed.free, listed.placed, listed.unseen) == (1, 0, (), 1)
    newcomer = a_candidate(writing, writing.get_one(Station, fair.station)).id
    assert sign_up(writing, newcomer, fair.activities[0]).state is Place.WAITING
    set_scope(writing, EVERYTHING)


def test_places_of_another_term_do_not_count(writing: Session) -> None:
    station = writing.get_one(Station, a_fair(writing).station)
    terms = [an_open_term(writing, writing.get_one(Station, station.id), per_child=1) for _ in range(2)]
    activities = [
        an_announced(writing, term, 5, at(day, 9)).id for term, day in zip(terms, (SATURDAY, SUNDAY), strict=True)
    ]
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    assert [sign_up(writing, child, activity).state for activity in activities] == [Place.PLACED] * 2
