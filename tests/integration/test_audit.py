"""The audit log: entries hang together, and whoever changes, reorders or cuts them is found out."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead, Station
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Scope
from core.domain.clock import FixedClock
from core.domain.errors import NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.services.audit import end_at, record, verify_chain
from tests.integration.builders import a_station, an_account, lift_registers
from tests.translated import in_chinese


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


def told(database: Database, station: UUID) -> str:
    """Return what is said of the first break, in Chinese."""
    with database.reading(EVERYTHING) as session:
        found = verify_chain(session, station)
    assert found is not None
    return in_chinese(found.message)


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
    ("tamper", "found_at", "said"),
    [
        (change_a_detail, 2, "被改动"),
        (swap_two, 2, "被改动"),
        (take_one_out, 2, "缺了"),
        (cut_off_the_end, 4, "末尾"),
        (cut_off_the_end_and_set_the_head_back, 4, "末尾"),
        (take_the_head_away, 5, "末尾"),
        (take_all_entries_away, 1, "末尾"),
    ],
)
def test_tampering_is_found(
    database: Database, station: UUID, clock: FixedClock, tamper: Callable[[Session], None], found_at: int, said: str
) -> None:
    write_entries(database, station, clock, 4)
    with database.writing(EVERYTHING) as session:
        lift_registers(session)
        tamper(session)
    assert first_break(database, station) == found_at
    assert said in told(database, station)


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


def test_an_entry_is_linked_as_anybody_with_the_key_can_compute(
    database: Database, station: UUID, clock: FixedClock
) -> None:
    """The link is over the JSON of the entry with sorted keys, without spaces and in UTF-8, after the one before."""
    subject = new_id()
    words = {"action": "test.happened", "subject_kind": "test"}
    with database.writing(EVERYTHING) as session:
        user = an_account(session, session.get_one(Station, station))
        actor = Actor(user.role, station, user_id=user.id)
        first = record(session, SYSTEM, clock, station_id=station, subject_id=None, detail={}, **words)
        detail = {"理由": "试", "a": [1, 2]}
        second = record(session, actor, clock, station_id=station, subject_id=subject, detail=detail, **words)
        links, moment = (first.link, second.link), clock.now().isoformat()
    begun = (
        f'{{"action":"test.happened","actor":null,"at":"{moment}","detail":{{}},"number":1,'
        f'"station":"{station.hex}","subject_id":null,"subject_kind":"test"}}'
    )
    gone_on = (
        f'{{"action":"test.happened","actor":"{user.id.hex}","at":"{moment}",'
        f'"detail":{{"a":[1,2],"理由":"试"}},"number":2,'
        f'"station":"{station.hex}","subject_id":"{subject.hex}","subject_kind":"test"}}'
    )
    link = database.vault.link
    assert links == (link(bytes(32), begun.encode()), link(link(links[0], b"end"), gone_on.encode()))


def test_the_end_of_a_chain_is_its_stations_own(database: Database, station: UUID, clock: FixedClock) -> None:
    with database.writing(EVERYTHING) as session:
        other = a_station(session).id
    write_entries(database, station, clock, 2)
    write_entries(database, other, clock, 1)
    with database.reading(EVERYTHING) as session:
        ends = {(which, number): end_at(session, which, number) for which in (station, other) for number in (1, 2)}
    assert ends.pop((other, 2)) is None
    assert len({*ends.values(), None}) == 4


def test_a_head_that_was_read_before_somebody_else_wrote_is_read_again(
    database: Database, station: UUID, clock: FixedClock
) -> None:
    write_entries(database, station, clock, 2)
    with database.writing(EVERYTHING) as session:
        head = session.scalars(select(AuditHead)).one()
        known = (head.number, head.link)
        link = session.scalars(select(AuditEntry.link).where(AuditEntry.number == 1)).one()
        before = {"number": 1, "link": database.vault.link(link, b"end")}
        lift_registers(session)
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))
        session.execute(update(AuditHead).values(before), execution_options={"synchronize_session": False})
        assert (head.number, head.link) == known, "The session knows nothing of it."
        record(session, SYSTEM, clock, station_id=station, action="x", subject_kind="x", subject_id=None, detail={})
    assert first_break(database, station) is None


def test_a_station_that_is_not_there_has_no_log(database: Database, clock: FixedClock) -> None:
    nobody = {"station_id": new_id(), "subject_id": None}
    with database.writing(EVERYTHING) as session, pytest.raises(NotFoundError) as caught:
        record(session, SYSTEM, clock, action="x", subject_kind="x", detail={}, **nobody)
    assert in_chinese(caught.value.message)
