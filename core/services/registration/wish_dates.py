"""When wishes end may be decided anew while nothing was drawn, and never such that the draw is known before."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import TermIntake, WishList, WishRound
from core.db.queries import wishes as queries
from core.domain.errors import ConflictError, InvalidInputError, Message
from core.services.audit import record
from core.services.desk import Desk


def keep_wish_dates(session: Session, desk: Desk, row: TermIntake, until: datetime | None) -> None:
    """Make a term ready for wishes until a wall-clock time, before its dates change; closed lists open again.

    ConflictError once the lots are drawn, or where wishes were given and shall end in the past or not be taken at all.
    """
    if until == row.wishes_until:
        return
    known = session.scalars(queries.round_of(row.term_id)).one_or_none()
    if known is None:
        if until is not None:
            session.add(WishRound(station_id=row.station_id, term_id=row.term_id))
        return
    if known.seed:
        raise ConflictError(Message("The lots are drawn: no more wishes are taken in this term."))
    if _has_lists(session, row) and (until is None or until <= desk.now):
        raise InvalidInputError(Message("Families have given their wishes: let them end later than now."))
    if known.closed_at is not None:
        known.closed_at, known.lists, known.digest = None, None, ""
        session.flush()
        record(
            session,
            desk.actor,
            desk.clock,
            station_id=known.station_id,
            action="wishes.reopened",
            subject_kind="term",
            subject_id=known.term_id,
            detail={},
        )


def _has_lists(session: Session, row: TermIntake) -> bool:
    query = select(WishList.id).where(WishList.term_id == row.term_id)
    return session.scalars(query.limit(1)).first() is not None
