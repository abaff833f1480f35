"""Children as pages look them up."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select

from core.db.models import Child


def children_numbered(number: str) -> Select[Child]:
    """The files in reach with that number; stations number their files by themselves."""
    return select(Child).where(Child.number == number)


def children_by_id(ids: Collection[UUID]) -> Select[Child]:
    """Those of these files that are in reach."""
    return select(Child).where(Child.id.in_(ids)).order_by(Child.number)
