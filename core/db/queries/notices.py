"""Notices as the outbox and its pages ask for them."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Select, and_, delete, or_, select

from core.db.models import FeedItem, Installation, NoticeChoices, OutboxNotice, User, Volunteer
from core.db.models.feed import FeedKind
from core.domain.notices import NoticeKind, NoticeState

Person = TypeVar("Person", Volunteer, User)
_OPEN: Final = (NoticeState.WAITING, NoticeState.FAILED)
_GOING: Final = (*_OPEN, NoticeState.SENDING)


def put_before(recipients: Collection[str], keys: Collection[str]) -> Select[str, NoticeKind, str]:
    """The notices to one of these recipients with one of these keys: to whom, of which kind, and the key."""
    columns = (OutboxNotice.recipient, OutboxNotice.kind, OutboxNotice.key)
    return select(*columns).where(OutboxNotice.recipient.in_(recipients), OutboxNotice.key.in_(keys))


def due(now: datetime) -> Select[UUID]:
    """What may go by now, and what a server has left behind."""
    return select(OutboxNotice.id).where(_is_due(now))


def turn_to_take() -> Select[UUID]:
    """The installation's row, locked: whoever has it looks what may go, and the others wait for a moment."""
    return select(Installation.id).with_for_update()


def next_due(now: datetime, most: int) -> Select[OutboxNotice]:
    """The same, locked, the urgent first."""
    order = (OutboxNotice.urgent.desc(), OutboxNotice.not_before, OutboxNotice.id)
    return select(OutboxNotice).where(_is_due(now)).order_by(*order).limit(most).with_for_update()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(OutboxNotice.state.in_(_OPEN), OutboxNotice.not_before <= now),
        and_(OutboxNotice.state == NoticeState.SENDING, OutboxNotice.leased_until <= now),
    )


def waiting_for(recipient: str, now: datetime, most: int) -> Select[OutboxNotice]:
    """What a recipient is to be told by now and was not tried before, locked, in the order in which it was put."""
    return (
        select(OutboxNotice)
        .where(
            OutboxNotice.recipient == recipient,
            OutboxNotice.state == NoticeState.WAITING,
            OutboxNotice.message_id.is_(None),
            OutboxNotice.not_before <= now,
        )
        .order_by(OutboxNotice.put_at, OutboxNotice.id)
        .limit(most)
        .with_for_update()
    )


def of_message(message_id: UUID) -> Select[OutboxNotice]:
    """The notices that went together, in the order in which they were put."""
    return (
        select(OutboxNotice).where(OutboxNotice.message_id == message_id).order_by(OutboxNotice.put_at, OutboxNotice.id)
    )


def choices_of_volunteer(volunteer_id: UUID) -> Select[NoticeChoices]:
    """How a volunteer wants to hear."""
    return select(NoticeChoices).where(NoticeChoices.volunteer_id == volunteer_id)


def choices_of_user(user_id: UUID | None) -> Select[NoticeChoices]:
    """How an account that is no volunteer's wants to hear."""
    return select(NoticeChoices).where(NoticeChoices.user_id == user_id)


def account_of(volunteer_id: UUID) -> Select[User]:
    """The account of a volunteer."""
    return select(User).where(User.volunteer_id == volunteer_id).order_by(User.created_at)


def notices(ids: Collection[UUID]) -> Select[OutboxNotice]:
    """The notices of these ids."""
    return select(OutboxNotice).where(OutboxNotice.id.in_(ids))


def entry_of_volunteer(session_id: UUID, volunteer_id: UUID) -> Select[FeedItem]:
    """What a volunteer's own calendar says of a session."""
    return _entries(session_id, FeedKind.VOLUNTEER).where(FeedItem.subject == volunteer_id.hex)


def entry_of_station(session_id: UUID) -> Select[FeedItem]:
    """What its station's calendar says of a session."""
    return _entries(session_id, FeedKind.STATION)


def _entries(session_id: UUID, kind: FeedKind) -> Select[FeedItem]:
    return select(FeedItem).where(FeedItem.session_id == session_id, FeedItem.kind == kind)


def in_states(states: Collection[NoticeState], most: int) -> Select[OutboxNotice]:
    """Notices of these states, the oldest first."""
    order = (OutboxNotice.put_at, OutboxNotice.id)
    return select(OutboxNotice).where(OutboxNotice.state.in_(states)).order_by(*order).limit(most)


def sent_lately(most: int) -> Select[OutboxNotice]:
    """What was sent, the latest first."""
    order = (OutboxNotice.sent_at.desc(), OutboxNotice.id)
    return select(OutboxNotice).where(OutboxNotice.state == NoticeState.SENT).order_by(*order).limit(most)


def locked(notice_id: UUID) -> Select[OutboxNotice]:
    """One notice, which nobody else changes until the transaction ends."""
    return select(OutboxNotice).where(OutboxNotice.id == notice_id).with_for_update()


def rows_of(model: type[Person], ids: Collection[UUID]) -> Select[Person]:
    """The volunteers, or the accounts, of these ids."""
    return select(model).where(model.id.in_(ids))


def open_still() -> Select[OutboxNotice]:
    """What would go by itself sooner or later, locked."""
    return select(OutboxNotice).where(OutboxNotice.state.in_(_GOING)).with_for_update()


def long_ago(before: datetime) -> Delete:
    """Take away what was put before a moment and has come to its end."""
    return delete(OutboxNotice).where(OutboxNotice.put_at < before, OutboxNotice.state.not_in(_GOING))
