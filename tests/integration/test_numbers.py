"""The numbers of files: each station's own, given once however many ask at the same moment, past every seal."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier, Event
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.child_file import IdDocument
from core.domain.clock import FixedClock
from core.domain.id_numbers import Sex
from core.domain.vocabulary import VolunteerKind
from core.services.children.entry import ChildEntry, FieldError
from core.services.children.keeping import create_child
from core.services.sealed_files import seal
from core.services.stations import scope_of_user
from core.services.volunteer_files import PersonDraft, add_applicant
from tests.integration.builders import a_child, a_station
from tests.integration.people import a_town

Given = Callable[[Session, UUID], str]
TODAY = date(2026, 11, 23)
CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))
THREADS, EACH = 6, 4


def make(session: Session, station: UUID, number: str = "") -> str:
    born = date(2016, 5, 1)
    entry = ChildEntry(number=number, name="例童", birth_date=born, sex=Sex.FEMALE, document=IdDocument.NONE)
    return create_child(session, SYSTEM, CLOCK, station, entry, today=TODAY, demo=True).number


def apply(session: Session, station: UUID) -> str:
    draft = PersonDraft(name="例员", kind=VolunteerKind.TEACHER, birth_date=date(1990, 5, 1))
    return add_applicant(session, SYSTEM, CLOCK, station, draft, today=TODAY).number


@pytest.mark.parametrize("given", [make, apply])
def test_who_comes_second_waits_and_gets_the_next_number(database: Database, station: UUID, given: Given) -> None:
    begun, may_end = Event(), Event()

    def first() -> str:
        with database.writing(EVERYTHING) as session:
            number = given(session, station)
            begun.set()
            assert may_end.wait(30)
            return number

    def second() -> str:
        with database.writing(EVERYTHING) as session:
            return given(session, station)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert begun.wait(10)
        two = pool.submit(second)
        # Without waiting it would have looked by now, and found no number taken.
        with pytest.raises(TimeoutError):
            two.result(timeout=1)
        may_end.set()
        numbers = one.result(30), two.result(30)
    assert sorted(number[1:] for number in numbers) == ["001", "002"]


def test_many_at_once_at_two_stations_leave_no_gap_and_no_double(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        stations = [a_station(session).id for _ in range(2)]
    start = Barrier(THREADS)

    def work(index: int) -> None:
        start.wait(30)
        for _ in range(EACH):
            with database.writing(EVERYTHING) as session:
                make(session, stations[index % 2])

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, index) for index in range(THREADS)]:
            done.result(60)
    with database.reading(EVERYTHING) as session:
        for station in stations:
            numbers = session.scalars(select(Child.number).where(Child.station_id == station).order_by(Child.number))
            assert list(numbers) == [f"C{number:03d}" for number in range(1, THREADS * EACH // 2 + 1)]


def test_a_sealed_files_number_is_not_given_again(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        town = a_town(session)
        hidden = a_child(session, town.station, number="C041")
        seal(session, town[Role.HEAD], CLOCK, hidden.id, [])
        staff = session.get_one(User, town[Role.STATION_STAFF].user_id)
        reach, station = scope_of_user(session, staff), town.station.id
    with database.writing(reach) as session:
        assert session.scalars(select(Child.id)).all() == []
        with pytest.raises(FieldError):
            make(session, station, "C041")
        assert make(session, station) == "C042"
