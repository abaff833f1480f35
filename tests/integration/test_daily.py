"""The work of a day: begun once, by one process, and gone on with where another died."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import false, select
from structlog.testing import capture_logs

from core import daily
from core.config import Settings
from core.daily import PARTS, Keeper, Work, carry_out, due_now
from core.db.models import Child, DailyWork, User
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.services.erasing import read_ledger
from tests.integration.builders import a_child, a_station, an_account

#: Three in the morning at the stations.
THREE = datetime(2026, 11, 25, 19, tzinfo=UTC)
DAY = date(2026, 11, 26)
SECOND = timedelta(seconds=1)


@dataclass
class Hands:
    """A clock that a test sets."""

    at: datetime = THREE

    def now(self) -> datetime:
        """Return where the clock stands."""
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def work(database: Database, hands: Hands, tmp_path: Path) -> Work:
    return Work(database, hands, Settings.in_directory(tmp_path))


def days(work: Work) -> list[DailyWork]:
    with work.database.reading(EVERYTHING) as session:
        return list(session.scalars(select(DailyWork).order_by(DailyWork.day)))


def counting(done: list[str], *names: str) -> dict[str, Callable[[Work], int]]:
    def part(name: str) -> Callable[[Work], int]:
        def do(_work: Work) -> int:
            done.append(name)
            return len(done)

        return do

    return {name: part(name) for name in names}


def test_a_server_begins_at_three_and_once_a_day(work: Work, hands: Hands) -> None:
    hands.at = THREE - SECOND
    assert not due_now(work)
    hands.at = THREE
    assert due_now(work)
    done: list[str] = []
    assert carry_out(work, "a", counting(done, "one", "two")) == {"one": 1, "two": 2}
    assert not due_now(work)
    assert carry_out(work, "b", counting(done, "one", "two")) is None
    hands.at = THREE + timedelta(days=1) - SECOND
    assert not due_now(work)
    hands.at = THREE + timedelta(days=1)
    assert due_now(work)
    assert carry_out(work, "b", counting(done, "one")) == {"one": 3}
    assert [(row.day, row.worker) for row in days(work)] == [(DAY, "a"), (DAY + timedelta(days=1), "b")]


def test_a_machine_that_was_off_catches_up_later_in_the_day(work: Work, hands: Hands) -> None:
    hands.at = THREE + timedelta(hours=20, minutes=59)
    assert due_now(work)
    carry_out(work, "a", {})
    assert [row.day for row in days(work)] == [DAY]


def test_what_fails_is_noted_by_its_kind_and_stops_nothing(work: Work) -> None:
    def fail(_work: Work) -> int:
        raise ValueError("陈小明")

    done: list[str] = []
    with capture_logs() as logs:
        assert carry_out(work, "a", {"bad": fail, **counting(done, "good")}) == {"bad": "ValueError", "good": 1}
    assert [(line["event"], line["part"], line["kind"]) for line in logs] == [
        ("daily_part_failed", "bad", "ValueError")
    ]
    assert "陈小明" not in str(logs)
    (row,) = days(work)
    assert row.parts == {"bad": {"failed": "ValueError"}, "good": {"done": 1}}
    assert row.ended_at == THREE
    assert not due_now(work)
    assert carry_out(work, "a", counting(done, "bad", "good"), again=True) == {"bad": 2}
    assert carry_out(work, "a", counting(done, "bad", "good"), again=True) == {}


def test_another_goes_on_where_a_process_died(work: Work, hands: Hands) -> None:
    def die(_work: Work) -> int:
        raise SystemExit(9)

    done: list[str] = []
    with pytest.raises(SystemExit):
        carry_out(work, "a", {**counting(done, "one"), "two": die})
    hands.at = THREE + timedelta(hours=1)
    assert not due_now(work)
    assert carry_out(work, "b", counting(done, "one", "two")) is None
    hands.at += SECOND
    assert due_now(work)
    assert carry_out(work, "b", counting(done, "one", "two")) == {"two": 2}
    assert done == ["one", "two"]
    assert [(row.worker, row.ended_at) for row in days(work)] == [("b", hands.at)]


def test_whoever_comes_a_moment_late_leaves_the_day_alone(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_out(work, "a", {})
    # The other server's row is written between this one's look and its own.
    monkeypatch.setattr("core.services.daily._of", lambda _day: select(DailyWork).where(false()))
    assert carry_out(work, "b", {}) is None
    assert [row.worker for row in days(work)] == ["a"]


def test_a_process_that_was_taken_for_dead_lets_go(work: Work, hands: Hands) -> None:
    done: list[str] = []

    def sleep(_work: Work) -> int:
        hands.at += timedelta(hours=1) + SECOND
        carry_out(work, "b", counting(done, "slow", "next"))
        return 0

    assert carry_out(work, "a", {"slow": sleep, **counting(done, "next")}) == {"slow": 0}
    assert done == ["slow", "next"]
    assert [row.worker for row in days(work)] == ["b"]


def test_the_days_own_parts_mark_adults_let_go_and_keep_the_ledger(work: Work, hands: Hands) -> None:
    with work.database.writing(EVERYTHING) as session:
        station = a_station(session)
        adult = a_child(session, station, birth_date="2008-11-26").id
        old = a_child(session, station, left_on=date(2020, 1, 1)).id
        over = an_account(session, station, invitation_hash=bytes(32), invited_until=THREE).id
        waiting = an_account(session, station, invitation_hash=b"1" * 32, invited_until=THREE + SECOND).id
    assert carry_out(work, "a") == {"adults": 1, "retention": 1, "invitations": 1, "busy_times": 0, "ledger": 1}
    with work.database.reading(EVERYTHING) as session:
        assert [(row.id, row.left_on) for row in session.scalars(select(Child))] == [(adult, DAY)]
        assert session.get_one(User, over).invitation_hash is None
        assert session.get_one(User, over).invited_until is None
        assert session.get_one(User, waiting).invitation_hash == b"1" * 32
    ledger = read_ledger(work.settings.erasure_ledger, work.database.vault)
    assert [one.subject_id for one in ledger] == [old]
    assert list(PARTS) == ["adults", "retention", "invitations", "busy_times", "ledger"]


def test_a_server_looks_and_starts_a_process() -> None:
    started: list[int] = []
    keeper = Keeper(lambda: len(started) < 2, lambda: started.append(1))
    for _ in range(3):
        keeper.look()
    assert started == [1, 1]


def test_looking_survives_a_database_that_is_away() -> None:
    def away() -> bool:
        raise OSError("address")

    with capture_logs() as logs:
        Keeper(away, lambda: None).look()
    assert [(line["event"], line["kind"]) for line in logs] == [("look_failed", "OSError")]


def test_the_thread_looks_at_once_and_ends_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "_LOOK_SECONDS", 0.001)
    over, looks = Event(), list[int]()

    def due() -> bool:
        looks.append(1)
        if len(looks) == 3:
            over.set()
        return False

    Keeper(due, lambda: None).keep_looking(over).join(timeout=10)
    assert len(looks) == 3
