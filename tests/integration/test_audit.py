"""The audit log: entries hang together, and whoever changes, reorders or cuts them is found out."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Scope
from core.domain.clock import FixedClock
from core.domain.errors import NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.services.audit import record, verify_chain
from tests.integration.builders import lift_registers


def write_entries(database: Database, station: UUID, clock: FixedClock, count: int) -> None:
    with database.writing(EVERYTHING) as session:
        for number in range(count):
            record(
                session,
                SYSTEM,
                clock,
                station_id=station,
                action="test.happened",
                subject_kind="test",
                subject_id=new_id(),
                detail={"编号": number, "nested": {"b": [1, 2], "a": None}},
            )


def first_break(database: Database, station: UUID) -> int | None:
    with database.reading(EVERYTHING) as session:
        found = verify_chain(session, station)
    return found.number if found else None


def test_an_untouched_chain_is_whole(database: Database, station: UUID, clock: FixedClock) -> None:
    write_entries(database, station, clock, 3)
    write_entries(database, station, clock, 2)
    assert first_break(database, station) is None
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 5


def test_a_station_without_entries_has_a_whole_chain(database: Database, station: UUID) -> None:
    assert first_break(database, station) is None


def change_a_detail(session: Session) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(detail={"编号": 99}))


def swap_two(session: Session) -> None:
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        session.execute(update(AuditEntry).where(AuditEntry.number == old).values(number=new))


def take_one_out(session: Session) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.number == 2))


def cut_off_the_end(session: Session) -> None:
    session.execute(delete(AuditEntry).where(AuditEntry.number == 4))


def cut_off_the_end_and_set_the_head_back(session: Session) -> None:
    cut_off_the_end(session)
    link = session.scalar(select(AuditEntry.link).where(AuditEntry.number == 3))
    session.execute(update(AuditHead).values(number=3, link=link))


def take_the_head_away(session: Session) -> None:
    session.execute(delete(AuditHead))


def take_all_entries_away(session: Session) -> None:
    session.execute(delete(AuditEntry))


@pytest.mark.parametrize(
    ("tamper", "found_at"),
    [
        (change_a_detail, 2),
        (swap_two, 2),
        (take_one_out, 2),
        (cut_off_the_end, 4),
        (cut_off_the_end_and_set_the_head_back, 4),
        (take_the_head_away, 5),
        (take_all_entries_away, 1),
    ],
)
def test_tampering_is_found(
    database: Database, station: UUID, clock: FixedClock, tamper: Callable[[Session], None], found_at: int
) -> None:
    write_entries(database, station, clock, 4)
    with database.writing(EVERYTHING) as session:
        lift_registers(session)
        tamper(session)
    assert first_break(database, station) == found_at


def test_entries_written_at_once_form_one_chain(database: Database, station: UUID, clock: FixedClock) -> None:
    writers = [threading.Thread(target=write_entries, args=(database, station, clock, 3)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert first_break(database, station) is None
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.max(AuditEntry.number))) == 12


def test_an_entry_goes_with_the_transaction_that_it_records(
    database: Database, station: UUID, clock: FixedClock
) -> None:
    def fail() -> None:
        with database.writing(EVERYTHING) as session:
            record(
                session,
                SYSTEM,
                clock,
                station_id=station,
                action="test.failed",
                subject_kind="test",
                subject_id=None,
                detail={},
            )
            raise ConnectionError

    write_entries(database, station, clock, 1)
    with pytest.raises(ConnectionError):
        fail()
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["test.happened"]
    assert first_break(database, station) is None


def test_nobody_writes_into_another_stations_chain(database: Database, station: UUID, clock: FixedClock) -> None:
    elsewhere = frozenset({new_id()})
    with (
        pytest.raises((NotAllowedError, NotFoundError)),
        database.writing(Scope(stations=elsewhere, lineage=elsewhere)) as session,
    ):
        record(session, SYSTEM, clock, station_id=station, action="x", subject_kind="x", subject_id=None, detail={})
