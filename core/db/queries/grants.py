"""Grants as pages and decisions look them up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from core.db.models import AccessGrant, AccessGrantChild
from core.domain.vocabulary import GrantState


def holding(user_id: UUID, station_id: UUID, child_id: UUID, now: datetime) -> Select[AccessGrant]:
    """The grants that somebody of that station holds for a child at this moment."""
    named = select(AccessGrantChild.grant_id).where(AccessGrantChild.child_id == child_id)
    return select(AccessGrant).where(
        AccessGrant.user_id == user_id,
        AccessGrant.station_id == station_id,
        or_(AccessGrant.all_children, AccessGrant.id.in_(named)),
        *_in_force(now),
    )


def grant_to_change(grant_id: UUID) -> Select[AccessGrant]:
    """A grant as it is now, locked until the transaction ends."""
    query = select(AccessGrant).where(AccessGrant.id == grant_id)
    return query.with_for_update(of=AccessGrant).execution_options(populate_existing=True)


def grants_of(user_id: UUID) -> Select[AccessGrant]:
    """What somebody has asked for and taken, the newest first."""
    return _listed().where(AccessGrant.user_id == user_id)


def grants_in_reach() -> Select[AccessGrant]:
    """All grants in reach, the newest first."""
    return _listed()


def waiting(now: datetime) -> Select[AccessGrant]:
    """What is asked for in reach and could still be given, the newest first."""
    return _listed().where(AccessGrant.state == GrantState.ASKED, AccessGrant.ends_at > now)


def unacknowledged() -> Select[AccessGrant]:
    """Broken glass in reach of which nobody has taken note, the newest first."""
    return _listed().where(AccessGrant.break_glass, AccessGrant.acknowledged_by_id.is_(None))


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return AccessGrant.state == GrantState.APPROVED, AccessGrant.starts_at <= now, AccessGrant.ends_at > now


def _listed() -> Select[AccessGrant]:
    loaded = (selectinload(AccessGrant.user), selectinload(AccessGrant.decided_by), selectinload(AccessGrant.children))
    return select(AccessGrant).options(*loaded).order_by(AccessGrant.asked_at.desc(), AccessGrant.id.desc())
