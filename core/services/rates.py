"""Counting requests in windows of time, for the rate limits of all processes together."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.db.models import RateCounter
from core.db.queries import rates as queries


def count(session: Session, now: datetime, key: str, *, window: timedelta, amount: int) -> int:
    """Add `amount` to the key's counter, which begins a new window when the last one is over; return the sum."""
    session.execute(queries.ended_rate_counters(now))
    counter = session.scalars(queries.rate_counter(_hash(key)).with_for_update()).one_or_none()
    if counter is None:
        counter = RateCounter(key_hash=_hash(key), amount=0, expires_at=now + window)
        session.add(counter)
    counter.amount += amount
    session.flush()
    return counter.amount


def standing(session: Session, now: datetime, key: str) -> tuple[int, datetime]:
    """Return the key's count and the end of its window; nothing counted: 0, and now."""
    counter = session.scalars(queries.rate_counter(_hash(key))).one_or_none()
    if counter is None or counter.expires_at <= now:
        return 0, now
    return counter.amount, counter.expires_at


def forget(session: Session, key: str) -> None:
    """Drop the key's counter."""
    counter = session.scalars(queries.rate_counter(_hash(key))).one_or_none()
    if counter is not None:
        session.delete(counter)


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
