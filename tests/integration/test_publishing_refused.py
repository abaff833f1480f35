"""What can't stand is not published, and then nothing has changed; what has begun stays as it was."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import (
    Activity,
    Blackout,
    Clearance,
    Closure,
    Plan,
    Volunteer,
)
from core.db.models.plan import PlanStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import ConflictError
from core.domain.serving import Bar
from core.services.assignable import NotAssignableError
from core.services.planning.audit import UnsoundPlanError
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, SUNDAY, a_station, a_term, an_activity, at, held
from tests.integration.test_publishing import first_weekend, publish_first, standing, swap_rooms
from tests.integration.timetable import World, a_draft, a_world, planned, publish

NINE, TEN = at(SATURDAY, 9), at(SATURDAY, 10)


@pytest.fixture
def world(database: Database) -> World:
    with database.writing(EVERYTHING) as session:
        return a_world(session)


def test_a_plan_is_published_once(database: Database, world: World) -> None:
    plan = publish_first(database, world)
    before = standing(database)
    with pytest.raises(ConflictError, match="published already"), database.writing(EVERYTHING) as session:
        publish(session, plan)
    assert standing(database) == before


def test_a_draft_made_before_another_publication_is_refused(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        late = a_draft(session, world.term, *swap_rooms(world))
    publish_first(database, world)
    before = standing(database)
    with pytest.raises(ConflictError, match="Another version"), database.writing(EVERYTHING) as session:
        publish(session, late)
    assert standing(database) == before


def test_of_two_who_publish_at_once_one_is_told_of_the_other(database: Database, world: World) -> None:
    with database.writing(EVERYTHING) as session:
        drafts = [a_draft(session, world.term, *plan(world)) for plan in (first_weekend, swap_rooms)]
    ready, results = threading.Barrier(2), []

    def try_it(plan: Plan) -> None:
        ready.wait()
        try:
            with database.writing(EVERYTHING) as session:
                publish(session, plan)
            results.append("published")
        except ConflictError:
            results.append("told")

    threads = [threading.Thread(target=try_it, args=(plan,)) for plan in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["published", "told"]


def test_the_database_holds_one_published_plan_a_term(database: Database, world: World) -> None:
    publish_first(database, world)

    def publish_past_the_service() -> None:
        with database.writing(EVERYTHING) as session:
            a_draft(session, world.term).status = PlanStatus.PUBLISHED

    with pytest.raises(IntegrityError, match=r"uq_plans_one_published_per_term|plans\.term_id"):
        publish_past_the_service()


def close_a_room(session: Session, world: World) -> None:
    session.add(
        Closure(
            station_id=world.station.id,
            room_id=world.rooms[0].id,
            first=SATURDAY,
            last=SATURDAY,
            reason="漏水",
            created_at=TEST_MOMENT,
        )
    )


def let_a_clearance_end(session: Session, world: World) -> None:
    for clearance in session.scalars(select(Clearance).where(Clearance.volunteer_id == world.people[0].id)):
        clearance.valid_until = SATURDAY - timedelta(days=1)


def fail_a_clearance(session: Session, world: World) -> None:
    day, person = date(2026, 11, 20), world.people[0]
    own = {"station_id": person.station_id, "volunteer_id": person.id}
    session.add(Clearance(checked_on=day, valid_until=date(2027, 11, 20), passed=False, **own))


def take_the_clearance_away(session: Session, world: World) -> None:
    for clearance in session.scalars(select(Clearance).where(Clearance.volunteer_id == world.people[0].id)):
        session.delete(clearance)


def black_a_day_out(session: Session, world: World) -> None:
    person = world.people[0]
    session.add(Blackout(station_id=person.station_id, volunteer_id=person.id, first=SATURDAY, last=SATURDAY))


def leave(session: Session, world: World) -> None:
    session.get_one(Volunteer, world.people[0].id).active = False


def need_more_adults(session: Session, world: World) -> None:
    session.get_one(Activity, world.painting.id).min_adults = 3


def give_up_an_activity(session: Session, world: World) -> None:
    session.get_one(Activity, world.painting.id).session_count = 1


@pytest.mark.parametrize(
    "happening",
    [
        close_a_room,
        black_a_day_out,
        need_more_adults,
        give_up_an_activity,
    ],
)
def test_a_plan_that_no_longer_holds_is_refused_whole(
    database: Database, world: World, happening: Callable[[Session, World], None]
) -> None:
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
    with database.writing(EVERYTHING) as session:
        happening(session, world)
    before = standing(database)
    with pytest.raises(UnsoundPlanError) as caught, database.writing(EVERYTHING) as session:
        publish(session, plan)
    assert caught.value.breaches
    assert standing(database) == before


@pytest.mark.parametrize(
    ("happening", "why"),
    [
        (let_a_clearance_end, Bar.EXPIRED),
        (fail_a_clearance, Bar.FAILED),
        (take_the_clearance_away, Bar.NEVER_CHECKED),
        (leave, Bar.RESTING),
    ],
)
def test_a_plan_that_puts_somebody_near_children_who_may_not_be_there_is_refused_by_name(
    database: Database, world: World, happening: Callable[[Session, World], None], why: Bar
) -> None:
    with database.writing(EVERYTHING) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
    with database.writing(EVERYTHING) as session:
        happening(session, world)
    before = standing(database)
    refused = pytest.raises(NotAssignableError, match=world.people[0].name)
    with refused as caught, database.writing(EVERYTHING) as session:
        publish(session, plan)
    assert caught.value.why is why
    assert standing(database) == before


def test_a_draft_that_breaks_a_rule_is_not_even_stored(database: Database, world: World) -> None:
    lonely = planned(world.chess.sessions[0], NINE, world.rooms[0], [world.people[0]])
    with pytest.raises(UnsoundPlanError), database.writing(EVERYTHING) as session:
        a_draft(session, world.term, lonely)
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(Plan.id))) == 0


@pytest.mark.parametrize("happening", [close_a_room, leave, black_a_day_out, let_a_clearance_end])
def test_what_has_begun_stays_whatever_happened_since(
    database: Database, world: World, happening: Callable[[Session, World], None]
) -> None:
    # Once a volunteer who had served left, nothing of the term could be published any more.
    publish_first(database, world)
    now = at(SATURDAY, 20)
    third, fourth = world.people[2:]
    with database.writing(EVERYTHING) as session:
        happening(session, world)
    with database.writing(EVERYTHING) as session:
        again = planned(world.painting.sessions[1], at(SUNDAY, 11), world.rooms[1], [third, fourth])
        plan = a_draft(session, world.term, first_weekend(world)[0], first_weekend(world)[2], again, now=now)
        changes = publish(session, plan, day=1, now=now)
    assert [change.session_id for change in changes] == [world.painting.sessions[1].id]


def test_what_has_begun_is_not_changed(database: Database, world: World) -> None:
    publish_first(database, world)
    with pytest.raises(UnsoundPlanError, match="begun"), database.writing(EVERYTHING) as session:
        a_draft(session, world.term, *first_weekend(world)[1:], now=at(SATURDAY, 20))


def test_what_another_station_has_booked_out_of_sight_is_told_and_nothing_is_published(
    database: Database, world: World
) -> None:
    # The database's guard once answered with its own error.
    with database.writing(EVERYTHING) as session:
        neighbour = a_station(session)
        visit = an_activity(session, a_term(session, neighbour))
        held(session, visit.sessions[0], NINE, world.rooms[0])
        scope = scope_of_station(session, world.station.id)
    with database.writing(scope) as session:
        plan = a_draft(session, world.term, *first_weekend(world))
    before = standing(database)
    with pytest.raises(ConflictError, match="booked elsewhere"), database.writing(scope) as session:
        publish(session, plan)
    assert standing(database) == before
