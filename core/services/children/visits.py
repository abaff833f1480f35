"""Keeping files current: visits that were made, and whose turn it is, by the intervals of the child's categories.

The categories are looked at by the machine alone: what comes out is a day, never why it is that day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.db.models import Child, ReviewInterval, Station, Visit
from core.db.opening import MachinePath, reading
from core.db.queries import children as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.child_file import PLAIN_REVIEW_MONTHS, REVIEW_MONTHS, VisitKind
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message
from core.domain.vocabulary import ChildCategory
from core.security.permissions import require
from core.services.audit import record
from core.services.children.keeping import find_child, note

_MONTHS: Final = 12
_TEXT: Final = 500


@dataclass(frozen=True)
class Due:
    """A child whom somebody should visit, or whose data should be checked, by a day."""

    child_id: UUID
    number: str
    station_id: UUID
    name: str = field(repr=False)
    due: date
    last: date | None


@dataclass(frozen=True)
class VisitEntry:
    """What somebody enters of a visit; `visitor` is who went."""

    kind: VisitKind
    visited_on: date
    visitor: str = field(repr=False)
    checked: str = field(repr=False)
    next_due: date | None = None


def note_visit(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, entry: VisitEntry, *, today: date
) -> Visit:
    """Note a visit; raise InvalidInputError for days that can't be."""
    require(actor, Capability.NOTE_VISITS)
    child = find_child(session, child_id)
    if entry.visited_on > today:
        raise InvalidInputError(Message("A visit that is noted lies in the past: correct the day."))
    if entry.next_due is not None and entry.next_due <= entry.visited_on:
        raise InvalidInputError(Message("The next visit comes after this one: correct the day."))
    visit = Visit(
        station_id=child.station_id,
        child_id=child.id,
        kind=entry.kind,
        visited_on=entry.visited_on,
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    visit.visitor, visit.checked = entry.visitor.strip()[:_TEXT], entry.checked.strip()[:_TEXT]
    visit.next_due = entry.next_due.isoformat() if entry.next_due else None
    session.add(visit)
    session.flush()
    note(session, actor, clock, child, "child.visited", {"visit": str(visit.id), "kind": entry.kind.value})
    return visit


def due_by(session: Session, last: date) -> list[Due]:
    """Return the children in reach who are due by a day, those longest overdue first."""
    intervals = _Intervals(session)
    categories = _categories(session, last)
    visited = _visited(session)
    found = []
    for row in session.execute(queries.kept_since()):
        on, planned = visited.get(row.id, (None, None))
        months = intervals.months(row.station_id, categories.get(row.id, ()))
        due = planned or months_after(on or row.created_at.date(), months)
        if due <= last:
            found.append((due, row, on))
    found.sort(key=lambda one: (one[0], one[1].number))
    return [Due(row.id, row.number, row.station_id, _name(row), due, on) for due, row, on in found]


def next_due(session: Session, child: Child, today: date) -> date:
    """Return the day by which a child is to be visited next, or its data checked."""
    on, planned = _visited(session, child.id).get(child.id, (None, None))
    categories = _categories(session, today, child.id).get(child.id, ())
    return planned or months_after(
        on or child.created_at.date(), _Intervals(session).months(child.station_id, categories)
    )


def intervals_at(session: Session, station_id: UUID) -> Mapping[ChildCategory, int]:
    """Return the months between two visits for each category, as they hold at a station."""
    known = _Intervals(session)
    return {category: known.months(station_id, (category,)) for category in ChildCategory}


def set_intervals(
    session: Session, actor: Actor, clock: Clock, station_id: UUID, months: Mapping[ChildCategory, int]
) -> None:
    """Say how often a station and those below it visit the children of each category."""
    require(actor, Capability.MERGE_CHILDREN)
    rows = {ChildCategory(row.category): row for row in session.scalars(_own_intervals(station_id))}
    for category, count in months.items():
        if not 1 <= count <= 2 * _MONTHS:
            raise InvalidInputError(Message("An interval has 1 to 24 months."))
        row = rows.get(category)
        if row is None:
            session.add(ReviewInterval(station_id=station_id, category=category.value, months=count))
        else:
            row.months = count
    session.flush()
    detail = {category.value: count for category, count in months.items()}
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action="review_intervals.set",
        subject_kind="station",
        subject_id=station_id,
        detail=detail,
    )


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, the month's last where it has no such day."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    for last in (day.day, 30, 29):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    return date(year, month + 1, 28)


def last_of_month(day: date) -> date:
    """Return the last day of the day's month."""
    return date.fromordinal(months_after(day.replace(day=1), 1).toordinal() - 1)


class _Intervals:
    """The intervals of all stations in reach; a station without its own has those of the nearest one above it."""

    def __init__(self, session: Session) -> None:
        self._parents = {row.id: row.parent_id for row in session.execute(select(Station.id, Station.parent_id))}
        self._own = {
            (row.station_id, ChildCategory(row.category)): row.months for row in session.scalars(select(ReviewInterval))
        }

    def months(self, station_id: UUID, categories: Collection[ChildCategory]) -> int:
        """Return the shortest interval of some categories; of none, that of a check of the data."""
        return min((self._of(station_id, category) for category in categories), default=PLAIN_REVIEW_MONTHS)

    def _of(self, station_id: UUID, category: ChildCategory) -> int:
        here: UUID | None = station_id
        while here is not None:
            if (here, category) in self._own:
                return self._own[here, category]
            here = self._parents.get(here)
        return REVIEW_MONTHS[category]


def _own_intervals(station_id: UUID) -> Select[ReviewInterval]:
    return select(ReviewInterval).where(ReviewInterval.station_id == station_id)


def _categories(session: Session, day: date, child_id: UUID | None = None) -> dict[UUID, list[ChildCategory]]:
    found: dict[UUID, list[ChildCategory]] = {}
    with reading(session, MachinePath.REVIEW):
        for row in session.execute(queries.marks_on(day, child_id)):
            context = f"child_categories|sealed_category|{row.id.hex}"
            text = row.sealed_category.open_in(session, row.child_id, context)
            found.setdefault(row.child_id, []).append(ChildCategory(text))
    return found


def _visited(session: Session, child_id: UUID | None = None) -> dict[UUID, tuple[date, date | None]]:
    """Return of each child the day of the last visit, and the day that the visitor set for the next."""
    found: dict[UUID, tuple[date, date | None]] = {}
    for row in session.execute(queries.last_visits(child_id)):
        planned = row.sealed_next_due.open(f"visits|sealed_next_due|{row.id.hex}") if row.sealed_next_due else None
        found[row.child_id] = row.visited_on, date.fromisoformat(planned) if planned else None
    return found


def _name(row: Any) -> str:
    return str(row.sealed_name.open(f"children|sealed_name|{row.id.hex}"))
