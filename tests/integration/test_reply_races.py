"""Many who want the same duty at once: one has it, the others are told, and without the lock it would be two."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.replies import RequestState, SwapState
from core.services.audit import verify_chain
from core.services.replies import answering, fitness, signing_up, swapping
from core.services.replies.answering import accept
from core.services.replies.asking import Terms, ask
from core.services.replies.keeping import turn_request
from core.services.replies.signing_up import sign_up
from core.services.replies.swapping import offer, take
from tests.integration.asked import LEAD, Weekend, a_weekend, another_session, serving, states
from tests.integration.test_registration_race import at_once

RIVALS = 6
Deed = Callable[[Session], object]


def a_town(database: Database, *, places: int = 3) -> Weekend:
    with database.writing(EVERYTHING) as session:
        return a_weekend(session, people=2 + RIVALS, places=places)


def outcomes(answers: Sequence[str]) -> Counter[str]:
    return Counter(answer.partition(":")[0] for answer in answers)


def count(database: Database, town: Weekend) -> int:
    with database.reading(EVERYTHING) as session:
        assert verify_chain(session, town.station.id) is None
        return len(serving(session, town.session))


def signing(town: Weekend, number: int) -> Deed:
    key = town.people[number].id
    return lambda session: sign_up(session, town.theirs(number), town.session.id, LEAD, key).state


def taking(town: Weekend, swap: UUID, number: int) -> Deed:
    return lambda session: take(session, town.theirs(number), swap, town.people[number].id).state


def offered(database: Database, town: Weekend) -> UUID:
    with database.writing(EVERYTHING) as session:
        return offer(session, town.theirs(1), town.session.id, town.people[1].id).id


def test_of_many_who_sign_up_for_the_last_place_one_has_it(database: Database) -> None:
    town = a_town(database)
    answers = at_once(database, [signing(town, number) for number in range(2, 2 + RIVALS)])
    assert outcomes(answers) == {RequestState.ACCEPTED: 1, "NotFitError": RIVALS - 1}
    assert count(database, town) == 3


def test_of_many_who_take_a_swap_one_has_it(database: Database) -> None:
    town = a_town(database)
    swap = offered(database, town)
    answers = at_once(database, [taking(town, swap, number) for number in range(2, 2 + RIVALS)])
    assert outcomes(answers) == {SwapState.DONE: 1, "ConflictError": RIVALS - 1}
    assert count(database, town) == 2


def test_of_many_who_agree_to_one_place_one_serves_and_the_others_are_told(database: Database) -> None:
    town = a_town(database)
    with database.writing(EVERYTHING) as session:
        keys = [ask(session, town.desk(), town.session.id, LEAD, one.id).id for one in town.people[2:]]

    def agreeing(number: int) -> Deed:
        return lambda session: accept(session, town.theirs(number), keys[number - 2], town.people[number].id).state

    answers = at_once(database, [agreeing(number) for number in range(2, 2 + RIVALS)])
    assert outcomes(answers) == {RequestState.ACCEPTED: 1, "ConflictError": RIVALS - 1}
    assert count(database, town) == 3
    with database.reading(EVERYTHING) as session:
        assert Counter(states(session)) == {RequestState.ACCEPTED: 1, RequestState.WITHDRAWN: RIVALS - 1}


def test_somebody_who_signs_up_in_two_places_at_once_has_one_of_them(database: Database) -> None:
    town = a_town(database)
    with database.writing(EVERYTHING) as session:
        other = another_session(session, town, 14).id
        session.merge(town.people[2]).max_per_day = 1
    key = town.people[2].id

    def at(where: UUID) -> Deed:
        return lambda session: sign_up(session, town.theirs(2), where, LEAD, key).state

    answers = at_once(database, [at(town.session.id), at(other)])
    assert outcomes(answers) == {RequestState.ACCEPTED: 1, "NotFitError": 1}


def test_several_servers_that_look_at_once_ask_one_next_person(database: Database) -> None:
    town = a_town(database)
    with database.writing(EVERYTHING) as session:
        terms = Terms(hours=1, go_on=True)
        key = ask(session, town.desk(), town.session.id, LEAD, town.people[2].id, terms).id
    answers = at_once(database, [lambda session: turn_request(session, town.desk(2), key)] * 4)
    assert Counter(answers) == {"True": 1, "False": 3}
    with database.reading(EVERYTHING) as session:
        assert states(session) == [RequestState.EXPIRED, RequestState.ASKED]


class Together:
    """Has everybody look whether they fit before anybody takes the place."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._barrier = threading.Barrier(RIVALS)
        self._obstacle = fitness.obstacle
        monkeypatch.setattr(fitness, "obstacle", self)

    def __call__(self, *args: object, **values: object) -> object:
        """Look, then wait for all others."""
        found = self._obstacle(*args, **values)  # type: ignore[arg-type]
        self._barrier.wait(timeout=60)
        return found


def take_off_the_lock(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody in at once: no locked rows, and on SQLite no gate and no transaction that begins by writing."""
    for module in (answering, signing_up, swapping):
        monkeypatch.setattr(module, "hold", lambda *_args: None)
    monkeypatch.setattr(database, "_gate", None)
    if database.embedded:
        monkeypatch.setattr(database, "_writers", sessionmaker(database.engine, expire_on_commit=False))


def test_without_the_lock_the_last_place_is_taken_by_all(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(postgresql_database)
    take_off_the_lock(postgresql_database, monkeypatch)
    Together(monkeypatch)
    answers = at_once(postgresql_database, [signing(town, number) for number in range(2, 2 + RIVALS)])
    assert answers == [RequestState.ACCEPTED] * RIVALS
    assert count(postgresql_database, town) == 2 + RIVALS


# The second to take the duty out finds it gone already, which the library only warns of.
@pytest.mark.filterwarnings("ignore:DELETE statement on table 'assignments'")
def test_without_the_lock_a_swap_is_taken_by_all(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(postgresql_database)
    swap = offered(postgresql_database, town)
    take_off_the_lock(postgresql_database, monkeypatch)
    Together(monkeypatch)
    answers = at_once(postgresql_database, [taking(town, swap, number) for number in range(2, 2 + RIVALS)])
    assert answers == [SwapState.DONE] * RIVALS
    assert count(postgresql_database, town) == 1 + RIVALS


def test_without_the_gate_people_see_errors_on_sqlite(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = a_town(sqlite_database)
    take_off_the_lock(sqlite_database, monkeypatch)
    Together(monkeypatch)
    answers = at_once(sqlite_database, [signing(town, number) for number in range(2, 2 + RIVALS)])
    assert answers.count(RequestState.ACCEPTED) == 1
    assert sum("locked" in answer for answer in answers) == RIVALS - 1
