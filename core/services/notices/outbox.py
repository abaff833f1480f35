"""Putting notices into the outbox, with what they are about and in its transaction: both are kept, or neither."""

from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import OutboxNotice
from core.db.queries import notices as queries
from core.domain.clock import Clock
from core.domain.notices import Notice, NoticeState

#: Why a notice was not sent that somebody held back.
HELD: Final = "held"
#: What the error of a second row of the same key contains, on SQLite and on PostgreSQL.
_TWICE: Final = ("outbox.recipient", "uq_outbox_recipient_kind_key")


def put(session: Session, clock: Clock, notice: Notice) -> None:
    """Tell somebody something once the caller's transaction is kept; nothing where the same key was put before.

    By what and when it goes is decided by the sender: the caller needs neither leave to see the person's choices nor
    the installation's settings. Whoever can't be reached is listed for the station to call.
    """
    if session.scalars(queries.put_before(notice.to.key, notice.kind, notice.key)).first() is not None:
        return
    now = clock.now()
    row = OutboxNotice(
        station_id=notice.station_id,
        kind=notice.kind,
        recipient=notice.to.key,
        volunteer_id=notice.to.volunteer_id,
        user_id=notice.to.user_id,
        session_id=notice.session_id,
        key=notice.key,
        facts=dict(notice.facts),
        urgent=notice.urgent,
        put_at=now,
        not_before=max(now, notice.not_before or now),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another transaction was quicker by a moment, or it stands out of the caller's sight.
        if not any(part in str(error.orig) for part in _TWICE):
            raise


def hold(session: Session) -> int:
    """Let nothing go by itself of what waits, and return how many notices that are; somebody sends each again or calls.

    So it is after a backup was put back: what waited when it was made may have been sent since.
    """
    waiting = session.scalars(queries.open_still()).all()
    for row in waiting:
        row.state, row.error = NoticeState.GIVEN_UP, HELD
        row.leased_until, row.leased_by = None, ""
    return len(waiting)
