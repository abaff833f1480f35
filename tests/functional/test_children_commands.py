"""`weibao import children` and `weibao children grown-up`: lists that come in, and who has turned 18."""

from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from core.cli.children import children
from core.cli.imports import import_group
from core.cli.installation import Machine
from core.config import Settings
from core.db.models import Child, Guardian, Station
from core.domain.child_file import IdDocument
from core.domain.clock import SystemClock
from core.domain.id_numbers import Sex, demo_id_number
from core.domain.vocabulary import Relation, StationKind
from core.services.workbook.children_alone import SHEETS_ALONE
from core.services.workbook.content import ChildRow, GuardianRow, WorkbookContent
from core.services.workbook.write import write_workbook
from tests.databases import installed

BORN = date(2016, 3, 4)


@pytest.fixture
def machine(own_environment: None) -> Machine:
    """Return an installation without programs, with a station."""
    made = installed(Settings.from_environment(), SystemClock())
    with made.writing() as session:
        session.add(Station(kind=StationKind.STATION, name="测试站", slug="ceshi"))
    return made


def told(command: click.Command, *args: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(command, [str(arg) for arg in args])
    return done.exit_code, done.output


def a_file(folder: Path, *rows: ChildRow) -> Path:
    guardian = GuardianRow(child=rows[0].number, name="样亲", relation=Relation.MOTHER, phone="13900000001")
    content = WorkbookContent(children=rows, guardians=(guardian,))
    path = folder / "children.xlsx"
    path.write_bytes(write_workbook(content, {}, SHEETS_ALONE))
    return path


def a_row(**values: object) -> ChildRow:
    number = demo_id_number(BORN, 11, region="110101")
    return ChildRow(**{"station": "测试站", "number": "C1", "name": "例童", "id_number": number, **values})


def test_children_are_imported_with_their_guardians_and_a_second_time_nothing_changes(
    machine: Machine, tmp_path: Path
) -> None:
    file = a_file(
        tmp_path, a_row(), a_row(number="C2", id_number=None, document=IdDocument.NONE, birth_date=BORN, sex=Sex.MALE)
    )
    code, output = told(import_group, "children", file)
    assert code == 0
    assert "儿童: 2 added, 0 changed, 0 unchanged, 0 removed." in output
    with machine.reading() as session:
        assert session.scalars(select(Child.number).order_by(Child.number)).all() == ["C1", "C2"]
        assert session.scalars(select(Guardian)).one().name == "样亲"
    assert "nothing changed" in told(import_group, "children", file)[1]
    machine.database.dispose()


def test_every_error_is_told_with_its_place_and_nothing_is_stored(machine: Machine, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row(birth_date=date(2016, 3, 5)), a_row(number="C2", station="无此站"))
    code, output = told(import_group, "children", file)
    assert code == 1
    assert "儿童, row 2, 出生日期" in output
    assert "儿童, row 3, " in output
    with machine.reading() as session:
        assert session.scalars(select(Child)).all() == []
    machine.database.dispose()


def test_a_file_alone_is_still_a_whole_workbook(machine: Machine, tmp_path: Path) -> None:
    code, output = told(import_group, a_file(tmp_path, a_row()))
    assert (code, "儿童: 1 added" in output) == (0, True)
    machine.database.dispose()


def test_those_who_have_turned_18_are_noted_as_having_left(machine: Machine) -> None:
    with machine.writing() as session:
        station = session.scalars(select(Station)).one()
        child = Child(station_id=station.id, number="C1", created_at=machine.clock.now())
        child.name, child.birth_date = "例童", "2005-01-01"
        session.add(child)
    assert told(children, "grown-up") == (0, "1 children have turned 18 and left.\n")
    with machine.reading() as session:
        assert session.scalars(select(Child)).one().left_on == date(2023, 1, 1)
    machine.database.dispose()
