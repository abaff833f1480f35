"""Which families haven't seen a change: whose child's calendar wasn't fetched since a session of the next days changed.

A family without a calendar of its own isn't on the list: it doesn't rely on one. What one of a child's guardians has
fetched counts for the family, as they have one child's calendar.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Child, ChildFeedItem, FeedItem
from core.db.queries import consents as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError
from core.security.permissions import may, require
from core.services.audit import record
from core.services.guardian_pages import Difference, differences, write_down
from core.services.unseen import SOON, Unseen


@dataclass(frozen=True)
class FamilyToCall:
    """A family to call: of which child, what to say, and when a calendar of theirs was last fetched, None for never."""

    child_id: UUID
    number: str
    name: str = field(repr=False)
    fetched_at: datetime | None
    unseen: tuple[Unseen, ...]


def families_to_call(session: Session, actor: Actor, clock: Clock, now: datetime) -> list[FamilyToCall]:
    """Return the families to call, who is expected first before the others; nobody for who may not see children.

    `now` is the station's wall-clock time.
    """
    if not may(actor.role, Capability.SEE_CHILDREN):
        return []
    # A Row is a tuple to Python, not to mypy.
    fetches = {child: moment for child, moment in session.execute(queries.with_a_calendar(clock.now()))}  # noqa: C416
    told = _unseen_by_child(session, fetches, now)
    children = session.scalars(select(Child).where(Child.id.in_(told), ~Child.sealed_file))
    found = [
        FamilyToCall(one.id, one.number, one.name, fetches[one.id], tuple(map(_unseen, told[one.id])))
        for one in children
    ]
    return sorted(found, key=lambda one: (one.unseen[0].expected_at, one.number))


def note_family_call(session: Session, actor: Actor, clock: Clock, child_id: UUID, now: datetime) -> None:
    """Note that a family was called about all that it hadn't seen; its calendar says the same from then on.

    Raises NotFoundError for one about which there is nothing to say, as when the calendar was fetched meanwhile.
    """
    require(actor, Capability.KEEP_CALENDAR)
    # A fetch of the calendar waits here, and then finds it done.
    child = session.scalars(select(Child).where(Child.id == child_id).with_for_update()).one_or_none()
    if child is None or all(one.child_id != child_id for one in families_to_call(session, actor, clock, now)):
        raise NotFoundError(Message("There is nothing left to tell this family."))
    told = _unseen_by_child(session, {child_id: None}, now)[child_id]
    write_down(session, clock, child, told)
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action="feed.family_called",
        subject_kind="child",
        subject_id=child.id,
        detail={"changes": len(told)},
    )


def _unseen_by_child(
    session: Session, children: dict[UUID, datetime | None], now: datetime
) -> dict[UUID, list[Difference]]:
    """Return what calendars haven't been told of the next days, by child, the earliest first."""
    wanted: dict[UUID, dict[UUID, FeedItem]] = {}
    for child, item in session.execute(queries.items_of_children(children, now)):
        wanted.setdefault(child, {})[item.session_id] = item
    items: dict[UUID, dict[UUID, ChildFeedItem]] = {}
    for said in session.scalars(queries.calendars_of_children(children, now)):
        items.setdefault(said.child_id, {})[said.session_id] = said
    found = {
        child: [one for one in differences(items.get(child, {}), wanted.get(child, {}), now) if _is_soon(one, now)]
        for child in children
    }
    return {child: sorted(told, key=lambda one: _unseen(one).expected_at) for child, told in found.items() if told}


def _is_soon(difference: Difference, now: datetime) -> bool:
    return any(now <= starts_at <= now + SOON for starts_at in _times(difference))


def _times(difference: Difference) -> Iterator[datetime]:
    """Yield when somebody was expected, and when they are."""
    item, wanted = difference
    if item is not None and not item.cancelled:
        yield item.starts_at
    if wanted is not None:
        yield wanted.starts_at


def _unseen(difference: Difference) -> Unseen:
    item, wanted = difference
    said = None if item is None or item.cancelled else item
    now = wanted or item
    if now is None:
        raise ValueError("A difference has something on one side.")
    return Unseen(now, said.starts_at if said else None, said.location if said else "", cancelled=wanted is None)
