"""The inventory of what is kept about people comes from the tables, so that it can't go stale."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from core.db.base import Base
from core.db.models import Child, HarmReport, Volunteer
from core.db.sealed import Encrypted
from core.domain.vocabulary import SensitiveField
from core.hooks.manager import load_hooks
from core.services import inventory as subject
from core.services.inventory import inventory, is_personal, why_of
from core.services.key_rotation import sealed_columns


def protections() -> dict[tuple[str, str], str]:
    return {(one.table, one.field): one.protection.text for one in inventory()}


def test_every_sealed_column_is_listed_with_how_it_opens() -> None:
    load_hooks()
    listed, columns = protections(), sealed_columns()
    assert len(columns) > 10
    for column in columns:
        kind = column.table.c[column.name].type
        assert isinstance(kind, Encrypted)
        assert ("grant" in listed[column.table.name, column.name]) is (kind.sensitive is not None)
        assert listed[column.table.name, column.name].startswith("Sealed")


def test_every_personal_table_of_core_says_why_it_is_kept_and_no_other_does() -> None:
    tables = {
        mapper.local_table.name
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, Table) and is_personal(mapper.local_table)
        if mapper.class_.__module__.startswith("core.")
    }
    assert tables == set(subject._WHY)


def test_a_table_of_which_nobody_says_why_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "_WHY", {name: why for name, why in subject._WHY.items() if name != "children"})
    with pytest.raises(KeyError, match="children"):
        inventory()


def test_a_programs_table_is_its_own_to_explain() -> None:
    model = type("Foreign", (), {"__module__": "plugins.sst.models"})
    assert why_of(model).purpose.text.startswith("A program's own records")
    assert why_of(Child).basis.text.startswith("Statutory duty")


def test_plain_fields_and_digests_are_listed_as_what_they_are() -> None:
    listed = protections()
    assert listed[Volunteer.__tablename__, "name"] == "Within the station alone"
    assert listed[Child.__tablename__, "id_number_index"] == "A keyed digest, to find the row by"
    assert listed[Child.__tablename__, "name"] == "Sealed"
    assert (Child.__tablename__, "id") not in listed
    assert (Child.__tablename__, "station_id") not in listed


def test_what_makes_a_table_personal() -> None:
    tables = MetaData()
    plain = Table("plain", tables, Column("id", Integer, primary_key=True), Column("title", String))
    sealed = Table("sealed", tables, Column("told", Encrypted(SensitiveField.HEALTH)))
    assert not is_personal(plain)
    assert is_personal(sealed)
    assert is_personal(Table("users", tables))
    assert is_personal(Table(HarmReport.__tablename__, tables))
