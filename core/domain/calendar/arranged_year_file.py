"""The file by which staff bring in a new year's arrangement: CSV written like the notice, or JSON."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.calendar.arranged_year import ArrangedYear, ArrangementError, NamedDay
from core.domain.errors import InvalidInputError, Message

_WORDS = {
    "年份": "year",
    "来源": "source",
    "发布日期": "published_on",
    "放假": "days_off",
    "上班": "working_days",
    "off": "days_off",
    "work": "working_days",
}
_KEYS = ("year", "source", "published_on", "days_off", "working_days")
# Excel rewrites 2027-01-01 as 2027/1/1, and the notice itself is written 2027年1月1日.
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_LONGEST_HOLIDAY = timedelta(days=15)


@dataclass(frozen=True)
class _Row:
    place: Message
    word: str
    cells: tuple[str, ...]

    def refuse(self, problem: Message) -> InvalidInputError:
        return InvalidInputError(Message("%(place)s: %(problem)s", {"place": self.place, "problem": problem}))


def read_arranged_year(text: str) -> ArrangedYear:
    """Return the arrangement that the file describes; the two forms hold the same.

    CSV, a row a fact, in Chinese or English words: `年份,2027` · `来源,<title of the notice>` · `发布日期,2026-11-04` ·
    `放假,2027-01-01,2027-01-03,元旦` (first day, last day, name) · `上班,2027-01-10` (one day or more).
    JSON: `{"year", "source", "published_on", "days_off": [[first, last, name], …], "working_days": [date, …]}`.
    Raises InvalidInputError that names the line (in JSON the entry) and what to do.
    """
    text = text.lstrip("\ufeff")
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    draft = _Draft()
    for row in rows:
        draft.take(row)
    return draft.finished()


def _csv_rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            place = Message("Line %(line)s", {"line": reader.line_num})
            problem = Message("This is no CSV: save the sheet as CSV (UTF-8) and try again.")
            raise _Row(place, "", ()).refuse(problem) from None
        if cells is None:
            return
        filled = [cell.strip() for cell in cells]
        while filled and not filled[-1]:
            filled.pop()
        if filled:
            word = filled[0].lower()
            yield _Row(Message("Line %(line)s", {"line": reader.line_num}), _WORDS.get(word, word), tuple(filled[1:]))


def _json_rows(text: str) -> Iterator[_Row]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        place = Message("Line %(line)s", {"line": error.lineno})
        raise _Row(place, "", ()).refuse(Message("This is no JSON: correct it before or at this line.")) from None
    for key, value in content.items():
        listed = value if isinstance(value, list) else [value]
        for number, entry in enumerate(listed, 1):
            place = Message("Entry %(number)s of %(key)s", {"number": number, "key": key})
            cells = entry if isinstance(entry, list) else [entry]
            yield _Row(place, key, tuple(str(cell).strip() for cell in cells if cell is not None))


class _Draft:
    """What the rows said so far; each date remembers its row, so that a complaint can name it."""

    def __init__(self) -> None:
        self._facts: dict[str, tuple[_Row, str]] = {}
        self._days_off: list[NamedDay] = []
        self._working_days: list[date] = []
        self._row_of: dict[date, _Row] = {}

    def take(self, row: _Row) -> None:
        match row.word, row.cells:
            case (("year" | "source" | "published_on"), (fact,)) if row.word not in self._facts:
                self._facts[row.word] = (row, fact)
            case "days_off", (first, last, name):
                for day in _dates(row, first, last):
                    self._days_off.append(NamedDay(day, name))
                    self._row_of[day] = row
            case "working_days", (_, *_):
                for cell in row.cells:
                    day = _date(row, cell)
                    self._working_days.append(day)
                    self._row_of[day] = row
            case _:
                raise row.refuse(_complaint(row.word))

    def finished(self) -> ArrangedYear:
        year_row, year = self._fact("year")
        if re.fullmatch(r"20\d\d", year) is None:
            raise year_row.refuse(Message("The year must be a number such as 2027: correct it."))
        _, source = self._fact("source")
        published_row, published_on = self._fact("published_on")
        published = _date(published_row, published_on)
        try:
            return ArrangedYear(int(year), source, published, tuple(self._days_off), tuple(self._working_days))
        except ArrangementError as error:
            if error.day is None:
                raise
            raise self._row_of[error.day].refuse(error.message) from None

    def _fact(self, key: str) -> tuple[_Row, str]:
        if key not in self._facts:
            raise InvalidInputError(
                Message(
                    "The row '%(word)s' is missing: add the year, the source and the day of publication.",
                    {"word": next((word for word, meaning in _WORDS.items() if meaning == key), key)},
                )
            )
        return self._facts[key]


def _complaint(word: str) -> Message:
    if word not in _KEYS:
        return Message(
            "Begin the row with one of 年份, 来源, 发布日期, 放假, 上班 (year, source, published_on, off, work)."
        )
    if word == "days_off":
        return Message("Give the first day off, the last day off and the holiday's name.")
    if word == "working_days":
        return Message("Give the weekend day that is worked.")
    return Message("Give exactly one value, and the row only once.")


def _date(row: _Row, cell: str) -> date:
    found = _DATE.fullmatch(cell.replace(" ", ""))
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise row.refuse(Message("'%(cell)s' is no date: write it like 2027-01-01.", {"cell": cell}))


def _dates(row: _Row, first_cell: str, last_cell: str) -> list[date]:
    first, last = _date(row, first_cell), _date(row, last_cell)
    if not timedelta(0) <= last - first < _LONGEST_HOLIDAY:
        raise row.refuse(Message("The last day must follow the first by less than 15 days: correct the dates."))
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
