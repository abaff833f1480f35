"""Publishing is one step: what changes is known beforehand, and what can't stand is refused whole."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import (
    Activity,
    ActivitySession,
    Assignment,
    AuditEntry,
    FeedItem,
    Plan,
)
from core.db.models.activity import SessionStatus
from core.db.models.plan import PlanStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.planning.plan import PlannedSession
from core.services.planning.surroundings import problem_name
from core.services.publishing import ChangeKind, publication_diff
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, SUNDAY, a_volunteer, at
from tests.integration.timetable import World, a_draft, a_world, planned, problem_of, publish

NINE, TEN = at(SATURDAY, 9), at(SATURDAY, 10)


@pytest.fixture
def world(database: Database) -> World:
    with database.writing(EVERYTHING) as session:
        return a_world(session)


def first_weekend(world: World) -> list[PlannedSession]:
    """Return a plan: painting at nine on both days in the first room, chess on Saturday in the second."""
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, NINE, world.rooms[0], [one, other]),
        planned(again, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(chess, NINE, world.rooms[1], [third, fourth]),
    ]


def publish_first(database: Database, world: World) -> Plan:
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
        publish(session, plan)
    return plan


def timetable(session: Session) -> dict[tuple[str, int], tuple[object, ...]]:
    """Return all that is published, by activity and position."""
    return {
        (str(row.activity_id), row.position): (
            row.id,
            row.status,
            row.starts_at,
            row.ends_at,
            row.room_id,
            frozenset((one.volunteer_id, one.role) for one in row.assignments),
        )
        for row in session.scalars(select(ActivitySession))
    }


def standing(database: Database) -> object:
    """Return whatever a refused publication must not have changed."""
    with database.reading(EVERYTHING) as session:
        items = session.execute(select(FeedItem.id, FeedItem.sequence, FeedItem.cancelled).order_by(FeedItem.id))
        plans = session.execute(select(Plan.id, Plan.status).order_by(Plan.version))
        return (timetable(session), items.all(), plans.all(), session.scalar(select(func.count(AuditEntry.id))))


def test_the_first_publication_adds_what_the_plan_holds(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
        foreseen = publication_diff(session, plan)
        done = publish(session, plan)
    assert done == foreseen
    assert [change.kind for change in done] == [ChangeKind.ADDED] * 3
    assert [change.after.starts_at for change in done if change.after] == [NINE, NINE, at(SUNDAY, 9)]
    with database.reading(EVERYTHING) as session:
        stored = session.get_one(Plan, plan.id)
        assert (stored.status, stored.published_at) == (PlanStatus.PUBLISHED, TEST_MOMENT)
        rows = {row.id: row for row in session.scalars(select(ActivitySession))}
        assert {row.status for row in rows.values()} == {SessionStatus.HELD}
        chess = rows[world.chess.sessions[0].id]
        assert (chess.starts_at, chess.ends_at, chess.room_id) == (NINE, TEN, world.rooms[1].id)
        assert {one.volunteer_id for one in chess.assignments} == {person.id for person in world.people[2:]}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "plan.published")).one()
        assert entry.detail == {"version": 1, "added": 3}


def test_a_diff_changes_nothing(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
    before = standing(database)
    with database.writing(EVERYTHING) as session:
        assert publication_diff(session, session.get_one(Plan, plan.id))
    assert standing(database) == before


def test_each_kind_of_change_is_told(database: Database, world: World) -> None:
    publish_first(database, world)
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    with database.writing(EVERYTHING) as session:
        plan = a_draft(
            session,
            world.term,
            planned(painting, NINE, world.rooms[0], [one, third]),
            planned(chess, at(SATURDAY, 14), world.rooms[1], [other, fourth]),
        )
        changes = {change.session_id: change for change in publish(session, plan, day=1)}
    assert {key: change.kind for key, change in changes.items()} == {
        painting.id: ChangeKind.RESTAFFED,
        again.id: ChangeKind.CANCELLED,
        chess.id: ChangeKind.MOVED,
    }
    restaffed, cancelled, moved = changes[painting.id], changes[again.id], changes[chess.id]
    assert {place.volunteer_id for place in restaffed.joining} == {third.id}
    assert {place.volunteer_id for place in restaffed.leaving} == {other.id}
    assert (cancelled.after, {place.volunteer_id for place in cancelled.leaving}) == (None, {one.id, other.id})
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.starts_at, moved.after.starts_at) == (NINE, at(SATURDAY, 14))
    assert {place.volunteer_id for place in moved.joining} == {other.id}
    with database.reading(EVERYTHING) as session:
        assert session.get_one(ActivitySession, again.id).status is SessionStatus.CANCELLED
        assert session.scalar(select(func.count(Assignment.id))) == 4


def test_a_plan_that_changes_nothing_has_no_changes_and_counts_as_a_version(database: Database, world: World) -> None:
    publish_first(database, world)
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
        assert publish(session, plan, day=1) == ()
        assert plan.version == 2
        assert plan.status is PlanStatus.PUBLISHED


def swap_rooms(world: World) -> list[PlannedSession]:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, NINE, world.rooms[1], [one, other]),
        planned(again, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(chess, NINE, world.rooms[0], [third, fourth]),
    ]


def swap_people(world: World) -> list[PlannedSession]:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, NINE, world.rooms[0], [third, fourth]),
        planned(again, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(chess, NINE, world.rooms[1], [one, other]),
    ]


def swap_times(world: World) -> list[PlannedSession]:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, at(SUNDAY, 9), world.rooms[0], [one, other]),
        planned(again, NINE, world.rooms[0], [one, other]),
        planned(chess, NINE, world.rooms[1], [third, fourth]),
    ]


def swap_everything(world: World) -> list[PlannedSession]:
    one, other, third, fourth = world.people
    painting, again, chess = world.sessions()
    return [
        planned(painting, NINE, world.rooms[1], [third, fourth]),
        planned(again, at(SATURDAY, 10), world.rooms[1], [third, fourth]),
        planned(chess, NINE, world.rooms[0], [one, other]),
    ]


@pytest.mark.parametrize("swap", [swap_rooms, swap_people, swap_times, swap_everything])
def test_sessions_swap_what_they_have_in_one_publication(
    database: Database, world: World, swap: Callable[[World], list[PlannedSession]]
) -> None:
    publish_first(database, world)
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *swap(world))
        assert len(publish(session, plan, day=1)) >= 2
    with database.reading(EVERYTHING) as session:
        incumbent = problem_of(session, world.term).incumbent
        assert incumbent is not None
        assert set(incumbent.sessions) == set(swap(world))


def test_sessions_keep_their_identity_for_ever(database: Database, world: World) -> None:
    ids = {row.id for row in world.sessions()}
    publish_first(database, world)
    for plan in ([], first_weekend(world), swap_everything(world)):
        with database.writing(EVERYTHING) as session:
            publish(session, a_draft(session, world.term, *plan), day=1)
        with database.reading(EVERYTHING) as session:
            assert set(session.scalars(select(ActivitySession.id))) == ids


def test_a_session_that_comes_back_has_no_reason_for_being_cancelled(database: Database, world: World) -> None:
    publish_first(database, world)
    with database.writing(EVERYTHING) as session:
        publish(session, a_draft(session, world.term), day=1)
        for row in session.scalars(select(ActivitySession)):
            row.reason = "台风"
    with database.writing(EVERYTHING) as session:
        changes = publish(session, a_draft(session, world.term, *first_weekend(world)), day=2)
        assert {change.kind for change in changes} == {ChangeKind.ADDED}
        assert set(session.scalars(select(ActivitySession.reason))) == {""}


def test_a_published_plan_is_superseded_by_the_next(database: Database, world: World) -> None:
    first = publish_first(database, world)
    with database.writing(EVERYTHING) as session:
        second = a_draft(session, world.term, *swap_rooms(world))
        assert second.summary["based_on"] == first.version
        publish(session, second, day=1)
    with database.reading(EVERYTHING) as session:
        statuses = session.scalars(select(Plan.status).order_by(Plan.version)).all()
    assert statuses == [PlanStatus.SUPERSEDED, PlanStatus.PUBLISHED]


def test_sessions_that_an_activity_got_later_are_published_too(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Activity, world.chess.id).session_count = 2
    with database.writing(EVERYTHING) as session:
        new = ActivitySession(activity_id=world.chess.id, position=1)
        third, fourth = world.people[2:]
        added = planned(new, at(SUNDAY, 14), world.rooms[1], [third, fourth])
        assert len(publish(session, a_draft(session, world.term, *first_weekend(world), added))) == 4
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).where(ActivitySession.status == SessionStatus.HELD)) == 4


def test_an_organizer_publishes_within_the_scope_of_the_station(database: Database, world: World) -> None:
    with database.reading(EVERYTHING) as session:
        scope = scope_of_station(session, world.station.id)
    with database.writing(scope) as session:
        assert problem_name(session, world.term)
        assert len(publish(session, a_draft(session, world.term, *first_weekend(world)))) == 3


def test_turnover_is_booked_with_the_room(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(type(world.rooms[1]), world.rooms[1].id).turnover = 45
    publish_first(database, world)
    with database.reading(EVERYTHING) as session:
        chess = session.get_one(ActivitySession, world.chess.sessions[0].id)
        assert chess.room_free_at == TEN + timedelta(minutes=45)


def test_a_volunteer_who_came_later_can_take_over(database: Database, world: World) -> None:
    publish_first(database, world)
    with database.writing(EVERYTHING) as session:
        fresh = a_volunteer(session, world.station)
        chess = planned(world.chess.sessions[0], NINE, world.rooms[1], [fresh, world.people[3]])
        changes = publish(session, a_draft(session, world.term, *first_weekend(world)[:2], chess), day=1)
    assert [change.kind for change in changes] == [ChangeKind.RESTAFFED]
