"""Two files that were made one stand again for a day exactly as they were, unless something was changed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db.migrate import upgrade
from core.db.models import (
    Attendance,
    AuditEntry,
    Child,
    ChildTurn,
    Group,
    GroupMember,
    Guardian,
    Station,
)
from core.db.opening import MachinePath, reading
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.child_file import Grade, Turn
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, NotFoundError
from core.domain.registering import Place
from core.domain.rights import RequestKind
from core.domain.vocabulary import ConsentPurpose, Presence
from core.hooks.manager import load_hooks
from core.services.audit import verify_chain
from core.services.erasing import erase_consented
from core.services.merging.undoing import WITHIN, can_unmerge, forget_undone, unmerge
from core.services.stations import scope_of_station
from plugins.parent_school.models import FamilyAttendance
from plugins.sst.models import Answers, Occasion
from tests.integration.builders import (
    SATURDAY,
    a_child,
    a_community,
    a_consent,
    a_room,
    a_station,
    a_term,
    a_venue,
    an_activity,
    at,
    held,
    restrict,
)
from tests.integration.merging import CLOCK, LATER, TODAY, a_file, everything, merged, registered
from tests.integration.registering import an_announced, an_open_term


@pytest.fixture
def files(database: Database) -> tuple[UUID, UUID]:
    """Return two files with much on them: of a community and its station, with doubles in core and in programs."""
    for history in load_hooks().histories:
        upgrade(database.engine, history)
    with database.writing(EVERYTHING) as session:
        station = a_station(session)
        kept = a_file(session, station, id_number=None, id_number_index=None)
        former = a_file(
            session,
            a_community(session, station),
            school="例小学",
            grade=Grade.PRIMARY_3.value,
            grade_year=2026,
            health="花生过敏",
        )
        activity = an_activity(session, a_term(session, station))
        meeting = held(session, activity.sessions[0], at(SATURDAY, 9), a_room(session, a_venue(session, station)))
        group = Group(station_id=station.id, name="例组", from_age=6, to_age=12)
        session.add(group)
        session.flush()
        for child in (kept, former):
            own: dict[str, Any] = {"station_id": child.station_id, "child_id": child.id}
            note = {"presence": Presence.PRESENT, "noted_at": CLOCK.now()}
            session.add_all(
                [
                    Attendance(session_id=meeting.id, station_id=station.id, child_id=child.id, **note),
                    GroupMember(group_id=group.id, **own),
                    FamilyAttendance(session_id=meeting.id, adults=2, noted_at=CLOCK.now(), **own),
                    Answers(
                        scores="55443",
                        occasion=Occasion.BEFORE,
                        answered_on=TODAY,
                        activity_id=activity.id,
                        **own,
                    ),
                ]
            )
            a_consent(session, child, ConsentPurpose.DATA, given_on=TODAY)
        session.flush()
        return kept.id, former.id


def test_both_files_stand_again_with_all_their_rows(database: Database, files: tuple[UUID, UUID]) -> None:
    with database.writing(EVERYTHING) as session:
        before = everything(session)
        done = merged(session, *files)
        assert {"school", "health", "id_number", "grade"} <= set(done.filled)
    with database.writing(EVERYTHING) as session:
        assert unmerge(session, SYSTEM, LATER, files[0]) == files[1]
        assert everything(session) == before
        stations = {child.station_id for child in session.scalars(select(Child))}
        assert all(verify_chain(session, station) is None for station in stations)
        logged = select(AuditEntry.subject_id).where(AuditEntry.action == "child.unmerged")
        assert set(session.scalars(logged)) == set(files)
        with pytest.raises(ConflictError, match="too late"):
            unmerge(session, SYSTEM, LATER, files[0])


def test_what_was_restricted_comes_back_restricted(database: Database, files: tuple[UUID, UUID]) -> None:
    with database.writing(EVERYTHING) as session:
        assert restrict(session, files[1]).kind is RequestKind.RESTRICTION
        before = everything(session)
        merged(session, *files)
        unmerge(session, SYSTEM, LATER, files[0])
        assert everything(session) == before


def changed_field(session: Session, kept: UUID) -> None:
    session.get_one(Child, kept).diet = "不吃辣"


def added_row(session: Session, kept: UUID) -> None:
    a_consent(session, session.get_one(Child, kept), ConsentPurpose.PHOTO)


def changed_row(session: Session, kept: UUID) -> None:
    session.scalars(select(Guardian).where(Guardian.child_id == kept)).first().address = "例路9号"  # type: ignore[union-attr]


def removed_row(session: Session, kept: UUID) -> None:
    session.execute(delete(Attendance).where(Attendance.child_id == kept))


def changed_row_of_a_program(session: Session, kept: UUID) -> None:
    session.scalars(select(FamilyAttendance).where(FamilyAttendance.child_id == kept)).one().adults = 1


@pytest.mark.parametrize(
    "change",
    [changed_field, added_row, changed_row, removed_row, changed_row_of_a_program],
    ids=lambda one: one.__name__,
)
def test_whatever_was_changed_since_keeps_it_from_being_taken_back(
    database: Database, files: tuple[UUID, UUID], change: Callable[[Session, UUID], None]
) -> None:
    with database.writing(EVERYTHING) as session:
        merged(session, *files)
        session.expire_all()
        change(session, files[0])
        session.flush()
        before = everything(session)
        with pytest.raises(ConflictError, match="changed since the merging"):
            unmerge(session, SYSTEM, LATER, files[0])
        assert everything(session) == before


def test_after_a_day_it_is_too_late_and_nothing_of_it_is_kept(database: Database, files: tuple[UUID, UUID]) -> None:
    end = CLOCK.now() + WITHIN
    with database.writing(EVERYTHING) as session:
        merged(session, *files)
        turn = session.scalars(select(ChildTurn).where(ChildTurn.turn == Turn.MERGED)).one()
        assert [can_unmerge(turn, moment) for moment in (end - timedelta(microseconds=1), end)] == [True, False]
        assert forget_undone(session, end - timedelta(microseconds=1)) == 0
        with pytest.raises(ConflictError, match="too late"):
            unmerge(session, SYSTEM, FixedClock(end), files[0])
        assert forget_undone(session, end) == 1
        session.expire_all()
        turn = session.scalars(select(ChildTurn).where(ChildTurn.turn == Turn.MERGED)).one()
        assert turn.sealed_undo is None
        assert turn.sealed_former is not None, "What the merged file said stays in the history."


def test_what_rests_on_consent_is_erased_of_the_merged_file_too(database: Database, files: tuple[UUID, UUID]) -> None:
    with database.writing(EVERYTHING) as session:
        merged(session, *files)
        erase_consented(session, SYSTEM, CLOCK, files[0], today=TODAY)
        turn = session.scalars(select(ChildTurn).where(ChildTurn.turn == Turn.MERGED)).one()
        with reading(session, MachinePath.COPY):
            said = json.loads(turn.former or "")
        assert (said["school"], "health" in said, turn.sealed_undo) == ("例小学", False, None)


def test_a_number_that_is_anothers_by_now_is_told(database: Database, files: tuple[UUID, UUID]) -> None:
    with database.writing(EVERYTHING) as session:
        former = session.get_one(Child, files[1])
        number, station = former.number, former.station_id
        merged(session, *files)
        a_child(session, session.get_one(Station, station), number=number)
        before = everything(session)
        with pytest.raises(ConflictError, match="number or document"), session.begin_nested():
            unmerge(session, SYSTEM, LATER, files[0])
        assert everything(session) == before


def test_a_place_that_was_given_on_is_not_taken_from_anybody(writing: Session) -> None:
    station = a_station(writing)
    activity = an_announced(writing, an_open_term(writing, station), 2).id
    kept, former, third = (a_file(writing, station) for _ in range(3))
    for child in (kept, former):
        registered(writing, child, activity, Place.PLACED, 1)
    keys = kept.id, former.id
    merged(writing, *keys)
    registered(writing, writing.get_one(Child, third.id), activity, Place.PLACED, 1)
    with pytest.raises(ConflictError, match="given on"):
        unmerge(writing, SYSTEM, LATER, keys[0])


def test_the_last_of_two_mergings_is_taken_back_and_who_is_out_of_reach_is_not_told(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        station, elsewhere = a_station(session), a_station(session)
        kept, first, second = (a_file(session, station).id for _ in range(3))
        merged(session, kept, first)
        between = everything(session)
        merged(session, kept, second, LATER)
        reach = scope_of_station(session, elsewhere.id)
    with database.writing(reach) as session, pytest.raises(NotFoundError):
        unmerge(session, SYSTEM, LATER, kept)
    with database.writing(EVERYTHING) as session:
        assert unmerge(session, SYSTEM, LATER, kept) == second
        assert everything(session) == between


def test_a_sealed_file_is_not_merged_with_an_open_one(writing: Session) -> None:
    station = a_station(writing)
    open_file, sealed = a_file(writing, station), a_file(writing, station, sealed_file=True)
    with pytest.raises(ConflictError, match="sealed"):
        merged(writing, open_file.id, sealed.id)
