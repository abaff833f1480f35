"""A station's calendar, put together from what is stored."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ArrangedYear as ArrangedYearRow
from core.db.models import Closure as ClosureRow
from core.db.queries import calendar as queries
from core.domain.calendar.arranged_year import ArrangedYear, NamedDay
from core.domain.calendar.closure import Closure
from core.domain.calendar.school_break import SchoolBreak
from core.domain.calendar.station import OpeningHours, StationCalendar
from core.domain.calendar.work import WorkCalendar

WEEK = range(7)


def work_calendar(session: Session) -> WorkCalendar:
    """Return the country's working calendar with the years that staff have entered."""
    return WorkCalendar(entered=tuple(_arranged(row) for row in session.scalars(queries.arranged_years())))


def station_calendar(session: Session, station_id: UUID, *, hours_from: UUID | None = None) -> StationCalendar:
    """Return the calendar of a station.

    A community without opening hours of its own keeps those of the station `hours_from`, and is closed with it.
    """
    stations = [station_id] if hours_from is None else [station_id, hours_from]
    hours = list(session.scalars(queries.hours_of(stations)))
    own = [row for row in hours if row.station_id == station_id] or hours
    closures = session.scalars(queries.closures_of(stations))
    return StationCalendar(
        work=work_calendar(session),
        opening_hours=tuple(
            OpeningHours(weekday, row.opens, row.closes)
            for row in own
            for weekday in (WEEK if row.weekday is None else (row.weekday,))
        ),
        school_breaks=tuple(
            SchoolBreak(row.first, row.last, row.name, row.school_id)
            for row in session.scalars(queries.school_breaks())
        ),
        closures=tuple(closure_value(row) for row in closures),
    )


def closure_value(row: ClosureRow) -> Closure:
    """Return a stored closure as the calendar knows it."""
    return Closure(row.first, row.last, row.reason, row.venue_id, row.room_id, row.from_time)


def _arranged(row: ArrangedYearRow) -> ArrangedYear:
    return ArrangedYear(
        year=row.year,
        source=row.source,
        published_on=row.published_on,
        days_off=tuple(NamedDay(day.day, day.name) for day in row.days if day.off),
        working_days=tuple(day.day for day in row.days if not day.off),
    )
