"""What makes up a station's calendar."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from core.db.models import ArrangedYear, Closure, SchoolBreak, StationHours


def arranged_years() -> Select[ArrangedYear]:
    """All years that staff have entered, with their days."""
    return select(ArrangedYear).options(selectinload(ArrangedYear.days)).order_by(ArrangedYear.year)


def hours_of(stations: Collection[UUID]) -> Select[StationHours]:
    """Opening hours of the stations."""
    return select(StationHours).where(StationHours.station_id.in_(stations))


def closures_of(stations: Collection[UUID]) -> Select[Closure]:
    """Closures of the stations, the earliest first."""
    return select(Closure).where(Closure.station_id.in_(stations)).order_by(Closure.first)


def school_breaks() -> Select[SchoolBreak]:
    """School breaks that hold within the session's scope."""
    return select(SchoolBreak).order_by(SchoolBreak.first)
