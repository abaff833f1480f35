"""What stands in a child's way says what it is about, and a child is moved from one activity to another in one step."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.db.models import Activity, Attendance, Station, Term
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.ids import new_id
from core.domain.registering import Place
from core.domain.vocabulary import Presence
from core.hooks.joining import CuredOn, Obstacle
from core.services.registration.grounds import grounds
from core.services.registration.moving import move, where_to
from core.services.registration.offers import NotEligibleError
from core.services.registration.prospects import Prospect, prospects
from core.testing import TEST_MOMENT
from tests.integration.builders import SATURDAY, SUNDAY, a_station, at
from tests.integration.registering import (
    Fair,
    a_candidate,
    a_desk,
    a_fair,
    an_announced,
    an_open_term,
    registration_of,
    sign_up,
    standings,
    two_sites,
)


def clashing(session: Session, *, capacity: int = 2, children: int = 1) -> tuple[Fair, UUID]:
    """Store a fair with one activity, to which the first child goes, and return a second one at the same time."""
    fair = a_fair(session, capacity=capacity, children=children)
    other = an_announced(session, session.get_one(Term, fair.term), 1, at(SATURDAY, 8, 30)).id
    sign_up(session, fair.children[0], fair.activities[0])
    return fair, other


def prospect(session: Session, child: UUID, term: UUID, activity: UUID) -> Prospect:
    return next(one for one in prospects(session, a_desk(), child, term) if one.activity_id == activity)


def test_a_clash_names_the_registration_that_is_moved_or_cancelled(writing: Session) -> None:
    fair, other = clashing(writing)
    (child,), (first,) = fair.children, fair.activities
    (obstacle,) = prospect(writing, child, fair.term, other).obstacles
    assert (obstacle.code, obstacle.cured_on, obstacle.about) == ("clash", CuredOn.REGISTRATIONS, (str(first),))
    found = grounds(writing, child, [obstacle])
    assert found.registrations == {first: registration_of(writing, child, first).id}
    assert set(found.titles) == {first}


def test_who_leaves_an_activity_moves_to_one_that_was_too_far_from_it(writing: Session) -> None:
    fair = a_fair(writing, capacity=2, children=1)
    (child,), term = fair.children, writing.get_one(Term, fair.term)
    hall, park = two_sites(writing, writing.get_one(Station, fair.station))
    left = an_announced(writing, term, 1, at(SUNDAY, 9), zones=[], place_id=hall).id
    into = an_announced(writing, term, 1, at(SUNDAY, 10), zones=[], place_id=park).id
    row = sign_up(writing, child, left).registration_id
    assert row is not None
    (obstacle,) = prospect(writing, child, fair.term, into).obstacles
    assert (obstacle.code, obstacle.cured_on, obstacle.about) == ("too_far", CuredOn.REGISTRATIONS, (str(left),))
    assert into in {one.activity_id for one in where_to(writing, a_desk(), row)}
    assert move(writing, a_desk(), new_id(), row, into).state is Place.PLACED


def test_what_a_closed_group_is_called_or_a_program_makes_up_leads_nowhere(writing: Session) -> None:
    fair, other = clashing(writing)
    writing.get_one(Activity, fair.activities[0]).closed = True
    writing.flush()
    (obstacle,) = prospect(writing, fair.children[0], fair.term, other).obstacles
    assert obstacle.about == ()
    made_up = Obstacle("odd", obstacle.reason, about=("nothing", str(new_id()), str(fair.activities[0])))
    assert grounds(writing, fair.children[0], [made_up]).titles == {}


def test_who_took_part_already_is_told_in_what_and_when(writing: Session) -> None:
    station = a_station(writing)
    term = an_open_term(writing, station)
    before = an_announced(writing, term, 5, at(SATURDAY, 9), type_key="one.kind", title="旧课")
    after = an_announced(
        writing, term, 5, at(SUNDAY, 9), type_key="one.kind", title="新课", intake={"newcomers_only": True}
    )
    child = a_candidate(writing, station)
    (sheet,) = before.sessions
    noted = {"presence": Presence.PRESENT, "noted_at": TEST_MOMENT, "station_id": station.id}
    writing.add(Attendance(session_id=sheet.id, child_id=child.id, **noted))
    writing.flush()
    (obstacle,) = prospect(writing, child.id, term.id, after.id).obstacles
    assert (obstacle.code, obstacle.about) == ("took_part", (str(before.id),))
    assert obstacle.reason.values == {"title": "旧课", "when": at(SATURDAY, 9)}
    found = grounds(writing, child.id, [obstacle])
    assert [one.session_id for one in found.sheets[before.id]] == [sheet.id]


def test_a_child_moves_in_one_step_and_its_old_place_goes_on(writing: Session) -> None:
    fair, other = clashing(writing, capacity=1, children=2)
    child, next_one = fair.children
    sign_up(writing, next_one, fair.activities[0])
    row = registration_of(writing, child, fair.activities[0]).id
    assert [one.activity_id for one in where_to(writing, a_desk(), row)] == [other]
    request = new_id()
    outcomes = [move(writing, a_desk(), request, row, other) for _ in range(2)]
    assert [(one.state, one.repeated) for one in outcomes] == [(Place.PLACED, False), (Place.PLACED, True)]
    assert standings(writing, fair.activities[0]) == [(child, Place.CANCELLED), (next_one, Place.OFFERED)]


def test_a_child_that_cannot_join_the_other_keeps_what_it_has(writing: Session) -> None:
    fair, other = clashing(writing)
    (child,) = fair.children
    third = an_announced(writing, writing.get_one(Term, fair.term), 1, at(SATURDAY, 14), intake={"to_age": 3}).id
    row = registration_of(writing, child, fair.activities[0]).id
    assert [one.activity_id for one in where_to(writing, a_desk(), row)] == [other]
    with pytest.raises(NotEligibleError):
        move(writing, a_desk(), new_id(), row, third)
    assert standings(writing, fair.activities[0]) == [(child, Place.PLACED)]
    with pytest.raises(InvalidInputError):
        move(writing, a_desk(), new_id(), row, fair.activities[0])


def test_a_place_is_not_left_to_wait_for_another(writing: Session) -> None:
    fair, other = clashing(writing)
    (child,) = fair.children
    station = writing.get_one(Station, fair.station)
    sign_up(writing, a_candidate(writing, station).id, other)
    row = registration_of(writing, child, fair.activities[0]).id
    assert where_to(writing, a_desk(), row) == ()
    with pytest.raises(ConflictError):
        move(writing, a_desk(), new_id(), row, other)
    assert standings(writing, fair.activities[0]) == [(child, Place.PLACED)]
    assert [state for _child, state in standings(writing, other)] == [Place.PLACED]
