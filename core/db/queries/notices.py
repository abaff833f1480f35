"""Notices as the outbox and its pages ask for them."""

from uuid import UUID

from sqlalchemy import Select, select

from core.db.models import OutboxNotice
from core.domain.notices import NoticeKind


def put_before(recipient: str, kind: NoticeKind, key: str) -> Select[UUID]:
    """The notice of a kind and key to a recipient."""
    return select(OutboxNotice.id).where(
        OutboxNotice.recipient == recipient, OutboxNotice.kind == kind, OutboxNotice.key == key
    )
