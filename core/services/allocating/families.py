"""What a family is told of its own child's wishes once places are published, and of nobody else's: also why not."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AllocationRun
from core.db.models.run import RunState
from core.db.scope import seeing_all
from core.domain.errors import Message
from core.domain.registering import Place
from core.domain.wishing import Errand
from core.services.allocating.results import reasons_of
from core.services.allocating.sentences import sentence_of
from core.services.desk import Desk
from core.services.guardian_links import Visit
from core.services.wishes.families import OwnWish, family_outcome
from core.services.wishes.lists import stored


@dataclass(frozen=True)
class Outcome:
    """What became of a wish; `why` is empty where it came true or the child waits, and where nobody has found out."""

    wish: OwnWish
    why: tuple[Message, ...]

    @property
    def has_place(self) -> bool:
        """Tell whether the child has the place."""
        return self.wish.state is Place.PLACED


def family_outcomes(session: Session, desk: Desk, found: Visit, term_id: UUID) -> tuple[Outcome, ...] | None:
    """Return what became of the child's wishes, by rank; None until it is published, errors as `family_outcome`."""
    child_id, own = found.child.id, family_outcome(session, desk, found, term_id)
    if own is None:
        return None
    with seeing_all(session):
        why = _why(session, term_id, stored(session, child_id, term_id).number)
        return tuple(Outcome(one, () if one.state else why.get(str(one.activity_id), ())) for one in own)


def _why(session: Session, term_id: UUID, number: str) -> Mapping[str, tuple[Message, ...]]:
    """Return why wishes of one list didn't come true, by activity: as found, and what publishing had to leave out."""
    published = session.scalars(
        select(AllocationRun).where(
            AllocationRun.term_id == term_id,
            AllocationRun.errand == Errand.PUBLISH,
            AllocationRun.state == RunState.DONE,
        )
    ).one()
    found = session.get(AllocationRun, published.result_id) if published.result_id else None
    said = {} if found is None else {key: why for key, (why, _verified) in reasons_of(found).items()}
    for one in json.loads(published.reasons or "{}").get("refused", ()):
        said[one["child"], one["activity"]] = tuple(map(sentence_of, one["obstacles"]))
    return {activity: why for (child, activity), why in said.items() if child == number}
