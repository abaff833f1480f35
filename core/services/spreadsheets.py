"""Tables as files that no spreadsheet program executes: the one place that writes CSV and Excel files to be opened.

Nothing is taken from a text (OWASP ASVS 5.0, 1.2.10): “+86 138…” and “-5” leave as they are, with a mark that they are
text: an apostrophe in CSV, Excel's own quote prefix in a workbook.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final

import xlsxwriter

Cell = str | int | float | date | time | None

#: What makes a spreadsheet program take a cell for a formula or a command; full-width signs count as their plain ones.
_STARTERS: Final = frozenset("=+-@|%\u2212")
#: By themselves at the beginning, these can move what follows into a cell of its own.
_BREAKERS: Final = frozenset("\t\r\n\0")
#: Control and format characters (the byte order mark is one), blanks and line ends: what programs may skip over.
_SKIPPED: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_BYTE_ORDER_MARK: Final = "\ufeff"


def begins_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet program could take the text for more than text."""
    first = next((sign for sign in text if unicodedata.category(sign) not in _SKIPPED), "")
    return text[:1] in _BREAKERS or unicodedata.normalize("NFKC", first)[:1] in _STARTERS


def neutral(text: str) -> str:
    """Return the text so that no program that opens the CSV takes it for a formula: with an apostrophe before it."""
    return f"'{text}" if begins_a_formula(text) else text


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
        sheet, quoted = book.add_worksheet(), book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 0)
        for line, row in enumerate([heading, *rows]):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(line, place, cell)
                    continue
                text = str(_plain(cell))
                sheet.write_string(line, place, text, quoted if begins_a_formula(text) else None)
        sheet.autofit()
    return out.getvalue()


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else cell
