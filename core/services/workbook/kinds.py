"""Simple kinds of columns: each reads a cell into a value, writes the value back, and says what it allows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, Final, Protocol, TypeVar

from core.domain.errors import InvalidInputError, Message
from core.services.workbook.cells import Cell, day_of, number_of, text_of, time_of
from core.services.workbook.words import NO, WEEKDAYS, YES, word_of, words_of

BETWEEN: Final = "、"

Found = TypeVar("Found")


@dataclass(frozen=True)
class Circumstances:
    """On what a cell's value depends besides the cell: today, and whether made-up people are taken."""

    today: date
    demo: bool


class CellForm(Enum):
    """How Excel formats a column."""

    TEXT = "@"
    NUMBER = "0"
    DATE = "yyyy-mm-dd"


class Kind(Protocol):
    """What stands in a column."""

    @property
    def form(self) -> CellForm:
        """How Excel formats the column."""
        ...

    @property
    def choices(self) -> Sequence[str]:
        """The words of the drop-down list; empty: there is none."""
        ...

    @property
    def allowed(self) -> str:
        """What may be entered, in a few Chinese words for the sheet that explains the columns."""
        ...

    def read(self, cell: Cell, circumstances: Circumstances) -> Any:
        """Return the value of a cell that is not blank; raise InvalidInputError that doesn't repeat it."""
        ...

    def write(self, value: Any) -> str | int | date:
        """Return what to put into the cell."""
        ...


class UnknownWordError(InvalidInputError):
    """A word that isn't one of those allowed; `near` may be shown only where the column holds nothing private."""

    def __init__(self, word: str, allowed: Sequence[str]) -> None:
        super().__init__(Message("Choose from the list: %(allowed)s.", {"allowed": BETWEEN.join(allowed)}))
        self.word = word
        self.allowed = allowed


@dataclass(frozen=True)
class Text:
    """A line of text; `pattern`, where given, must fit all of it, and `allowed` says so."""

    longest: int
    pattern: str = ""
    allowed: str = "文字"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, _circumstances: Circumstances) -> str:
        """Return the text in one line."""
        text = text_of(cell)
        if len(text) > self.longest:
            raise InvalidInputError(
                Message("Shorten this to %(longest)s characters or fewer.", {"longest": self.longest})
            )
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise InvalidInputError(
                Message("Write this as the sheet 说明 says: %(allowed)s.", {"allowed": self.allowed})
            )
        return text

    def write(self, value: str) -> str:
        """Return the text itself."""
        return value


@dataclass(frozen=True)
class Number:
    """A whole number between two others, both included."""

    least: int
    most: int
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.NUMBER

    @property
    def allowed(self) -> str:
        """The bounds."""
        return f"{self.least}～{self.most}的整数"

    def read(self, cell: Cell, _circumstances: Circumstances) -> int:
        """Return the number within its bounds."""
        number = number_of(cell)
        if not self.least <= number <= self.most:
            raise InvalidInputError(
                Message(
                    "Enter a number from %(least)s to %(most)s.",
                    {"least": self.least, "most": self.most},
                )
            )
        return number

    def write(self, value: int) -> int:
        """Return the number itself."""
        return value


@dataclass(frozen=True)
class Day:
    """A date."""

    allowed: str = "日期，如 2026-11-28"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.DATE

    def read(self, cell: Cell, _circumstances: Circumstances) -> date:
        """Return the date; one of another century is a slip of the keyboard."""
        day = day_of(cell)
        if not date(1900, 1, 1) <= day < date(2100, 1, 1):
            raise InvalidInputError(Message("This year can't be meant: enter a date such as 2026-11-28."))
        return day

    def write(self, value: date) -> date:
        """Return the date itself."""
        return value


@dataclass(frozen=True)
class BirthDay(Day):
    """A date of birth: it lies in the past."""

    def read(self, cell: Cell, circumstances: Circumstances) -> date:
        """Return the date."""
        born = super().read(cell, circumstances)
        if born >= circumstances.today:
            raise InvalidInputError(Message("A date of birth lies in the past: compare the year."))
        return born


@dataclass(frozen=True)
class PastDay(Day):
    """The date of something that has happened."""

    def read(self, cell: Cell, circumstances: Circumstances) -> date:
        """Return the date."""
        day = super().read(cell, circumstances)
        if day > circumstances.today:
            raise InvalidInputError(Message("What is noted here has happened: this date is still to come."))
        return day


@dataclass(frozen=True)
class Clock:
    """A time of day to the minute."""

    allowed: str = "时刻，如 09:30"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, _circumstances: Circumstances) -> Any:
        """Return the time."""
        return time_of(cell)

    def write(self, value: Any) -> str:
        """Return the time as HH:MM."""
        return f"{value:%H:%M}"


@dataclass(frozen=True)
class Choice:
    """One member of an enumeration, by its word."""

    kind: type[StrEnum]
    form: CellForm = CellForm.TEXT

    @property
    def choices(self) -> tuple[str, ...]:
        """All words."""
        return tuple(words_of(self.kind))

    @property
    def allowed(self) -> str:
        """All words."""
        return BETWEEN.join(self.choices)

    def read(self, cell: Cell, _circumstances: Circumstances) -> StrEnum:
        """Return the member."""
        return _look_up(text_of(cell), words_of(self.kind))

    def write(self, value: StrEnum) -> str:
        """Return the member's word."""
        return word_of(value)


@dataclass(frozen=True)
class Weekday:
    """A day of the week, Monday 0."""

    choices: tuple[str, ...] = WEEKDAYS
    allowed: str = BETWEEN.join(WEEKDAYS)
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, _circumstances: Circumstances) -> int:
        """Return the weekday's number; 星期六 and 礼拜六 are the same as 周六."""
        word = re.sub("^(星期|礼拜)", "周", text_of(cell)).replace("周天", "周日")
        return _look_up(word, {name: number for number, name in enumerate(WEEKDAYS)})

    def write(self, value: int) -> str:
        """Return the weekday's name."""
        return WEEKDAYS[value]


@dataclass(frozen=True)
class Flag:
    """One of two words."""

    yes: str = YES
    no: str = NO
    form: CellForm = CellForm.TEXT

    @property
    def choices(self) -> tuple[str, ...]:
        """Both words."""
        return (self.yes, self.no)

    @property
    def allowed(self) -> str:
        """Both words."""
        return f"{self.yes}或{self.no}"

    def read(self, cell: Cell, _circumstances: Circumstances) -> bool:
        """Return whether it is the first word."""
        return cell if isinstance(cell, bool) else _look_up(text_of(cell), {self.yes: True, self.no: False})

    def write(self, value: bool) -> str:  # noqa: FBT001 (every kind has the same method)
        """Return the word."""
        return self.yes if value else self.no


def _look_up(word: str, values: Mapping[str, Found]) -> Found:
    if word not in values:
        raise UnknownWordError(word, tuple(values))
    return values[word]
