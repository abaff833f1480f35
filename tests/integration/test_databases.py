"""The databases that tests are given are the product's own, migrated and empty."""

import pytest

from core.db.migrate import CORE, drift
from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import StationKind
from core.hooks.manager import load_hooks


def test_a_database_has_the_declared_tables(database: Database) -> None:
    assert drift(database.engine, CORE, load_hooks().histories) == []


def test_what_one_session_writes_the_next_one_reads(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        session.add(Station(kind=StationKind.STATION, name="Demo", slug="demo"))
    with database.reading(EVERYTHING) as session:
        assert [station.name for station in session.query(Station)] == ["Demo"]


def test_no_test_sees_the_rows_of_another(database: Database) -> None:
    with database.reading(EVERYTHING) as session:
        assert session.query(Station).count() == 0


def test_a_row_refuses_an_attribute_that_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="Station has no attribute 'nickname'"):
        Station(nickname="Demo")
