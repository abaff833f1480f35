"""Grants: who may ask, who decides, from when until when they count, and that nothing is read without a note."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db.models import AccessGrant
from core.db.opening import FieldClosedError
from core.db.scope import set_scope
from core.domain.actor import SYSTEM, Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentPurpose, GrantState, SensitiveField
from core.services import grants
from core.services.grants import LONGEST
from tests.integration.builders import a_child, a_consent, a_station
from tests.integration.granting import (
    ADDRESS,
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

#: Refuse with a reason, for where the reason is nothing to the test.
refused = partial(grants.refuse, reason="用不到")


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def test_without_a_grant_nobody_reads_anything(writing: Session, town: Scene, clock: FixedClock) -> None:
    for actor in (*town.people.values(), SYSTEM):
        assert grants.readable_fields(writing, actor, town.child, NOW) == frozenset()
        with pytest.raises(NotAllowedError, match="Ask for a grant, or break the glass"):
            grants.read_fields(writing, actor, clock, town.child, {HEALTH})
    assert entries(writing, "child.read") == []
    with pytest.raises(FieldClosedError):
        _ = town.child.health


def test_an_approved_grant_opens_its_fields_and_the_reading_is_noted(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    grant = given(writing, town)
    assert grants.read_fields(writing, town[Role.STATION_STAFF], clock, town.child, {HEALTH}) == {HEALTH}
    assert town.child.health == "花生过敏"
    (noted,) = entries(writing, "child.read")
    assert (noted.subject_kind, noted.subject_id) == ("child", town.child.id)
    assert noted.station_id == town.station.id
    assert noted.actor_id == town[Role.STATION_STAFF].user_id
    assert noted.detail == {"fields": ["health"], "grants": [str(grant.id)]}
    for child, field in ((town.child, "address"), (town.sibling, "health")):
        with pytest.raises(FieldClosedError):
            getattr(child, field)


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (NOW - TICK, False),
        (NOW, True),
        (NOW + timedelta(days=7) - TICK, True),
        (NOW + timedelta(days=7), False),
    ],
)
def test_a_grant_counts_from_its_first_instant_until_just_before_its_end(
    writing: Session, town: Scene, moment: datetime, *, counts: bool
) -> None:
    given(writing, town)
    assert readable(writing, town, at=moment) == ({HEALTH} if counts else set())


@pytest.mark.parametrize("field", list(SensitiveField))
def test_a_grant_covers_its_own_fields_alone(
    writing: Session, town: Scene, clock: FixedClock, field: SensitiveField
) -> None:
    given(writing, town, fields=frozenset({field}))
    assert readable(writing, town) == {field}
    for other in set(SensitiveField) - {field}:
        with pytest.raises(NotAllowedError):
            grants.read_fields(writing, town[Role.STATION_STAFF], clock, town.child, {field, other})
    assert entries(writing, "child.read") == []


def test_grants_add_up_and_the_note_names_those_used(writing: Session, town: Scene, clock: FixedClock) -> None:
    first = given(writing, town)
    second = given(writing, town, fields=frozenset({ADDRESS}), children=frozenset({town.child.id}))
    given(writing, town, fields=frozenset({SensitiveField.EVIDENCE}))
    assert readable(writing, town) == {HEALTH, ADDRESS, SensitiveField.EVIDENCE}
    grants.read_fields(writing, town[Role.STATION_STAFF], clock, town.child, {HEALTH, ADDRESS})
    (noted,) = entries(writing, "child.read")
    assert noted.detail == {"fields": ["address", "health"], "grants": sorted([str(first.id), str(second.id)])}


def test_a_grant_for_named_children_is_for_no_other(writing: Session, town: Scene) -> None:
    given(writing, town, children=frozenset({town.sibling.id}))
    assert readable(writing, town) == set()
    assert grants.readable_fields(writing, town[Role.STATION_STAFF], town.sibling, NOW) == {HEALTH}


def test_a_grant_is_for_whoever_asked(writing: Session, town: Scene) -> None:
    given(writing, town)
    for role in set(Role) - {Role.STATION_STAFF}:
        assert readable(writing, town, role) == set()


def test_a_grant_stays_at_the_station_where_it_was_given(writing: Session, town: Scene) -> None:
    given(writing, town)
    moved = replace(town[Role.STATION_STAFF], station_id=town.county.id)
    assert grants.readable_fields(writing, moved, town.child, NOW) == frozenset()


def test_a_grant_ends_at_the_borders_of_the_scope(writing: Session, town: Scene) -> None:
    elsewhere = a_child(writing, a_station(writing, town.county))
    a_consent(writing, elsewhere, ConsentPurpose.HEALTH)
    given(writing, town)
    reach = frozenset({town.station.id})
    for child in (elsewhere, town.child):
        writing.refresh(child)
    set_scope(writing, Scope(reach, reach))
    staff = town[Role.STATION_STAFF]
    assert grants.readable_fields(writing, staff, elsewhere, NOW) == frozenset()
    assert grants.readable_fields(writing, staff, town.child, NOW) == {HEALTH}


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.GRID_WORKER, Role.VOLUNTEER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_whoever_lost_the_role_lost_the_grant(writing: Session, town: Scene, role: Role) -> None:
    given(writing, town)
    other = replace(town[Role.STATION_STAFF], role=role)
    assert grants.readable_fields(writing, other, town.child, NOW) == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_those_who_keep_files_may_ask_and_nobody_else(writing: Session, town: Scene, role: Role) -> None:
    if role in {Role.HEAD, Role.STATION_STAFF, Role.SOCIAL_WORKER, Role.COMMUNITY_DIRECTOR}:
        grant = asked(writing, town, role)
        assert (grant.state, grant.user_id) == (GrantState.ASKED, town[role].user_id)
        assert grant.station_id == town.station.id
    else:
        with pytest.raises(NotAllowedError):
            asked(writing, town, role)


def test_the_machine_has_no_grants(writing: Session, town: Scene, clock: FixedClock) -> None:
    for nobody in (SYSTEM, Actor(Role.STATION_STAFF, town.station.id), Actor(Role.HEAD, None, new_id())):
        with pytest.raises(NotAllowedError, match="for people"):
            grants.ask(writing, nobody, clock, a_wish())


def test_what_was_asked_for_does_not_count_before_it_is_approved(writing: Session, town: Scene) -> None:
    asked(writing, town)
    assert readable(writing, town) == set()


@pytest.mark.parametrize("asker", [Role.HEAD, Role.STATION_STAFF, Role.SOCIAL_WORKER, Role.COMMUNITY_DIRECTOR])
@pytest.mark.parametrize("decider", list(Role))
@pytest.mark.parametrize("decision", [grants.approve, refused])
def test_the_head_decides_for_the_staff_and_the_administrator_for_the_head(
    writing: Session,
    town: Scene,
    clock: FixedClock,
    asker: Role,
    decider: Role,
    decision: Callable[..., AccessGrant],
) -> None:
    grant = asked(writing, town, asker)
    if decider is (Role.ADMINISTRATOR if asker is Role.HEAD else Role.HEAD):
        decision(writing, town[decider], clock, grant.id)
        assert grant.state is (GrantState.APPROVED if decision is grants.approve else GrantState.REFUSED)
        assert (grant.decided_by_id, grant.decided_at) == (town[decider].user_id, NOW)
        assert readable(writing, town, asker) == ({HEALTH} if decision is grants.approve else set())
    else:
        with pytest.raises(NotAllowedError):
            decision(writing, town[decider], clock, grant.id)
        assert grant.state is GrantState.ASKED


def test_nobody_decides_for_themselves_whatever_role_they_got_meanwhile(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    grant = asked(writing, town)
    risen = replace(town[Role.STATION_STAFF], role=Role.HEAD)
    with pytest.raises(NotAllowedError, match="nobody for themselves"):
        grants.approve(writing, risen, clock, grant.id)


def test_a_refusal_says_why_and_keeps_it_sealed(writing: Session, town: Scene, clock: FixedClock) -> None:
    grant = asked(writing, town)
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(InvalidInputError):
            grants.refuse(writing, town[Role.HEAD], clock, grant.id, reason)
    assert grant.state is GrantState.ASKED
    grants.refuse(writing, town[Role.HEAD], clock, grant.id, "  请先与家长联系 ")
    writing.expire_all()
    assert grant.refusal == "请先与家长联系"
    assert grant.sealed_refusal is not None
    assert "家长".encode() not in grant.sealed_refusal.token


def test_another_head_does_not_decide_for_a_head(writing: Session, town: Scene, clock: FixedClock) -> None:
    grant = asked(writing, town, Role.HEAD)
    with pytest.raises(NotAllowedError):
        grants.approve(writing, a_person(writing, town.station, Role.HEAD), clock, grant.id)


def test_what_is_decided_is_not_decided_again(writing: Session, town: Scene, clock: FixedClock) -> None:
    for first in (grants.approve, refused):
        grant = first(writing, town[Role.HEAD], clock, asked(writing, town).id)
        for again in (grants.approve, refused):
            with pytest.raises(ConflictError, match="decided already"):
                again(writing, town[Role.HEAD], clock, grant.id)


def test_what_was_asked_for_too_long_ago_is_refused_but_not_approved(writing: Session, town: Scene) -> None:
    grant = asked(writing, town)
    with pytest.raises(ConflictError, match="asked for anew"):
        grants.approve(writing, town[Role.HEAD], FixedClock(grant.ends_at), grant.id)
    assert refused(writing, town[Role.HEAD], FixedClock(grant.ends_at), grant.id).state is GrantState.REFUSED
    other = asked(writing, town)
    assert grants.approve(writing, town[Role.HEAD], FixedClock(other.ends_at - TICK), other.id).decided_by_id


def test_a_grant_that_is_not_there_is_not_found(writing: Session, town: Scene, clock: FixedClock) -> None:
    for deed in (grants.approve, refused, grants.end, grants.acknowledge):
        with pytest.raises(NotFoundError):
            deed(writing, town[Role.HEAD], clock, new_id())


def test_an_ended_grant_counts_for_nothing_at_once(writing: Session, town: Scene, clock: FixedClock) -> None:
    for role in (Role.STATION_STAFF, Role.HEAD, Role.ADMINISTRATOR):
        grant = given(writing, town)
        grants.end(writing, town[role], clock, grant.id)
        assert (grant.state, grant.ended_at) == (GrantState.ENDED, NOW)
        assert readable(writing, town) == set()
        with pytest.raises(ConflictError, match="over already"):
            grants.end(writing, town[role], clock, grant.id)


def test_what_was_asked_for_can_be_taken_back_and_is_not_approved_then(
    writing: Session, town: Scene, clock: FixedClock
) -> None:
    grant = grants.end(writing, town[Role.STATION_STAFF], clock, asked(writing, town).id)
    with pytest.raises(ConflictError):
        grants.approve(writing, town[Role.HEAD], clock, grant.id)


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.ORGANIZER, Role.AUDITOR])
def test_nobody_else_ends_a_grant(writing: Session, town: Scene, clock: FixedClock, role: Role) -> None:
    grant = given(writing, town)
    with pytest.raises(NotAllowedError):
        grants.end(writing, town[role], clock, grant.id)
    assert readable(writing, town) == {HEALTH}


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"purpose": " \n"}, "what for"),
        ({"purpose": "x" * 201}, "200 characters"),
        ({"fields": frozenset()}, "need to read"),
        ({"children": frozenset()}, "at least one child"),
        ({"ends_at": NOW}, "before it begins"),
        ({"starts_at": NOW - timedelta(days=2), "ends_at": NOW}, "over already"),
        ({"ends_at": NOW + LONGEST + TICK}, "a year at most"),
    ],
)
def test_a_wish_that_cannot_be_given_is_refused(
    writing: Session, town: Scene, values: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        asked(writing, town, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"purpose": f" {'x' * 200} "},
        {"ends_at": NOW + TICK},
        {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + TICK},
        {"ends_at": NOW + LONGEST},
    ],
)
def test_a_wish_at_the_border_is_taken(writing: Session, town: Scene, values: dict[str, Any]) -> None:
    assert timedelta(days=366) == LONGEST
    grant = asked(writing, town, **values)
    assert grant.purpose == values.get("purpose", PURPOSE).strip()


def test_a_child_out_of_reach_is_not_found(writing: Session, town: Scene) -> None:
    with pytest.raises(NotFoundError, match="no such child"):
        asked(writing, town, children=frozenset({town.child.id, new_id()}))


def test_health_opens_with_a_consent_to_keep_it_or_a_duty_or_in_an_emergency(writing: Session, town: Scene) -> None:
    child, staff = a_child(writing, town.station), town[Role.STATION_STAFF]
    health = frozenset({SensitiveField.HEALTH})
    grant = grants.ask(writing, staff, FixedClock(NOW), a_wish(fields=health, children=frozenset({child.id})))
    grants.approve(writing, town[Role.HEAD], FixedClock(NOW), grant.id)
    assert grants.readable_fields(writing, staff, child, NOW) == frozenset()
    with pytest.raises(NotAllowedError, match="health information"):
        grants.read_fields(writing, staff, FixedClock(NOW), child, health)
    consent = a_consent(writing, child, ConsentPurpose.HEALTH)
    assert grants.readable_fields(writing, staff, child, NOW) == health
    consent.withdrawn_on = NOW.date()
    writing.flush()
    assert grants.readable_fields(writing, staff, child, NOW) == frozenset()
    grants.break_glass(writing, staff, FixedClock(NOW), child, "哮喘发作")
    assert health < grants.readable_fields(writing, staff, child, NOW)
