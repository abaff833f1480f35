"""Erasing: nothing is left of a child, a volunteer is nobody, and an older backup brings nothing back."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import Assignment, AuditEntry, Child, Erasure, Guardian
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.retention import ErasedKind
from core.domain.vocabulary import ChildFileKind
from core.security.keys import Keys
from core.security.vault import Vault
from core.services import erasing, files
from core.services.erasing import NAMELESS, Erased, LedgerError, erase_again, read_ledger, write_ledger
from core.testing import TEST_MOMENT
from tests.files import a_pdf
from tests.integration.builders import a_child, a_term, a_volunteer, an_activity, held
from tests.integration.people import Town, a_town

CLOCK = FixedClock(TEST_MOMENT)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


def _a_file(session: Session, town: Town) -> Child:
    child = a_child(session, town.station, health="花生过敏")
    session.flush()
    files.keep_child_file(session, SYSTEM, CLOCK, child, ChildFileKind.EVIDENCE, "证明.pdf", a_pdf())
    return child


def _naming(session: Session, value: object) -> list[str]:
    """Return the tables in which any column has the value, but for those that are meant to keep it."""
    kept, found = {"erasures", "audit_entries"}, []
    present = set(inspect(session.connection()).get_table_names())
    for table in Base.metadata.sorted_tables:
        if table.name in kept or table.name not in present:
            continue
        for column in table.columns:
            if column.type.python_type is type(value):
                rows = session.scalar(select(func.count()).select_from(table).where(column == value))
                found += [table.name] if rows else []
    return found


def test_nothing_is_left_of_a_child_but_that_it_was_erased(writing: Session, town: Town) -> None:
    child_id = _a_file(writing, town).id
    assert {"children", "guardians", "child_files"} <= set(_naming(writing, child_id))
    erasing.erase_child(writing, town.people[Role.HEAD], CLOCK, child_id)
    assert _naming(writing, child_id) == []
    row = writing.scalars(select(Erasure)).one()
    assert (row.kind, row.subject_id, row.erased_at) == (ErasedKind.CHILD, child_id, TEST_MOMENT)
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.action == "child.erased")).one()
    assert (entry.subject_id, entry.detail) == (child_id, {})


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HEAD])
def test_the_head_alone_erases(writing: Session, town: Town, role: Role) -> None:
    child = _a_file(writing, town)
    for erase in (erasing.erase_child, erasing.erase_volunteer):
        with pytest.raises(NotAllowedError):
            erase(writing, town.people[role], CLOCK, child.id)
    assert writing.scalars(select(Erasure)).all() == []


def test_a_child_out_of_reach_is_not_found(writing: Session, town: Town) -> None:
    child_id = _a_file(writing, town).id
    set_scope(writing, Scope(frozenset({town.county.id}), frozenset({town.county.id})))
    with pytest.raises(NotFoundError):
        erasing.erase_child(writing, SYSTEM, CLOCK, child_id)
    set_scope(writing, EVERYTHING)
    assert writing.get(Child, child_id) is not None


def test_a_volunteer_is_nobody_and_what_they_did_stays(writing: Session, town: Town) -> None:
    row = a_volunteer(writing, town.station, household="h1")
    row.phone, row.phone_index = "13900000000", bytes(32)
    activity = an_activity(writing, a_term(writing, town.station))
    held(writing, activity.sessions[0], TEST_MOMENT.replace(tzinfo=None), staff=[row])
    served = writing.scalar(select(func.count()).select_from(Assignment).where(Assignment.volunteer_id == row.id))
    erasing.erase_volunteer(writing, town.people[Role.HEAD], CLOCK, row.id)
    assert (row.name, row.phone, row.phone_index, row.household, row.active) == (NAMELESS, None, None, None, False)
    assert row.birth_date == date(row.birth_date.year, 1, 1)
    parts = (row.skills, row.clearances, row.availabilities, row.blackouts, row.likes)
    assert not any(parts)
    assert served == 1
    assert served == writing.scalar(
        select(func.count()).select_from(Assignment).where(Assignment.volunteer_id == row.id)
    )
    with pytest.raises(NotFoundError):
        erasing.erase_volunteer(writing, SYSTEM, CLOCK, new_id())


def test_what_the_ledger_says_is_erased_again(writing: Session, town: Town, database: Database, tmp_path: Path) -> None:
    child, other = _a_file(writing, town), _a_file(writing, town)
    ledger = tmp_path / "keys" / "erasures.jsonl"
    gone = [
        Erased(ErasedKind.CHILD, child.id, TEST_MOMENT),
        Erased(ErasedKind.CHILD, new_id(), TEST_MOMENT),
        Erased(ErasedKind.VOLUNTEER, new_id(), TEST_MOMENT),
    ]
    assert write_ledger(ledger, database.vault, gone[:1]) == 1
    assert write_ledger(ledger, database.vault, gone) == 2
    assert write_ledger(ledger, database.vault, gone) == 0
    assert read_ledger(ledger, database.vault) == gone
    assert erase_again(writing, CLOCK, gone) == 1
    assert erase_again(writing, CLOCK, gone) == 0
    assert set(writing.scalars(select(Child.id))) == {other.id}
    assert {guardian.child_id for guardian in writing.scalars(select(Guardian))} == {other.id}
    assert erasing.erased_so_far(writing) == gone[:1]


def test_there_is_no_ledger_until_something_was_erased(tmp_path: Path, vault: Vault) -> None:
    ledger = tmp_path / "erasures.jsonl"
    assert read_ledger(ledger, vault) == []
    assert write_ledger(ledger, vault, []) == 0
    assert not ledger.exists()


@pytest.mark.parametrize(
    "forged",
    [
        lambda line: line.replace('"child"', '"volunteer"'),
        lambda line: line.replace(json.loads(line)["id"], new_id().hex),
        lambda line: line.replace(TEST_MOMENT.isoformat(), "2020-01-01T00:00:00+00:00"),
        lambda line: line.replace(json.loads(line)["mac"], "00" * 32),
        lambda _line: "{}",
        lambda _line: "[]",
        lambda _line: "",
        lambda _line: "null",
    ],
)
def test_a_line_that_our_key_has_not_closed_erases_nothing(tmp_path: Path, vault: Vault, forged: object) -> None:
    ledger = tmp_path / "erasures.jsonl"
    line = Erased(ErasedKind.CHILD, new_id(), TEST_MOMENT).to_line(vault)
    assert callable(forged)
    ledger.write_text(f"{line}\n{forged(line)}\n", encoding="utf-8")
    with pytest.raises(LedgerError) as refused:
        read_ledger(ledger, vault)
    assert refused.value.message.values["number"] == 2
    with pytest.raises(LedgerError):
        read_ledger(ledger, Vault(Keys.fresh()))


def test_a_line_that_a_crash_cut_off_is_written_again(tmp_path: Path, vault: Vault) -> None:
    ledger = tmp_path / "erasures.jsonl"
    first, second = (Erased(ErasedKind.CHILD, new_id(), TEST_MOMENT) for _ in range(2))
    ledger.write_text(f"{first.to_line(vault)}\n{second.to_line(vault)[:40]}", encoding="utf-8")
    assert read_ledger(ledger, vault) == [first]
    write_ledger(ledger, vault, [first, second])
    assert read_ledger(ledger, vault) == [first, second]
