"""What Excel puts into a cell, brought into a form that people would have typed."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta

from core.domain.errors import InvalidInputError, Message

#: What python-calamine gives for a cell; an empty one is "".
Cell = str | int | float | bool | date | datetime | time | timedelta

#: Whole numbers beyond it have lost digits on their way through Excel, whose numbers have 15 of them.
_LAST_EXACT = 10**15
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:点](\d{2})分?(?::00)?")
_SECONDS_A_DAY = 86400


def is_blank(cell: Cell | None) -> bool:
    """Tell whether nothing stands in the cell, white space not counted."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """Return the cell as one line of text: a number without the `.0` that Excel adds, white space collapsed.

    Raises InvalidInputError for a number that has lost digits, and for what is neither text nor number.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise InvalidInputError(Message("Enter text here: format the cell as text and type it again."))
    if isinstance(cell, str):
        return " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    if abs(cell) >= _LAST_EXACT:
        raise InvalidInputError(
            Message("Excel took this for a number and lost its last digits: format the cell as text and type it again.")
        )
    return str(int(cell)) if float(cell).is_integer() else str(cell)


def plain(text: str) -> str:
    """Return the text with full-width digits, letters and punctuation made half-width."""
    return unicodedata.normalize("NFKC", text)


def number_of(cell: Cell) -> int:
    """Return the cell as a whole number; raise InvalidInputError for anything else."""
    number = cell
    if isinstance(cell, str):
        try:
            number = float(plain(cell).strip())
        except ValueError:
            number = math.nan
    if isinstance(number, bool) or not isinstance(number, int | float) or not float(number).is_integer():
        raise InvalidInputError(Message("Enter a whole number, digits only."))
    return int(number)


def day_of(cell: Cell) -> date:
    """Return the cell as a date: a real one, or text such as 2026-11-28, 2026/11/28 or 2026年11月28日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DATE.fullmatch(plain(cell).replace(" ", "")) if isinstance(cell, str) else None
    if found is None:
        raise InvalidInputError(Message("Enter a date such as 2026-11-28."))
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise InvalidInputError(
            Message("This day is in no calendar: compare the month and the day of the month.")
        ) from None


def time_of(cell: Cell) -> time:
    """Return the cell as a time of day to the minute: a real one, or text such as 9:30 or 9点30分."""
    if isinstance(cell, datetime | time):
        return time(cell.hour, cell.minute)
    if isinstance(cell, timedelta):
        return _time_from(cell.total_seconds())
    if isinstance(cell, float) and 0 <= cell < 1:
        return _time_from(cell * _SECONDS_A_DAY)
    found = _TIME.fullmatch(plain(cell).replace(" ", "")) if isinstance(cell, str) else None
    try:
        return time(int(found[1]), int(found[2])) if found else _refuse_time()
    except ValueError:
        return _refuse_time()


def _time_from(seconds: float) -> time:
    minutes = round(seconds / 60)
    return time(minutes // 60, minutes % 60) if 0 <= minutes < _SECONDS_A_DAY // 60 else _refuse_time()


def _refuse_time() -> time:
    raise InvalidInputError(Message("Enter a time of day such as 09:30."))
