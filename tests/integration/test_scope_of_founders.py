"""A scope that grows with the stations founded in it, and what may be changed within it."""

from sqlalchemy import select

from core.db.models import Station
from core.db.scope import scope_of, widen_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, Scope
from core.domain.ids import new_id
from core.domain.vocabulary import StationKind
from tests.integration.builders import a_station, a_venue
from tests.integration.test_scope import two_stations


def test_a_station_that_is_founded_below_joins_the_scope_and_no_other_does(database: Database) -> None:
    tree = two_stations(database)
    with database.writing(tree.scope(1)) as session:
        scope, founded = scope_of(session), new_id()
        session.add(Station(id=founded, kind=StationKind.COMMUNITY, name="新社区", slug="new", parent_id=tree.ids[1]))
        session.flush()
        assert session.scalars(select(Station.id).where(Station.id == founded)).all() == []
        widen_scope(session, founded)
        assert scope_of(session) == Scope(scope.stations | {founded}, scope.lineage | {founded})
        assert session.scalars(select(Station.id).where(Station.id == founded)).all() == [founded]
        a_venue(session, session.get_one(Station, founded))
    with database.writing(EVERYTHING) as session:
        widen_scope(session, founded)
        assert scope_of(session) is EVERYTHING


def test_a_station_within_the_scope_is_changed_and_its_communities_are_founded_and_moved(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        county, station = (a_station(session) for _ in range(2))
        station.parent_id = county.id
        session.flush()
        mine = frozenset({station.id})
    scope = Scope(stations=mine, lineage=mine | {county.id})
    with database.writing(scope) as session:
        session.get_one(Station, station.id).name = "改了名的站"
        below = Station(kind=StationKind.COMMUNITY, name="社区", slug="below", parent_id=station.id)
        session.add(below)
    with database.reading(EVERYTHING) as session:
        assert session.get_one(Station, station.id).name == "改了名的站"
        assert session.get_one(Station, below.id).parent_id == station.id
