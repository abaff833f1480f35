"""What a notice knows of its session: its own facts, and what its reader's calendar says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core.db.models import FeedItem, OutboxNotice
from core.db.queries import notices as queries

#: What a change of the timetable does to somebody: the values of the fact `change`.
ADDED: Final = "added"
MOVED: Final = "moved"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True)
class Said:
    """What a notice knows of its session: facts named as in core.domain.notices.FACTS."""

    facts: Mapping[str, str | int]
    english: bool

    def text(self, name: str) -> str:
        """Return a fact in the reader's language, empty where there is none."""
        english = self.facts.get(f"{name}_en") if self.english else None
        return str(english or self.facts.get(name) or "")

    def moment(self, name: str) -> datetime | None:
        """Return a moment in wall-clock time."""
        found = self.facts.get(name)
        return datetime.fromisoformat(str(found)) if found else None


def said_of(session: Session, row: OutboxNotice, *, english: bool) -> Said:
    """Return what a notice knows: its own facts, and of its session what the reader's calendar says."""
    item = item_of(session, row)
    return Said({**(facts_of(item) if item else {}), **row.facts}, english)


def item_of(session: Session, row: OutboxNotice) -> FeedItem | None:
    """Return the entry of the reader's own calendar for the session, else the station's."""
    if row.session_id is None:
        return None
    own = None
    if row.volunteer_id is not None:
        own = session.scalars(queries.entry_of_volunteer(row.session_id, row.volunteer_id)).one_or_none()
    return own or session.scalars(queries.entry_of_station(row.session_id)).first()


def facts_of(item: FeedItem) -> dict[str, str | int]:
    """Return what a calendar's entry says, as facts of a notice."""
    return {
        "title": item.title,
        "title_en": item.title_en,
        "starts_at": item.starts_at.isoformat(timespec="minutes"),
        "ends_at": item.ends_at.isoformat(timespec="minutes"),
        "location": item.location,
    }


def ends_of(session: Session, row: OutboxNotice) -> datetime | None:
    """Return when what a notice is about is over, in wall-clock time: of what was moved the later one; None: never."""
    said = said_of(session, row, english=False)
    ends = [moment for moment in (said.moment("ends_at"), said.moment("before_ends_at")) if moment is not None]
    return max(ends, default=None)
