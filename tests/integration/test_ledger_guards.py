"""The ledger of consents is guarded by the database itself, against whoever writes past every service."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Column, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD, lay_ledger_guards, lift_ledger_guards
from core.db.models import Child, ChildFile, Consent
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.ids import new_id
from core.domain.vocabulary import ChildFileKind, ConsentPurpose
from core.files.judging import MediaType
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_consent, a_station

pytestmark = pytest.mark.walls

#: What moves with the child's file; all else of a consent stands as it was written.
MOVING = {"station_id", "child_id"}
WITHDRAWAL = {"withdrawn_on", "withdrawn_by", "withdrawn_guardian_id", "withdrawn_how"}
#: Added where there is none.
SCAN = {"scan_id"}
WRITTEN = sorted({column.name for column in Consent.__table__.columns} - MOVING - WITHDRAWAL - SCAN)


@pytest.fixture
def consent(writing: Session) -> UUID:
    """Lay the guards, and return a consent that has not been withdrawn."""
    lay_ledger_guards(writing.connection())
    return a_consent(writing, a_child(writing, a_station(writing)), ConsentPurpose.PHOTO).id


def withdraw(session: Session, **values: object) -> None:
    withdrawal = {
        "withdrawn_on": date(2026, 11, 1),
        "withdrawn_by": new_id(),
        "withdrawn_guardian_id": new_id(),
        "withdrawn_how": "paper",
    }
    session.execute(update(Consent).values(**(withdrawal | values)))


def another(column: Column[object]) -> object:
    """Return a value that the column could have, and no row here has."""
    words = {"purpose": "outing", "basis": "duty", "how": "link", "withdrawn_how": "link"}
    kinds = {UUID: new_id(), date: date(2026, 10, 31), int: 9, str: words.get(column.name, "某法第一条")}
    return kinds[column.type.python_type] if column.name not in words else words[column.name]


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_that_was_written_of_a_consent_is_rewritten(writing: Session, consent: UUID, name: str) -> None:
    value = another(Consent.__table__.columns[name])
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.execute(update(Consent).where(Consent.id == consent).values({name: value}))


def test_a_consent_is_withdrawn_once(writing: Session, consent: UUID) -> None:
    withdraw(writing)
    assert writing.scalars(select(Consent.withdrawn_on)).all() == [date(2026, 11, 1)]


@pytest.mark.parametrize("name", sorted(WITHDRAWAL))
@pytest.mark.parametrize("changed", [True, False])
def test_a_withdrawal_stands_as_it_was_written(writing: Session, consent: UUID, name: str, *, changed: bool) -> None:
    withdraw(writing)
    value = another(Consent.__table__.columns[name]) if changed else None
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.execute(update(Consent).values({name: value}))


def a_scan(session: Session) -> ChildFile:
    child = session.scalars(select(Child)).one()
    row = ChildFile(
        station_id=child.station_id,
        child_id=child.id,
        kind=ChildFileKind.CONSENT,
        name="a.png",
        media_type=MediaType.PNG,
        content=b"x",
        kept_at=TEST_MOMENT,
    )
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize("to", ["another", "none"])
def test_a_scan_is_added_and_replaced_only_once_it_was_dropped(writing: Session, consent: UUID, to: str) -> None:
    first, second = a_scan(writing), a_scan(writing)
    other = second.id if to == "another" else None
    writing.execute(update(Consent).values(scan_id=first.id))
    writing.execute(update(Consent).values(scan_id=first.id))
    nested = writing.begin_nested()
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.execute(update(Consent).values(scan_id=other))
    nested.rollback()
    writing.execute(delete(ChildFile).where(ChildFile.id == first.id))
    writing.execute(update(Consent).values(scan_id=other))
    assert writing.scalars(select(Consent.scan_id)).all() == [other]


@pytest.mark.postgresql
@pytest.mark.parametrize("deed", ["TRUNCATE consents", "TRUNCATE children CASCADE", "TRUNCATE stations CASCADE"])
def test_the_ledger_is_not_emptied_at_a_stroke(postgresql_database: Database, deed: str) -> None:
    with postgresql_database.writing(EVERYTHING) as session:
        lay_ledger_guards(session.connection())
        a_consent(session, a_child(session, a_station(session)), ConsentPurpose.PHOTO)
    with postgresql_database.writing(EVERYTHING) as session:
        connection = session.connection()
        for register in ("audit_entries", "harm_reports", "incidents"):
            connection.execute(text(f"DROP TRIGGER kept_{register} ON {register}"))
        with pytest.raises(IntegrityError, match=LEDGER_GUARD):
            connection.execute(text(deed))
        session.rollback()
    with postgresql_database.reading(EVERYTHING) as session:
        assert len(session.scalars(select(Consent.id)).all()) == 1


def test_a_consent_is_deleted_with_the_childs_file_and_not_alone(writing: Session, consent: UUID) -> None:
    nested = writing.begin_nested()
    with pytest.raises(IntegrityError, match=LEDGER_GUARD):
        writing.execute(delete(Consent))
    nested.rollback()
    writing.execute(delete(Child))
    assert writing.scalars(select(Consent.id)).all() == []


def test_a_consent_moves_with_the_childs_file(writing: Session, consent: UUID) -> None:
    there = a_child(writing, a_station(writing))
    writing.execute(update(Consent).values(child_id=there.id, station_id=there.station_id))
    assert writing.scalars(select(Consent.child_id)).all() == [there.id]


@pytest.mark.parametrize("deed", ["DELETE FROM consents", "UPDATE consents SET given_on = '2020-02-02'"])
def test_the_guards_are_taken_up_for_a_migration_and_laid_anew(database: Database, deed: str) -> None:
    with database.writing(EVERYTHING) as session:
        a_consent(session, a_child(session, a_station(session)), ConsentPurpose.PHOTO)
    with database.writing(EVERYTHING) as session:
        connection = session.connection()
        lift_ledger_guards(connection)
        assert connection.execute(text(deed)).rowcount == 1
        # Whether they lie already or not.
        for _ in range(2):
            lay_ledger_guards(connection)
        session.rollback()
    with database.writing(EVERYTHING) as session, pytest.raises(IntegrityError, match=LEDGER_GUARD):
        session.execute(text(deed))


def test_where_there_is_no_ledger_yet_no_guard_is_laid(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        connection = session.connection()
        lift_ledger_guards(connection)
        for change in ("RENAME COLUMN basis TO former", "RENAME TO elsewhere"):
            connection.execute(text(f"ALTER TABLE consents {change}"))
            lay_ledger_guards(connection)
        session.rollback()
