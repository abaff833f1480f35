"""Files for spreadsheet programs: whatever stands in a cell leaves as it is, and is never executed."""

import csv
import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services.spreadsheets import as_csv, as_xlsx, begins_a_formula, neutral

FORMULA = '=HYPERLINK("https://evil.example","x")'
STARTERS = ["=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "｜", "％", "﹢", "−"]
BEFORE = ["", " ", "\ufeff", "\ufeff  ", "　", "\x01", "\x1f\x7f", "\u200b", "\u00a0", "\u2028", "\t", "\r\n", "\0"]
#: Signs with which an honest cell begins; written down apart from the product's own list.
HARMLESS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("abcXYZ0159'\"(（“#&*"))

WRITABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]))
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("starter", STARTERS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_a_spreadsheet_would_execute_gets_an_apostrophe(starter: str, before: str) -> None:
    text = f"{before}{starter}1+1"
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx", "\0x"])
def test_what_could_begin_another_cell_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "x=1", "1-2", "张三", "'=1", "3%", "a@b", " 张三"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize("text", ["+86 138 0013 8000", "-5", "＋８６"])
def test_phones_and_numbers_are_marked_and_not_cut(text: str) -> None:
    assert neutral(text) == f"'{text}"
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(["h"], [[text]]))).active
    assert sheet is not None
    assert sheet.cell(2, 1).value == text
    assert sheet.cell(2, 1).data_type == "s"
    assert sheet.cell(2, 1).quotePrefix


@given(st.text(), HARMLESS)
def test_no_text_is_lost_and_none_begins_a_formula(text: str, harmless: str) -> None:
    safe = neutral(text)
    assert safe in {text, f"'{text}"}
    assert not begins_a_formula(safe)
    assert neutral(safe) == safe
    assert neutral(harmless) == harmless


@given(st.sampled_from(BEFORE), st.sampled_from(STARTERS), st.text())
def test_a_formula_is_one_whatever_follows(before: str, starter: str, rest: str) -> None:
    assert neutral(before + starter + rest) == f"'{before}{starter}{rest}"


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=2, max_size=2))
)
def test_a_table_comes_back_from_csv_with_nothing_but_apostrophes_added(rows: list[list[str]]) -> None:
    content = as_csv(["一", "=二"], rows)
    read = list(csv.reader(io.StringIO(content.decode().removeprefix("\ufeff"), newline="")))
    assert read == [["一", "'=二"], *([neutral(cell) for cell in row] for row in rows)]


def test_numbers_stay_numbers_and_text_stays_text() -> None:
    rows = [[FORMULA, -5, 2.5, date(2026, 11, 28), time(9, 30), None, 'a,"b"\nc', datetime(2026, 11, 28, 9, 5)]]  # noqa: DTZ001
    heading = [f"h{number}" for number in range(8)]
    content = as_csv(heading, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[1] == [f"'{FORMULA}", "-5", "2.5", "2026-11-28", "09:30", "", 'a,"b"\nc', "2026-11-28 09:05"]
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(heading, rows))).active
    assert sheet is not None
    cells = [sheet.cell(2, place + 1) for place in range(8)]
    assert [cell.data_type for cell in cells[:3]] == ["s", "n", "n"]
    assert cells[0].value == FORMULA
    assert [cell.quotePrefix for cell in cells[:4]] == [True, False, False, False]


def test_nobody_else_writes_files_for_spreadsheets() -> None:
    ways = ("csv.writer", "csv.DictWriter", "xlsxwriter.Workbook(", "openpyxl")
    sources = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for part in ("core", "admin", "plugins")
        for path in (ROOT / part).rglob("*.py")
    }
    writers = {path for path, source in sources.items() if any(way in source for way in ways)}
    assert writers == {"core/services/spreadsheets.py", "core/services/workbook/write.py"}
    assert all("begins_a_formula(" in sources[path] for path in writers)
