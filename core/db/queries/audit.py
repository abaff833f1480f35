"""The audit log as it is read: filtered, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from core.db.models import AuditEntry, User


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are wanted: from a moment until before another, of a person, an action, a subject; None: of all."""

    since: datetime | None = None
    before: datetime | None = None
    actor_id: UUID | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None


def entries(wanted: AuditFilter) -> Select[AuditEntry]:
    """The entries in reach that fit, the newest first."""
    return select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def counted(wanted: AuditFilter) -> Select[int]:
    """How many entries in reach fit."""
    return select(func.count(AuditEntry.id)).where(*_conditions(wanted))


def actions() -> Select[str]:
    """The actions that occur in reach."""
    return select(AuditEntry.action).distinct().order_by(AuditEntry.action)


def subject_kinds() -> Select[str]:
    """The kinds of subjects that occur in reach."""
    return select(AuditEntry.subject_kind).distinct().order_by(AuditEntry.subject_kind)


def people() -> Select[User]:
    """The accounts in reach, by name."""
    return select(User).order_by(User.display_name, User.login)


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = [
        column == value
        for column, value in (
            (AuditEntry.actor_id, wanted.actor_id),
            (AuditEntry.action, wanted.action),
            (AuditEntry.subject_kind, wanted.subject_kind),
            (AuditEntry.subject_id, wanted.subject_id),
        )
        if value is not None
    ]
    if wanted.since is not None:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        conditions.append(AuditEntry.at < wanted.before)
    return conditions
