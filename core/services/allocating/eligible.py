"""Which wishes a child can't be given, for all lists of a term at once."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child
from core.domain.registering import Channel
from core.hooks.joining import Obstacle
from core.services.desk import Desk
from core.services.registration.prospects import Circumstances, intakes_among


def obstacles_of_lists(
    session: Session,
    desk: Desk,
    children: Mapping[UUID, Child],
    ranked: Mapping[UUID, Sequence[UUID]],
    *,
    default_way: int,
) -> dict[tuple[UUID, UUID], tuple[Obstacle, ...]]:
    """Return for each child and activity of its list that can't come true what stands in the way; see everybody.

    Ways that nobody has entered take `default_way` minutes, as in the run that gives the places.
    """
    wanted = {activity for wished in ranked.values() for activity in wished}
    intakes = {intake.activity_id: intake for intake in intakes_among(session, wanted)}
    listed = [children[key] for key in ranked]
    circumstances = Circumstances(session, desk, listed, intakes.values(), default_way=default_way)
    found = {
        (key, wish): circumstances.prospect(children[key], intakes[wish], Channel.ALLOCATION).obstacles
        for key, wished in ranked.items()
        for wish in wished
        if wish in intakes
    }
    return {pair: obstacles for pair, obstacles in found.items() if obstacles}
