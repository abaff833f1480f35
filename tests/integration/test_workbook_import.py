"""Importing a workbook: all or nothing, the second time nothing new, and never past the actor's station."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from core.db.models import (
    Activity,
    ActivityRole,
    ActivitySession,
    AuditEntry,
    Availability,
    Child,
    Group,
    Guardian,
    Room,
    Station,
    StationHours,
    User,
    Venue,
    Volunteer,
)
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.id_numbers import demo_id_number
from core.domain.phones import demo_phone
from core.domain.vocabulary import ActivityLine, ChildCategory, StationKind, VenueKind
from core.hooks.manager import load_hooks
from core.services.audit import verify_chain
from core.services.demo.workbook import demo_workbook
from core.services.workbook.content import HoursRow, StationRow, VenueRow, WorkbookContent
from core.services.workbook.errors import InvalidWorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.store.ledger import ImportSummary, SheetCount
from tests.integration.builders import unlocked
from tests.integration.workbook_content import BORN, a_child, a_station, a_volunteer, an_activity, workbook
from tests.unit.services.workbook.workbooks import a_workbook, places


def load(
    database: Database,
    clock: FixedClock,
    content: WorkbookContent | bytes,
    scope: Scope = EVERYTHING,
    actor: Actor = SYSTEM,
) -> ImportSummary:
    data = content if isinstance(content, bytes) else workbook(content)
    with database.writing(scope) as session:
        return import_workbook(session, actor, clock, load_hooks(), data, demo=True)


def complaints(
    database: Database, clock: FixedClock, content: WorkbookContent | bytes, scope: Scope = EVERYTHING
) -> list[tuple[str, int, str]]:
    with pytest.raises(InvalidWorkbookError) as refused:
        load(database, clock, content, scope)
    return places(refused.value.errors)


def count(database: Database, model: type) -> int:
    with database.reading(EVERYTHING) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def audit_entries(database: Database) -> list[AuditEntry]:
    with database.reading(EVERYTHING) as session:
        for station in session.scalars(select(Station.id)):
            assert verify_chain(session, station) is None
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def scope_of(database: Database, name: str) -> Scope:
    with database.reading(EVERYTHING) as session:
        station = session.scalars(select(Station).where(Station.name == name)).one()
        above = [station.parent_id] if station.parent_id else []
    return Scope(frozenset({station.id}), frozenset({station.id, *above}))


def test_the_demo_is_imported_whole_and_a_second_time_nothing_changes(database: Database, clock: FixedClock) -> None:
    data = demo_workbook(load_hooks())
    first = load(database, clock, data)
    assert first.counts["儿童"] == SheetCount(added=240)
    entries = len(audit_entries(database))
    second = load(database, clock, data)
    assert not second.changed_anything
    assert second.counts["儿童"] == SheetCount(unchanged=240)
    assert list(second.counts) == list(first.counts)
    assert len(audit_entries(database)) == entries
    with database.reading(EVERYTHING) as session:
        wanted = session.scalar(select(func.sum(Activity.session_count)))
    assert count(database, ActivitySession) == wanted


def test_what_was_imported_can_be_read(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.scalars(select(Child)).one()
        assert (child.name, child.id_number, child.birth_date) == ("例童甲", demo_id_number(BORN, 11), "2015-05-05")
        assert (child.address, child.health) == ("例路1号", "例敏")
        assert child.id_number_index == database.vault.blind_index("children.id_number", child.id_number)
        assert [mark.category for mark in child.categories] == [ChildCategory.LEFT_BEHIND]
        assert len(child.memberships) == 1
        guardian = session.scalars(select(Guardian)).one()
        assert guardian.phone == demo_phone(9)
        activity = session.scalars(select(Activity)).one()
        assert [meeting.position for meeting in activity.sessions] == [0, 1, 2]
        assert [room.name for room in activity.rooms] == ["一号厅"]
        school = session.scalars(select(Venue.id).where(Venue.name == "例校")).one()
        assert activity.settings == {"school": str(school), "reading_minutes": 15}
        assert activity.line is ActivityLine.LEARNING
        assert (activity.roles[0].required, activity.roles[0].wanted) == (1, 1)


def test_what_settings_refer_to_is_found_again_and_must_be_there(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    assert not load(database, clock, a_station()).changed_anything
    unknown = a_station(activities=(an_activity(settings=(("school", "无校"),)),))
    assert complaints(database, clock, unknown) == [("活动", 2, "补充设置")]


def test_a_corrected_workbook_changes_what_was_corrected(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    corrected = a_station(
        children=(a_child(name="例童乙", health=None, categories=(), groups=()),),
        volunteers=(a_volunteer(phone=None, active=False),),
        activities=(an_activity(session_count=5, rooms=()),),
    )
    counts = load(database, clock, corrected).counts
    changed = {sheet for sheet, found in counts.items() if found.changed}
    assert changed == {"儿童", "志愿者", "活动"}
    assert not any(found.added or found.removed for found in counts.values())
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.scalars(select(Child)).one()
        assert (child.name, child.health, child.memberships) == ("例童乙", None, [])
        assert [mark.until_day for mark in child.categories] == [clock.now().date() - timedelta(days=1)]
        volunteer = session.scalars(select(Volunteer)).one()
        assert (volunteer.phone, volunteer.phone_index, volunteer.active) == (None, None, False)
    assert count(database, ActivitySession) == 5


def test_what_is_not_in_the_workbook_stays(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    stations = a_station().stations
    summary = load(database, clock, WorkbookContent(stations=stations))
    assert summary.counts == {"站点": SheetCount(unchanged=1)}
    assert [count(database, model) for model in (Child, Volunteer, Room, ActivityRole, Availability)] == [1] * 5


def test_columns_that_are_left_out_keep_what_is_stored(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    rows = [["所属站点", "儿童编号", "姓名", "身份证号"], ["测试站", "C1", "例童丙", demo_id_number(BORN, 11)]]
    summary = load(database, clock, a_workbook({"儿童": rows}))
    assert summary.counts == {"儿童": SheetCount(changed=1)}
    with database.reading(EVERYTHING) as session, unlocked(session):
        child = session.scalars(select(Child)).one()
        assert (child.name, child.health, len(child.categories), len(child.memberships)) == ("例童丙", "例敏", 1, 1)


def test_hours_and_availability_are_replaced_for_those_on_the_sheet(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    hours = (HoursRow(station="测试站", opens=time(9), closes=time(17)),)
    summary = load(database, clock, WorkbookContent(hours=hours))
    assert summary.counts == {"开放时间": SheetCount(added=1, removed=1)}
    with database.reading(EVERYTHING) as session:
        assert [(row.opens, row.closes) for row in session.scalars(select(StationHours))] == [(time(9), time(17))]
    assert count(database, Availability) == 1


def test_one_error_keeps_everything_out(database: Database, clock: FixedClock) -> None:
    broken = a_station(activities=(an_activity(groups=("没有的组",)),))
    assert complaints(database, clock, broken) == [("活动", 2, "小组")]
    assert [count(database, model) for model in (Station, Child, Room, AuditEntry)] == [0] * 4


def test_published_sessions_are_never_taken_away(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    starts, ends = datetime(2027, 1, 25, 9), datetime(2027, 1, 25, 10, 30)  # noqa: DTZ001 (wall-clock time)
    with database.writing(EVERYTHING) as session:
        session.execute(
            update(ActivitySession)
            .where(ActivitySession.position == 1)
            .values(status=SessionStatus.HELD, starts_at=starts, ends_at=ends, room_free_at=ends)
        )
    shorter = a_station(activities=(an_activity(session_count=1),))
    assert complaints(database, clock, shorter) == [("活动", 2, "场次数")]
    load(database, clock, a_station(activities=(an_activity(session_count=2),)))
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(ActivitySession.status).order_by(ActivitySession.position)).all() == [
            SessionStatus.UNPUBLISHED,
            SessionStatus.HELD,
        ]


def test_the_same_person_under_another_number_is_refused(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    again = a_station(
        children=(a_child(number="C2"),), guardians=(), volunteers=(a_volunteer(number="V2"),), availabilities=()
    )
    assert complaints(database, clock, again) == [("儿童", 2, "儿童编号"), ("志愿者", 2, "志愿者编号")]


def test_a_number_is_not_given_to_another_person(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    other = a_station(
        children=(a_child(name="例童乙", id_number=demo_id_number(BORN, 12)),),
        volunteers=(a_volunteer(name="测员二", phone=demo_phone(2), birth_date=date(1991, 1, 1)),),
    )
    assert complaints(database, clock, other) == [("儿童", 2, "儿童编号"), ("志愿者", 2, "志愿者编号")]


def test_a_mistyped_id_number_can_be_corrected(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    load(database, clock, a_station(children=(a_child(id_number=demo_id_number(BORN, 12)),)))
    with database.reading(EVERYTHING) as session, unlocked(session):
        assert session.scalars(select(Child)).one().id_number == demo_id_number(BORN, 12)


def two_stations(database: Database, clock: FixedClock) -> None:
    """Store two stations below a county; the other one has a child, a volunteer and a venue."""
    stations = (
        StationRow(name="测试县", kind=StationKind.COUNTY, slug="xian"),
        StationRow(name="测试站", kind=StationKind.STATION, parent="测试县", slug="ceshi"),
        StationRow(name="另一站", kind=StationKind.STATION, parent="测试县", slug="lingyi"),
    )
    load(
        database,
        clock,
        WorkbookContent(
            stations=stations,
            venues=(VenueRow(station="另一站", name="另一中心", kind=VenueKind.CENTRE),),
            children=(a_child(station="另一站", groups=()),),
            volunteers=(a_volunteer(station="另一站"),),
        ),
    )


def test_an_actor_writes_the_own_station_only(database: Database, clock: FixedClock) -> None:
    two_stations(database, clock)
    scope = scope_of(database, "测试站")
    elsewhere = WorkbookContent(
        venues=(
            VenueRow(station="另一站", name="新中心", kind=VenueKind.CENTRE),
            VenueRow(station="测试县", name="新中心二", kind=VenueKind.CENTRE),
            VenueRow(station="没有的站", name="新中心三", kind=VenueKind.CENTRE),
        )
    )
    with pytest.raises(InvalidWorkbookError) as refused:
        load(database, clock, elsewhere, scope)
    hidden, above, missing = refused.value.errors
    assert str(hidden.message).replace("另一站", "没有的站") == str(missing.message)
    assert "isn't yours" in str(above.message)


def test_a_child_of_another_station_is_refused_without_telling_where_it_is(
    database: Database, clock: FixedClock
) -> None:
    two_stations(database, clock)
    scope = scope_of(database, "测试站")
    mine = WorkbookContent(children=(a_child(number="C7", name="例童庚", groups=()),))
    with pytest.raises(InvalidWorkbookError) as refused:
        load(database, clock, mine, scope)
    (error,) = refused.value.errors
    assert (error.sheet, error.row, error.column) == ("儿童", 2, "身份证号")
    assert not any(word in str(error.message) for word in ("另一站", "例童", "C1"))


def test_the_same_numbers_and_names_may_stand_in_two_stations(database: Database, clock: FixedClock) -> None:
    two_stations(database, clock)
    scope = scope_of(database, "测试站")
    mine = a_station(
        stations=(),
        children=(a_child(id_number=demo_id_number(BORN, 12)),),
        volunteers=(a_volunteer(phone=demo_phone(2)),),
    )
    load(database, clock, mine, scope)
    assert count(database, Volunteer) == 2
    with database.reading(scope) as session:
        assert session.scalars(select(Volunteer)).one().phone == demo_phone(2)


def test_an_actor_founds_stations_below_the_own_one_and_fills_them(database: Database, clock: FixedClock) -> None:
    two_stations(database, clock)
    below = (
        StationRow(name="测试角", kind=StationKind.COMMUNITY, parent="测试社区", slug="jiao"),
        StationRow(name="测试社区", kind=StationKind.COMMUNITY, parent="测试站", slug="shequ"),
    )
    venues = (VenueRow(station="测试角", name="角落", kind=VenueKind.CHILDRENS_HOME),)
    summary = load(database, clock, WorkbookContent(stations=below, venues=venues), scope_of(database, "测试站"))
    assert (summary.counts["站点"].added, summary.counts["场地"].added) == (2, 1)


def test_an_actor_founds_nothing_beside_or_above_and_takes_no_short_name(database: Database, clock: FixedClock) -> None:
    two_stations(database, clock)
    stations = (
        StationRow(name="旁站", kind=StationKind.STATION, parent="测试县", slug="pang"),
        StationRow(name="顶站", kind=StationKind.COUNTY, slug="ding"),
        StationRow(name="测试社区", kind=StationKind.COMMUNITY, parent="测试站", slug="lingyi"),
    )
    assert complaints(database, clock, WorkbookContent(stations=stations), scope_of(database, "测试站")) == [
        ("站点", 2, "站点名称"),
        ("站点", 3, "站点名称"),
        ("站点", 4, "网址简称"),
    ]


def test_each_station_that_changed_has_one_audit_entry_without_names(database: Database, clock: FixedClock) -> None:
    load(database, clock, a_station())
    (entry,) = audit_entries(database)
    assert (entry.action, entry.subject_kind, entry.actor_id) == ("workbook.imported", "workbook", None)
    assert entry.detail["children"] == {"added": 1}
    load(database, clock, a_station(groups=(replace(a_station().groups[0], to_age=13),)))
    assert audit_entries(database)[1].detail == {"groups": {"changed": 1}}


def test_the_actor_stands_in_the_audit_entry(database: Database, station: UUID, clock: FixedClock) -> None:
    user = User(
        station_id=station,
        login="organizer",
        role=Role.ORGANIZER,
        password="-",
        fs_uniquifier="-",
        created_at=clock.now(),
    )
    with database.writing(EVERYTHING) as session:
        session.add(user)
    actor = Actor(Role.ORGANIZER, station, user_id=user.id)
    load(database, clock, WorkbookContent(groups=a_station().groups), scope_of(database, "测试站"), actor)
    assert [entry.actor_id for entry in audit_entries(database)] == [user.id]
    assert count(database, Group) == 1
