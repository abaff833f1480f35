"""How rows are shown: words instead of codes, names instead of keys, with one query for each table referred to."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.forms import say_word
from admin.kinds import KINDS
from admin.tables import target_of
from core.services.spreadsheets import Cell
from core.web.text import clock, full_date, listed, moment

_NOTHING: Final = "—"
_TYPED: Final = (int, float, date, time)


class Showing:
    """Shows attributes of some rows of one table; the names of what they refer to are looked up at once."""

    def __init__(self, session: Session, model: type[Any], rows: Sequence[Any], names: Sequence[str]) -> None:
        self._model = model
        self._referred = {name: _referred(session, model, rows, name) for name in names}

    def words(self, row: Any, name: str) -> str:
        """Return what a person reads."""
        value = getattr(row, name)
        if kind := KINDS.get((self._model, name)):
            return kind.show(value)
        if isinstance(value, UUID):
            return self._referred[name].get(value, _NOTHING)
        return _plain(value)

    def cell(self, row: Any, name: str) -> Cell:
        """Return what stands in an exported file: numbers, dates and times as such, all else in words."""
        value: object = getattr(row, name)
        if (self._model, name) not in KINDS and not isinstance(value, bool) and isinstance(value, _TYPED):
            return value
        text = self.words(row, name)
        return None if text == _NOTHING else text


def _referred(session: Session, model: type[Any], rows: Sequence[Any], name: str) -> Mapping[UUID, str]:
    target = target_of(model, name)
    keys = {getattr(row, name) for row in rows} - {None} if target is not None else set()
    if target is None or not keys:
        return {}
    return {row.id: str(row) for row in session.scalars(select(target).where(target.id.in_(keys)))}


def _plain(value: object) -> str:
    if value is None or value in ("", []):
        return _NOTHING
    if isinstance(value, list):
        return listed([str(part) for part in value])
    show = next((show for kind, show in _WORDS if isinstance(value, kind)), str)
    return show(value)


def yes_or_no(value: object) -> str:
    """Return the word for a box that is ticked or not."""
    text: str = _("Yes") if value else _("No")
    return text


#: The first that fits: a moment is a date as well, and a word of the trade is text.
_WORDS: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (bool, yes_or_no),
    (StrEnum, say_word),
    (datetime, moment),
    (date, full_date),
    (time, clock),
)
