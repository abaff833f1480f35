"""Counters of the rate limits."""

from datetime import datetime

from sqlalchemy import Delete, Select, delete, select

from core.db.models import RateCounter


def rate_counter(key_hash: bytes) -> Select[RateCounter]:
    """Select the counter of a key."""
    return select(RateCounter).where(RateCounter.key_hash == key_hash)


def ended_rate_counters(now: datetime) -> Delete:
    """Delete the counters whose window is over at `now`."""
    return delete(RateCounter).where(RateCounter.expires_at <= now)
