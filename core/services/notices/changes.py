"""Telling volunteers what changes for them: exactly those in whose own calendar it changes, and from what to what.

It follows the ledger of feeds, which everything that changes the timetable brings up to date, in its transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import FeedItem, Plan
from core.db.models.feed import FeedKind
from core.domain.clock import Clock
from core.domain.notices import TO_WEBHOOK, Notice, NoticeKind, to_volunteer
from core.services.notices.outbox import put, put_all
from core.services.notices.words import ADDED, CANCELLED, MOVED, facts_of


@dataclass(frozen=True)
class Before:
    """What a calendar's entry said of when and where, before it changed."""

    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    location: str

    @classmethod
    def of(cls, item: FeedItem) -> Self:
        """Remember what an entry says now."""
        return cls(item.cancelled, item.starts_at, item.ends_at, item.location)


def tell_changes(session: Session, clock: Clock, changed: Iterable[tuple[FeedItem, Before | None]]) -> None:
    """Tell volunteers of changes of entries in their calendars, None before: the entry is new.

    Nobody is told of other calendars' entries, nor where neither time nor place has changed.
    """
    put_all(session, clock, [notice for item, before in changed if (notice := _notice(item, before)) is not None])


def _notice(item: FeedItem, before: Before | None) -> Notice | None:
    change = _change(item, before)
    if item.kind is not FeedKind.VOLUNTEER or change is None:
        return None
    facts = {**facts_of(item), "change": change}
    if before is not None and change == MOVED:
        facts["before_starts_at"] = before.starts_at.isoformat(timespec="minutes")
        facts["before_ends_at"] = before.ends_at.isoformat(timespec="minutes")
        facts["before_location"] = before.location
    return Notice(
        NoticeKind.TIMETABLE_CHANGED,
        to_volunteer(UUID(item.subject)),
        item.station_id,
        key=f"{item.id.hex}-{item.sequence}",
        facts=facts,
        session_id=item.session_id,
    )


def _change(item: FeedItem, before: Before | None) -> str | None:
    if before is None or before.cancelled:
        return None if item.cancelled else ADDED
    if item.cancelled:
        return CANCELLED
    return None if Before.of(item) == before else MOVED


def call_webhook(session: Session, clock: Clock, plan: Plan, changes: int) -> None:
    """Tell the program behind the webhook that a plan was published, and how many sessions that changed."""
    facts: dict[str, str | int] = {"plan_id": plan.id.hex, "term_id": plan.term_id.hex, "count": changes}
    put(session, clock, Notice(NoticeKind.TIMETABLE_CHANGED, TO_WEBHOOK, plan.station_id, plan.id.hex, facts))
