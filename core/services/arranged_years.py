"""Years arranged by the State Council, entered by staff without waiting for a release."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ArrangedDay, ArrangedYear, Station
from core.domain.actor import Actor
from core.domain.calendar.arranged_year import ArrangedYear as Arrangement
from core.domain.clock import Clock
from core.hooks.calling import Hooks
from core.services.audit import record
from core.services.feed_ledger import update_ledger


def enter_year(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, arrangement: Arrangement, *, station_id: UUID
) -> ArrangedYear:
    """Store a year's arrangement, in place of one entered before, and take "provisional" off what it settles.

    `station_id` is the station for which the entry is audited; the arrangement itself holds for all, so the session
    must see every station.
    """
    row = session.scalars(select(ArrangedYear).where(ArrangedYear.year == arrangement.year)).one_or_none()
    if row is None:
        row = ArrangedYear(year=arrangement.year)
        session.add(row)
    row.source, row.published_on, row.entered_at = arrangement.source, arrangement.published_on, clock.now()
    row.days.clear()
    session.flush()
    row.days.extend(ArrangedDay(day=named.date, off=True, name=named.name) for named in arrangement.days_off)
    row.days.extend(ArrangedDay(day=day, off=False) for day in arrangement.working_days)
    session.flush()
    for station in session.scalars(select(Station.id)):
        update_ledger(session, clock, hooks, station_id=station)
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action="arranged_year.entered",
        subject_kind="arranged_year",
        subject_id=row.id,
        detail={"year": arrangement.year},
    )
    return row
