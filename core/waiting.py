"""The waiting lists' own clock: offers end when their time is over, and free places go on, by day and by night.

Each activity has a transaction of its own, and whoever comes second finds nothing left to do: several servers may look
at the same time.
"""

from typing import Final

import structlog

from core.daily import Work
from core.db.queries import registration as queries
from core.domain.actor import EVERYTHING, SYSTEM
from core.hooks.calling import Hooks
from core.services.registration.desk import Desk
from core.services.registration.offers import drop_lost_places, turn_over

log = structlog.get_logger()

#: How often a server looks.
LOOK_SECONDS: Final = 30.0


def lists_are_due(work: Work) -> bool:
    """Tell whether an offer has run out, a place is free while somebody waits, or somebody who left has one."""
    with work.database.reading(EVERYTHING) as session:
        if session.scalars(queries.lost_places().limit(1)).first() is not None:
            return True
        return session.scalars(queries.activities_due(work.clock.now()).limit(1)).first() is not None


def turn_lists_over(work: Work, hooks: Hooks) -> int:
    """Bring all waiting lists up to now, and return how many registrations changed."""
    desk = Desk(SYSTEM, work.clock, hooks, work.settings.timezone)
    with work.database.writing(EVERYTHING) as session:
        changed = drop_lost_places(session, desk)
    with work.database.reading(EVERYTHING) as session:
        due = session.scalars(queries.activities_due(work.clock.now())).all()
    for activity_id in due:
        with work.database.writing(EVERYTHING) as session:
            changed += turn_over(session, desk, activity_id)
    if changed:
        log.info("waiting_lists", changed=changed)
    return changed
