"""The clock of questions: reminders, ends and the next person come by themselves, once however many servers look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import waiting
from core.config import Settings
from core.daily import Work
from core.db.models import AvailabilityCampaign, DutySwap
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.domain.replies import RequestState, SwapState
from core.services.campaigns.asking import Question, ask_all
from core.services.replies.asking import Terms, ask
from core.services.replies.swapping import offer
from core.testing import TEST_MOMENT
from core.waiting import questions_are_due, turn_questions
from tests.integration.asked import LEAD, NO_PLUGINS, Weekend, a_weekend, states


@pytest.fixture
def town(database: Database) -> Weekend:
    """Ask for a place and for everybody's times, and offer a duty to others."""
    with database.writing(EVERYTHING) as session:
        town = a_weekend(session)
        ask(session, town.desk(), town.session.id, LEAD, town.people[2].id, Terms(hours=10, go_on=True))
        offer(session, town.theirs(0), town.session.id, town.people[0].id)
        winter = Question("寒假", date(2026, 12, 1), date(2026, 12, 31), by=date(2026, 11, 27))
        ask_all(session, town.desk(), town.station.id, winter)
        for one in (town.station, town.session, town.organizer, *town.people):
            session.refresh(one)
    return town


def work_at(database: Database, tmp_path: Path, hours: float) -> Work:
    return Work(database, FixedClock(TEST_MOMENT + timedelta(hours=hours)), Settings.in_directory(tmp_path))


def test_what_is_due_is_done_once_and_then_nothing_is(database: Database, town: Weekend, tmp_path: Path) -> None:
    assert town.people
    work = work_at(database, tmp_path, 1)
    assert not questions_are_due(work, NO_PLUGINS)
    assert turn_questions(work, NO_PLUGINS) == 0
    for hours, turned in ((6, 1), (11, 1), (49, 3)):
        work = work_at(database, tmp_path, hours)
        assert questions_are_due(work, NO_PLUGINS)
        assert turn_questions(work, NO_PLUGINS) == turned
        assert not questions_are_due(work, NO_PLUGINS)
    with database.reading(EVERYTHING) as session:
        assert states(session) == [RequestState.EXPIRED, RequestState.EXPIRED]
        assert [one.state for one in session.scalars(select(DutySwap))] == [SwapState.OVER]
        assert [one.closed_at is not None for one in session.scalars(select(AvailabilityCampaign))] == [True]


def test_several_servers_that_look_at_once_do_it_once(database: Database, town: Weekend, tmp_path: Path) -> None:
    assert town.people
    work = work_at(database, tmp_path, 11)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: turn_questions(work, NO_PLUGINS), range(4))) == 1
    with database.reading(EVERYTHING) as session:
        assert states(session) == [RequestState.EXPIRED, RequestState.ASKED]


def test_one_that_fails_keeps_no_other_waiting(
    database: Database, town: Weekend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert town.people

    def fails(*_args: object) -> bool:
        raise RuntimeError("a row that nobody foresaw")

    monkeypatch.setattr(waiting, "turn_request", fails)
    assert turn_questions(work_at(database, tmp_path, 49), NO_PLUGINS) == 2
