"""What a station can close, and what is closed."""

from datetime import date

from sqlalchemy import Select, select

from core.db.models import ArrangedYear, Closure, Venue


def closures_from(day: date) -> Select[Closure]:
    """Closures in reach that last until `day` or longer, the next first."""
    return select(Closure).where(Closure.last >= day).order_by(Closure.first, Closure.id)


def venues() -> Select[Venue]:
    """The venues in reach, by name."""
    return select(Venue).order_by(Venue.name, Venue.id)


def entered_years() -> Select[ArrangedYear]:
    """The years that staff have entered, the latest first."""
    return select(ArrangedYear).order_by(ArrangedYear.year.desc())
