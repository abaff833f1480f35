"""Registers are only written to: neither the audit log nor the register of harm loses or changes an entry."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.migrate import CORE, downgrade, upgrade
from core.db.models import AuditEntry, ConsentText, HarmReport, Incident
from core.db.registers import REGISTER_GUARD, REGISTERS, lay_register_guards
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import HarmAuthority, StationKind
from core.services import harm_reports
from core.services.harm_reports import Reported
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station
from tests.integration.people import Town, a_person, a_town
from tests.rows import one_of_each

NOW = TEST_MOMENT
#: Ways to lose or change an entry; each is refused by the database, whatever its age.
DEEDS: dict[str, Callable[[Session], object]] = {
    "update": lambda session: session.execute(update(HarmReport).values(reference="x")),
    "delete": lambda session: session.execute(delete(HarmReport)),
    "row": lambda session: session.delete(session.scalars(select(HarmReport)).one()) or session.flush(),
    "entry": lambda session: session.execute(update(AuditEntry).values(action="x")),
    "entries": lambda session: session.execute(delete(AuditEntry)),
    "old entries": lambda session: session.execute(
        delete(AuditEntry).where(AuditEntry.at <= NOW + timedelta(days=400))
    ),
    "text": lambda session: session.execute(text("DELETE FROM harm_reports")),
}


def a_report(**values: object) -> Reported:
    return Reported(**{"reported_at": NOW, "authority": HarmAuthority.POLICE, **values})  # type: ignore[arg-type]


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.mark.walls
@pytest.mark.parametrize("deed", DEEDS)
def test_no_entry_is_changed_or_deleted(database: Database, clock: FixedClock, deed: str) -> None:
    with database.writing(EVERYTHING) as session:
        lay_register_guards(session.connection())
        harm_reports.note_report(session, a_town(session)[Role.GRID_WORKER], clock, a_report())

    def attempt() -> None:
        with database.writing(EVERYTHING) as session:
            DEEDS[deed](session)

    with pytest.raises(IntegrityError, match=REGISTER_GUARD):
        attempt()
    with database.reading(EVERYTHING) as session:
        assert session.scalars(select(HarmReport)).one().reference == ""
        assert session.scalars(select(AuditEntry.action)).all() == ["harm.reported"]


@pytest.mark.walls
@pytest.mark.parametrize("model", [AuditEntry, ConsentText, HarmReport, Incident])
def test_every_register_keeps_every_entry(database: Database, model: type[Base]) -> None:
    with database.writing(EVERYTHING) as session:
        kept = one_of_each(session, [model], {})[model].id
        lay_register_guards(session.connection())
    table = model.__tablename__
    ways = [f"UPDATE {table} SET id = id", f"DELETE FROM {table}"]  # noqa: S608 (a name of ours)
    for way in (*ways, *([] if database.embedded else [f"TRUNCATE {table} CASCADE"])):
        with pytest.raises(IntegrityError, match=REGISTER_GUARD), database.writing(EVERYTHING) as session:
            session.connection().execute(text(way))
    with database.reading(EVERYTHING) as session:
        assert session.get(model, kept)


@pytest.mark.walls
def test_the_registers_are_guarded_after_down_and_up(database: Database, clock: FixedClock) -> None:
    downgrade(database.engine, CORE)
    with database.engine.connect() as connection:
        left = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        left = left if database.embedded else "SELECT proname FROM pg_proc WHERE proname = 'register_is_kept'"
        assert connection.scalars(text(left)).all() == []
    upgrade(database.engine, CORE)
    test_no_entry_is_changed_or_deleted(database, clock, "delete")
    kept = (AuditEntry, ConsentText, HarmReport, Incident)
    assert set(REGISTERS) == {model.__tablename__ for model in kept}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_reports_harm_and_has_a_receipt(writing: Session, town: Town, clock: FixedClock, role: Role) -> None:
    row = harm_reports.note_report(
        writing, town[role], clock, a_report(reference=" 2026-1 ", authority_name=" 城关所 ")
    )
    assert (row.reporter_id, row.noted_at, row.reference) == (town[role].user_id, NOW, "2026-1")
    assert row.authority_name == "城关所"
    assert harm_reports.own_report(writing, town[role], row.id) is row
    for other in set(Role) - {role}:
        with pytest.raises(NotFoundError):
            harm_reports.own_report(writing, town[other], row.id)
    (entry,) = writing.scalars(select(AuditEntry))
    assert (entry.action, entry.subject_id, entry.actor_id) == ("harm.reported", row.id, town[role].user_id)
    assert entry.detail == {"authority": "police"}


@pytest.mark.parametrize("role", list(Role))
def test_the_register_is_for_the_head_and_the_auditor(
    writing: Session, town: Town, clock: FixedClock, role: Role
) -> None:
    rows = [harm_reports.note_report(writing, town[Role.VOLUNTEER], clock, a_report()) for _ in range(2)]
    if role in {Role.HEAD, Role.AUDITOR}:
        assert harm_reports.register(writing, town[role]) == rows[::-1]
    else:
        with pytest.raises(NotAllowedError):
            harm_reports.register(writing, town[role])


def test_the_machine_reports_nothing(writing: Session, town: Town, clock: FixedClock) -> None:
    with pytest.raises(NotAllowedError):
        harm_reports.note_report(writing, SYSTEM, clock, a_report())
    row = harm_reports.note_report(writing, Actor(Role.HEAD, town.station.id), clock, a_report())
    with pytest.raises(NotFoundError):
        harm_reports.own_report(writing, Actor(Role.HEAD, town.station.id), row.id)


def test_a_report_names_a_child_whom_the_reporter_sees(writing: Session, town: Town, clock: FixedClock) -> None:
    child = a_child(writing, town.station)
    row = harm_reports.note_report(writing, town[Role.GRID_WORKER], clock, a_report(child_id=child.id))
    assert (row.child_id, row.station_id) == (child.id, town.station.id)
    for actor, unseen in ((town[Role.VOLUNTEER], child.id), (town[Role.HEAD], new_id())):
        with pytest.raises(NotFoundError):
            harm_reports.note_report(writing, actor, clock, a_report(child_id=unseen))


def test_the_entry_stays_when_the_childs_file_goes(writing: Session, town: Town, clock: FixedClock) -> None:
    child = a_child(writing, town.station)
    row = harm_reports.note_report(writing, town[Role.HEAD], clock, a_report(child_id=child.id))
    writing.delete(child)
    writing.flush()
    writing.expire(row)
    assert row.child_id is not None


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"reported_at": NOW + timedelta(microseconds=1)}, "future"),
        ({"reported_at": NOW - timedelta(days=366, microseconds=1)}, "year back"),
        ({"authority_name": "x" * 81}, "nothing of the case"),
        ({"reference": "x" * 81}, "nothing of the case"),
        ({"authority": HarmAuthority.OTHER, "authority_name": " "}, "which authority"),
    ],
)
def test_what_cannot_be_or_tells_too_much_is_refused(
    writing: Session, town: Town, clock: FixedClock, values: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        harm_reports.note_report(writing, town[Role.HEAD], clock, a_report(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"reported_at": NOW - timedelta(days=366)},
        {"authority_name": f" {'x' * 80} ", "reference": "y" * 80},
        {"authority": HarmAuthority.OTHER, "authority_name": "检察院"},
    ],
)
def test_what_is_just_so_is_taken(writing: Session, town: Town, clock: FixedClock, values: dict[str, object]) -> None:
    assert harm_reports.note_report(writing, town[Role.HEAD], clock, a_report(**values)).id


def test_the_countys_list_is_called_from_every_station_and_a_stations_from_itself(
    database: Database, clock: FixedClock
) -> None:
    with database.writing(EVERYTHING) as session:
        town = a_town(session)
        town.county.kind = StationKind.COUNTY
        other = a_station(session, town.county)
        beside = a_person(session, other, Role.HEAD)
        for actor, name in ((town[Role.ADMINISTRATOR], "县医院"), (town[Role.HEAD], "派出所"), (beside, "别处")):
            harm_reports.add_contact(session, actor, clock, name=f" {name} ", phone="0595-85551234")
    here = Scope(frozenset({town.station.id}), frozenset({town.station.id, town.county.id}))
    with database.writing(here) as session:
        found = harm_reports.call_list(session)
        assert {row.name for row in found.contacts} == {"县医院", "派出所"}
        assert {row.phone for row in found.contacts} == {"059585551234"}
        assert found.county is not None
        assert found.county.id == town.county.id
        own = next(row for row in found.contacts if row.name == "派出所")
        harm_reports.remove_contact(session, town[Role.HEAD], clock, own.id)
        assert [row.name for row in harm_reports.call_list(session).contacts] == ["县医院"]
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "harm_contact.removed"


def test_a_list_is_kept_by_those_who_keep_settings(writing: Session, town: Town, clock: FixedClock) -> None:
    row = harm_reports.add_contact(writing, town[Role.HEAD], clock, name="派出所", phone="13800138000")
    for role in set(Role) - {Role.HEAD, Role.ADMINISTRATOR}:
        with pytest.raises(NotAllowedError):
            harm_reports.add_contact(writing, town[role], clock, name="x", phone="13800138000")
        with pytest.raises(NotAllowedError):
            harm_reports.remove_contact(writing, town[role], clock, row.id)
    with pytest.raises(NotAllowedError):
        harm_reports.add_contact(writing, SYSTEM, clock, name="x", phone="13800138000")
    with pytest.raises(NotFoundError):
        harm_reports.remove_contact(writing, town[Role.HEAD], clock, new_id())
    for name in (" ", "x" * 81):
        with pytest.raises(InvalidInputError):
            harm_reports.add_contact(writing, town[Role.HEAD], clock, name=name, phone="13800138000")
    with pytest.raises(InvalidInputError):
        harm_reports.add_contact(writing, town[Role.HEAD], clock, name="x", phone="1")
    assert harm_reports.add_contact(writing, town[Role.HEAD], clock, name="x" * 80, phone="13800138000").name
