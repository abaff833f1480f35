"""Processes of their own give places and publish them, are killed, and are taken up again when a server starts."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.cli.serve import resume
from core.config import Settings
from core.db.models import AllocationRun, Registration
from core.db.models.run import RunState
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import SystemClock
from core.domain.registering import Place
from core.jobs.embedded import EmbeddedEngine
from core.security.keys import Keys, write_keys
from core.services.allocating.news import News, Phase
from core.services.allocating.runs import ask_allocation, ask_publishing
from core.services.audit import verify_chain
from core.services.run_rows import PATIENCE
from tests.integration.registering import a_desk
from tests.integration.test_allocating import UNSTAFFED, stored
from tests.integration.test_worker import until
from tests.integration.timetable import ZONE
from tests.integration.wishing import Wished


@pytest.fixture
def settings(database: Database, keys: Keys, tmp_path: Path) -> Settings:
    """Return the settings of an installation on the test's database, without any plugin."""
    key_file = tmp_path / "keys.json"
    write_keys(key_file, keys)
    url = database.engine.url.render_as_string(hide_password=False)
    return Settings(tmp_path, url, key_file, timezone=ZONE, plugins=())


def asked(database: Database, wished: Wished) -> UUID:
    """Ask for places as somebody does today; wishes were taken when the made-up term says."""
    with database.writing(EVERYTHING) as session:
        run = ask_allocation(session, a_desk(), wished.term, UNSTAFFED, seconds=15)
        run.asked_at = SystemClock().now()
        return run.id


def run_of(database: Database, run: UUID) -> AllocationRun:
    with database.reading(EVERYTHING) as session:
        return session.get_one(AllocationRun, run)


def test_processes_give_places_and_publish_them_and_one_that_is_killed_is_taken_up(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wished, _clock = stored(database, [(number % 3,) for number in range(6)], capacity=2)
    engine, result = EmbeddedEngine(settings), asked(database, wished)
    engine.start(result)
    until(lambda: run_of(database, result).state is RunState.RUNNING)
    os.kill(engine._processes[result].pid, signal.SIGKILL)
    assert engine.wait(result) == -signal.SIGKILL
    if run_of(database, result).state is RunState.RUNNING:
        with database.writing(EVERYTHING) as session:
            session.get_one(AllocationRun, result).heartbeat_at = SystemClock().now() - 2 * PATIENCE
        monkeypatch.setattr(EmbeddedEngine, "start", lambda _new, run_id: started.append(run_id))
        started: list[UUID] = []
        resume(settings)
        monkeypatch.undo()
        assert started == [result]
        engine.start(result)
        assert engine.wait(result) == 0
    found = run_of(database, result)
    assert (found.state, found.error) == (RunState.DONE, {})
    assert News.of(found.progress).phase is Phase.EXPLAINING
    with database.writing(EVERYTHING) as session:
        publish = ask_publishing(session, a_desk(), result)
        publish.asked_at = SystemClock().now() - timedelta(seconds=1)
        run = publish.id
    engine.start(run)
    assert engine.wait(run) == 0
    assert run_of(database, run).state is RunState.DONE
    with database.reading(EVERYTHING) as session:
        given = session.scalar(select(func.count(Registration.id)).where(Registration.state == Place.PLACED))
        assert given == found.figures["places"]
        assert verify_chain(session, wished.station) is None
