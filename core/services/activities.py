"""Describing an activity: a new one of a program's type, or a changed one, checked before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, ActivityGroup, ActivityIntake, ActivityRole, ActivityRoom, ActivitySession, Term
from core.db.models.activity import ActivityState
from core.db.queries import activities as queries
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ActivityLine, Skill
from core.hooks.calling import Hooks
from core.hooks.types import ActivityType
from core.services.audit import record
from core.services.program_switches import programs_switched_off
from core.services.settings import check_settings, offers_of, settings_so_far
from core.services.workbook.store.timetable import published_sessions


@dataclass(frozen=True)
class RoleDraft:
    """A role that volunteers fill in each session; `wanted` is at least `required`."""

    role: str
    skill: Skill | None
    required: int
    wanted: int
    continuity: bool = False
    max_people: int | None = None


@dataclass(frozen=True)
class ActivityDraft:
    """An activity as an organizer describes it; the fields are the columns of the same name, ids for what is chosen."""

    type_key: str
    title: str
    session_count: int
    duration: int
    size: int
    times: Sequence[str]
    zones: Sequence[str]
    roles: Sequence[RoleDraft]
    description: str = ""
    weekdays: Sequence[int] = ()
    first: date | None = None
    last: date | None = None
    features: Sequence[str] = ()
    place_id: UUID | None = None
    rooms: Sequence[UUID] = ()
    groups: Sequence[UUID] = ()
    min_adults: int = 2
    ordered: bool = False
    max_per_day: int = 1
    min_days: int = 1
    priority: int = 1
    closed: bool = False
    line: ActivityLine | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


_COLUMNS = (
    "type_key",
    "title",
    "session_count",
    "duration",
    "size",
    "description",
    "first",
    "last",
    "place_id",
    "min_adults",
    "ordered",
    "max_per_day",
    "min_days",
    "priority",
    "closed",
)
#: No session is safe with fewer, unless its kind says why.
_ADULTS = 2
_LISTS = ("times", "zones", "weekdays", "features")


def find_activity(session: Session, activity_id: UUID) -> Activity:
    """Return an activity; raise NotFoundError where the actor reaches none of that id."""
    activity = session.scalars(queries.activity_edited(activity_id)).one_or_none()
    if activity is None:
        raise NotFoundError(Message("There is no such activity."))
    return activity


def activity_type(hooks: Hooks, key: str) -> ActivityType:
    """Return the type of that key; raise NotFoundError where no plugin defines it today."""
    kind = hooks.activity_types.get(key)
    if kind is None:
        raise NotFoundError(Message("The program that offers this type of activity is not installed."))
    return kind


def add_activity(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, term_id: UUID, draft: ActivityDraft
) -> Activity:
    """Add an activity to a term, as a draft, and return it.

    Raises InvalidInputError or ConflictError with what to correct.
    """
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    if draft.type_key.partition(".")[0] in programs_switched_off(session, term.station_id):
        raise ConflictError(Message("The station has switched this program off: switch it on first."))
    activity = Activity(station_id=term.station_id, term_id=term.id, state=ActivityState.DRAFT)
    _fill(session, hooks, activity, term, draft)
    session.add(activity)
    session.flush()
    _record(session, actor, clock, activity, "activity.added")
    return activity


def change_activity(
    session: Session, actor: Actor, clock: Clock, hooks: Hooks, activity_id: UUID, draft: ActivityDraft
) -> Activity:
    """Change an activity and return it; what is published stays as it is until a new plan is published."""
    activity = find_activity(session, activity_id)
    _fill(session, hooks, activity, session.get_one(Term, activity.term_id), draft)
    session.flush()
    _record(session, actor, clock, activity, "activity.changed")
    return activity


def described(
    session: Session, hooks: Hooks, term: Term, draft: ActivityDraft, activity_id: UUID | None = None
) -> Activity:
    """Return the activity that a draft describes, for questions about it: it is not checked, nor added to the session.

    With an id it stands for the stored activity of that id, which is left as it is. Settings may be unfinished.
    """
    kind = activity_type(hooks, draft.type_key)
    activity = Activity(id=activity_id or new_id(), station_id=term.station_id, term_id=term.id)
    with session.no_autoflush:
        settings = settings_so_far(kind, draft.settings, offers_of(session, kind, term))
        _take(session, activity, kind, draft, settings)
    return activity


def _fill(session: Session, hooks: Hooks, activity: Activity, term: Term, draft: ActivityDraft) -> None:
    _check(session, activity, term, draft)
    kind = activity_type(hooks, draft.type_key)
    if draft.min_adults < _ADULTS and kind.safe_with_one is None:
        raise InvalidInputError(Message("A session of this kind needs two adults at least."))
    with session.no_autoflush:
        settings = check_settings(kind, draft.settings, offers_of(session, kind, term))
        _take(session, activity, kind, draft, settings)
    _choose(activity, activity.sessions, ActivitySession, "position", range(draft.session_count))


def _take(
    session: Session, activity: Activity, kind: ActivityType, draft: ActivityDraft, settings: dict[str, Any]
) -> None:
    """Bring an activity in line with a draft, but for its sessions."""
    for name in _COLUMNS:
        setattr(activity, name, getattr(draft, name))
    for name in _LISTS:
        setattr(activity, name, list(getattr(draft, name)))
    activity.line = draft.line or kind.line
    activity.settings = settings
    _fill_roles(activity, draft.roles)
    _choose(activity, activity.room_choices, ActivityRoom, "room_id", draft.rooms)
    _choose(activity, activity.group_choices, ActivityGroup, "group_id", _groups(session, activity, draft))


def _groups(session: Session, activity: Activity, draft: ActivityDraft) -> list[UUID]:
    """Return the groups chosen, and the one of those who are registered: that is no choice."""
    own = session.scalars(select(ActivityIntake.group_id).where(ActivityIntake.activity_id == activity.id))
    return list(dict.fromkeys([*draft.groups, *own]))


def _check(session: Session, activity: Activity, term: Term, draft: ActivityDraft) -> None:
    first, last = draft.first or term.first, draft.last or term.last
    if not term.first <= first <= last <= term.last:
        raise InvalidInputError(
            Message(
                "The days must lie within the term, %(first)s to %(last)s, and in order.",
                {"first": term.first, "last": term.last},
            )
        )
    if not draft.times:
        raise InvalidInputError(Message("Give at least one time of day at which a session may start."))
    if draft.zones and draft.place_id is not None:
        raise InvalidInputError(
            Message("Only an activity without a room has a place of its own: leave the zones or this empty.")
        )
    if draft.rooms and not draft.zones:
        raise InvalidInputError(Message("Name the zones of the rooms, or leave the rooms empty."))
    if (kept := published_sessions(activity)) > draft.session_count:
        raise ConflictError(
            Message("%(count)s sessions were published already: the activity can't have fewer.", {"count": kept})
        )
    with session.no_autoflush:
        same = session.scalars(queries.activity_titled(term.id, draft.title)).first()
    if same is not None and same.id != activity.id:
        raise ConflictError(Message("The term has an activity of that title already: choose another."))


def _fill_roles(activity: Activity, drafts: Sequence[RoleDraft]) -> None:
    old = {row.role: row for row in activity.roles}
    kept = []
    for position, draft in enumerate(drafts):
        if draft.wanted < draft.required:
            raise InvalidInputError(Message("Fewer are wanted than required: compare the two numbers."))
        row = old.get(draft.role) or ActivityRole(station_id=activity.station_id, role=draft.role)
        row.position, row.skill, row.continuity = position, draft.skill, draft.continuity
        row.required, row.wanted, row.max_people = draft.required, draft.wanted, draft.max_people
        kept.append(row)
    activity.roles[:] = kept


def _choose(activity: Activity, rows: list[Any], model: type[Any], column: str, wanted: Sequence[object]) -> None:
    """Bring the rows beside an activity in line with what was chosen; those that stay keep their identity."""
    old = {getattr(row, column): row for row in rows}
    rows[:] = [old.get(key) or model(station_id=activity.station_id, **{column: key}) for key in wanted]


def _record(session: Session, actor: Actor, clock: Clock, activity: Activity, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=activity.station_id,
        action=action,
        subject_kind="activity",
        subject_id=activity.id,
        detail={"type": activity.type_key, "sessions": activity.session_count},
    )
