"""The public way in: a visitor reaches the station of the address, what is below it, and no sealed file."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, Station
from core.db.scope import scope_of, set_scope
from core.domain.actor import EVERYTHING, NOTHING, Scope
from core.domain.errors import NotFoundError
from core.services.stations import enter_public_station
from tests.integration.builders import a_child, a_community, a_station
from tests.translated import in_chinese


def test_a_public_address_opens_its_station_and_what_is_below(writing: Session) -> None:
    county = a_station(writing)
    station, _other = (a_station(writing, county, slug=slug) for slug in ("qingshi", "yuanqiao"))
    community = a_community(writing, station)
    a_child(writing, station).sealed_file = True
    writing.flush()
    set_scope(writing, NOTHING)
    assert enter_public_station(writing, "qingshi").id == station.id
    below = frozenset({station.id, community.id})
    assert scope_of(writing) == Scope(below, below | {county.id})
    assert set(writing.scalars(select(Station.id))) == below | {county.id}
    assert writing.scalars(select(Child.id)).all() == []
    set_scope(writing, EVERYTHING)


def test_an_address_that_no_station_has_is_not_found(writing: Session) -> None:
    with pytest.raises(NotFoundError) as caught:
        enter_public_station(writing, "nowhere")
    assert in_chinese(caught.value.message)
