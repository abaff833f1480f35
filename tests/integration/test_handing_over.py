"""Children come and go home at the door: with whom the file allows, and for whoever may not there is an alarm."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import (
    ActivityGroup,
    ActivitySession,
    Attendance,
    AuditEntry,
    Child,
    GroupMember,
    GuardianLeave,
    Handover,
    OutboxNotice,
    PickUpPerson,
    Station,
)
from core.db.opening import FieldClosedError
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.notices import NoticeKind
from core.domain.vocabulary import GuardianAccess, Presence
from core.services.door import TooFewAdultsError, let_in
from core.services.handing_over import (
    Taker,
    alarms_of,
    child_came,
    children_at,
    collectors,
    hand_over,
    take_back_child,
)
from core.testing import TEST_MOMENT
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_group,
    a_station,
    a_term,
    a_volunteer,
    an_account,
    an_activity,
    at,
    held,
)

CLOCK = FixedClock(TEST_MOMENT)
OPEN, HOME = at(SATURDAY, 9), at(SATURDAY, 10)


@dataclass(frozen=True)
class Scene:
    """A session on Saturday at nine with one expected child, whom an aunt may pick up and an uncle may not."""

    held: ActivitySession
    child: Child
    aunt: PickUpPerson
    uncle: PickUpPerson


@pytest.fixture
def scene(writing: Session) -> Scene:
    station = a_station(writing)
    row = held(writing, an_activity(writing, a_term(writing, station)).sessions[0], OPEN)
    child, group = a_child(writing, station), a_group(writing, station)
    own = {"station_id": station.id}
    writing.add(GroupMember(group_id=group.id, child_id=child.id, **own))
    writing.add(ActivityGroup(group_id=group.id, activity_id=row.activity_id, **own))
    aunt, uncle = (PickUpPerson(child_id=child.id, allowed=allowed, **own) for allowed in (True, False))
    writing.add_all((aunt, uncle))
    aunt.name, aunt.relation, aunt.phone = "好阿姨", "姨母", "13000000001"
    uncle.name, uncle.relation = "坏 叔叔", "叔叔"
    for _ in range(2):
        person = a_volunteer(writing, station)
        let_in(writing, SYSTEM, CLOCK, row.id, person.id, now=OPEN)
    writing.flush()
    writing.expire_all()
    return Scene(row, child, aunt, uncle)


def came(session: Session, scene: Scene) -> Handover:
    return child_came(session, SYSTEM, CLOCK, scene.held.id, scene.child.id, now=OPEN)


def fetch(session: Session, scene: Scene, taker: Taker) -> bool:
    return hand_over(session, SYSTEM, CLOCK, scene.held.id, scene.child.id, taker, now=HOME)


def actions(session: Session) -> list[str]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [row.action for row in rows if row.action.startswith("handover.")]


def test_a_child_comes_and_goes_home_with_somebody_who_may(writing: Session, scene: Scene) -> None:
    row = came(writing, scene)
    assert came(writing, scene) is row
    assert writing.scalars(select(Attendance.presence)).one() is Presence.PRESENT
    assert [one.here for one in children_at(writing, scene.held)] == [True]
    assert fetch(writing, scene, Taker(scene.aunt.id))
    assert (row.arrived_at, row.left_at, row.person_id, row.alarm_at) == (OPEN, HOME, scene.aunt.id, None)
    assert [one.gone for one in children_at(writing, scene.held)] == [True]
    assert actions(writing) == ["handover.came", "handover.done"]
    with pytest.raises(ConflictError, match="not here"):
        fetch(writing, scene, Taker(scene.aunt.id))


def test_who_may_pick_up_is_shown_by_name_and_relation_and_noted(writing: Session, scene: Scene) -> None:
    with pytest.raises(ConflictError, match="not here"):
        collectors(writing, SYSTEM, CLOCK, scene.held.id, scene.child.id, now=OPEN)
    came(writing, scene)
    child, shown = collectors(writing, SYSTEM, CLOCK, scene.held.id, scene.child.id, now=HOME)
    assert child is scene.child
    assert (shown[0].name, shown[0].allowed) == ("坏 叔叔", False)
    assert {one.name for one in shown if one.allowed} == {"好阿姨", scene.child.guardians[0].name}
    assert "handover.collectors_shown" in actions(writing)
    writing.expire_all()
    with pytest.raises(FieldClosedError):
        _ = scene.aunt.phone


@pytest.mark.parametrize("typed", ["", "坏叔叔", " 坏 叔 叔 "])
def test_somebody_who_may_not_raises_the_alarm_and_the_child_stays(writing: Session, scene: Scene, typed: str) -> None:
    station = writing.get_one(Station, scene.held.station_id)
    head = an_account(writing, station, role=Role.HEAD)
    an_account(writing, station, role=Role.STATION_STAFF)
    row = came(writing, scene)
    taker = Taker(name=typed, reason="说是家里有事") if typed else Taker(scene.uncle.id)
    assert fetch(writing, scene, taker) is False
    assert (row.left_at, row.collector, row.alarm_at) == (None, None, TEST_MOMENT)
    assert len(alarms_of(children_at(writing, scene.held))) == 1
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "handover.alarm")).one()
    assert entry.detail["person"] == scene.uncle.id.hex
    notice = writing.scalars(select(OutboxNotice)).one()
    assert (notice.kind, notice.user_id, notice.urgent) == (NoticeKind.PICKUP_ALARM, head.id, True)
    assert not {scene.child.name, "坏 叔叔"} & set(map(str, notice.facts.values()))
    assert fetch(writing, scene, Taker(scene.aunt.id))
    assert row.alarm_at == TEST_MOMENT


def test_a_guardian_from_whom_place_and_time_are_kept_may_not_take_the_child(writing: Session, scene: Scene) -> None:
    came(writing, scene)
    guardian = scene.child.guardians[0]
    writing.add(
        GuardianLeave(
            station_id=scene.held.station_id,
            child_id=scene.child.id,
            guardian_id=guardian.id,
            access=GuardianAccess.RESTRICTED,
            decided_at=TEST_MOMENT,
        )
    )
    writing.flush()
    assert fetch(writing, scene, Taker(guardian.id)) is False


def test_somebody_else_needs_a_name_and_a_reason(writing: Session, scene: Scene) -> None:
    row = came(writing, scene)
    for taker in (Taker(), Taker(name="邻居"), Taker(reason="母亲来电"), Taker(name="邻" * 41, reason="有事")):
        with pytest.raises(InvalidInputError):
            fetch(writing, scene, taker)
    assert fetch(writing, scene, Taker(name="邻居", reason="母亲来电"))
    assert (row.person_id, row.collector) == (None, "邻居: 母亲来电")
    writing.expire(row)
    with pytest.raises(FieldClosedError):
        _ = row.collector


def test_a_slip_is_taken_back(writing: Session, scene: Scene) -> None:
    row = came(writing, scene)
    fetch(writing, scene, Taker(scene.aunt.id))
    for here in (True, False):
        take_back_child(writing, SYSTEM, CLOCK, scene.held.id, scene.child.id, now=HOME)
        assert [one.here for one in children_at(writing, scene.held)] == [here]
    assert (row.arrived_at, row.left_at, row.person_id, row.sealed_collector) == (None, None, None, None)


def test_no_child_comes_before_enough_adults_are_here(writing: Session) -> None:
    station = a_station(writing)
    row = held(writing, an_activity(writing, a_term(writing, station)).sessions[0], OPEN)
    child = a_child(writing, station)
    noted = Attendance(station_id=station.id, session_id=row.id, child_id=child.id)
    noted.presence, noted.noted_at = Presence.ABSENT, TEST_MOMENT
    writing.add(noted)
    writing.flush()
    with pytest.raises(TooFewAdultsError):
        child_came(writing, SYSTEM, CLOCK, row.id, child.id, now=OPEN)


def test_only_who_notes_attendance_and_on_the_day_alone(writing: Session, scene: Scene) -> None:
    volunteer = Actor(user_id=None, role=Role.VOLUNTEER, station_id=scene.held.station_id)
    with pytest.raises(NotAllowedError):
        child_came(writing, volunteer, CLOCK, scene.held.id, scene.child.id, now=OPEN)
    for now in (OPEN - timedelta(days=1), OPEN + timedelta(days=1)):
        with pytest.raises(ConflictError):
            child_came(writing, SYSTEM, CLOCK, scene.held.id, scene.child.id, now=now)
    came(writing, scene)
    stranger = a_child(writing, writing.get_one(Station, scene.held.station_id))
    with pytest.raises(NotFoundError):
        child_came(writing, SYSTEM, CLOCK, scene.held.id, stranger.id, now=OPEN)
    with pytest.raises(NotFoundError):
        fetch(writing, scene, Taker(stranger.guardians[0].id))
