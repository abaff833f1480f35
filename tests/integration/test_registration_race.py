"""Many who register at once: no place is given twice, none stays empty, and nobody sees an error."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from core.db.guards import CAPACITY_GUARD
from core.db.models import ActivityIntake, Child, Registration
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.ids import new_id
from core.domain.registering import Place
from core.services.audit import verify_chain
from core.services.registration import ending, giving, prospects
from core.services.registration.ending import cancel
from tests.integration.registering import Fair, a_desk, a_fair, places_taken, registration_of, sign_up

CLIENTS = 20


def store(database: Database, **values: int) -> Fair:
    with database.writing(EVERYTHING) as session:
        return a_fair(session, **values)


def at_once(database: Database, deeds: Sequence[Callable[[Session], object]]) -> list[str]:
    """Do everything at the same moment, each in a transaction of its own; return what came of each, or its error."""
    ready = threading.Barrier(len(deeds))

    def do(deed: Callable[[Session], object]) -> str:
        ready.wait(timeout=60)
        try:
            with database.writing(EVERYTHING) as session:
                return str(deed(session))
        except Exception as error:  # noqa: BLE001 (whatever it is, somebody sees it)
            return f"{type(error).__name__}: {error}"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def registering(child: UUID, activity: UUID, request: UUID | None = None) -> Callable[[Session], object]:
    return lambda session: sign_up(session, child, activity, request=request).state


def race(database: Database, activities: int) -> None:
    fair = store(database, activities=activities, children=CLIENTS)
    for activity in fair.activities:
        answers = at_once(database, [registering(child, activity) for child in fair.children])
        assert Counter(answers) == {Place.PLACED: 1, Place.WAITING: CLIENTS - 1}
        assert places_taken(database, activity) == (1, 1)
    with database.reading(EVERYTHING) as session:
        waiting = select(Registration.position).where(Registration.activity_id == fair.activities[0])
        positions = session.scalars(waiting.where(Registration.state == Place.WAITING).order_by(Registration.position))
        assert positions.all() == list(range(1, CLIENTS))
        assert verify_chain(session, fair.station) is None


def test_of_twenty_who_want_the_last_place_at_once_one_has_it_and_the_others_wait(database: Database) -> None:
    race(database, 2)


@pytest.mark.verify
def test_two_hundred_last_places_are_each_given_once(database: Database) -> None:
    race(database, 200)


def test_the_same_form_a_hundred_times_at_once_is_one_registration(database: Database) -> None:
    fair, request = store(database, capacity=5), new_id()

    def send(session: Session) -> object:
        return sign_up(session, fair.children[0], fair.activities[0], request=request).registration_id

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [*pool.map(lambda _: at_once(database, [send])[0], range(100))]
    assert len(set(answers)) == 1
    assert places_taken(database, fair.activities[0]) == (1, 1)


def test_while_places_come_back_they_go_to_those_who_wait_and_to_nobody_else(database: Database) -> None:
    fair = store(database, capacity=4, children=16)
    activity = fair.activities[0]
    with database.writing(EVERYTHING) as session:
        for child in fair.children[:10]:
            sign_up(session, child, activity)
        placed = [registration_of(session, child, activity).id for child in fair.children[:4]]

    def cancelling(key: UUID) -> Callable[[Session], object]:
        return lambda session: cancel(session, a_desk(), key)

    deeds = [cancelling(key) for key in placed] + [registering(child, activity) for child in fair.children[10:]]
    answers = Counter(at_once(database, deeds))
    assert answers == {"None": 4, Place.WAITING: 6}
    with database.reading(EVERYTHING) as session:
        offered = [registration_of(session, child, activity).state for child in fair.children[4:8]]
    assert offered == [Place.OFFERED] * 4


def test_siblings_and_activities_in_any_order_never_wait_for_each_other_in_a_circle(database: Database) -> None:
    fair = store(database, activities=3, capacity=20, children=4)

    def family(number: int) -> Callable[[Session], object]:
        turn = slice(None, None, -1 if number % 2 else 1)
        wanted = [giving.Wanted(child, activity) for child in fair.children[turn] for activity in fair.activities[turn]]
        return lambda session: len(giving.register(session, a_desk(), new_id(), wanted))

    assert set(at_once(database, [family(number) for number in range(6)])) == {"12"}
    assert [places_taken(database, activity) for activity in fair.activities] == [(4, 4)] * 3


class Together:
    """Has everybody count the free places before anybody takes one, as it happens on an opening morning."""

    def __init__(self, parties: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self._barrier = threading.Barrier(parties)
        self._count = prospects.standing_counts
        monkeypatch.setattr(prospects, "standing_counts", self)

    def __call__(self, session: Session, activities: Collection[UUID]) -> Mapping[UUID, Mapping[Place, int]]:
        """Count, then wait for all others."""
        found = self._count(session, activities)
        self._barrier.wait(timeout=60)
        return found


def take_off_the_lock(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody in at once: no locked rows, and on SQLite no gate and no transaction that begins by writing."""

    def unlocked(model: type[Any], key: Any) -> Callable[[Session, Any], Any]:
        return lambda session, wanted: {
            getattr(row, key.key): row for row in session.scalars(select(model).where(key.in_(set(wanted))))
        }

    for module in (giving, ending):
        monkeypatch.setattr(module, "lock_intakes", unlocked(ActivityIntake, ActivityIntake.activity_id))
        monkeypatch.setattr(module, "lock_children", unlocked(Child, Child.id))
    monkeypatch.setattr(database, "_gate", None)
    if database.embedded:
        monkeypatch.setattr(database, "_writers", sessionmaker(database.engine, expire_on_commit=False))


def take_off_the_guard(database: Database) -> None:
    with database.engine.begin() as connection:
        if database.embedded:
            for moment in ("insert", "update"):
                connection.execute(text(f"DROP TRIGGER {CAPACITY_GUARD}_{moment}"))
        else:
            connection.execute(text(f"DROP TRIGGER {CAPACITY_GUARD} ON registrations"))


WRITERS = 6


def test_without_lock_and_guard_the_same_race_overbooks(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = store(postgresql_database, children=WRITERS)
    take_off_the_lock(postgresql_database, monkeypatch)
    take_off_the_guard(postgresql_database)
    Together(WRITERS, monkeypatch)
    answers = at_once(postgresql_database, [registering(child, fair.activities[0]) for child in fair.children])
    assert answers == [Place.PLACED] * WRITERS
    assert places_taken(postgresql_database, fair.activities[0]) == (WRITERS, WRITERS)


def test_without_the_lock_the_guard_alone_still_gives_the_place_once_but_people_see_errors(
    postgresql_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = store(postgresql_database, children=WRITERS)
    take_off_the_lock(postgresql_database, monkeypatch)
    Together(WRITERS, monkeypatch)
    answers = at_once(postgresql_database, [registering(child, fair.activities[0]) for child in fair.children])
    assert answers.count(Place.PLACED) == 1
    assert sum("this moment" in answer for answer in answers) == WRITERS - 1
    assert places_taken(postgresql_database, fair.activities[0]) == (1, 1)


def test_without_the_gate_people_see_errors_on_sqlite(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair = store(sqlite_database, children=WRITERS)
    take_off_the_lock(sqlite_database, monkeypatch)
    take_off_the_guard(sqlite_database)
    Together(WRITERS, monkeypatch)
    answers = at_once(sqlite_database, [registering(child, fair.activities[0]) for child in fair.children])
    assert answers.count(Place.PLACED) == 1
    assert sum("locked" in answer for answer in answers) == WRITERS - 1
