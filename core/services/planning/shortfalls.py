"""Shortfalls in words: the stored reasons with names in place of the planner's ids."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Group, Room, Venue, Volunteer
from core.domain.errors import Message
from core.domain.vocabulary import Feature, Skill, Zone, label
from core.hooks.calling import Hooks


@dataclass(frozen=True)
class ToldShortfall:
    """A shortfall as people read it; `role` is None where the whole session isn't held."""

    session_id: UUID
    activity_id: UUID
    title: Message
    type_key: str
    role: str | None
    reason: Message
    cures: tuple[Message, ...]
    verified: bool


def told(session: Session, hooks: Hooks, shortfall: Mapping[str, Any]) -> ToldShortfall:
    """Return a stored shortfall in words; what the reader may not see keeps its id."""
    names = _Names(session, hooks)
    activity = session.get_one(Activity, UUID(shortfall["activity"]))
    row = session.scalars(
        select(ActivitySession).where(
            ActivitySession.activity_id == activity.id, ActivitySession.position == shortfall["index"]
        )
    ).one()
    return ToldShortfall(
        session_id=row.id,
        title=Message("%(title)s, session %(number)s", {"title": activity.title, "number": row.position + 1}),
        activity_id=activity.id,
        type_key=activity.type_key,
        role=shortfall["role"],
        reason=names.message(shortfall["reason"]),
        cures=tuple(names.message(cure) for cure in shortfall["cures"]),
        verified=shortfall["verified"],
    )


def named(session: Session, hooks: Hooks, message: Message) -> Message:
    """Return a message of the planner with names in place of its ids, in the messages within it too."""
    return _Names(session, hooks).said(message)


def named_json(session: Session, hooks: Hooks, stored: Mapping[str, Any]) -> Message:
    """Return a message of the planner that was stored as JSON, with names in place of its ids."""
    return _Names(session, hooks).message(stored)


class _Names:
    """Puts names for the planner's ids; its moments and days become such, for the edge to write them."""

    def __init__(self, session: Session, hooks: Hooks) -> None:
        self._session = session
        self._hooks = hooks

    def message(self, stored: Mapping[str, Any]) -> Message:
        template = stored["text"]
        return self.said(Message(template, stored["values"]))

    def said(self, message: Message) -> Message:
        template = message.text
        values = {key: self._value(value) for key, value in message.values.items()}
        if {"role", "activity"} <= values.keys():
            values["role"] = self._role(message.values["activity"], message.values["role"])
        return Message(template, values)

    def _value(self, value: object) -> object:
        """Return a message for a message, a label for a word of the vocabulary, a name for an id, else the value."""
        if isinstance(value, Message):
            return self.said(value)
        if isinstance(value, Mapping):
            return self.message(value)
        if isinstance(value, list | tuple):
            return tuple(self._value(part) for part in value)
        if not isinstance(value, str):
            return value
        return _WORDS.get(value) or self._name(value) or _when(value) or value

    def _name(self, value: str) -> str | None:
        key = _uuid(value)
        found = (self._session.get(kind, key) for kind in (Activity, Room, Volunteer, Group, Venue) if key)
        return next((str(row) for row in found if row is not None), None)

    def _role(self, activity: object, role: object) -> object:
        """Return what an activity's program calls a role; its bare key where the program's plugin is absent."""
        key = _uuid(str(activity))
        row = self._session.get(Activity, key) if key else None
        kind = self._hooks.activity_types.get(row.type_key) if row else None
        return next((need.label for need in kind.roles if need.role == role), role) if kind else role


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _when(value: str) -> datetime | date | None:
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else None


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_WORDS = {word.value: label(word) for kind in (Skill, Zone, Feature) for word in kind}
