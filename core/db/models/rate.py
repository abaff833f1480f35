"""Counters of the rate limits, shared by all processes that serve."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Key, Moment


class RateCounter(Base):
    """How often something was asked for in one window; the key is hashed, since it has an address in it."""

    __tablename__ = "rate_counters"

    id: Mapped[Key]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    amount: Mapped[int]
    expires_at: Mapped[Moment] = mapped_column(index=True)
