"""Shortfalls in words: the stored reasons with names in place of the planner's ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Group, Room, Venue, Volunteer
from core.domain.errors import Message
from core.domain.vocabulary import Feature, Skill, Zone, label


@dataclass(frozen=True)
class ToldShortfall:
    """A shortfall as people read it; `role` is None where the whole session isn't held."""

    session_id: UUID
    title: Message
    type_key: str
    role: str | None
    reason: Message
    cures: tuple[Message, ...]
    verified: bool


def told(session: Session, shortfall: Mapping[str, Any]) -> ToldShortfall:
    """Return a stored shortfall in words; what the reader may not see keeps its id."""
    activity = session.get_one(Activity, UUID(shortfall["activity"]))
    row = session.scalars(
        select(ActivitySession).where(
            ActivitySession.activity_id == activity.id, ActivitySession.position == shortfall["index"]
        )
    ).one()
    return ToldShortfall(
        session_id=row.id,
        title=Message("%(title)s, session %(number)s", {"title": activity.title, "number": row.position + 1}),
        type_key=activity.type_key,
        role=shortfall["role"],
        reason=_message(session, shortfall["reason"]),
        cures=tuple(_message(session, cure) for cure in shortfall["cures"]),
        verified=shortfall["verified"],
    )


def _message(session: Session, stored: Mapping[str, Any]) -> Message:
    template = stored["text"]
    return Message(template, {key: _value(session, value) for key, value in stored["values"].items()})


def _value(session: Session, value: object) -> object:
    """Return a message for a message, a label for a word of the vocabulary, a name for an id, else the value."""
    if isinstance(value, Mapping):
        return _message(session, value)
    if isinstance(value, list):
        return tuple(_value(session, part) for part in value)
    if not isinstance(value, str):
        return value
    return _WORDS.get(value) or _name(session, value) or value


def _name(session: Session, value: str) -> str | None:
    try:
        key = UUID(value)
    except ValueError:
        return None
    found = (session.get(kind, key) for kind in (Activity, Room, Volunteer, Group, Venue))
    return next((str(row) for row in found if row is not None), None)


_WORDS = {word.value: label(word) for kind in (Skill, Zone, Feature) for word in kind}
