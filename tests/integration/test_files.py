"""Scans and proofs: sealed in the database, kept and dropped with their transaction, handed out by leave alone."""

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, ChildFile
from core.db.opening import FieldClosedError
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ChildFileKind
from core.files.judging import MediaType
from core.services import files, grants
from core.services.key_rotation import sealed_columns
from core.testing import TEST_MOMENT
from tests.files import a_jpeg, a_pdf, a_png
from tests.integration.builders import a_child
from tests.integration.people import Town, a_town
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.fixture
def child(writing: Session, town: Town) -> Child:
    child = a_child(writing, town.station)
    writing.flush()
    return child


def _kept(session: Session, child: Child, actor: Actor = SYSTEM, content: bytes = a_pdf()) -> ChildFile:
    return files.keep_child_file(session, actor, CLOCK, child, ChildFileKind.EVIDENCE, "C:\\扫描\\户口本.pdf", content)


def test_a_file_about_a_child_opens_with_leave_alone_and_is_noted(writing: Session, town: Town, child: Child) -> None:
    file_id = _kept(writing, child).id
    writing.expire_all()
    staff = town.people[Role.STATION_STAFF]
    with pytest.raises(NotAllowedError):
        files.read_child_file(writing, staff, CLOCK, file_id)
    grants.break_glass(writing, staff, CLOCK, child, "送医")
    row, content = files.read_child_file(writing, staff, CLOCK, file_id)
    assert (content, row.name, row.media_type, row.size) == (a_pdf(), "户口本.pdf", MediaType.PDF, len(a_pdf()))
    said = [(entry.action, entry.subject_id, entry.detail) for entry in writing.scalars(select(AuditEntry))]
    assert ("file.read", child.id, {"file": str(file_id)}) in said
    assert any(action == "child.read" and detail["fields"] == ["evidence"] for action, _subject, detail in said)


def test_neither_name_nor_content_opens_by_the_row_alone(writing: Session, child: Child) -> None:
    row = _kept(writing, child)
    writing.expire_all()
    for attribute in ("name", "content"):
        with pytest.raises(FieldClosedError):
            getattr(row, attribute)


@pytest.mark.parametrize(
    ("role", "kind", "allowed"),
    [
        (Role.STATION_STAFF, ChildFileKind.EVIDENCE, True),
        (Role.COMMUNITY_DIRECTOR, ChildFileKind.CONSENT, True),
        (Role.GRID_WORKER, ChildFileKind.EVIDENCE, False),
        (Role.ORGANIZER, ChildFileKind.CONSENT, False),
        (Role.ADMINISTRATOR, ChildFileKind.EVIDENCE, False),
    ],
)
def test_those_who_keep_records_keep_their_files(
    writing: Session, town: Town, child: Child, role: Role, kind: ChildFileKind, *, allowed: bool
) -> None:
    actor = town.people[role]
    if allowed:
        kept = files.keep_child_file(writing, actor, CLOCK, child, kind, "a.png", a_png())
        assert kept.kept_by == actor.user_id
        files.drop_child_file(writing, actor, CLOCK, kept.id)
        assert writing.get(ChildFile, kept.id) is None
        return
    with pytest.raises(NotAllowedError):
        files.keep_child_file(writing, actor, CLOCK, child, kind, "a.png", a_png())
    kept = files.keep_child_file(writing, SYSTEM, CLOCK, child, kind, "a.png", a_png())
    with pytest.raises(NotAllowedError):
        files.drop_child_file(writing, actor, CLOCK, kept.id)


def test_a_file_that_cant_be_kept_leaves_nothing(writing: Session, child: Child) -> None:
    with pytest.raises(InvalidInputError):
        _kept(writing, child, content=b"<html>")
    assert writing.scalars(select(ChildFile)).all() == []


def test_a_file_about_a_volunteer_is_read_by_those_who_see_volunteers(writing: Session, town: Town) -> None:
    subject = {"station_id": town.station.id, "subject_kind": "volunteer", "subject_id": new_id()}
    organizer, grid_worker = town.people[Role.ORGANIZER], town.people[Role.GRID_WORKER]
    kept = files.keep_file(writing, organizer, CLOCK, name="  证书.jpg ", content=a_jpeg(), **subject)
    writing.expire_all()
    row, content = files.read_file(writing, organizer, CLOCK, kept.id)
    assert (row.name, content, row.media_type) == ("证书.jpg", a_jpeg(), MediaType.JPEG)
    for act in (files.read_file, files.drop_file):
        with pytest.raises(NotAllowedError):
            act(writing, grid_worker, CLOCK, kept.id)
    with pytest.raises(NotAllowedError):
        files.keep_file(writing, grid_worker, CLOCK, name="x", content=a_png(), **subject)
    files.drop_file(writing, organizer, CLOCK, kept.id)
    with pytest.raises(NotFoundError):
        files.read_file(writing, organizer, CLOCK, kept.id)


def test_each_deed_with_a_file_is_noted_with_whose_it_is(writing: Session, town: Town, child: Child) -> None:
    subject = {"station_id": town.station.id, "subject_kind": "clearance", "subject_id": new_id()}
    organizer, staff = town.people[Role.ORGANIZER], town.people[Role.STATION_STAFF]
    kept = files.keep_file(writing, organizer, CLOCK, name="x", content=a_png(), **subject)
    assert (kept.kept_by, kept.kept_at, kept.station_id) == (organizer.user_id, TEST_MOMENT, town.station.id)
    assert (kept.subject_kind, kept.subject_id) == ("clearance", subject["subject_id"])
    files.read_file(writing, organizer, CLOCK, kept.id)
    files.drop_file(writing, organizer, CLOCK, kept.id)
    about_child = _kept(writing, child, staff)
    files.drop_child_file(writing, staff, CLOCK, about_child.id)
    entries = writing.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    deeds = [("file.kept", organizer), ("file.read", organizer), ("file.dropped", organizer)]
    deeds += [("file.kept", staff), ("file.dropped", staff)]
    assert [(one.action, one.actor_id) for one in entries] == [(action, actor.user_id) for action, actor in deeds]
    own = ("clearance", subject["subject_id"], {"file": str(kept.id)})
    of_child = ("child", child.id, {"file": str(about_child.id)})
    assert [(one.subject_kind, one.subject_id, one.detail) for one in entries] == [own] * 3 + [of_child] * 2
    assert {(one.station_id, one.at) for one in entries} == {(town.station.id, TEST_MOMENT)}


def test_a_file_that_is_not_there_is_answered_in_chinese(writing: Session) -> None:
    for deed in (files.read_child_file, files.drop_child_file, files.read_file, files.drop_file):
        with pytest.raises(NotFoundError) as caught:
            deed(writing, SYSTEM, CLOCK, new_id())
        assert in_chinese(caught.value.message).startswith("没有这份")


@pytest.mark.parametrize(("name", "kept"), [("", "-"), ("扫描/", "-"), ("a" * 200 + ".pdf", "a" * 116 + ".pdf")])
def test_a_files_name_is_its_own_and_its_end_is_kept(writing: Session, child: Child, name: str, kept: str) -> None:
    row = files.keep_child_file(writing, SYSTEM, CLOCK, child, ChildFileKind.EVIDENCE, name, a_pdf())
    assert row.name == kept


def test_files_of_another_station_and_of_sealed_children_are_not_there(
    database: Database, writing: Session, town: Town, child: Child
) -> None:
    file_id = _kept(writing, child).id
    child.sealed_file = True
    writing.flush()
    assert database.vault
    for scope in (Scope(), Scope(frozenset({town.station.id}), frozenset({town.station.id}), user_id=new_id())):
        set_scope(writing, scope)
        with pytest.raises(NotFoundError):
            files.read_child_file(writing, SYSTEM, CLOCK, file_id)
    set_scope(writing, EVERYTHING)
    assert writing.get(ChildFile, file_id) is not None


def test_the_content_comes_from_the_database_only_when_it_is_asked_for(writing: Session, child: Child) -> None:
    _kept(writing, child)
    writing.expunge_all()
    row = writing.scalars(select(ChildFile)).one()
    assert "sealed_content" in inspect(row).unloaded


def test_another_key_seals_files_as_well(writing: Session) -> None:
    assert writing
    heavy = {(column.table.name, column.name) for column in sealed_columns() if column.heavy}
    files = {("child_files", "content"), ("stored_files", "content")}
    documents = {("allocation_runs", name) for name in ("problem", "allocation", "reasons")}
    assert heavy == files | documents | {("wish_rounds", "lists")}
