"""Between two sites a child needs time for the way: at the desk, as it was entered, or the usual minutes."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.db.models import Station
from core.domain.registering import Place
from core.domain.ways import DEFAULT_WAY
from tests.integration.builders import SUNDAY, a_station, at
from tests.integration.registering import a_candidate, an_announced, an_open_term, sign_up, two_sites


@pytest.mark.parametrize(("entered", "way"), [(None, DEFAULT_WAY), (5, 5), (45, 45), (0, 0)])
def test_between_two_sites_there_is_time_for_the_way_as_it_was_entered(
    writing: Session, entered: int | None, way: int
) -> None:
    station = a_station(writing)
    term, (hall, park) = an_open_term(writing, station), two_sites(writing, station, entered)
    chess = an_announced(writing, term, 5, at(SUNDAY, 10), title="象棋", zones=[], place_id=hall).id
    ends = at(SUNDAY, 11)
    late = an_announced(writing, term, 5, ends + timedelta(minutes=way - 1), zones=[], place_id=park).id
    in_time = an_announced(writing, term, 5, ends + timedelta(minutes=way), zones=[], place_id=park).id
    nowhere = an_announced(writing, term, 5, at(SUNDAY, 9), zones=[]).id
    before = an_announced(writing, term, 5, at(SUNDAY, 9) - timedelta(minutes=way - 1), zones=[], place_id=park).id
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    sign_up(writing, child, chess)
    for activity in (late, before) if way else ():
        (obstacle,) = sign_up(writing, child, activity).obstacles
        assert obstacle.code == "too_far"
        assert obstacle.reason.values == {"title": "象棋", "when": at(SUNDAY, 10), "minutes": way}
        assert obstacle.about == (str(chess),)
    assert [sign_up(writing, child, one).state for one in (in_time, nowhere)] == [Place.PLACED] * 2


def test_what_is_too_far_from_a_closed_group_does_not_name_it(writing: Session) -> None:
    station = a_station(writing)
    term, (hall, park) = an_open_term(writing, station), two_sites(writing, station)
    closed = an_announced(writing, term, 5, at(SUNDAY, 10), title="小组", zones=[], place_id=hall, closed=True).id
    after = an_announced(writing, term, 5, at(SUNDAY, 11), zones=[], place_id=park).id
    child = a_candidate(writing, writing.get_one(Station, station.id)).id
    sign_up(writing, child, closed)
    (obstacle,) = sign_up(writing, child, after).obstacles
    assert (obstacle.code, obstacle.about) == ("too_far", ())
    assert obstacle.reason.values == {"when": at(SUNDAY, 10), "minutes": DEFAULT_WAY}
