"""A plugin's tables come, go and stay by a history of their own, beside core's, on both databases."""

from datetime import date

import pytest
from sqlalchemy import inspect, select

from core.db.base import Base
from core.db.histories import History
from core.db.migrate import CORE, downgrade, drift, upgrade
from core.db.models import Station
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import StationKind
from core.hooks.manager import load_hooks
from plugins.character_ed.models import MonthlyVirtue
from plugins.school_link.models import SchoolAgreement

HISTORIES = load_hooks().histories
EACH = pytest.mark.parametrize("history", HISTORIES, ids=[history.owner for history in HISTORIES])


def tables_of(database: Database, history: History) -> set[str]:
    return {name for name in inspect(database.engine).get_table_names() if name.startswith(history.prefix)}


def some_rows(station: Station) -> list[Base]:
    virtue = MonthlyVirtue(station_id=station.id, year=2026, month=12, name="诚信", explanation="说到做到。")
    agreement = SchoolAgreement(
        station_id=station.id,
        school="测试小学",
        rooms="一楼阅览室",
        contact="德育处",
        valid_from=date(2026, 9, 1),
        valid_until=date(2027, 8, 31),
    )
    return [virtue, agreement]


def test_all_four_programs_have_tables() -> None:
    assert [history.owner for history in HISTORIES] == ["character_ed", "parent_school", "school_link", "sst"]


@EACH
def test_a_plugins_tables_come_as_they_are_declared_and_go(database: Database, history: History) -> None:
    assert tables_of(database, history) == set()
    upgrade(database.engine, history)
    assert tables_of(database, history) == {name for name in Base.metadata.tables if name.startswith(history.prefix)}
    assert drift(database.engine, history) == []
    downgrade(database.engine, history)
    assert tables_of(database, history) == set()


def test_core_does_not_miss_the_tables_of_plugins(database: Database) -> None:
    assert drift(database.engine, CORE, HISTORIES) == []
    for history in HISTORIES:
        upgrade(database.engine, history)
    assert drift(database.engine, CORE, HISTORIES) == []


def test_a_plugin_that_was_taken_out_comes_back_to_its_data(database: Database) -> None:
    for history in HISTORIES:
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        station = Station(kind=StationKind.STATION, name="测试站", slug="test")
        session.add(station)
        session.flush()
        session.add_all(some_rows(station))

    # Without the plugins, a start migrates core alone.
    upgrade(database.engine, CORE)
    for history in HISTORIES:
        upgrade(database.engine, history)

    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(MonthlyVirtue.name)).all() == ["诚信"]
        assert session.scalars(select(SchoolAgreement.contact)).all() == ["德育处"]


def test_going_back_one_plugin_leaves_the_others_data(database: Database) -> None:
    for history in HISTORIES:
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        station = Station(kind=StationKind.STATION, name="测试站", slug="test")
        session.add(station)
        session.flush()
        session.add_all(some_rows(station))
    downgrade(database.engine, HISTORIES[0])
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(SchoolAgreement.school)).all() == ["测试小学"]
        assert session.scalars(select(Station.slug)).all() == ["test"]
