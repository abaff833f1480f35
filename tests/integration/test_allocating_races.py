"""At the same moment: two who publish, the desk and who publishes, who saves and the closing; and a killed process."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import allotting
from core.db.models import AllocationRun, Child, GroupMember, Registration, Term, WishList, WishRound
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.errors import DomainError
from core.domain.ids import new_id
from core.domain.registering import HOLDING, Place, Way
from core.domain.wishing import Errand
from core.services.allocating import publishing
from core.services.allocating.news import News
from core.services.allocating.results import refused_of
from core.services.allocating.runs import ALLOCATION_RUNS, ask_publishing
from core.services.audit import verify_chain
from core.services.registration.giving import Wanted as Pair
from core.services.registration.giving import register
from core.services.registration.intakes import keep_term_intake
from core.services.run_rows import PATIENCE
from core.services.wishes.lists import WishDraft, WishesClosedError, save_wishes
from core.services.wishes.rounds import close_round, lists_text
from tests.integration.builders import at
from tests.integration.registering import Hands, a_desk, an_announced, places_taken
from tests.integration.test_allocating import solved, stored
from tests.integration.test_registration_race import at_once
from tests.integration.timetable import NO_PLUGINS, ZONE
from tests.integration.wishing import DRAW, FIRST, TO_THE_END, a_wish_dates, a_wish_term


def counted(database: Database, *states: Place) -> int:
    with database.reading(EVERYTHING) as session:
        query = select(func.count(Registration.id)).where(Registration.state.in_(states))
        return session.scalar(query) or 0


def test_of_two_who_publish_at_once_one_does_and_it_is_done_once(database: Database) -> None:
    wished, clock = stored(database, [(0,), (1,), (2,)])
    results = [solved(database, wished, clock).id for _ in range(2)]

    def publish(result: UUID) -> str:
        try:
            with database.writing(EVERYTHING) as session:
                run = ask_publishing(session, a_desk(clock), result).id
        except DomainError as error:
            return error.code
        # Two processes take it, as when one was thought to be dead.
        with ThreadPoolExecutor(2) as pool:
            for number in range(2):
                pool.submit(allotting.carry_out, database, NO_PLUGINS, clock, ZONE, run, f"process {number}")
        return "published"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(publish, results))
    assert answers[1] == "published"
    assert answers[0] in {"allocation_under_way", "published"}
    with database.reading(EVERYTHING) as session:
        done = session.scalars(select(AllocationRun).where(AllocationRun.errand == Errand.PUBLISH)).all()
        assert [row.state for row in done] == [RunState.DONE]
        assert verify_chain(session, wished.station) is None
    assert counted(database, Place.PLACED) == 3


def test_while_places_are_published_the_desk_gives_none_of_them_twice(database: Database) -> None:
    wished, clock = stored(database, [(0,), (0,), (1,), (1,), (2,), (2,)], capacity=2)
    result = solved(database, wished, clock).id
    with database.writing(EVERYTHING) as session:
        run = ask_publishing(session, a_desk(clock), result).id
        opened = a_wish_dates(opens_at=clock.now().replace(tzinfo=None))
        keep_term_intake(session, a_desk(clock), wished.term, opened)
    clock.pass_by(timedelta(days=1))

    def registering(number: int) -> str:
        with database.writing(EVERYTHING) as session:
            pair = Pair(wished.children[number], wished.activities[(number // 2 + 1) % 3])
            (outcome,) = register(session, a_desk(clock), new_id(), [pair])
            return str(outcome.state)

    def publish() -> str:
        allotting.carry_out(database, NO_PLUGINS, clock, ZONE, run, "a process")
        return "published"

    with ThreadPoolExecutor(7) as pool:
        answers = [pool.submit(registering, number) for number in range(6)] + [pool.submit(publish)]
        assert all(answer.result(timeout=60) for answer in answers)
    for activity in wished.activities:
        taken, members = places_taken(database, activity)
        assert taken <= 2
        assert taken == members
    with database.reading(EVERYTHING) as session:
        assert session.get_one(AllocationRun, run).state is RunState.DONE
        double = select(Registration.child_id, Registration.activity_id).where(Registration.state.in_(HOLDING))
        pairs = session.execute(double).all()
        assert len(pairs) == len(set(pairs))
        assert verify_chain(session, wished.station) is None


def test_a_place_of_a_child_who_has_left_meanwhile_is_left_out_with_the_reason(database: Database) -> None:
    wished, clock = stored(database, [(0,)])
    result = solved(database, wished, clock).id
    with database.writing(EVERYTHING) as session:
        run = ask_publishing(session, a_desk(clock), result).id
        ALLOCATION_RUNS.take(session, clock, run, "a process", {})
    with database.reading(EVERYTHING) as session:
        plan = publishing.plan_publishing(session, a_desk(clock), run)
    with database.writing(EVERYTHING) as session:
        clock.pass_by(timedelta(seconds=1))
        child = session.get_one(Child, wished.children[0])
        child.left_on = clock.now().date()
    with database.reading(EVERYTHING) as session:
        again = publishing.plan_publishing(session, a_desk(clock), run)
    with database.writing(EVERYTHING) as session:
        done = publishing.carry_out(session, a_desk(clock), "a process", News(), plan)
        assert done.figures == {"placed": 0, "waiting": 0, "refused": 1}
        (refused,) = refused_of(session, a_desk(clock), run)
        assert (refused.child_id, [str(why) for why in refused.why]) == (
            wished.children[0],
            ["The child has left the station."],
        )
    assert plan.refused == {}
    assert [[one.code for one in found] for found in again.refused.values()] == [["left"]]


def test_a_list_that_is_saved_as_wishes_close_is_either_in_or_refused(database: Database) -> None:
    clock = Hands()
    with database.writing(EVERYTHING) as session:
        wished = a_wish_term(session, children=12)
    late = Hands()
    late.pass_by(TO_THE_END)

    def saving(number: int) -> object:
        def save(session: Session) -> object:
            draft = WishDraft((wished.activities[number % 3],))
            return save_wishes(session, a_desk(clock), wished.children[number], wished.term, draft, seen=0).revision

        return save

    deeds = [saving(number) for number in range(12)]
    deeds.insert(6, lambda session: close_round(session, a_desk(late), wished.term))
    answers = at_once(database, deeds)  # type: ignore[arg-type]
    saved = sum(answer == "1" for answer in answers)
    assert saved + sum(WishesClosedError.__name__ in answer for answer in answers) == 12
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(WishList.id))) == saved
        closed = session.scalars(select(WishRound)).one()
        assert closed.lists == lists_text(session, wished.term)
        assert (closed.lists or "").count("\n") == saved


def killed_at(database: Database, clock: Hands, run: UUID, step: str) -> None:
    """Publish in a process of its own, which is killed when it comes to a step."""
    database.dispose()
    child = os.fork()
    if child == 0:
        setattr(publishing, step, lambda *_values: os.kill(os.getpid(), signal.SIGKILL))
        allotting.carry_out(database, NO_PLUGINS, clock, ZONE, run, "killed")
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize("step", ["plan_publishing", "lock_children", "record_together", "end"])
def test_a_process_that_is_killed_while_it_publishes_loses_nothing_and_does_nothing_twice(
    sqlite_database: Database, step: str
) -> None:
    database = sqlite_database
    wished, clock = stored(database, [(number % 3,) for number in range(9)], capacity=3)
    result = solved(database, wished, clock).id
    with database.writing(EVERYTHING) as session:
        run = ask_publishing(session, a_desk(clock), result).id
    killed_at(database, clock, run, step)
    with database.reading(EVERYTHING) as session:
        assert session.get_one(AllocationRun, run).state is RunState.RUNNING
        assert session.scalar(select(func.count(Registration.id))) == 0
    clock.pass_by(PATIENCE + timedelta(seconds=1))
    allotting.carry_out(database, NO_PLUGINS, clock, ZONE, run, "the next")
    assert counted(database, Place.PLACED) == 9
    with database.reading(EVERYTHING) as session:
        done = session.get_one(AllocationRun, run)
        assert (done.state, done.attempts) == (RunState.DONE, 2)
        assert session.scalar(select(func.count(GroupMember.id))) == 9
        assert verify_chain(session, wished.station) is None


def test_a_place_that_clashes_with_what_the_desk_gave_meanwhile_is_left_out_with_the_reason(database: Database) -> None:
    wished, clock = stored(database, [(0,)])
    result = solved(database, wished, clock).id
    with database.writing(EVERYTHING) as session:
        keep_term_intake(session, a_desk(clock), wished.term, a_wish_dates(opens_at=at(DRAW.day, 0)))
        term = session.get_one(Term, wished.term)
        other = an_announced(session, term, 5, at(FIRST, 8), intake={"way": Way.FIRST_COME}).id
        run = ask_publishing(session, a_desk(clock), result).id
        ALLOCATION_RUNS.take(session, clock, run, "a process", {})
    with database.reading(EVERYTHING) as session:
        plan = publishing.plan_publishing(session, a_desk(clock), run)
    clock.pass_by(timedelta(seconds=1))
    with database.writing(EVERYTHING) as session:
        (outcome,) = register(session, a_desk(clock), new_id(), [Pair(wished.children[0], other)])
        assert outcome.state is Place.PLACED
    with database.writing(EVERYTHING) as session:
        done = publishing.carry_out(session, a_desk(clock), "a process", News(), plan)
        assert done.figures == {"placed": 0, "waiting": 0, "refused": 1}
        (refused,) = refused_of(session, a_desk(clock), run)
        assert "At the same time" in str(refused.why[0])
