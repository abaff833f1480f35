"""Anchors of the audit log: whatever is done to the log, or to the whole database, is found."""

import random
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, AuditHead
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.ids import new_id
from core.services.audit import verify_chain
from core.services.audit_anchors import Anchor, anchors_now, read_anchors, verify_all
from tests.integration.builders import lift_registers
from tests.integration.test_audit import write_entries

LENGTH = 20
Tamper = Callable[[Session, random.Random], None]


def edit(session: Session, chance: random.Random) -> None:
    """Change one thing that one entry says."""
    number = chance.randint(1, LENGTH)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.number == number)).one()
    values = {
        "at": entry.at + timedelta(microseconds=chance.choice([-1, 1, 10**9])),
        "action": entry.action + chance.choice(["x", " ", "."]),
        "subject_kind": entry.subject_kind.upper(),
        "subject_id": chance.choice([None, new_id()]),
        "detail": {**entry.detail, chance.choice(["编号", "more"]): chance.random()},
        "link": bytes([entry.link[0] ^ 1 << chance.randrange(8)]) + entry.link[1:],
    }
    what = chance.choice(list(values))
    session.execute(update(AuditEntry).where(AuditEntry.number == number).values({what: values[what]}))


def take_out(session: Session, chance: random.Random) -> None:
    """Delete one entry, and now and then close the gap."""
    number = chance.randint(1, LENGTH)
    session.execute(delete(AuditEntry).where(AuditEntry.number == number))
    if chance.random() < 0.5:
        for later in range(number + 1, LENGTH + 1):
            session.execute(update(AuditEntry).where(AuditEntry.number == later).values(number=later - 1))


def swap(session: Session, chance: random.Random) -> None:
    """Let two entries change places."""
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        session.execute(update(AuditEntry).where(AuditEntry.number == old).values(number=new))


def cut_off(session: Session, chance: random.Random) -> None:
    """Delete the last entries, and now and then set the head back without the key."""
    left = chance.randrange(LENGTH)
    session.execute(delete(AuditEntry).where(AuditEntry.number > left))
    if left and chance.random() < 0.7:
        link = session.scalar(select(AuditEntry.link).where(AuditEntry.number == left))
        session.execute(update(AuditHead).values(number=left, link=link))


def put_back(session: Session, chance: random.Random, ends: dict[int, bytes]) -> None:
    """Put everything back to how it was after some entry, head and all."""
    left = chance.randrange(1, LENGTH)
    session.execute(delete(AuditEntry).where(AuditEntry.number > left))
    session.execute(update(AuditHead).values(number=left, link=ends[left]))


@pytest.fixture
def ends(database: Database, station: UUID, clock: FixedClock) -> dict[int, bytes]:
    """Write the log, and return what closed it after each entry."""
    found = {}
    for number in range(1, LENGTH + 1):
        write_entries(database, station, clock, 1)
        with database.reading(EVERYTHING) as session:
            found[number] = session.scalars(select(AuditHead.link)).one()
    return found


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.verify)])
def test_whatever_is_done_to_the_log_is_found(
    database: Database, station: UUID, ends: dict[int, bytes], clock: FixedClock, count: int
) -> None:
    chance, missed, told_by_chain_alone = random.Random(20261122), 0, 0  # noqa: S311 - no secret
    with database.writing(EVERYTHING) as session:
        anchors = anchors_now(session, clock.now())
        lift_registers(session)
        for number in range(count):
            tamper: Tamper = (edit, take_out, swap, cut_off)[number % 4]
            with session.begin_nested() as point:
                if number % 5 == 4:
                    put_back(session, chance, ends)
                else:
                    tamper(session, chance)
                session.expire_all()
                told_by_chain_alone += verify_chain(session, station) is not None
                missed += not verify_all(session, anchors).breaks
                point.rollback()
        session.expire_all()
        assert not verify_all(session, anchors).breaks
        session.rollback()
    assert missed == 0
    assert told_by_chain_alone == count - count // 5, "What was put back whole is told by the anchor alone."


def test_the_log_goes_on_beyond_its_anchors(database: Database, station: UUID, clock: FixedClock) -> None:
    write_entries(database, station, clock, 2)
    with database.reading(EVERYTHING) as session:
        first = anchors_now(session, clock.now())
    write_entries(database, station, clock, 3)
    with database.reading(EVERYTHING) as session:
        anchors = (*first, *anchors_now(session, clock.now()))
        found = verify_all(session, anchors)
    assert [anchor.number for anchor in anchors] == [2, 5]
    assert (found.entries, found.stations, found.breaks) == (5, 1, ())
    assert read_anchors("\n".join(anchor.to_line() for anchor in anchors) + "\n") == anchors


def test_a_station_that_is_gone_with_its_log_is_missed(database: Database, clock: FixedClock) -> None:
    gone = Anchor(clock.now(), new_id(), 3, bytes(32))
    with database.reading(EVERYTHING) as session:
        ((station, broken),) = verify_all(session, [gone]).breaks
    assert (station, broken.number) == (gone.station_id, 3)


def test_what_is_broken_is_not_anchored(database: Database, station: UUID, clock: FixedClock) -> None:
    write_entries(database, station, clock, 2)
    with database.writing(EVERYTHING) as session:
        lift_registers(session)
        session.execute(delete(AuditEntry).where(AuditEntry.number == 2))
    with database.reading(EVERYTHING) as session, pytest.raises(ConflictError, match="broken"):
        anchors_now(session, clock.now())


@pytest.mark.parametrize(
    "line", ["x", "[]", "{}", '{"at": "2026-11-22T00:00:00", "station": "x", "number": 1, "link": ""}']
)
def test_a_file_that_holds_no_anchors_is_refused_with_the_line(line: str) -> None:
    with pytest.raises(InvalidInputError, match="Line 2"):
        read_anchors(f"\n{line}\n")
