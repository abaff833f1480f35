"""Many activities at once: changed alike, or copied into another term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Activity, Term
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import DomainError, InvalidInputError, Message, NotFoundError
from core.hooks.calling import Hooks
from core.services.activities import ActivityDraft, RoleDraft, add_activity, change_activity, find_activity


@dataclass(frozen=True)
class Copies:
    """What was copied, and which activities were not, by title, each with the reason."""

    made: tuple[Activity, ...]
    left_out: tuple[tuple[str, Message], ...]


def draft_of(activity: Activity) -> ActivityDraft:
    """Return an activity as an organizer describes it."""
    columns = {column.key: getattr(activity, column.key) for column in activity.__table__.columns}
    fields = {name: columns[name] for name in ActivityDraft.__dataclass_fields__ if name in columns}
    return ActivityDraft(
        **{
            **fields,
            "roles": [
                RoleDraft(row.role, row.skill, row.required, row.wanted, row.continuity, row.max_people)
                for row in activity.roles
            ],
            "rooms": [choice.room_id for choice in activity.room_choices],
            "groups": [choice.group_id for choice in activity.group_choices],
        }
    )


def change_many(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, activities: Sequence[UUID], changes: Mapping[str, Any]
) -> int:
    """Change several activities alike and return how many; `changes` are fields of a draft.

    All are changed or, with an InvalidInputError that names the first that can't be, none: the caller rolls back.
    """
    if not changes:
        raise InvalidInputError(Message("Fill in what should change."))
    for activity_id in activities:
        activity = find_activity(session, activity_id)
        try:
            change_activity(session, actor, clock, hooks, activity_id, replace(draft_of(activity), **changes))
        except DomainError as error:
            raise InvalidInputError(
                Message("%(title)s: %(reason)s", {"title": activity.title, "reason": error.message})
            ) from error
    return len(activities)


def copy_activities(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, activities: Sequence[UUID], term_id: UUID
) -> Copies:
    """Copy activities into a term, as drafts; dates move with the term's first day, as far as they fit into it.

    What can't be copied, such as one whose title the term has already, is left out with the reason.
    """
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    made, left_out = [], []
    for activity_id in activities:
        activity = find_activity(session, activity_id)
        source = session.get_one(Term, activity.term_id)
        try:
            draft = _moved(draft_of(activity), source, term)
            made.append(add_activity(session, actor, clock, hooks, term_id, draft))
        except DomainError as error:
            left_out.append((activity.title, error.message))
    return Copies(tuple(made), tuple(left_out))


def _moved(draft: ActivityDraft, source: Term, target: Term) -> ActivityDraft:
    shift = target.first - source.first
    return replace(draft, first=_within(draft.first, shift, target), last=_within(draft.last, shift, target))


def _within(day: date | None, shift: timedelta, term: Term) -> date | None:
    return None if day is None else min(max(day + shift, term.first), term.last)
