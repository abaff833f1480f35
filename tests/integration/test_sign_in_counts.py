"""What is counted while people sign in: guesses sent at once can't outrun it, and a code is good for one time."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.db.models import User
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.services import sign_in
from core.services.accounts import add_user
from core.services.credentials import keep_recovery_codes, use_recovery_code, use_totp_counter
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station

LOGIN = "mei"


class StillClock:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.at = TEST_MOMENT

    def now(self) -> datetime:
        """Return where it stands."""
        return self.at


@pytest.fixture
def clock() -> StillClock:
    """Return the clock of the sign-ins."""
    return StillClock()


@pytest.fixture
def account(database: Database, clock: StillClock) -> UUID:
    """Return an account."""
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        password = "一句只有我知道的长话 2026"
        user = add_user(session, SYSTEM, clock, login=LOGIN, password=password, role=Role.HEAD, station_id=station.id)
        return user.id


def _at_once(deed: Callable[[], bool], times: int = 12) -> int:
    """Return how often the deed succeeds when it is done at once."""
    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(lambda _: deed(), range(times)))


def test_of_guesses_sent_at_once_five_are_looked_at(database: Database, clock: StillClock, account: UUID) -> None:
    def guess() -> bool:
        with database.writing(EVERYTHING) as session:
            return sign_in.begin_attempt(session, clock, LOGIN, demo_allowed=False) is not None

    assert _at_once(guess) == sign_in.MAX_FAILURES
    clock.at += sign_in.LOCK + timedelta(seconds=1)
    assert _at_once(guess) == sign_in.MAX_FAILURES


def test_a_recovery_code_opens_once_however_many_try(database: Database, clock: StillClock, account: UUID) -> None:
    with database.writing(EVERYTHING) as session:
        keep_recovery_codes(session, clock, account, ("a" * 64, "b" * 64))

    def use() -> bool:
        with database.writing(EVERYTHING) as session:
            return use_recovery_code(session, clock, account, "a" * 64)

    assert _at_once(use) == 1
    with database.reading(EVERYTHING) as session:
        assert session.get_one(User, account).recovery_codes == f'["{"b" * 64}"]'


def test_a_half_minutes_code_is_taken_once_and_no_earlier_one_after_it(database: Database, account: UUID) -> None:
    def use(counter: int) -> bool:
        with database.writing(EVERYTHING) as session:
            return use_totp_counter(session, account, counter)

    assert _at_once(lambda: use(7)) == 1
    assert not use(6)
    assert use(8)


@pytest.mark.parametrize("seed", range(8))
def test_no_mixture_of_right_passwords_and_wrong_codes_gives_more_than_five_guesses(
    sqlite_database: Database, seed: int
) -> None:
    rng, clock, failed, waiting = random.Random(seed), StillClock(), 0, 0  # noqa: S311 (the same steps on every run)
    with sqlite_database.writing(EVERYTHING) as session:
        station = a_station(session)
        user = add_user(
            session, SYSTEM, clock, login=LOGIN, password="x" * 11 + "yz", role=Role.HEAD, station_id=station.id
        )
    for _ in range(80):
        with sqlite_database.writing(EVERYTHING) as session:
            chance = rng.random()
            if chance < 0.4:
                # The right password, which is taken back only after others may have tried.
                waiting += sign_in.begin_attempt(session, clock, LOGIN, demo_allowed=False) is not None
            elif chance < 0.6 and waiting:
                assert sign_in.take_back(session, user.id, user.password)
                waiting -= 1
            else:
                failed += sign_in.begin_further_step(session, clock, user.id)
    with sqlite_database.writing(EVERYTHING) as session:
        for _ in range(waiting):
            assert sign_in.take_back(session, user.id, user.password)
        while sign_in.begin_further_step(session, clock, user.id):
            failed += 1
    assert failed == sign_in.MAX_FAILURES
