"""What is written is read back the same, always in the same bytes, and never as a formula."""

import io
import re
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.domain.vocabulary import StationKind
from core.hooks.manager import load_hooks
from core.services.demo.workbook import demo_content
from core.services.workbook.check import check_sheets
from core.services.workbook.content import Row, StationRow, WorkbookContent
from core.services.workbook.kinds import Circumstances
from core.services.workbook.programs import type_names
from core.services.workbook.read import read_sheets
from core.services.workbook.sheets import EXPLANATIONS, SHEETS
from core.services.workbook.write import write_template, write_workbook
from tests.unit.services.workbook.workbooks import TODAY

ACTIVITY_TYPES = type_names(load_hooks())


def read_back(data: bytes) -> WorkbookContent:
    found = check_sheets(read_sheets(data), Circumstances(TODAY, demo=True), {})
    assert found.errors == ()
    return found.content


def test_a_whole_station_reads_back_as_it_was_written() -> None:
    content = demo_content(load_hooks())
    found = read_back(write_workbook(content, ACTIVITY_TYPES))
    for sheet in SHEETS:
        assert getattr(found, sheet.attribute) == getattr(content, sheet.attribute), sheet.heading
        assert getattr(found, sheet.attribute), f"The demo has no row of {sheet.heading}, so this shows nothing."


def test_the_empty_template_reads_as_nothing() -> None:
    assert read_back(write_template(ACTIVITY_TYPES)) == WorkbookContent()


def test_the_template_is_the_same_bytes_each_time() -> None:
    assert write_template(ACTIVITY_TYPES) == write_template(ACTIVITY_TYPES)


@given(some.text(alphabet="=+-@'\"&<测试1 (){}!$", min_size=1, max_size=30).filter(str.strip))
def test_text_is_never_a_formula(text: str) -> None:
    row = StationRow(name=text, kind=StationKind.STATION, slug="ceshi")
    data = write_workbook(WorkbookContent(stations=(row,)), {})
    assert read_back(data).stations[0].name == " ".join(text.split())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert len(pages) == len(SHEETS) + 2
    assert not any(re.search(rb"<f[ >]", page) for page in pages)


def test_every_column_is_explained_and_required_ones_are_marked() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(ACTIVITY_TYPES)))
    lines = {(row[0], row[1]): row[2:6] for row in book[EXPLANATIONS].iter_rows(values_only=True)}
    for sheet in SHEETS:
        headings = [cell.value for cell in book[sheet.heading][1]]
        for column, heading in zip(sheet.columns, headings, strict=True):
            required, explanation, example, allowed = lines[sheet.heading, column.heading]
            assert (required == "是") == str(heading).endswith("*") == (column.attribute in sheet.required)
            assert explanation
            assert example
            assert allowed
        assert book[sheet.heading].freeze_panes == "A2"


def test_columns_of_words_have_lists_to_choose_from() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(ACTIVITY_TYPES)))
    lists = {str(rule.sqref): rule.formula1 for rule in book["活动"].data_validations.dataValidation}
    assert lists["A2:A20000"] == "学期假期!$B$2:$B$20000"
    assert lists["C2:C20000"] == f"选项!$A$1:$A${len(ACTIVITY_TYPES)}"
    assert "亲情陪伴（sst.companionship）" in {row[0].value for row in book["选项"].iter_rows()}
    kinds = book["志愿者"].data_validations.dataValidation
    words = "教师,大学生,巾帼志愿者,青年社工,企事业单位,心理咨询师,律师,本站工作人员,外包服务人员,讲师,带队教师"
    assert f'"{words}"' in {rule.formula1 for rule in kinds}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.attribute)
def test_the_examples_of_the_explanation_are_what_their_columns_take(sheet: object) -> None:
    for column in sheet.columns:  # type: ignore[attr-defined]
        read = column.kind.read(column.example, Circumstances(TODAY, demo=True))
        assert read not in (None, ""), f"{column.heading}: nothing was read of “{column.example}”."


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.attribute)
def test_a_sheet_has_a_column_for_each_attribute_of_its_rows(sheet: object) -> None:
    attributes = [column.attribute for column in sheet.columns]  # type: ignore[attr-defined]
    declared = set(sheet.row.__dataclass_fields__) - set(Row.__dataclass_fields__)  # type: ignore[attr-defined]
    assert len(set(attributes)) == len(attributes)
    assert set(attributes) == declared
