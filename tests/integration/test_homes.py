"""Where a child is visited is told to those who go there, and each look stands in the audit log without the address."""

import json
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, AuditEntry, Child, Volunteer
from core.db.models.activity import SessionStatus
from core.db.scope import set_scope
from core.domain.actor import Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.services.homes import Home, home_shown
from core.services.program_facts import serving
from tests.integration import builders as make


@dataclass(frozen=True)
class Visit:
    """A published visit to a child by the first two of three volunteers."""

    session: ActivitySession
    child: Child
    volunteers: tuple[Volunteer, ...]


@pytest.fixture
def visit(writing: Session) -> Visit:
    station = make.a_station(writing)
    volunteers = tuple(make.a_volunteer(writing, station) for _ in range(3))
    (row,) = make.an_activity(writing, make.a_term(writing, station), zones=[]).sessions
    make.held(writing, row, make.at(make.SATURDAY, 9), staff=volunteers[:2])
    child = make.a_child(writing, make.a_community(writing, station), address="虚构路1号")
    return Visit(row, child, volunteers)


def look(session: Session, clock: FixedClock, visit: Visit, volunteer: Volunteer | None) -> Home:
    actor = Actor(Role.VOLUNTEER, visit.session.station_id, volunteer_id=volunteer.id if volunteer else None)
    return home_shown(session, actor, clock, session_id=visit.session.id, child_id=visit.child.id)


def looks(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "child.home_shown")))


def test_both_who_serve_are_told_and_each_look_is_noted_without_the_address(
    writing: Session, clock: FixedClock, visit: Visit
) -> None:
    for volunteer in visit.volunteers[:2]:
        assert look(writing, clock, visit, volunteer) == Home(visit.child.name, "虚构路1号")
    noted = looks(writing)
    assert [entry.subject_id for entry in noted] == [visit.child.id] * 2
    told = json.dumps([entry.detail for entry in noted], ensure_ascii=False)
    assert "虚构" not in told
    assert visit.child.name not in told


def test_nobody_else_is_told_nor_anything_noted(writing: Session, clock: FixedClock, visit: Visit) -> None:
    for volunteer in (visit.volunteers[2], None):
        with pytest.raises(NotFoundError):
            look(writing, clock, visit, volunteer)
    assert looks(writing) == []


def test_a_visit_that_is_cancelled_leads_nowhere(writing: Session, clock: FixedClock, visit: Visit) -> None:
    visit.session.status = SessionStatus.CANCELLED
    writing.flush()
    with pytest.raises(NotFoundError):
        look(writing, clock, visit, visit.volunteers[0])


def test_a_home_beyond_the_readers_part_of_the_tree_is_not_found(
    writing: Session, clock: FixedClock, visit: Visit
) -> None:
    seeing, station = visit.volunteers[0], frozenset({visit.session.station_id})
    set_scope(writing, Scope(station, station))
    with pytest.raises(NotFoundError):
        look(writing, clock, visit, seeing)


def test_a_home_does_not_show_in_logs() -> None:
    assert "虚构" not in repr(Home("例童", "虚构路1号"))


def test_who_serves_is_said_for_each_session(writing: Session, visit: Visit) -> None:
    (idle,) = make.an_activity(writing, make.a_term(writing, make.a_station(writing))).sessions
    found = serving(writing, [visit.session.id, idle.id])
    assert {one.volunteer_id for one in found[visit.session.id]} == {one.id for one in visit.volunteers[:2]}
    assert {one.role for one in found[visit.session.id]} == {make.LEAD}
    assert found[idle.id] == ()
