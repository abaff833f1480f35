"""Builders of workbooks as people fill them in, cell by cell."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from core.services.workbook.check import Checked, check_sheets
from core.services.workbook.errors import WorkbookError
from core.services.workbook.kinds import Circumstances
from core.services.workbook.read import read_sheets
from core.services.workbook.references import NOTHING_KNOWN, Known

TODAY = date(2026, 11, 26)
STATIONS = [["站点名称", "级别", "网址简称"], ["测试站", "未保站", "ceshi"]]
CHILD_HEADINGS = ["所属站点", "儿童编号", "姓名", "身份证号", "出生日期"]
VOLUNTEER_HEADINGS = [
    "所属站点",
    "志愿者编号",
    "姓名",
    "志愿者类型",
    "出生日期",
    "电话",
    "每期最多场次",
]


def a_workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook with these cells from A1 on; dates are real dates; `merged` names a range for a sheet."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date | datetime):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write_number(row, column, cell)
        if merged and name in merged:
            page.merge_range(merged[name], "", None)
            first = merged[name].split(":")[0]
            page.write_string(first, str(rows[int(first[1:]) - 1][ord(first[0]) - ord("A")]))
    book.close()
    return file.getvalue()


def checked(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    *,
    known: Known = NOTHING_KNOWN,
    merged: Mapping[str, str] | None = None,
    demo: bool = True,
) -> Checked:
    """Return what a workbook with these cells says and what is wrong with it."""
    return check_sheets(read_sheets(a_workbook(sheets, merged)), Circumstances(TODAY, demo), known)


def places(errors: Sequence[WorkbookError]) -> list[tuple[str, int, str]]:
    """Return where the errors are: sheet, row, column."""
    return [(error.sheet, error.row, error.column) for error in errors]
