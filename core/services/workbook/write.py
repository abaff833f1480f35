"""Writes the workbook: an empty template, or one filled with rows, always the same bytes for the same rows."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.services.spreadsheets import begins_a_formula
from core.services.workbook.columns import Column, Sheet
from core.services.workbook.content import Row, WorkbookContent
from core.services.workbook.kinds import CellForm
from core.services.workbook.sheets import BY_ATTRIBUTE, EXPLANATIONS, LISTS, SHEETS
from core.services.workbook.trade_kinds import ActivityType, Reference
from core.services.workbook.unpack import MOST_ROWS

#: Fixed, so that the same rows make the same file.
_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001 (Excel knows no zones)
_EXPLANATION_HEADINGS: Final = ("工作表", "列", "必填", "怎么填", "示例", "允许的值")
_EXPLANATION_WIDTHS: Final = (12, 16, 6, 60, 30, 60)
_ADVICE: Final = (
    "每张工作表填一类事项，一行填一项。带 * 的列必须填写。其他列不需要时可以留空，也可以删去整列。",
    "不要修改表头和工作表名称。导入时如有错误，会一次列出全部错误所在的工作表、行和列，并且什么都不会导入。",
    "同一工作簿可以反复导入：已有的按编号或名称更新，没有写在表里的不会被删除。",
)


def write_template(activity_types: Mapping[str, str]) -> bytes:
    """Return an empty workbook; `activity_types` gives the Chinese name of each type's key, for the drop-down list."""
    return write_workbook(WorkbookContent(), activity_types)


def write_workbook(content: WorkbookContent, activity_types: Mapping[str, str]) -> bytes:
    """Return a workbook filled with `content`, which the reader reads back as the same values.

    Text is written as text, whatever it begins with: no cell is ever a formula, nor becomes one when it is edited.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": "未保站工作簿", "created": _CREATED})
    pages = _Pages(book, activity_types)
    pages.write_explanations()
    for sheet in SHEETS:
        pages.write_sheet(sheet, getattr(content, sheet.attribute))
    pages.write_lists()
    book.close()
    return file.getvalue()


class _Pages:
    """The sheets of a workbook that is being written."""

    def __init__(self, book: xlsxwriter.Workbook, activity_types: Mapping[str, str]) -> None:
        self._book = book
        self._types = {key: f"{name}（{key}）" for key, name in activity_types.items()}
        self._heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        self._required = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._forms = {form: book.add_format({"num_format": form.value}) for form in CellForm}
        self._quoted = {form: book.add_format({"num_format": form.value, "quote_prefix": True}) for form in CellForm}
        #: Lists too long for a cell's own: each is a column of a sheet that isn't shown.
        self._lists: list[Sequence[str]] = []

    def write_explanations(self) -> None:
        page = self._book.add_worksheet(EXPLANATIONS)
        for number, sentence in enumerate(_ADVICE):
            page.merge_range(number, 0, number, len(_EXPLANATION_HEADINGS) - 1, "", self._wrapped)
            page.write_string(number, 0, sentence, self._wrapped)
        top = len(_ADVICE) + 1
        for column, (heading, width) in enumerate(zip(_EXPLANATION_HEADINGS, _EXPLANATION_WIDTHS, strict=True)):
            page.write_string(top, column, heading, self._heading)
            page.set_column(column, column, width, self._wrapped)
        for row, cells in enumerate(_explanations(), start=top + 1):
            for column, text in enumerate(cells):
                page.write_string(row, column, text, self._wrapped)
        page.freeze_panes(top + 1, 0)

    def write_sheet(self, sheet: Sheet, rows: Sequence[Row]) -> None:
        page = self._book.add_worksheet(sheet.heading)
        page.freeze_panes(1, 0)
        for number, column in enumerate(sheet.columns):
            required = column.attribute in sheet.required
            page.write_string(
                0, number, marked(column, required=required), self._required if required else self._heading
            )
            page.set_column(number, number, _width(column), self._forms[column.kind.form])
            self._offer_choices(page, number, column)
            for line, row in enumerate(rows, start=1):
                self._write_cell(page, line, number, column, getattr(row, column.attribute))

    def _write_cell(self, page: Worksheet, line: int, number: int, column: Column, value: Any) -> None:
        if value is None or value in ((), ""):
            return
        cell = self._types.get(value, value) if isinstance(column.kind, ActivityType) else column.kind.write(value)
        form: Format = self._forms[column.kind.form]
        if isinstance(cell, date):
            page.write_datetime(line, number, cell, form)
        elif isinstance(cell, int):
            page.write_number(line, number, cell, form)
        else:
            quoted = begins_a_formula(cell)
            page.write_string(line, number, cell, self._quoted[column.kind.form] if quoted else form)

    def _offer_choices(self, page: Worksheet, number: int, column: Column) -> None:
        """Give the column a drop-down list where it takes one of some words, or one of another sheet's names."""
        source: str | Sequence[str]
        if isinstance(column.kind, Reference):
            source = _names_in(BY_ATTRIBUTE[column.kind.sheet])
        elif isinstance(column.kind, ActivityType):
            source = self._listed(tuple(self._types.values()))
        else:
            source = list(column.kind.choices)
        if source:
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            page.data_validation(1, number, MOST_ROWS - 1, number, rule)

    def _listed(self, words: Sequence[str]) -> str:
        """Put a list of any length on the sheet of lists, and return where it stands."""
        if not words:
            return ""
        self._lists.append(words)
        letter = chr(ord("A") + len(self._lists) - 1)
        return f"={LISTS}!${letter}$1:${letter}${len(words)}"

    def write_lists(self) -> None:
        page = self._book.add_worksheet(LISTS)
        for column, words in enumerate(self._lists):
            for row, word in enumerate(words):
                page.write_string(row, column, word)
        page.hide()


def marked(column: Column, *, required: bool) -> str:
    """Return a heading as it is written: required ones end with a star, which the reader doesn't mind."""
    return f"{column.heading}*" if required else column.heading


def _explanations() -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for sheet in SHEETS:
        lines.append((sheet.heading, "", "", sheet.explanation, "", ""))
        lines.extend(
            (
                sheet.heading,
                column.heading,
                "是" if column.attribute in sheet.required else "",
                column.explanation,
                column.example,
                column.kind.allowed,
            )
            for column in sheet.columns
        )
    return lines


def _width(column: Column) -> int:
    """Return a width in which heading and example can be read; a Chinese character is two wide."""
    return min(40, max(10, 2 * len(column.heading) + 3, len(column.example.encode("gbk", "replace")) + 2))


def _names_in(sheet: Sheet) -> str:
    """Return where the names of a sheet's rows stand, as the source of a drop-down list."""
    name = sheet.key[0] if len(sheet.key) == 1 else "name"
    letter = chr(ord("A") + [column.attribute for column in sheet.columns].index(name))
    return f"={sheet.heading}!${letter}$2:${letter}${MOST_ROWS}"
