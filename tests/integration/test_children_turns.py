"""Files that move, leave, come back and become one: everything that hangs on them follows, and it is said what did."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import (
    Attendance,
    AuditEntry,
    Child,
    ChildCategoryMark,
    ChildTurn,
    Consent,
    GroupMember,
    Guardian,
    Station,
    Visit,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.child_file import LeftReason, Turn, VisitKind
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.vocabulary import ChildCategory, ConsentPurpose, Presence
from core.services.audit import verify_chain
from core.services.children.dependents import dependents
from core.services.children.duplicates import likenesses_of, name_birth_index
from core.services.children.keeping import StaleFileError
from core.services.children.moving import come_back, eighteenth, grown_up, leave, mark_grown_up, move_child
from core.services.children.visits import (
    VisitEntry,
    due_by,
    intervals_at,
    last_of_month,
    months_after,
    next_due,
    note_visit,
    set_intervals,
)
from core.services.merging.files import merge_children
from core.services.stations import scope_of_station
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_community,
    a_group,
    a_room,
    a_station,
    a_term,
    a_venue,
    an_activity,
    at,
    held,
    unlocked,
)

TODAY = date(2026, 11, 23)
CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC))


def with_history(session: Session, station: Station, child: Child, *, purpose: ConsentPurpose) -> None:
    """Hang on a child a consent, a category, a place in a group, a note of attendance and a visit."""
    own = {"station_id": child.station_id, "child_id": child.id}
    room = a_room(session, a_venue(session, station))
    activity = an_activity(session, a_term(session, station))
    meeting = held(session, activity.sessions[0], at(SATURDAY, 9), room)
    session.add_all(
        [
            Consent(purpose=purpose, given_on=TODAY, **own),
            ChildCategoryMark(category=ChildCategory.LEFT_BEHIND.value, **own),
            GroupMember(group_id=a_group(session, station).id, **own),
            Attendance(
                station_id=station.id,
                session_id=meeting.id,
                child_id=child.id,
                presence=Presence.PRESENT,
                noted_at=CLOCK.now(),
            ),
            Visit(
                kind=VisitKind.VISIT, visited_on=TODAY, visitor="样员", checked="一切正常", noted_at=CLOCK.now(), **own
            ),
        ]
    )
    session.flush()


def stations_of(session: Session, child_id: UUID) -> dict[str, set[UUID]]:
    """Return of each table the stations of the rows that hang on a child."""
    found: dict[str, set[UUID]] = {}
    for dependent in dependents():
        if not dependent.table.name.startswith(("character_ed", "parent_school", "school_link", "sst")):
            column = getattr(dependent.model, dependent.attribute)
            for row in session.scalars(select(dependent.model).where(column == child_id)):
                found.setdefault(dependent.table.name, set()).add(row.station_id)
    return found


def actions(session: Session, station_id: UUID) -> list[str]:
    assert verify_chain(session, station_id) is None
    query = select(AuditEntry.action).where(AuditEntry.station_id == station_id).order_by(AuditEntry.number)
    return list(session.scalars(query))


def test_every_table_of_core_that_refers_to_a_child_follows_it() -> None:
    names = {dependent.table.name for dependent in dependents()}
    assert {"guardians", "child_categories", "consents", "attendances", "group_members", "visits"} <= names
    assert {"pick_up_persons", "child_turns"} <= names


def test_a_merged_file_hands_over_all_that_hung_on_it(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept, former = a_child(session, station), a_child(session, station, school="例小学", address="例路1号")
        with_history(session, station, kept, purpose=ConsentPurpose.DATA)
        with_history(session, station, former, purpose=ConsentPurpose.PHOTO)
        kept_id, former_id, number = kept.id, former.id, former.number
        done = merge_children(
            session, SYSTEM, CLOCK, kept_id, former_id, versions=(kept.version, former.version), today=TODAY
        )
        assert done.rows["consents"] == done.rows["attendances"] == done.rows["visits"] == done.rows["guardians"] == 1
        assert set(done.filled) == {"school", "address"}
    with database.reading(EVERYTHING) as session, unlocked(session):
        assert session.get(Child, former_id) is None
        child = session.get_one(Child, kept_id)
        assert (child.school, child.version, len(child.guardians)) == ("例小学", 2, 2)
        for model in (Consent, ChildCategoryMark, GroupMember, Attendance, Visit):
            assert session.scalar(select(func.count()).select_from(model).where(model.child_id == kept_id)) == 2
        turn = session.scalars(select(ChildTurn).where(ChildTurn.merged_id == former_id)).one()
        assert (turn.turn, turn.merged_number, turn.counts) == (Turn.MERGED, number, dict(done.rows))
        assert json.loads(turn.former or "")["address"] == "例路1号"
        assert actions(session, child.station_id) == ["child.merged"]


def test_a_group_that_both_are_in_is_kept_once_and_whatever_was_said_of_either(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept, former = a_child(session, station), a_child(session, station)
        group = a_group(session, station)
        for child in (kept, former):
            own = {"station_id": station.id, "child_id": child.id}
            session.add(Consent(purpose=ConsentPurpose.DATA, given_on=TODAY, **own))
            session.add(GroupMember(group_id=group.id, **own))
        session.flush()
        merge_children(session, SYSTEM, CLOCK, kept.id, former.id, versions=(1, 1), today=TODAY)
        assert session.scalar(select(func.count()).select_from(Consent)) == 2
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 1


def test_files_that_were_changed_since_they_were_compared_are_not_merged(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept, former = a_child(session, station), a_child(session, station)
        with pytest.raises(StaleFileError):
            merge_children(session, SYSTEM, CLOCK, kept.id, former.id, versions=(1, 2), today=TODAY)
        with pytest.raises(InvalidInputError):
            merge_children(session, SYSTEM, CLOCK, kept.id, kept.id, versions=(1, 1), today=TODAY)


def test_documents_of_two_birth_dates_are_of_two_children(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept, former = a_child(session, station), a_child(session, station, birth_date="2015-01-01")
        with pytest.raises(ConflictError):
            merge_children(session, SYSTEM, CLOCK, kept.id, former.id, versions=(1, 1), today=TODAY)


def test_a_file_that_takes_over_a_document_is_found_by_it(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept = a_child(session, station, id_number=None, id_number_index=None)
        former = a_child(session, station)
        index = former.id_number_index
        merge_children(session, SYSTEM, CLOCK, kept.id, former.id, versions=(1, 1), today=TODAY)
        assert session.scalars(select(Child.id).where(Child.id_number_index == index)).one() == kept.id


def test_a_move_between_communities_takes_everything_but_what_is_a_sessions(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        here, there = a_community(session, station), a_community(session, station)
        child = a_child(session, here)
        with_history(session, station, child, purpose=ConsentPurpose.DATA)
        child_id, station_id, there_id, here_id = child.id, station.id, there.id, here.id
        move_child(session, SYSTEM, CLOCK, child_id, there_id, day=TODAY, today=TODAY, words="搬家")
        found = stations_of(session, child_id)
        assert found.pop("attendances") == {station_id}
        assert set(found) == {"guardians", "child_categories", "consents", "group_members", "visits", "child_turns"}
        assert set().union(*found.values()) == {there_id}
        assert (actions(session, here_id), actions(session, there_id)) == (["child.moved_out"], ["child.moved_in"])


def test_a_move_out_of_reach_gives_up_groups_and_lets_the_child_go(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        county = a_station(session)
        here, there = a_station(session, county), a_station(session, county)
        child = a_child(session, here)
        with_history(session, here, child, purpose=ConsentPurpose.DATA)
        child_id, here_id, there_id = child.id, here.id, there.id
        scope = scope_of_station(session, here_id)
    head = Actor(Role.HEAD, here_id)
    with database.writing(scope) as session:
        turn = move_child(session, head, CLOCK, child_id, there_id, day=TODAY, today=TODAY)
        assert turn.counts["group_members_left"] == 1
        assert session.scalars(select(Child).where(Child.id == child_id)).one_or_none() is None
        with pytest.raises(NotFoundError):
            move_child(session, head, CLOCK, child_id, here_id, day=TODAY, today=TODAY)
    with database.reading(EVERYTHING) as session:
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 0
        guardian = session.scalars(select(Guardian).where(Guardian.child_id == child_id)).one()
        assert guardian.station_id == there_id


def test_a_move_is_refused_where_the_number_is_taken_or_the_day_is_to_come(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        here, there = a_station(session), a_station(session)
        child = a_child(session, here)
        a_child(session, there, number=child.number)
        with pytest.raises(ConflictError):
            move_child(session, SYSTEM, CLOCK, child.id, there.id, day=TODAY, today=TODAY)
        with pytest.raises(InvalidInputError):
            move_child(session, SYSTEM, CLOCK, child.id, here.id, day=TODAY, today=TODAY)
        with pytest.raises(InvalidInputError):
            move_child(session, SYSTEM, CLOCK, child.id, there.id, day=TODAY + timedelta(days=1), today=TODAY)


def test_a_child_leaves_with_a_reason_and_comes_back(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        child = a_child(session, a_station(session))
        leave(session, SYSTEM, CLOCK, child.id, LeftReason.MOVED_AWAY, day=TODAY, today=TODAY, words="去外省")
        assert (child.left_on, child.left_reason) == (TODAY, LeftReason.MOVED_AWAY)
        with pytest.raises(ConflictError):
            leave(session, SYSTEM, CLOCK, child.id, LeftReason.OTHER, day=TODAY, today=TODAY)
        come_back(session, SYSTEM, CLOCK, child.id, today=TODAY)
        assert (child.left_on, child.left_reason, child.version) == (None, None, 3)
        with pytest.raises(ConflictError):
            come_back(session, SYSTEM, CLOCK, child.id, today=TODAY)
        assert actions(session, child.station_id) == ["child.left", "child.returned"]


def test_whoever_turns_18_leaves_on_that_day(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        adult = a_child(session, station, birth_date="2008-11-23")
        a_child(session, station, birth_date="2008-11-24")
        assert [one.child_id for one in grown_up(session, TODAY)] == [adult.id]
        assert mark_grown_up(session, SYSTEM, CLOCK, TODAY) == 1
        assert (adult.left_on, adult.left_reason) == (TODAY, LeftReason.TURNED_18)
        assert mark_grown_up(session, SYSTEM, CLOCK, TODAY) == 0
        with pytest.raises(ConflictError):
            come_back(session, SYSTEM, CLOCK, adult.id, today=TODAY)


def test_somebody_born_on_29_february_turns_18_on_1_march() -> None:
    assert eighteenth(date(2008, 2, 29)) == date(2026, 3, 1)
    assert eighteenth(date(2008, 3, 1)) == date(2026, 3, 1)


def test_files_of_one_name_and_birth_date_are_shown_to_each_other(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        index = name_birth_index(database.vault, "例童", "2016-05-01")
        twins = [a_child(session, station, name="例童", name_birth_index=index) for _ in range(2)]
        assert [one.child_id for one in likenesses_of(session, twins[0])] == [twins[1].id]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 23), 14, date(2028, 1, 23)),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_a_month_has_its_last_day() -> None:
    assert last_of_month(date(2026, 12, 31)) == date(2026, 12, 31)
    assert last_of_month(date(2028, 2, 1)) == date(2028, 2, 29)


def test_a_child_is_due_by_the_shortest_interval_of_its_categories(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        plain, marked = a_child(session, station), a_child(session, station)
        own = {"station_id": station.id, "child_id": marked.id}
        session.add_all(
            [
                ChildCategoryMark(category=ChildCategory.LOW_INCOME.value, **own),
                ChildCategoryMark(category=ChildCategory.SCATTERED_ORPHAN.value, **own),
                ChildCategoryMark(category=ChildCategory.ORPHAN.value, until_day=date(2026, 1, 1), **own),
            ]
        )
        session.flush()
        assert next_due(session, marked, TODAY) == date(2026, 12, 1)
        assert next_due(session, plain, TODAY) == date(2027, 11, 1)
        assert [one.child_id for one in due_by(session, date(2026, 12, 31))] == [marked.id]


def test_a_visit_puts_the_next_one_off_and_its_own_day_goes_first(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        child = a_child(session, a_station(session))
        entry = VisitEntry(VisitKind.VISIT, TODAY, "样员", "一切正常")
        note_visit(session, SYSTEM, CLOCK, child.id, entry, today=TODAY)
        assert next_due(session, child, TODAY) == date(2027, 11, 23)
        sooner = VisitEntry(VisitKind.CALL, TODAY, "样员", "再看一次", date(2026, 12, 5))
        note_visit(session, SYSTEM, CLOCK, child.id, sooner, today=TODAY)
        assert [(one.due, one.last) for one in due_by(session, date(2026, 12, 31))] == [(date(2026, 12, 5), TODAY)]
        assert actions(session, child.station_id) == ["child.visited", "child.visited"]


def test_a_visit_to_come_or_a_next_one_before_it_is_refused(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        child = a_child(session, a_station(session))
        for entry in (
            VisitEntry(VisitKind.VISIT, TODAY + timedelta(days=1), "样员", "x"),
            VisitEntry(VisitKind.VISIT, TODAY, "样员", "x", TODAY),
        ):
            with pytest.raises(InvalidInputError):
                note_visit(session, SYSTEM, CLOCK, child.id, entry, today=TODAY)


def test_a_station_says_how_often_and_those_below_it_follow(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        community = a_community(session, station)
        assert intervals_at(session, community.id)[ChildCategory.ORPHAN] == 3
        set_intervals(session, SYSTEM, CLOCK, station.id, {ChildCategory.ORPHAN: 2})
        assert intervals_at(session, community.id)[ChildCategory.ORPHAN] == 2
        set_intervals(session, SYSTEM, CLOCK, community.id, {ChildCategory.ORPHAN: 1})
        assert intervals_at(session, community.id)[ChildCategory.ORPHAN] == 1
        assert intervals_at(session, station.id)[ChildCategory.ORPHAN] == 2
        with pytest.raises(InvalidInputError):
            set_intervals(session, SYSTEM, CLOCK, station.id, {ChildCategory.ORPHAN: 25})
