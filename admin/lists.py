"""Lists: what their addresses may ask for, and the rows of other sections that belong to a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from flask import request
from sqlalchemy import func, select

from admin.showing import Showing
from admin.tables import target_of
from core.extensions import db
from core.hooks.types import AdminSection

_LAST_PAGE: Final = 100_000
_LONGEST_SEARCH: Final = 80
_ROWS_OF_A_PART: Final = 50


def narrowing(names: Iterable[str]) -> dict[str, UUID]:
    """Return the references that the address names, such as `?venue_id=…`; what is no id is passed over."""
    wanted = {}
    for name in names:
        try:
            wanted[name] = UUID(request.args.get(name, ""))
        except ValueError:
            continue
    return wanted


def sound(asked: Any, names: Sequence[str]) -> Any:
    """Return the list's arguments within bounds; only references that narrow it are carried into other addresses.

    Flask-Admin would hand everything else to url_for, which takes `_scheme` and `_external` for its own.
    """
    asked.page = min(max(asked.page or 0, 0), _LAST_PAGE)
    asked.search = (asked.search or "").replace("\0", "")[:_LONGEST_SEARCH] or None
    asked.extra_args = {name: value for name, value in request.args.items() if name in names}
    return asked


class Listing(Protocol):
    """What is asked of a section's view to show some of its rows on another page."""

    section: AdminSection
    model: type[Any]
    column_list: Sequence[str]

    def is_accessible(self) -> bool:
        """Tell whether whoever asks may see the section."""
        ...

    def showing(self, rows: list[Any], names: list[str]) -> Showing:
        """Return what shows these attributes of the rows."""
        ...


@dataclass(frozen=True)
class Part:
    """Rows of another section that point to a row by one of their attributes; `rows` are the first of `count`."""

    view: Listing
    reference: str
    columns: Sequence[str]
    rows: Sequence[Any]
    count: int
    showing: Showing


def parts(row: Any, views: Iterable[Listing]) -> list[Part]:
    """Return what belongs to a row, section by section, of those that whoever asks may see."""
    return [
        _part(view, name, row)
        for view in views
        if view.is_accessible()
        for name in view.section.form
        if target_of(view.model, name) is type(row)
    ]


def _part(view: Listing, reference: str, row: Any) -> Part:
    belongs = getattr(view.model, reference) == row.id
    rows = list(db.session.scalars(select(view.model).where(belongs).order_by(view.model.id).limit(_ROWS_OF_A_PART)))
    count = db.session.scalar(select(func.count(view.model.id)).where(belongs)) or 0
    columns = [name for name in view.column_list if name != reference]
    return Part(view, reference, columns, rows, count, view.showing(rows, columns))
