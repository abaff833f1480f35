"""Sensitive fields are closed by construction: whatever opens them notes it, or is named work of the machine."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import opening
from core.db.base import Base, OfAChild
from core.db.models import AuditEntry, Child, ChildCategoryMark, Guardian
from core.db.opening import FieldClosedError, MachinePath, reading
from core.db.sealed import Encrypted
from core.domain.actor import Role
from core.domain.clock import FixedClock
from core.domain.errors import NotAllowedError
from core.domain.vocabulary import ChildCategory, SensitiveField
from core.services import grants
from tests.integration.granting import NOW, Scene, a_scene, a_wish

ROOT = Path(__file__).parents[2]

#: Sealed columns of a child and of what hangs on it: what whoever sees the child may read, and what takes leave.
OPEN = {
    *(f"Child.{name}" for name in ("name", "birth_date", "sex", "school", "grade", "digest")),
    *(f"Child.emergency_{name}" for name in ("name", "relation", "phone")),
    # Why a file is kept longer than the rule, as the head wrote it.
    "Child.kept_reason",
    # Why a rule was waived for a registration.
    "Registration.reason",
    "Guardian.name",
    *(f"Visit.{name}" for name in ("visitor", "checked", "next_due")),
    "ChildTurn.note",
    "RightsRequest.reason",
    # Why a guardian may do what they may, as the head wrote it.
    "GuardianLeave.reason",
}
SENSITIVE = {
    "Child.id_number": SensitiveField.ID_NUMBER,
    "Child.document": SensitiveField.ID_NUMBER,
    "Child.ethnicity": SensitiveField.ID_NUMBER,
    "Child.address": SensitiveField.ADDRESS,
    "Child.registered_address": SensitiveField.ADDRESS,
    "Child.health": SensitiveField.HEALTH,
    "Child.diet": SensitiveField.HEALTH,
    "Guardian.phone": SensitiveField.CONTACTS,
    "Guardian.more_phones": SensitiveField.CONTACTS,
    "Guardian.address": SensitiveField.CONTACTS,
    **{f"PickUpPerson.{name}": SensitiveField.CONTACTS for name in ("name", "relation", "phone", "note")},
    # With whom a child went home.
    "Handover.collector": SensitiveField.CONTACTS,
    "ChildCategoryMark.category": SensitiveField.CATEGORIES,
    "ChildCategoryMark.evidence": SensitiveField.EVIDENCE,
    "ChildCategoryMark.evidence_note": SensitiveField.EVIDENCE,
    "ChildFile.name": SensitiveField.EVIDENCE,
    "ChildFile.content": SensitiveField.EVIDENCE,
    "ChildTurn.former": SensitiveField.ID_NUMBER,
    # The fields of the merged file, whatever they are.
    "ChildTurn.undo": SensitiveField.ID_NUMBER,
}
#: Who opens sensitive fields of a child: each writes the audit entry itself.
AUDITED = {"core/services/grants.py", "core/services/homes.py"}
#: Work that opens them and shows them to nobody, and the places that do it.
NAMED = {
    MachinePath.WORKBOOK: {"core/services/workbook/importing.py", "core/services/workbook/children_alone.py"},
    MachinePath.FILES: {
        *(f"core/services/children/{name}.py" for name in ("comparing", "digest", "keeping", "parts")),
        *(f"core/services/merging/{name}.py" for name in ("files", "undoing")),
        # Of merged files it takes out what is erased.
        "core/services/erasing.py",
    },
    MachinePath.REVIEW: {"core/services/children/visits.py"},
    MachinePath.COPY: {"core/services/copies.py"},
    # Shows names and relations at the door, each time with an audit entry.
    MachinePath.DOOR: {"core/services/handing_over.py"},
}


@pytest.fixture
def town(writing: Session) -> Scene:
    return a_scene(writing)


def sources() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for part in ("core", "admin", "plugins", "tests/outside/weibao-home-visits/weibao_home_visits")
        for path in (ROOT / part).rglob("*.py")
    }


def using(word: str, *, apart_from: str) -> set[str]:
    return {path for path, source in sources().items() if word in source and path != apart_from}


def test_every_sealed_column_of_a_child_is_judged() -> None:
    found: dict[str, SensitiveField | None] = {}
    for mapper in Base.registry.mappers:
        if mapper.class_ is not Child and not issubclass(mapper.class_, OfAChild):
            continue
        if not mapper.class_.__module__.startswith("core."):
            continue
        for attribute in mapper.column_attrs:
            if isinstance(kind := attribute.columns[0].type, Encrypted):
                found[f"{mapper.class_.__name__}.{attribute.columns[0].name}"] = kind.sensitive
    assert found == {**dict.fromkeys(OPEN), **SENSITIVE}


def test_what_opens_sensitive_fields_is_audited_or_named() -> None:
    defined = "core/db/opening.py"
    opened = using("open_fields(", apart_from=defined)
    assert opened == AUDITED
    assert all("record(" in sources()[path] for path in opened)
    for path in MachinePath:
        assert using(f"MachinePath.{path.name}", apart_from=defined) == NAMED[path]
    assert using("reading(session, ", apart_from=defined) == set.union(*NAMED.values())
    assert using("opened_fields", apart_from=defined) == using("machine_path", apart_from=defined) == set()


def test_nothing_goes_past_the_descriptor() -> None:
    sealed = "core/db/sealed.py"
    assert using("open_of(", apart_from=sealed) == using("._opened(", apart_from=sealed) == set()
    assert using("vault.open(", apart_from=sealed) == set()


def test_every_sensitive_column_is_closed_however_its_row_is_held(writing: Session, town: Scene) -> None:
    guardian = writing.scalars(select(Guardian).where(Guardian.child_id == town.child.id)).one()
    mark = ChildCategoryMark(station_id=town.station.id, child_id=town.child.id, category=ChildCategory.ORPHAN)
    writing.add(mark)
    for row in (town.child, guardian, mark):
        for name in (name.partition(".")[2] for name in SENSITIVE if name.startswith(f"{type(row).__name__}.")):
            setattr(row, name, "left_behind")
    writing.flush()
    writing.expire_all()
    for row in (town.child, guardian, mark):
        columns = [name.partition(".")[2] for name in SENSITIVE if name.startswith(f"{type(row).__name__}.")]
        assert columns
        for column in columns:
            for closed in (lambda: getattr(row, column), lambda: getattr(row, f"sealed_{column}").open("x")):  # noqa: B023
                with pytest.raises(FieldClosedError):
                    closed()
            with reading(writing, MachinePath.WORKBOOK):
                assert getattr(row, column)
            with pytest.raises(FieldClosedError):
                getattr(row, column)
    writing.refresh(town.child)
    writing.expunge(town.child)
    with reading(writing, MachinePath.WORKBOOK), pytest.raises(FieldClosedError):
        _ = town.child.health


def test_what_a_transaction_has_written_it_may_read(writing: Session, town: Scene) -> None:
    town.child.health = "新写的"
    assert town.child.health == "新写的"
    writing.flush()
    writing.expire(town.child)
    with pytest.raises(FieldClosedError):
        _ = town.child.health


def test_a_machine_path_within_another_goes_back_to_it(writing: Session, town: Scene) -> None:
    with reading(writing, MachinePath.WORKBOOK):
        with reading(writing, MachinePath.WORKBOOK):
            pass
        assert town.child.health
    with pytest.raises(FieldClosedError):
        _ = town.child.health


@dataclass(frozen=True)
class Given:
    """A grant as the test remembers it."""

    role: Role
    children: frozenset[UUID] | None
    fields: frozenset[SensitiveField]
    starts_at: datetime
    ends_at: datetime


@pytest.mark.parametrize("steps", [150, pytest.param(2000, marks=pytest.mark.verify)])
def test_no_reading_of_any_sequence_goes_without_a_note(writing: Session, town: Scene, steps: int) -> None:
    chance, given, refused, read = random.Random(20261123), list[Given](), 0, 0  # noqa: S311 - no secret
    askers = (Role.STATION_STAFF, Role.SOCIAL_WORKER, Role.HEAD)
    for _ in range(steps):
        role, child = chance.choice(askers), chance.choice([town.child, town.sibling])
        moment = NOW + timedelta(hours=chance.randrange(-30, 60))
        fields = frozenset(chance.sample(list(SensitiveField), chance.randrange(1, 4)))
        if chance.random() < 0.2:
            given.append(give(writing, town, chance, role, fields))
            continue
        leave = {
            field
            for one in given
            if one.role is role and one.starts_at <= moment < one.ends_at
            if one.children is None or child.id in one.children
            for field in one.fields
        }
        assert grants.readable_fields(writing, town[role], child, moment) == leave
        before = notes(writing)
        writing.info.pop(opening._OPENED, None)
        try:
            grants.read_fields(writing, town[role], FixedClock(moment), child, fields)
        except NotAllowedError:
            assert not fields <= leave
            fields, refused = frozenset(), refused + 1
        else:
            assert fields <= leave
            read += 1
        assert notes(writing) == before + bool(fields)
        assert opens(child) == fields & {SensitiveField.HEALTH, SensitiveField.ADDRESS, SensitiveField.ID_NUMBER}
    assert min(refused, read) > steps // 20


def give(session: Session, town: Scene, chance: random.Random, role: Role, fields: frozenset[SensitiveField]) -> Given:
    starts_at = NOW + timedelta(hours=chance.randrange(-24, 24))
    ends_at = NOW + timedelta(hours=chance.randrange(25, 50))
    children = None if chance.random() < 0.3 else frozenset({chance.choice([town.child, town.sibling]).id})
    wish = a_wish(fields=fields, children=children, starts_at=starts_at, ends_at=ends_at)
    grant = grants.ask(session, town[role], FixedClock(NOW), wish)
    decider = town[Role.ADMINISTRATOR if role is Role.HEAD else Role.HEAD]
    grants.approve(session, decider, FixedClock(NOW), grant.id)
    return Given(role, children, fields, starts_at, ends_at)


def notes(session: Session) -> int:
    return len(session.scalars(select(AuditEntry.id).where(AuditEntry.action == "child.read")).all())


def opens(child: Child) -> set[SensitiveField]:
    """Return which of the child's own sensitive columns give their text."""
    found = set()
    for name, field in SENSITIVE.items():
        owner, _, column = name.partition(".")
        if owner == "Child" and getattr(child, f"sealed_{column}") is not None:
            try:
                getattr(child, column)
            except FieldClosedError:
                continue
            found.add(field)
    return found
