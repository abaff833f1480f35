"""What families and the desk are told of the activities that take wishes: when, where, for whom, how many places."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from core.db.models import Activity, ActivityIntake, ActivitySession, FeedItem
from core.db.models.feed import FeedKind
from core.db.scope import seeing_all
from core.hooks.joining import Obstacle
from core.services.feed_ledger import is_private
from core.services.registration.clashes import Stretch
from core.services.wishes.choices import Choice


@dataclass(frozen=True)
class Offer:
    """An activity as somebody who wishes reads it.

    `place` is what the station's feed says of where it is. What is `private`, as a closed group, families aren't told.
    """

    choice: Choice
    place: str
    minimum: int
    from_age: int | None
    to_age: int | None
    private: bool

    @property
    def activity_id(self) -> UUID:
        """Which activity it is."""
        return self.choice.activity_id

    @property
    def title(self) -> str:
        """What it is called."""
        return self.choice.title

    @property
    def times(self) -> tuple[Stretch, ...]:
        """When its sessions are that lie ahead."""
        return self.choice.times

    @property
    def capacity(self) -> int:
        """How many children it takes."""
        return self.choice.capacity

    @property
    def missing(self) -> tuple[Obstacle, ...]:
        """What it still needs before the child can have a place; it can be wished for all the same."""
        return tuple(one for one in self.choice.obstacles if one.cure is not None)


def offers(session: Session, choices: Iterable[Choice]) -> tuple[Offer, ...]:
    """Return choices with what else is told of them, in their order."""
    found = tuple(choices)
    with seeing_all(session):
        keys = [one.activity_id for one in found]
        query = select(ActivityIntake).where(ActivityIntake.activity_id.in_(keys))
        intakes = {row.activity_id: row for row in session.scalars(query)}
        private = {row.activity_id for row in session.scalars(_sessions(keys)) if is_private(row)}
        places = _places(session, found)
        return tuple(_offer(one, intakes[one.activity_id], places, private) for one in found)


def _offer(choice: Choice, intake: ActivityIntake, places: Mapping[UUID, str], private: Collection[UUID]) -> Offer:
    told = dict.fromkeys(places.get(one.session_id, "") for one in choice.times)
    return Offer(
        choice=choice,
        place=" / ".join(filter(None, told)),
        minimum=intake.minimum,
        from_age=intake.from_age,
        to_age=intake.to_age,
        private=intake.activity.closed or choice.activity_id in private,
    )


def _sessions(activities: Collection[UUID]) -> Select[ActivitySession]:
    return (
        select(ActivitySession)
        .where(ActivitySession.activity_id.in_(activities))
        .options(
            selectinload(ActivitySession.room), selectinload(ActivitySession.activity).selectinload(Activity.groups)
        )
    )


def _places(session: Session, choices: Iterable[Choice]) -> dict[UUID, str]:
    sessions = [stretch.session_id for one in choices for stretch in one.times]
    query = select(FeedItem).where(FeedItem.kind == FeedKind.STATION, FeedItem.session_id.in_(sessions))
    return {row.session_id: row.location for row in session.scalars(query)}
