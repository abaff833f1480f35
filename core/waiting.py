"""The clock by day and by night: wishes, offers and questions end at their minute, calendars are fetched again.

Free places go on to whoever waits, and duties to the next best person. Each activity, question, swap and campaign has a
transaction of its own, and whoever comes second finds nothing left to do: several servers may look
at the same time.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from core.daily import Work
from core.db.queries import availability as availability_queries
from core.db.queries import registration as queries
from core.db.queries import wishes as wish_queries
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import wall_clock
from core.hooks.calling import Hooks
from core.security.fetching import Ways
from core.services.busy_calendars import Trouble, fetched, note_fetched, take_due
from core.services.campaigns.asking import campaigns_due, turn_campaign
from core.services.desk import Desk
from core.services.registration.offers import drop_lost_places, turn_over
from core.services.replies.keeping import end_swap, requests_due, swaps_due, turn_request
from core.services.wishes.rounds import close_round, terms_to_close

log = structlog.get_logger()

Turn = Callable[[Session, Desk, UUID], bool]
#: How often a server looks.
LOOK_SECONDS: Final = 30.0


def lists_are_due(work: Work) -> bool:
    """Tell whether wishes have ended, an offer has, a place is free while somebody waits, or who left has one."""
    with work.database.reading(EVERYTHING) as session:
        if session.scalars(queries.lost_places().limit(1)).first() is not None:
            return True
        now = wall_clock(work.clock, work.settings.timezone)
        if session.scalars(wish_queries.rounds_to_close(now).limit(1)).first() is not None:
            return True
        return session.scalars(queries.activities_due(work.clock.now()).limit(1)).first() is not None


def questions_are_due(work: Work, hooks: Hooks) -> bool:
    """Tell whether somebody is to be reminded or asked next, or a question, a swap or a campaign is over."""
    desk = _desk(work, hooks)
    with work.database.reading(EVERYTHING) as session:
        return bool(requests_due(session, desk) or swaps_due(session, desk) or campaigns_due(session, desk))


def turn_questions(work: Work, hooks: Hooks) -> int:
    """Bring all questions up to now, and return of how many something was done."""
    desk = _desk(work, hooks)
    with work.database.reading(EVERYTHING) as session:
        due: list[tuple[Turn, list[UUID]]] = [
            (turn_request, requests_due(session, desk)),
            (end_swap, swaps_due(session, desk)),
            (turn_campaign, campaigns_due(session, desk)),
        ]
    changed = sum(_turned(work, desk, turn, key) for turn, keys in due for key in keys)
    if changed:
        log.info("questions", changed=changed)
    return changed


def _turned(work: Work, desk: Desk, turn: Turn, key: UUID) -> bool:
    try:
        with work.database.writing(EVERYTHING) as session:
            return turn(session, desk, key)
    except Exception as error:  # noqa: BLE001 (one that fails must not keep the others waiting)
        # By its kind alone: the message may quote a row.
        log.error("question_failed", kind=type(error).__name__)  # noqa: TRY400 (no trace, for the same)
        return False


def _desk(work: Work, hooks: Hooks) -> Desk:
    return Desk(SYSTEM, work.clock, hooks, work.settings.timezone)


def turn_lists_over(work: Work, hooks: Hooks) -> int:
    """Bring all lists up to now, and return how many registrations changed and terms were closed."""
    desk = _desk(work, hooks)
    with work.database.writing(EVERYTHING) as session:
        changed = drop_lost_places(session, desk)
    with work.database.reading(EVERYTHING) as session:
        due = session.scalars(queries.activities_due(work.clock.now())).all()
    for activity_id in due:
        with work.database.writing(EVERYTHING) as session:
            changed += turn_over(session, desk, activity_id)
    changed += _close_wishes(work, desk)
    if changed:
        log.info("waiting_lists", changed=changed)
    return changed


def _close_wishes(work: Work, desk: Desk) -> int:
    with work.database.reading(EVERYTHING) as session:
        ended = terms_to_close(session, desk)
    for term_id in ended:
        with work.database.writing(EVERYTHING) as session:
            close_round(session, desk, term_id)
    return len(ended)


def calendars_are_due(work: Work) -> bool:
    """Tell whether a calendar with busy times is to be fetched."""
    with work.database.reading(EVERYTHING) as session:
        return session.scalars(availability_queries.calendars_due(work.clock.now()).limit(1)).first() is not None


def fetch_calendars(work: Work, *, ways: Ways | None = None) -> int:
    """Fetch the calendars whose time has come, each outside of any transaction; return how many gave busy times."""
    with work.database.reading(EVERYTHING) as session:
        due = session.scalars(availability_queries.calendars_due(work.clock.now())).all()
    done = failed = 0
    for calendar_id in due:
        with work.database.writing(EVERYTHING) as session:
            taken = take_due(session, work.clock, calendar_id)
        if taken is None:
            continue
        outcome = fetched(taken, work.clock, timezone=work.settings.timezone, ways=ways)
        with work.database.writing(EVERYTHING) as session:
            note_fetched(session, work.clock, taken, outcome)
        failed += isinstance(outcome, Trouble)
        done += not isinstance(outcome, Trouble)
    if due:
        # No address and no name: whose calendar fails is shown to its owner.
        log.info("busy_calendars", done=done, failed=failed)
    return done
