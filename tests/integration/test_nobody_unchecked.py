"""Nobody who may not be near children gets there, through planner, board, import or door, however it is attempted.

People and crews are made up near every edge; a judge that shares no code with the product says of each what must not
be. The full counts are a benchmark, and its table stands on the page of the verification.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CLEARANCE_GUARD
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.services import assignable
from tests.integration.attempts import DAYS, Fault, Tally, fault_of, somebody
from tests.integration.ways import board, door, planner, workbook

Way = Callable[[Session, random.Random, int], Tally]
SHORT = ((planner, 600), (board, 60), (workbook, 90), (door, 250))


@pytest.mark.parametrize(("way", "attempts"), SHORT, ids=lambda value: getattr(value, "__name__", str(value)))
def test_nobody_slips_through(writing: Session, way: Way, attempts: int) -> None:
    tally = way(writing, random.Random(1), attempts)  # noqa: S311 - no secret
    assert tally.slipped == []
    assert tally.attempts >= attempts
    assert tally.taken > attempts // 50
    assert {Fault.OUTSIDE, Fault.FAILED, Fault.EXPIRED} <= set(tally.careless)


@pytest.mark.verify
@pytest.mark.parametrize("way", [planner, board, workbook, door])
def test_nobody_slips_through_in_many_attempts(writing: Session, way: Way) -> None:
    tally = way(writing, random.Random(2), 1500)  # noqa: S311 - no secret
    assert tally.slipped == []
    assert tally.attempts >= 1500


def test_the_made_up_people_have_every_fault_and_a_careless_program_would_take_them() -> None:
    rng, tally = random.Random(3), Tally("nobody asks")  # noqa: S311 - no secret
    for _ in range(3000):
        one, day = somebody(rng), rng.choice(DAYS)
        tally.note([one], day, fault_of(one, day), taken=True)
    people = set(Fault) - {Fault.TOO_FEW, Fault.ONE_HOME}
    assert {fault for fault in people if tally.faults[fault] >= 20} == people
    assert {fault for fault in people if tally.careless[fault] >= 5} == people
    assert len(tally.slipped) == sum(tally.faults.values()) > 1000


@pytest.mark.parametrize(("way", "attempts"), [(planner, 300), (board, 60)])
def test_without_the_one_answer_the_same_attempts_slip_through(
    sqlite_session: Session, monkeypatch: pytest.MonkeyPatch, way: Way, attempts: int
) -> None:
    monkeypatch.setattr(assignable, "bar", lambda *_args, **_today: None)
    assert len(way(sqlite_session, random.Random(1), attempts).slipped) > 5  # noqa: S311 - no secret


def test_at_the_door_the_database_still_refuses_what_the_one_answer_lets_through(
    sqlite_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignable, "bar", lambda *_args, **_today: None)
    with pytest.raises(IntegrityError, match=CLEARANCE_GUARD):
        door(sqlite_session, random.Random(1), 60)  # noqa: S311 - no secret


@pytest.fixture
def sqlite_session(lasting_sqlite: Database) -> Iterator[Session]:
    """Yield a session of which nothing is kept."""
    with lasting_sqlite.writing(EVERYTHING) as session:
        yield session
        session.rollback()
