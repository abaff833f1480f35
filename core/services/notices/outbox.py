"""Putting notices into the outbox, with what they are about and in its transaction: both are kept, or neither."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import OutboxNotice
from core.db.queries import notices as queries
from core.domain.clock import Clock
from core.domain.notices import Notice, NoticeKind, NoticeState

#: Whom a notice is for, its kind and its key.
_Name = tuple[str, NoticeKind, str]
#: Why a notice was not sent that somebody held back.
HELD: Final = "held"
#: How many keys are asked for in one statement.
_AT_A_TIME: Final = 500
#: What the error of a second row of the same key contains, on SQLite and on PostgreSQL.
_TWICE: Final = ("outbox.recipient", "uq_outbox_recipient_kind_key")


def put(session: Session, clock: Clock, notice: Notice) -> None:
    """Tell somebody something once the caller's transaction is kept; nothing where the same key was put before.

    By what and when it goes is decided by the sender: the caller needs neither leave to see the person's choices nor
    the installation's settings. Whoever can't be reached is listed for the station to call.
    """
    put_all(session, clock, [notice])


def put_all(session: Session, clock: Clock, notices: Sequence[Notice]) -> None:
    """Put several notices, as `put` does each."""
    named = {(notice.to.key, notice.kind, notice.key): notice for notice in reversed(notices)}
    known = {tuple(row) for some in _parts(sorted(named)) for row in session.execute(_like(some))}
    new = [notice for name, notice in reversed(named.items()) if name not in known]
    if not _added(session, [_row(clock, notice) for notice in new]):
        # Another transaction was quicker by a moment with one of them, or one stands out of the caller's sight.
        for notice in new:
            _added(session, [_row(clock, notice)])


def _parts(names: Sequence[_Name]) -> Iterator[Sequence[_Name]]:
    return (names[start : start + _AT_A_TIME] for start in range(0, len(names), _AT_A_TIME))


def _like(names: Sequence[_Name]) -> Select[*_Name]:
    return queries.put_before({recipient for recipient, _, _ in names}, {key for _, _, key in names})


def _row(clock: Clock, notice: Notice) -> OutboxNotice:
    now = clock.now()
    return OutboxNotice(
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


def _added(session: Session, rows: Sequence[OutboxNotice]) -> bool:
    """Add the rows, all or none; False where one of them is there already."""
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as error:
        if not any(part in str(error.orig) for part in _TWICE):
            raise
        return False
    return True


def hold(session: Session) -> int:
    """Let nothing go by itself of what waits, and return how many notices that are; somebody sends each again or calls.

    So it is after a backup was put back: what waited when it was made may have been sent since.
    """
    waiting = session.scalars(queries.open_still()).all()
    for row in waiting:
        row.state, row.error = NoticeState.GIVEN_UP, HELD
        row.leased_until, row.leased_by = None, ""
    return len(waiting)
