"""Kinds of columns that this trade brings: identity numbers, phones, references, lists, types of activities."""

import re
from dataclasses import dataclass
from typing import Any, Final

from core.domain.errors import InvalidInputError, Message
from core.domain.id_numbers import read_id_number
from core.domain.phones import read_phone
from core.services.workbook.cells import Cell, plain, text_of
from core.services.workbook.kinds import BETWEEN, CellForm, Circumstances, Clock, Flag, Kind, Text
from core.services.workbook.words import NO, YES

_SEPARATORS: Final = re.compile(r"[、,，;；\n]")
#: Passports, household registers and the like have shorter numbers than the ID card's 18 characters.
_OTHER_DOCUMENT: Final = re.compile(r"[A-Z0-9]{4,12}", re.ASCII)


@dataclass(frozen=True)
class DocumentNumber:
    """The number of a document; one that is as long as a resident's identity number is checked as such."""

    allowed: str = "18位身份证号，或其他证件的号码"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, circumstances: Circumstances) -> str:
        """Return the number in its standard form; of which document it is, another column says."""
        text = plain(text_of(cell)).upper().replace(" ", "").replace("-", "")
        if _OTHER_DOCUMENT.fullmatch(text):
            return text
        return read_id_number(text, today=circumstances.today, demo=circumstances.demo).text

    def write(self, value: str) -> str:
        """Return the number itself."""
        return value


@dataclass(frozen=True)
class Phone:
    """A phone number of mainland China."""

    allowed: str = "11位手机号，或带区号的座机"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, circumstances: Circumstances) -> str:
        """Return the digits."""
        return read_phone(text_of(cell), demo=circumstances.demo)

    def write(self, value: str) -> str:
        """Return the digits."""
        return value


@dataclass(frozen=True)
class Reference:
    """The name, or number, of a row in another sheet; `sheet` is that sheet's attribute in the content."""

    sheet: str
    allowed: str
    longest: int = 80
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, circumstances: Circumstances) -> str:
        """Return the name; whether such a row exists is seen when all rows have been read."""
        return Text(self.longest).read(cell, circumstances)

    def write(self, value: str) -> str:
        """Return the name."""
        return value


@dataclass(frozen=True)
class Several:
    """Several of a kind in one cell, with 、 between them; none twice."""

    of: Kind
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    @property
    def allowed(self) -> str:
        """What one of them may be."""
        return f"{self.of.allowed}；多个用“、”隔开"

    def read(self, cell: Cell, circumstances: Circumstances) -> tuple[Any, ...]:
        """Return the values in the order in which they stand."""
        if not isinstance(cell, str):
            return (self.of.read(cell, circumstances),)
        parts = [part for part in _SEPARATORS.split(cell) if part.strip()]
        if not parts:
            raise InvalidInputError(Message("Only separators stand here: fill the cell in or leave it empty."))
        return tuple(dict.fromkeys(self.of.read(part, circumstances) for part in parts))

    def write(self, value: tuple[Any, ...]) -> str:
        """Return the words in one cell."""
        return BETWEEN.join(str(self.of.write(one)) for one in value)


@dataclass(frozen=True)
class Times:
    """Times of day, kept as HH:MM."""

    allowed: str = "时刻，如 09:00；多个用“、”隔开"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, circumstances: Circumstances) -> tuple[str, ...]:
        """Return the times in order."""
        times = Several(Clock()).read(cell, circumstances)
        return tuple(f"{moment:%H:%M}" for moment in sorted(times))

    def write(self, value: tuple[str, ...]) -> str:
        """Return the times in one cell."""
        return BETWEEN.join(value)


@dataclass(frozen=True)
class ActivityType:
    """A program's type of activity: its key, or a name with the key in brackets, as the drop-down list has it."""

    allowed: str = "从下拉列表中选择"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, _circumstances: Circumstances) -> str:
        """Return the key, `program.type`; whether a plugin knows it is not asked here."""
        found = re.fullmatch(r"(?:.*\()?([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\)?", plain(text_of(cell)))
        if found is None:
            raise InvalidInputError(
                Message("Choose the type from the list, or write its key such as sst.companionship.")
            )
        return found[1]

    def write(self, value: str) -> str:
        """Return the key."""
        return value


@dataclass(frozen=True)
class Settings:
    """What an activity's type asks beyond the other columns, as 键=值."""

    allowed: str = "键=值；多个用“；”隔开"
    choices: tuple[str, ...] = ()
    form: CellForm = CellForm.TEXT

    def read(self, cell: Cell, _circumstances: Circumstances) -> tuple[tuple[str, str | int | bool], ...]:
        """Return pairs of key and value: 是 and 否 as booleans, digits as a number, else text."""
        pairs = [part.partition("=") for part in re.split("[;\n]", plain(str(cell))) if part.strip()]
        if not all(equals and key.strip() for key, equals, _ in pairs):
            raise InvalidInputError(Message("Write each setting as 键=值, with ； between two of them."))
        return tuple((key.strip(), _setting(text.strip())) for key, _, text in pairs)

    def write(self, value: tuple[tuple[str, str | int | bool | list[str]], ...]) -> str:
        """Return the pairs in one cell; the items of a list with / between them."""
        return "；".join(f"{key}={_written(item)}" for key, item in value)


def _written(item: str | int | bool | list[str]) -> str:  # noqa: FBT001 - it is a value
    if isinstance(item, bool):
        return Flag().write(item)
    return "/".join(item) if isinstance(item, list) else str(item)


def _setting(text: str) -> str | int | bool:
    if text in (YES, NO):
        return text == YES
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else text
