"""A process carries a run out: it stores the draft for who asked, stops when it is told to, and may die at any time."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.cli.serve import resume
from core.config import Settings
from core.db.models import AuditEntry, Pin, Plan, PlanningRun
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import SystemClock
from core.hooks.calling import Hooks, Plugin
from core.hooks.specs import hookimpl
from core.jobs.embedded import EmbeddedEngine
from core.security.keys import Keys, write_keys
from core.services.audit import verify_chain
from core.services.planning.news import News
from core.services.run_rows import PATIENCE, is_abandoned
from core.testing import TEST_MOMENT
from core.worker import carry_out
from tests.integration.builders import SATURDAY, at
from tests.integration.planning_runs import NOW, Office, a_run, an_office, busy, stored
from tests.integration.timetable import NO_PLUGINS, ZONE

#: A process has to import the planner first, on a machine that does other things as well.
LONG = 60.0


@pytest.fixture
def office(database: Database) -> Office:
    with database.writing(EVERYTHING) as session:
        return an_office(session)


def asked(database: Database, office: Office, **values: object) -> UUID:
    with database.writing(EVERYTHING) as session:
        run = a_run(office, **values)
        session.add(run)
    return run.id


def drafts(database: Database) -> list[Plan]:
    with database.reading(EVERYTHING) as session:
        return list(session.scalars(select(Plan).order_by(Plan.version)))


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; fail where it doesn't in a long time."""
    deadline = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_draft_is_stored_for_who_asked(database: Database, office: Office) -> None:
    run = asked(database, office)
    carry_out(database, NO_PLUGINS, NOW, ZONE, run)
    row = stored(database, run)
    (plan,) = drafts(database)
    assert (row.state, row.plan_id) == (RunState.DONE, plan.id)
    assert plan.created_by == office.organizer.user_id
    assert plan.summary["held"] == 3
    assert (News.of(row.progress).held, News.of(row.progress).cost) == (3, plan.summary["cost"])
    with database.reading(EVERYTHING) as session:
        actors = set(session.scalars(select(AuditEntry.actor_id)))
        assert actors == {office.organizer.user_id}


def test_a_run_that_is_over_is_not_carried_out_again(database: Database, office: Office) -> None:
    run = asked(database, office, state=RunState.CANCELLED)
    carry_out(database, NO_PLUGINS, NOW, ZONE, run)
    assert drafts(database) == []


def test_stopping_keeps_the_best_so_far(database: Database, office: Office) -> None:
    with database.writing(EVERYTHING) as session:
        busy(session, office)
    run = asked(database, office, seconds=300, cancel_asked=True)
    began = time.monotonic()
    carry_out(database, NO_PLUGINS, NOW, ZONE, run)
    assert time.monotonic() - began < LONG
    (plan,) = drafts(database)
    assert plan.summary["status"] == "cancelled"
    assert plan.summary["held"] > 0
    row = stored(database, run)
    assert (row.state, row.plan_id) == (RunState.DONE, plan.id)
    assert News.of(row.progress).held == plan.summary["held"]


def test_contradictory_pins_end_the_run_and_say_which_they_are(database: Database, office: Office) -> None:
    painting, _, chess = office.world.sessions()
    with database.writing(EVERYTHING) as session:
        # Both in one room at one time, as two plans may have held them one after the other.
        where = {"starts_at": at(SATURDAY, 9), "room_id": office.world.rooms[0].id, "pinned_at": TEST_MOMENT}
        session.add_all(Pin(station_id=row.station_id, session_id=row.id, **where) for row in (painting, chess))
    run = asked(database, office)
    carry_out(database, NO_PLUGINS, NOW, ZONE, run)
    failed = stored(database, run)
    assert (failed.state, failed.error_code) == (RunState.FAILED, "contradictory_pins")
    assert str(painting.activity_id) in str(failed.error)
    assert str(chess.activity_id) in str(failed.error)
    assert drafts(database) == []


def test_what_nobody_foresaw_is_told_by_its_kind_alone(
    database: Database, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_hooks: Hooks) -> tuple[()]:
        raise ZeroDivisionError("a row's data")

    monkeypatch.setattr(Hooks, "planning_rules", fail)
    run = asked(database, office)
    carry_out(database, NO_PLUGINS, NOW, ZONE, run)
    row = stored(database, run)
    assert (row.state, row.error_code) == (RunState.FAILED, "planner_failed")
    assert "ZeroDivisionError" in str(row.error)
    assert "row's data" not in str(row.error)


def test_a_program_that_fails_is_named(database: Database, office: Office) -> None:
    def fail() -> tuple[()]:
        raise LookupError("a row's data")

    module: Any = ModuleType("toy_package.plugin")
    module.__file__ = __file__
    module.planning_rules = hookimpl(fail)
    run = asked(database, office)
    carry_out(database, Hooks([Plugin("toy", module)]), NOW, ZONE, run)
    row = stored(database, run)
    assert (row.error_code, row.error["values"]) == ("plugin_failed", {"key": "toy"})


@pytest.fixture
def settings(database: Database, keys: Keys, tmp_path: Path) -> Settings:
    """Return the settings of an installation on the test's database, without any plugin."""
    key_file = tmp_path / "keys.json"
    write_keys(key_file, keys)
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(tmp_path, url, key_file, timezone=ZONE, plugins=())


@pytest.fixture
def engine(settings: Settings) -> EmbeddedEngine:
    """Return an engine whose processes work on the test's database."""
    return EmbeddedEngine(settings)


def test_a_killed_process_loses_nothing(database: Database, office: Office, engine: EmbeddedEngine) -> None:
    with database.writing(EVERYTHING) as session:
        busy(session, office)
    run = asked(database, office, seconds=60, asked_at=SystemClock().now())
    engine.start(run)
    until(lambda: News.of(stored(database, run).progress).cost is not None)
    os.kill(engine._processes[run].pid, signal.SIGKILL)
    assert engine.wait(run) == -signal.SIGKILL
    row = stored(database, run)
    assert (row.state, row.plan_id) == (RunState.RUNNING, None)
    assert drafts(database) == []

    with database.writing(EVERYTHING) as session:
        silent = session.get_one(PlanningRun, run)
        assert silent.heartbeat_at is not None
        silent.heartbeat_at -= PATIENCE
        # The second one is to stop as soon as it has a plan.
        silent.cancel_asked = True
    until(lambda: is_abandoned(stored(database, run), SystemClock().now()))
    engine.start(run)
    assert engine.wait(run) == 0
    row = stored(database, run)
    (plan,) = drafts(database)
    assert (row.state, row.plan_id, row.attempts) == (RunState.DONE, plan.id, 2)
    with database.reading(EVERYTHING) as session:
        assert verify_chain(session, office.world.station.id) is None
        kept = list(session.scalars(select(AuditEntry.action)))
    assert sorted(kept) == ["plan.drafted", "run.done"]


def test_a_run_that_is_being_carried_out_gets_no_second_process(
    database: Database, office: Office, engine: EmbeddedEngine
) -> None:
    run = asked(database, office, state=RunState.CANCELLED)
    engine.start(run)
    first = engine._processes[run]
    engine.start(run)
    assert engine._processes[run] is first
    assert engine.wait(run) == 0


def test_a_server_that_starts_takes_up_what_was_left(
    database: Database, office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[UUID] = []
    monkeypatch.setattr(EmbeddedEngine, "start", lambda _engine, run_id: started.append(run_id))
    run = asked(database, office, asked_at=SystemClock().now())
    resume(settings)
    assert started == []
    with database.writing(EVERYTHING) as session:
        session.get_one(PlanningRun, run).asked_at -= 2 * PATIENCE
    resume(settings)
    assert started == [run]
