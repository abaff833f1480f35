"""Broken glass, what the head is told, what is noted of all deeds, and sessions that keep no note."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child
from core.db.opening import FieldClosedError
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.vocabulary import ConsentPurpose, SensitiveField
from core.services import grants
from core.services.grants import GLASS_LASTS
from tests.integration.builders import a_child, a_consent, a_station
from tests.integration.granting import (
    HEALTH,
    NOW,
    PURPOSE,
    TICK,
    Scene,
    a_scene,
    a_wish,
    asked,
    entries,
    given,
    readable,
)
from tests.integration.people import a_person


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def test_broken_glass_opens_all_of_one_child_for_four_hours(writing: Session, town: Scene, clock: FixedClock) -> None:
    grant = grants.break_glass(writing, town[Role.SOCIAL_WORKER], clock, town.child, " 晕倒，需要送医 ")
    assert grant.break_glass
    assert grant.purpose == "晕倒，需要送医"
    for moment, counts in (
        (NOW - TICK, False),
        (NOW, True),
        (NOW + GLASS_LASTS - TICK, True),
        (NOW + GLASS_LASTS, False),
    ):
        assert readable(writing, town, Role.SOCIAL_WORKER, moment) == (set(SensitiveField) if counts else set())
    assert grants.readable_fields(writing, town[Role.SOCIAL_WORKER], town.sibling, NOW) == frozenset()
    assert timedelta(hours=4) == GLASS_LASTS


@pytest.mark.parametrize("role", list(Role))
def test_those_who_keep_files_may_break_the_glass_and_nobody_else(
    writing: Session, town: Scene, clock: FixedClock, role: Role
) -> None:
    if role in {Role.HEAD, Role.STATION_STAFF, Role.SOCIAL_WORKER, Role.COMMUNITY_DIRECTOR}:
        assert grants.break_glass(writing, town[role], clock, town.child, "x").station_id == town.station.id
    else:
        with pytest.raises(NotAllowedError):
            grants.break_glass(writing, town[role], clock, town.child, "x")


def test_glass_is_not_broken_without_a_reason(writing: Session, town: Scene, clock: FixedClock) -> None:
    for reason in ("", "  ", "x" * 201):
        with pytest.raises(InvalidInputError):
            grants.break_glass(writing, town[Role.HEAD], clock, town.child, reason)
    assert entries(writing, "glass.broken") == []


def test_glass_is_not_broken_for_a_child_out_of_reach(writing: Session, town: Scene, clock: FixedClock) -> None:
    with pytest.raises(NotFoundError):
        grants.break_glass(writing, town[Role.HEAD], clock, Child(station_id=town.station.id), "x")


def test_the_machine_decides_nothing(writing: Session, town: Scene, clock: FixedClock) -> None:
    grant = asked(writing, town, Role.HEAD)
    assert grants.to_decide(writing, SYSTEM, NOW) == []
    with pytest.raises(NotAllowedError):
        grants.approve(writing, SYSTEM, clock, grant.id)


def test_the_head_is_told_of_broken_glass_until_it_is_acknowledged(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    grant = grants.break_glass(writing, town[Role.STATION_STAFF], clock, town.child, "x")
    own = grants.break_glass(writing, town[Role.HEAD], clock, town.child, "x")
    given(writing, town)
    assert grants.to_acknowledge(writing, town[Role.HEAD]) == [grant]
    assert grants.to_acknowledge(writing, town[Role.ADMINISTRATOR]) == [own]
    for role in set(Role) - {Role.HEAD, Role.ADMINISTRATOR}:
        assert grants.to_acknowledge(writing, town[role]) == []
        with pytest.raises(NotAllowedError):
            grants.acknowledge(writing, town[role], clock, grant.id)
    with pytest.raises(NotAllowedError):
        grants.acknowledge(writing, town[Role.HEAD], clock, own.id)
    assert grants.acknowledge(writing, town[Role.HEAD], clock, grant.id) is grant
    assert grant.acknowledged_by_id == town[Role.HEAD].user_id
    assert grants.to_acknowledge(writing, town[Role.HEAD]) == []
    with pytest.raises(ConflictError, match="taken note"):
        grants.acknowledge(writing, town[Role.HEAD], clock, grant.id)
    # What was taken note of was taken all the same.
    assert readable(writing, town) >= {HEALTH}


def test_an_ordinary_grant_is_not_acknowledged(writing: Session, town: Scene, clock: FixedClock) -> None:
    grant = given(writing, town)
    with pytest.raises(ConflictError):
        grants.acknowledge(writing, town[Role.HEAD], clock, grant.id)


def test_what_waits_is_listed_for_whoever_decides_until_its_time_is_over(writing: Session, town: Scene) -> None:
    staff, head = asked(writing, town), asked(writing, town, Role.HEAD)
    given(writing, town)
    assert grants.to_decide(writing, town[Role.HEAD], NOW) == [staff]
    assert grants.to_decide(writing, town[Role.ADMINISTRATOR], NOW) == [head]
    assert grants.to_decide(writing, town[Role.STATION_STAFF], NOW) == []
    assert grants.to_decide(writing, town[Role.HEAD], staff.ends_at - TICK) == [staff]
    assert grants.to_decide(writing, town[Role.HEAD], staff.ends_at) == []


def test_every_deed_is_noted_without_what_it_is_for(writing: Session, town: Scene, clock: FixedClock) -> None:
    first, second = (asked(writing, town, children=frozenset({town.child.id})) for _ in range(2))
    grants.approve(writing, town[Role.HEAD], clock, first.id)
    grants.end(writing, town[Role.HEAD], clock, first.id)
    grants.refuse(writing, town[Role.HEAD], clock, second.id, "不需要")
    glass = grants.break_glass(writing, town[Role.STATION_STAFF], clock, town.child, PURPOSE)
    grants.acknowledge(writing, town[Role.HEAD], clock, glass.id)
    noted = [
        (entry.action, entry.subject_id, entry.actor_id)
        for entry in writing.scalars(select(AuditEntry).order_by(AuditEntry.number))
    ]
    staff, head = town[Role.STATION_STAFF].user_id, town[Role.HEAD].user_id
    assert noted == [
        ("grant.asked", first.id, staff),
        ("grant.asked", second.id, staff),
        ("grant.approved", first.id, head),
        ("grant.ended", first.id, head),
        ("grant.refused", second.id, head),
        ("glass.broken", glass.id, staff),
        ("glass.acknowledged", glass.id, head),
    ]
    (broken,) = entries(writing, "glass.broken")
    assert broken.detail == {
        "fields": sorted(SensitiveField),
        "until": (NOW + GLASS_LASTS).isoformat(),
        "child": str(town.child.id),
    }
    assert all(entry.subject_kind == "grant" for entry in writing.scalars(select(AuditEntry)))


def test_reading_nothing_is_not_noted(writing: Session, town: Scene, clock: FixedClock) -> None:
    assert grants.read_fields(writing, town[Role.STATION_STAFF], clock, town.child, ()) == frozenset()
    assert entries(writing, "child.read") == []
    assert grants.noted_reads(writing) == ()


def test_a_session_that_keeps_nothing_reads_nothing(sqlite_database: Database, clock: FixedClock) -> None:
    with sqlite_database.writing(EVERYTHING) as session:
        station = a_station(session)
        staff, head = (a_person(session, station, role) for role in (Role.STATION_STAFF, Role.HEAD))
        row = a_child(session, station, health="x")
        a_consent(session, row, ConsentPurpose.HEALTH)
        child = row.id
        grants.approve(session, head, clock, grants.ask(session, staff, clock, a_wish()).id)
    with sqlite_database.reading(EVERYTHING) as session:
        row = session.get_one(Child, child)
        assert grants.readable_fields(session, staff, row, NOW) == {HEALTH}
        with pytest.raises(RuntimeError, match="keeps the note"):
            grants.read_fields(session, staff, clock, row, {HEALTH})
        with pytest.raises(FieldClosedError):
            _ = row.health


def test_readings_are_noted_again_where_their_transaction_was_dropped(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    given(writing, town)
    grants.read_fields(writing, town[Role.STATION_STAFF], clock, town.child, {HEALTH})
    (read,) = grants.noted_reads(writing)
    grants.note_again(writing, clock, [read])
    first, second = entries(writing, "child.read")
    assert (first.detail, first.subject_id, first.actor_id) == (second.detail, second.subject_id, second.actor_id)
