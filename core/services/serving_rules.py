"""What a station minds of those who serve: rest, a week, the hours of those under age, and how people are asked."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Station, StationServing
from core.db.queries import replies as queries
from core.domain.capabilities import Capability
from core.domain.errors import InvalidInputError, Message
from core.domain.replies import ServingRules
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk

_HOURS = range(1, 337)


def rules_of(session: Session, station_id: UUID) -> ServingRules:
    """Return what a station minds: its own rules, or those that hold until it has any."""
    row = session.scalars(queries.serving_rules(station_id)).one_or_none()
    return ServingRules() if row is None else row.rules


def decide_rules(session: Session, desk: Desk, station_id: UUID, rules: ServingRules) -> None:
    """Decide what a station minds; InvalidInputError for what can't be meant."""
    require(desk.actor, Capability.PLAN)
    if not (0 <= rules.rest <= 720 and 0 <= rules.late_hours < _HOURS.stop):  # noqa: PLR2004 (half a day)
        raise InvalidInputError(Message("A rest lasts 12 hours at most, and two weeks before is late for nobody."))
    if rules.minors_from >= rules.minors_until or (rules.per_week is not None and rules.per_week < 1):
        raise InvalidInputError(Message("Enter hours that begin before they end, and a week with one duty at least."))
    if rules.reply_hours not in _HOURS or rules.remind_hours not in _HOURS:
        raise InvalidInputError(Message("Give 1 to 336 hours to answer."))
    station = session.get_one(Station, station_id)
    row = session.scalars(queries.serving_rules(station_id)).one_or_none()
    if row is None:
        row = StationServing(station_id=station.id)
        session.add(row)
    for name in ("rest", "per_week", "minors_from", "minors_until", "late_hours", "reply_hours", "remind_hours"):
        setattr(row, name, getattr(rules, name))
    row.sign_up, row.approve_swaps = rules.sign_up, sorted(rules.approve_swaps)
    session.flush()
    told = replace(rules, approve_swaps=frozenset())
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=station.id,
        action="serving.rules_decided",
        subject_kind="station",
        subject_id=station.id,
        detail={"rest": told.rest, "per_week": told.per_week, "approve_swaps": row.approve_swaps},
    )
