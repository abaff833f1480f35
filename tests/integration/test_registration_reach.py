"""What a community's desk reaches of its station: open activities to register for, and nothing else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityIntake, Registration, Station
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.errors import NotFoundError
from core.domain.ids import new_id
from core.domain.registering import Phase, Place
from core.services.registration.ending import undo_request
from core.services.registration.giving import Wanted, register
from core.services.registration.lists import receipt
from core.services.registration.prospects import prospects
from core.services.registration.terms import offered_terms
from core.services.stations import scope_of_station
from tests.integration.builders import a_community, an_account
from tests.integration.registering import Fair, a_candidate, a_desk, a_fair, standings


def at_the_communitys_desk(session: Session, fair: Fair) -> tuple[Actor, Wanted]:
    """Limit the session to a community of the fair's station; return its director and a child's wish."""
    community = a_community(session, session.get_one(Station, fair.station))
    child = a_candidate(session, community).id
    director = an_account(session, community, role=Role.COMMUNITY_DIRECTOR)
    actor = Actor(Role.COMMUNITY_DIRECTOR, community.id, director.id)
    set_scope(session, scope_of_station(session, community.id))
    return actor, Wanted(child, fair.activities[0])


def test_a_communitys_child_gets_its_stations_place_and_gives_it_back(writing: Session) -> None:
    fair = a_fair(writing)
    actor, wanted = at_the_communitys_desk(writing, fair)
    desk, request = a_desk(actor=actor), new_id()
    (term,) = offered_terms(writing, desk.now)
    assert (term.id, term.own, term.phase) == (fair.term, False, Phase.OPEN_PLACES)
    (prospect,) = prospects(writing, desk, wanted.child_id, fair.term)
    assert (prospect.can_join, prospect.free) == (True, 1)
    (outcome,) = register(writing, desk, request, [wanted])
    assert outcome.state is Place.PLACED
    assert [line.row.state for line in receipt(writing, request)] == [Place.PLACED]
    assert undo_request(writing, desk, request) == 1
    set_scope(writing, EVERYTHING)
    assert standings(writing, fair.activities[0]) == [(wanted.child_id, Place.CANCELLED)]


def test_the_stations_rows_stay_behind_the_wall(writing: Session) -> None:
    fair = a_fair(writing)
    actor, wanted = at_the_communitys_desk(writing, fair)
    request = new_id()
    register(writing, a_desk(actor=actor), request, [wanted])
    for kind in (Activity, ActivityIntake, Registration):
        assert writing.scalars(select(kind)).all() == []
    with pytest.raises(NotFoundError):
        register(writing, a_desk(actor=actor), new_id(), [Wanted(fair.children[0], wanted.activity_id)])


def test_a_closed_activity_of_the_station_is_offered_to_no_community(writing: Session) -> None:
    fair = a_fair(writing)
    writing.get_one(Activity, fair.activities[0]).closed = True
    actor, wanted = at_the_communitys_desk(writing, fair)
    assert prospects(writing, a_desk(actor=actor), wanted.child_id, fair.term) == ()
    with pytest.raises(NotFoundError):
        register(writing, a_desk(actor=actor), new_id(), [wanted])


def test_a_station_beside_offers_nothing_here(writing: Session) -> None:
    beside = a_fair(writing)
    actor, wanted = at_the_communitys_desk(writing, a_fair(writing))
    with pytest.raises(NotFoundError):
        register(writing, a_desk(actor=actor), new_id(), [Wanted(wanted.child_id, beside.activities[0])])
    assert beside.term not in {term.id for term in offered_terms(writing, a_desk().now)}
