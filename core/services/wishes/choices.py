"""What a child can wish for, and what stands in the way of the rest, by the rules of the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivityIntake, Child
from core.db.queries import registration as registration_queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.registering import Channel, Way
from core.hooks.joining import Obstacle
from core.security.permissions import require
from core.services.desk import Desk
from core.services.registration.clashes import Stretch
from core.services.registration.prospects import Prospect, prospects_among, require_in_reach


@dataclass(frozen=True)
class Choice:
    """An activity that takes wishes, as it is for a child.

    `obstacles` are why it could have no place today. `barring` are those of them for which there is no cure that the
    family or the station could bring: with one of these it can't be wished for.
    """

    activity_id: UUID
    title: str
    times: tuple[Stretch, ...]
    capacity: int
    obstacles: tuple[Obstacle, ...]

    @property
    def barring(self) -> tuple[Obstacle, ...]:
        """Why it can't be wished for."""
        return tuple(one for one in self.obstacles if one.cure is None)

    @property
    def can_wish(self) -> bool:
        """Tell whether it may stand on the child's list."""
        return not self.barring


def choices(session: Session, desk: Desk, child_id: UUID, term_id: UUID) -> tuple[Choice, ...]:
    """Return what of a term takes wishes, as it is for a child in reach, by title; for staff."""
    require(desk.actor, Capability.REGISTER_CHILDREN)
    require_in_reach(session, {child_id}, ())
    with seeing_all(session):
        return all_choices(session, desk, session.get_one(Child, child_id), term_id)


def all_choices(session: Session, desk: Desk, child: Child, term_id: UUID) -> tuple[Choice, ...]:
    """Return what of a term takes wishes, as it is for a child, by title; the session must see everybody."""
    return choices_among(session, desk, child, term_id, taking_wishes(session, term_id))


def choices_among(
    session: Session, desk: Desk, child: Child, term_id: UUID, activities: Collection[UUID]
) -> tuple[Choice, ...]:
    """Return those of some activities of a term that take wishes, by title; the session must see everybody."""
    wanted = set(activities) & set(taking_wishes(session, term_id))
    found = prospects_among(session, desk, child, wanted, Channel.ALLOCATION) if wanted else ()
    return tuple(map(_choice, found))


def taking_wishes(session: Session, term_id: UUID) -> list[UUID]:
    """Return the activities of a term whose places are given by wishes and that nobody has given up, by title."""
    query = registration_queries.intakes_of(term_id).where(
        ActivityIntake.way == Way.WISHES, ActivityIntake.given_up_on.is_(None)
    )
    return [row.activity_id for row in session.scalars(query)]


def _choice(one: Prospect) -> Choice:
    return Choice(one.activity_id, one.title, one.times, one.capacity, one.obstacles)
