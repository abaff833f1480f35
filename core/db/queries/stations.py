"""Stations: the tree below and above one of them, and the public way in."""

from functools import cache
from uuid import UUID

from sqlalchemy import CTE, BindParameter, Select, bindparam, literal, select, union_all

from core.db.models import Station


@cache
def subtree_and_lineage() -> Select[UUID, bool]:
    """Select the ids of a station and all below it (`True`), and of those above it (`False`), in one query.

    The station is the parameter `station_id`. Every request of somebody who has signed in asks this: the statement, a
    costly one to make, is made once.
    """
    station_id: BindParameter[UUID] = bindparam("station_id")
    below, above = _below(station_id), _above(station_id)
    family = union_all(
        select(below.c.id, literal(True).label("reached")),
        select(above.c.id, literal(False).label("reached")).where(above.c.id != station_id),
    ).subquery()
    return select(family.c.id, family.c.reached)


def station_by_slug(slug: str) -> Select[Station]:
    """Select the station whose public address ends with `slug`."""
    return select(Station).where(Station.slug == slug)


def parents() -> Select[UUID, UUID | None]:
    """Each station in reach with the one above it."""
    return select(Station.id, Station.parent_id)


def stations_below(station_id: UUID) -> Select[Station]:
    """Select the stations right below one, by name."""
    return select(Station).where(Station.parent_id == station_id).order_by(Station.name)


def _below(station_id: BindParameter[UUID]) -> CTE:
    tree = select(Station.id).where(Station.id == station_id).cte("below", recursive=True)
    return tree.union_all(select(Station.id).join(tree, Station.parent_id == tree.c.id))


def _above(station_id: BindParameter[UUID]) -> CTE:
    tree = select(Station.id, Station.parent_id).where(Station.id == station_id).cte("above", recursive=True)
    return tree.union_all(select(Station.id, Station.parent_id).join(tree, Station.id == tree.c.parent_id))
