"""Which wishes a child can't be given, for all lists of a term at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child
from core.domain.registering import Channel
from core.hooks.joining import Obstacle
from core.services.registration.desk import Desk
from core.services.registration.prospects import Sight


def obstacles_of_lists(
    session: Session, desk: Desk, children: Mapping[UUID, Child], ranked: Mapping[UUID, Sequence[UUID]]
) -> dict[tuple[UUID, UUID], tuple[Obstacle, ...]]:
    """Return for each child and activity of its list that can't come true what stands in the way; see everybody."""
    wanted = {activity for wished in ranked.values() for activity in wished}
    sight = Sight(session, desk, list(ranked), wanted, Channel.ALLOCATION)
    return {
        (key, one.activity_id): one.obstacles
        for key, wished in ranked.items()
        if wished
        for one in sight.of(children[key], frozenset(wished))
        if one.obstacles
    }
