"""Sealed columns: plain text in Python, and no trace of it in what the database keeps."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, create_engine, inspect, select, text, update
from sqlalchemy.exc import StatementError

from core.db.migrate import CORE, owns
from core.db.models import Child, Guardian, Station
from core.db.models.child import ChildCategoryMark
from core.db.opening import FieldClosedError
from core.db.row_security import tell_scope
from core.db.sealed import Encrypted, Sealed
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import ChildCategory, SensitiveField
from core.hooks.manager import load_hooks
from core.security.keys import Keys
from core.security.vault import SealBrokenError, Vault
from tests.integration.builders import a_child, a_station, unlocked

CANARIES = {
    "name": "林金丝雀",
    "id_number": "990000201605019999",
    "birth_date": "2016-05-01",
    "address": "金丝雀巷7号",
    "health": "对金丝雀过敏",
}
PHONE = "19900000007"
#: The number of the file isn't sealed: where even that is missing, nothing was looked at.
NUMBER = "file-of-the-canary"
ENCODINGS = ("utf-8", "utf-16-le", "gb18030")


def store_a_child(database: Database) -> UUID:
    with database.writing(EVERYTHING) as session:
        child = a_child(session, a_station(session), number=NUMBER, **CANARIES)
        child.guardians[0].phone = PHONE
        child.categories.append(
            ChildCategoryMark(station_id=child.station_id, child_id=child.id, category=ChildCategory.ORPHAN)
        )
    return child.id


def sealed_columns() -> Iterator[tuple[str, str]]:
    """Yield table and column of every encrypted column of core; a program's tables are its own tests' business."""
    for mapper in Child.registry.mappers:
        if not owns(CORE, mapper.local_table.name, load_hooks().histories):
            continue
        for column in mapper.local_table.columns:
            if isinstance(column.type, Encrypted):
                yield mapper.local_table.name, column.name


def test_what_is_written_is_read_again(database: Database) -> None:
    child_id = store_a_child(database)
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.get_one(Child, child_id)
        assert {name: getattr(child, name) for name in CANARIES} == CANARIES
        assert child.guardians[0].phone == PHONE
        assert [mark.category for mark in child.categories] == [ChildCategory.ORPHAN]


def test_a_change_is_sealed_anew(database: Database) -> None:
    child_id = store_a_child(database)
    with database.writing(EVERYTHING) as session:
        child = session.get_one(Child, child_id)
        child.name, child.address = "新名", None
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.get_one(Child, child_id)
        assert (child.name, child.address, child.health) == ("新名", None, CANARIES["health"])


def test_nothing_is_stored_for_none(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        child = a_child(session, a_station(session), address=None)
        raw = session.execute(text("SELECT address, health, name FROM children")).one()
        assert (raw.address, raw.health, child.address) == (None, None, None)
        assert raw.name is not None


def test_every_sealed_column_is_bytes_without_the_text(database: Database) -> None:
    store_a_child(database)
    plain = [value.encode(encoding) for value in (*CANARIES.values(), PHONE, "orphan") for encoding in ENCODINGS]
    checked = 0
    with database.engine.connect() as connection:
        tell_scope(connection, EVERYTHING)
        for table, column in sealed_columns():
            for (value,) in connection.execute(text(f"SELECT {column} FROM {table}")):  # noqa: S608
                if value is not None:
                    checked += 1
                    assert value[:4] == b"\x01\x02k1"
                    assert not [word for word in plain if word in bytes(value)]
    assert checked == 8


def test_every_sealed_column_is_binary_in_the_database(database: Database) -> None:
    inspector = inspect(database.engine)
    found = list(sealed_columns())
    assert len(found) >= 9
    for table, name in found:
        column = next(one for one in inspector.get_columns(table) if one["name"] == name)
        assert isinstance(column["type"], LargeBinary)


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("UPDATE children SET name = {}", "SELECT name FROM children WHERE number = 'other'"),
        ("UPDATE children SET name = {}", "SELECT address FROM children WHERE number = 'one'"),
        ("UPDATE children SET name = {}", "SELECT name FROM guardians LIMIT 1"),
    ],
    ids=["of another row", "of another column", "of another table"],
)
def test_a_sealed_value_that_was_moved_does_not_open(database: Database, target: str, source: str) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        one = a_child(session, station, number="one", address="x")
        a_child(session, station, number="other")
        session.execute(text(target.format(f"({source}) WHERE number = 'one'")))
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.get_one(Child, one.id)
        assert child.address == "x"
        with pytest.raises(SealBrokenError):
            _ = child.name


def test_a_sealed_value_handed_from_row_to_row_does_not_open(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        one, other = a_child(session, station), a_child(session, station)
        one.sealed_name = other.sealed_name
    with database.reading(EVERYTHING) as session, pytest.raises(SealBrokenError):
        _ = session.get_one(Child, one.id).name


def test_without_the_right_keys_nothing_opens(tmp_path: Path, sqlite_database: Database) -> None:
    child_id = store_a_child(sqlite_database)
    stranger = Database(f"sqlite:///{tmp_path / 'weibao.db'}", Vault(Keys.fresh()))
    with stranger.reading(EVERYTHING) as session:
        child = session.get_one(Child, child_id)
        assert child.number
        with pytest.raises(SealBrokenError, match="key file"):
            _ = child.name
    stranger.dispose()


def test_an_engine_without_keys_neither_reads_nor_writes_sealed_columns(
    tmp_path: Path, sqlite_database: Database
) -> None:
    store_a_child(sqlite_database)
    bare = create_engine(f"sqlite:///{tmp_path / 'weibao.db'}")
    with bare.connect() as connection, pytest.raises(KeyError):
        connection.execute(select(Child.sealed_name)).all()
    with bare.connect() as connection, pytest.raises(StatementError, match="KeyError"):
        connection.execute(update(Child).values(sealed_name=Sealed("x", "y")))
    bare.dispose()


def test_a_field_is_sealed_only_once_its_row_has_an_id() -> None:
    # So does the back office make its rows: without calling the constructor.
    child = Child.__mapper__.class_manager.new_instance()
    with pytest.raises(TypeError, match=r"^A row needs its id before a field of it can be sealed\.$"):
        child.name = "x"


def test_the_id_is_made_before_the_fields_that_need_it() -> None:
    child = Child(name="x", station_id=Station().id)
    assert child.name == "x"
    assert child.id is not None


def test_a_field_that_was_never_set_is_none() -> None:
    assert Child().address is None


def test_what_is_sealed_is_not_shown() -> None:
    child = Child(name=CANARIES["name"])
    guardian = Guardian(name=CANARIES["name"], phone=PHONE)
    for shown in (repr(child), repr(guardian), repr(child.sealed_name), str(child.sealed_name), repr(vars(child))):
        assert CANARIES["name"] not in shown
        assert PHONE not in shown


def test_a_failing_statement_does_not_say_what_it_was_to_write(database: Database) -> None:
    store_a_child(database)

    def write_again() -> None:
        with database.writing(EVERYTHING) as session:
            station = session.scalars(select(Station)).one()
            taken = session.scalars(select(Child.id_number_index)).one()
            a_child(session, station, **CANARIES, id_number_index=taken)

    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        write_again()
    assert not [value for value in CANARIES.values() if value in str(caught.value)]


def test_no_file_of_the_database_holds_a_childs_data(tmp_path: Path, sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as keeper:
        # While somebody reads, nothing is moved from the log into the database.
        keeper.execute(text("SELECT count(*) FROM children")).all()
        child_id = store_a_child(sqlite_database)
        leaves_no_plaintext(tmp_path, {"weibao.db", "weibao.db-wal"})
    with sqlite_database.writing(EVERYTHING) as session:
        session.get_one(Child, child_id).name = "x"
    sqlite_database.dispose()
    leaves_no_plaintext(tmp_path, {"weibao.db"})


def leaves_no_plaintext(folder: Path, expected: set[str]) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert expected <= files.keys()
    assert any(NUMBER.encode() in content for content in files.values())
    for name, content in files.items():
        for value in (*CANARIES.values(), PHONE):
            assert not [encoding for encoding in ENCODINGS if value.encode(encoding) in content], name


def test_a_field_from_an_engine_without_a_vault_does_not_open() -> None:
    with pytest.raises(TypeError, match=r"^A sealed field came from an engine without a vault\.$"):
        Sealed(token=b"x").open("children|sealed_name|0")


def test_a_field_opens_in_its_place_alone_and_a_sensitive_one_only_of_its_row(database: Database) -> None:
    token = database.vault.seal("x", "here")
    assert Sealed(token=token, vault=database.vault).open("here") == "x"
    with pytest.raises(SealBrokenError):
        Sealed(token=token, vault=database.vault).open("there")
    with pytest.raises(FieldClosedError, match=str(FieldClosedError(SensitiveField.HEALTH))):
        Sealed(token=token, vault=database.vault, sensitive=SensitiveField.HEALTH).open("here")
