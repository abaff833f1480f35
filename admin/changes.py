"""What happens when a row is stored or deleted: its station, the audit entry, the calendars that speak of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from admin.retelling import retell
from admin.tables import Holding, holdings, station_of, target_of
from admin.words import HOLDERS
from core.db.base import LineageScoped, StationScoped
from core.db.models import Station
from core.domain.actor import Actor
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.extensions import actor, wiring
from core.services.audit import record
from core.web.forms import Form


def fill(form: Form, row: Any, *, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Put a form's answers into the row's attributes of the same names; return the names of those that change."""
    names = [field.name for field in form if field.name != "csrf_token" and field.name not in without]
    changed = frozenset(name for name in names if getattr(row, name) != form[name].data)
    for name in changed:
        setattr(row, name, form[name].data)
    return changed


def take_station(session: Session, row: Any, anchor: str | None, by: Actor) -> None:
    """Give a new row its station: that of the row it belongs to, else the one chosen, else the actor's own."""
    if not isinstance(row, StationScoped | LineageScoped):
        return
    if anchor is not None:
        row.station_id = _station_of_anchor(session, row, anchor)
    elif inspect(row).dict.get("station_id") is None:
        if by.station_id is None:
            raise InvalidInputError(Message("Choose the station to which it belongs."))
        row.station_id = by.station_id


def require_same_station(session: Session, row: Any, anchor: str | None) -> None:
    """Raise InvalidInputError where a row would come to belong to a row of another station."""
    if anchor is not None and _station_of_anchor(session, row, anchor) != row.station_id:
        raise InvalidInputError(Message("A row stays with its station: enter it anew at the other one."))


def _station_of_anchor(session: Session, row: Any, anchor: str) -> UUID:
    target = target_of(type(row), anchor)
    found = (
        None if target is None else session.scalar(select(target.station_id).where(target.id == getattr(row, anchor)))
    )
    if found is None:
        raise NotFoundError(Message("What it belongs to is gone, or out of your reach."))
    station_id: UUID = found
    return station_id


def store(session: Session, row: Any, changed: frozenset[str], *, new: bool) -> None:
    """Write a row in the caller's transaction with its audit entry, and tell the calendars that speak of it."""
    station_id = station_of(row)
    session.add(row)
    session.flush()
    _log(session, row, station_id, "created" if new else "changed", changed)
    app = wiring()
    retell(session, app.clock, app.hooks, row, changed)


def remove(session: Session, row: Any) -> None:
    """Delete a row in the caller's transaction, with its audit entry."""
    station_id = row.parent_id if isinstance(row, Station) else station_of(row)
    session.delete(row)
    session.flush()
    _log(session, row, station_id, "deleted", frozenset())


def _log(session: Session, row: Any, station_id: UUID | None, event: str, changed: frozenset[str]) -> None:
    """Record who did it and which attributes changed; never what they held, since it may be a person's."""
    by = actor()
    kind = kind_of(type(row))
    audited = station_id or by.station_id
    if audited is None:
        raise NotFoundError(Message("There is no such station."))
    detail = {"fields": sorted(changed)} if changed else {}
    record(
        session,
        by,
        wiring().clock,
        station_id=audited,
        action=f"{kind}.{event}",
        subject_kind=kind,
        subject_id=row.id,
        detail=detail,
    )


def kind_of(model: type[Any]) -> str:
    """Return the name of a class as the audit log writes it: `travel_time` for TravelTime."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", model.__name__).lower()


def holders(
    session: Session, row: Any, names: Mapping[type[Any], Message], goes_along: Callable[[Any, Holding], bool]
) -> tuple[list[Message], list[Message]]:
    """Return what keeps a row from being deleted, and what would go along with it, each with its number.

    `names` are those of the sections; `goes_along` tells the two apart.
    """
    held: list[Message] = []
    along: list[Message] = []
    for holding in holdings(session, row):
        table = holding.model.__tablename__
        name = names.get(holding.model) or HOLDERS.get(table) or Message(table)
        told = Message("%(name)s (%(count)s)", {"name": name, "count": holding.count})
        (along if goes_along(row, holding) else held).append(told)
    return held, along
