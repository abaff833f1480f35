"""The ledger of consents is guarded by the database itself, against whoever writes past every service."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Column, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.ledgers import LEDGER_GUARD, lay_ledger_guards, lift_ledger_guards
from core.db.models import Child, Consent
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentPurpose
from tests.integration.builders import a_child, a_consent, a_station

pytestmark = pytest.mark.walls

#: What moves with the child's file; all else of a consent stands as it was written.
MOVING = {"station_id", "child_id"}
WITHDRAWAL = {"withdrawn_on", "withdrawn_by", "withdrawn_how"}
WRITTEN = sorted({column.name for column in Consent.__table__.columns} - MOVING - WITHDRAWAL)


@pytest.fixture
def consent(writing: Session) -> UUID:
    """Lay the guards, and return a consent that has not been withdrawn."""
    lay_ledger_guards(writing.connection())
    return a_consent(writing, a_child(writing, a_station(writing)), ConsentPurpose.PHOTO).id


def withdraw(session: Session, **values: object) -> None:
    withdrawal = {"withdrawn_on": date(2026, 11, 1), "withdrawn_by": new_id(), "withdrawn_how": "paper"}
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
