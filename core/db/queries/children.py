"""Children as pages look them up."""

from sqlalchemy import Select, select

from core.db.models import Child


def children_numbered(number: str) -> Select[Child]:
    """The files in reach with that number; stations number their files by themselves."""
    return select(Child).where(Child.number == number)
