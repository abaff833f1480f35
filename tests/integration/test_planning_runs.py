"""Runs of the planner are rows: one at a time for a term, taken by one process, never lost and never half done."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.db.models import AuditEntry, Plan, PlanningRun
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.planning.errors import ContradictoryPinsError
from core.planning.outcome import Progress
from core.services.planning.news import MOST_POINTS, News
from core.services.planning.runs import (
    RunUnderWayError,
    abandoned_runs,
    ask_run,
    cancel_run,
    fail_run,
    finish_run,
    note_progress,
    take_run,
)
from core.services.run_rows import MOST_ATTEMPTS, PATIENCE, LostRunError, Word
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import a_term
from tests.integration.planning_runs import MUCH_LATER, NOW, Office, a_run, an_office, stored
from tests.integration.timetable import a_draft

ASKING = 6


@pytest.fixture
def office(database: Database) -> Office:
    with database.writing(EVERYTHING) as session:
        return an_office(session)


@pytest.fixture
def run(database: Database, office: Office) -> UUID:
    """Ask for a run and return its id."""
    with database.writing(EVERYTHING) as session:
        return ask_run(session, office.organizer, NOW, office.term, seconds=15).id


def take(database: Database, run: UUID, worker: str, clock: FixedClock = NOW) -> bool:
    with database.writing(EVERYTHING) as session:
        return take_run(session, clock, run, worker) is not None


def at_once(count: int, deed: Callable[[int], object]) -> list[object]:
    """Do something in several threads as nearly at once as can be, and return what came of it, errors included."""
    gate, results = threading.Barrier(count), list[object]()

    def one(number: int) -> None:
        gate.wait()
        try:
            results.append(deed(number))
        except (RunUnderWayError, IntegrityError) as error:
            results.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def actions(database: Database) -> list[str]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_run_that_is_asked_for_waits_to_be_taken(database: Database, office: Office, run: UUID) -> None:
    row = stored(database, run)
    assert (row.state, row.seconds, row.asked_by) == (RunState.QUEUED, 15, office.organizer.user_id)
    assert actions(database) == ["run.asked"]


def test_a_term_out_of_reach_and_a_time_that_is_no_choice_are_refused(database: Database, office: Office) -> None:
    with database.writing(EVERYTHING) as session:
        stranger = an_office(session)
    with database.reading(EVERYTHING) as session:
        scope = scope_of_station(session, stranger.world.station.id)
    with database.writing(scope) as session:
        with pytest.raises(NotFoundError):
            ask_run(session, stranger.organizer, NOW, office.term, seconds=15)
        with pytest.raises(InvalidInputError):
            ask_run(session, stranger.organizer, NOW, stranger.term, seconds=86_400)


def test_of_several_who_ask_at_once_one_gets_a_run_and_the_others_are_told_which(
    database: Database, office: Office
) -> None:
    def ask(_number: int) -> UUID:
        with database.writing(EVERYTHING) as session:
            return ask_run(session, office.organizer, NOW, office.term, seconds=15).id

    results = at_once(ASKING, ask)
    (got,) = (one for one in results if isinstance(one, UUID))
    assert [one.run_id for one in results if isinstance(one, RunUnderWayError)] == [got] * (ASKING - 1)


def test_several_who_ask_at_once_for_a_term_each_all_get_one(database: Database, office: Office) -> None:
    with database.writing(EVERYTHING) as session:
        terms = [a_term(session, office.world.station).id for _ in range(ASKING)]

    def ask(number: int) -> UUID:
        with database.writing(EVERYTHING) as session:
            return ask_run(session, office.organizer, NOW, terms[number], seconds=15).id

    assert len({one for one in at_once(ASKING, ask) if isinstance(one, UUID)}) == ASKING


def test_the_database_itself_refuses_a_second_open_run(database: Database, office: Office) -> None:
    def add(_number: int) -> UUID:
        with database.writing(EVERYTHING) as session:
            row = a_run(office)
            session.add(row)
            return row.id

    results = at_once(ASKING, add)
    assert sum(isinstance(one, IntegrityError) for one in results) == ASKING - 1


def test_a_term_can_be_planned_again_when_its_run_is_over(database: Database, office: Office, run: UUID) -> None:
    with database.writing(EVERYTHING) as session:
        cancel_run(session, office.organizer, NOW, run)
        assert ask_run(session, office.organizer, NOW, office.term, seconds=15).id != run


def test_one_of_several_processes_takes_a_run(database: Database, run: UUID) -> None:
    taken = at_once(ASKING, lambda number: take(database, run, f"process {number}"))
    assert sorted(map(bool, taken)) == [False] * (ASKING - 1) + [True]


def test_a_run_is_taken_again_only_when_its_process_is_silent(database: Database, run: UUID) -> None:
    assert take(database, run, "first")
    with database.writing(EVERYTHING) as session:
        later = FixedClock(TEST_MOMENT + PATIENCE)
        assert note_progress(session, later, run, "first", News()) is Word.GO_ON
    assert not take(database, run, "second", MUCH_LATER)
    after = FixedClock(MUCH_LATER.at + PATIENCE)
    with database.reading(EVERYTHING) as session:
        assert list(abandoned_runs(session, MUCH_LATER)) == []
        assert list(abandoned_runs(session, after)) == [run]
    assert take(database, run, "second", after)
    assert stored(database, run).attempts == 2


def test_a_process_that_was_taken_for_dead_can_store_nothing(database: Database, office: Office, run: UUID) -> None:
    take(database, run, "first")
    take(database, run, "second", MUCH_LATER)

    def come_back() -> None:
        with database.writing(EVERYTHING) as session:
            assert note_progress(session, MUCH_LATER, run, "first", News()) is Word.LET_GO
            plan = a_draft(session, office.world.term)
            finish_run(session, office.organizer, MUCH_LATER, run, "first", News(), plan)

    with pytest.raises(LostRunError):
        come_back()
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count(Plan.id))) == 0
    assert stored(database, run).state is RunState.RUNNING


def test_a_run_that_ends_its_processes_fails_in_the_end(database: Database, run: UUID) -> None:
    clock = NOW
    for number in range(MOST_ATTEMPTS):
        assert take(database, run, f"process {number}", clock)
        clock = FixedClock(clock.at + PATIENCE + timedelta(seconds=1))
    assert not take(database, run, "one more", clock)
    row = stored(database, run)
    assert (row.state, row.error_code) == (RunState.FAILED, "worker_died")


def test_stopping_a_run_tells_its_process_and_ends_one_that_has_none(
    database: Database, office: Office, run: UUID
) -> None:
    take(database, run, "first")
    with database.writing(EVERYTHING) as session:
        assert cancel_run(session, office.organizer, NOW, run).state is RunState.RUNNING
        assert note_progress(session, NOW, run, "first", News()) is Word.STOP
        assert cancel_run(session, office.organizer, NOW, run).state is RunState.RUNNING
    assert actions(database).count("run.stopped") == 1
    with database.writing(EVERYTHING) as session:
        waiting = a_run(office, state=RunState.QUEUED, term=a_term(session, office.world.station))
        waiting.term_id = waiting.term.id
        session.add(waiting)
        session.flush()
        assert cancel_run(session, office.organizer, NOW, waiting.id).state is RunState.CANCELLED


def test_a_failure_is_kept_with_its_code_and_its_ids(database: Database, office: Office, run: UUID) -> None:
    take(database, run, "first")
    message = Message("This pin can't be kept: %(pins)s. Take it back.", {"pins": (Message("a"), "b")})
    with database.writing(EVERYTHING) as session:
        fail_run(session, office.organizer, NOW, run, "first", ContradictoryPinsError(message))
    row = stored(database, run)
    assert (row.state, row.error_code, row.ended_at) == (RunState.FAILED, "contradictory_pins", TEST_MOMENT)
    assert row.error == {"text": message.text, "values": {"pins": [{"text": "a", "values": {}}, "b"]}}
    with database.reading(EVERYTHING) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "run.failed")).one()
        assert entry.detail == {"code": "contradictory_pins"}


def test_news_stay_small_and_keep_the_newest_point() -> None:
    news = News()
    for tenth in range(3_000):
        news = news.told(Progress(tenth / 10, 10_000 - tenth, tenth, {"required": 2}, held=tenth // 100))
    assert len(news.history) <= MOST_POINTS
    assert (news.cost, news.bound, news.held, news.empty_places) == (7_001, 2_999, 29, 2)
    assert [point[0] for point in news.history] == sorted(point[0] for point in news.history)
    assert News.of(news.to_json()) == news
    assert News.of({}) == News()


def test_a_run_belongs_to_its_station(database: Database, office: Office, run: UUID) -> None:
    with database.writing(EVERYTHING) as session:
        stranger = an_office(session)
    with database.reading(EVERYTHING) as session:
        scope = scope_of_station(session, stranger.world.station.id)
    with database.reading(scope) as session:
        assert session.scalars(select(PlanningRun)).all() == []
