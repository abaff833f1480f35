"""What a guardian with full access is told: the dates of their own child's sessions, and these as a calendar."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import FeedItem, Installation
from core.db.queries import consents as queries
from core.domain.errors import Message
from core.feeds.entry import Feed
from core.services.feeds import entry_of
from core.services.guardian_links import Visit, require_full
from core.services.wording import CHINESE, Wording


def dates_ahead(session: Session, found: Visit, now: datetime) -> list[FeedItem]:
    """Return what the station's feed says of the child's sessions that are still to come, by time.

    It is as neutral as that feed: of closed groups and private rooms neither title nor place. `now` is the station's
    wall-clock time. Raises NotFoundError where the access isn't full.
    """
    require_full(found)
    items = session.scalars(queries.items_of_child(found.child.id))
    return [item for item in items if item.starts_at >= now and not item.cancelled]


def calendar_of(session: Session, found: Visit) -> Feed:
    """Return the calendar of the child's sessions, which names neither the child nor the station.

    An entry is the one of the station's feed, so that it has the same identity for ever.
    """
    require_full(found)
    installation = session.scalars(select(Installation)).one()
    return Feed(
        name=Wording(CHINESE, ()).say(Message("Station activities")),
        entries=tuple(entry_of(item, installation) for item in session.scalars(queries.items_of_child(found.child.id))),
        timezone=installation.timezone,
    )
