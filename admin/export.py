"""Tables as files that no spreadsheet program executes: text stays text, numbers stay numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Final

import xlsxwriter

Cell = str | int | float | date | time | None

#: What makes a spreadsheet program take a cell for a formula (OWASP ASVS 5.0, 1.2.10), in both widths.
_STARTERS: Final = frozenset("=+-@|%\t\r\n\0＝＋－＠")
_BYTE_ORDER_MARK: Final = "\ufeff"


def neutral(text: str) -> str:
    """Return the text so that no program that opens the CSV takes it for a formula: with an apostrophe before it."""
    body = text.lstrip(_BYTE_ORDER_MARK + " \u3000")
    return f"'{text}" if text[:1] in _STARTERS or body[:1] in _STARTERS else text


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file (RFC 4180) in UTF-8, with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutral(title) for title in heading])
    writer.writerows([neutral(cell) if isinstance(cell, str) else _plain(cell) for cell in row] for row in rows)
    return (_BYTE_ORDER_MARK + out.getvalue()).encode()


def as_xlsx(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return an Excel workbook of one sheet, made in memory; its cells are strings and numbers, never formulas."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for line, row in enumerate([heading, *rows]):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(line, place, cell)
                else:
                    sheet.write_string(line, place, str(_plain(cell)))
        sheet.autofit()
    return out.getvalue()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell
