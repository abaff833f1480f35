"""What publishing a plan would change, with names in place of ids: what the organizer reads before agreeing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Plan
from core.db.queries import planning as planning_queries
from core.db.queries import plans as queries
from core.domain.errors import Message, NotFoundError
from core.hooks.calling import Hooks
from core.services.publishing import Change, ChangeKind, Place, Staffing, objections, publication_diff


@dataclass(frozen=True)
class NamedPlace:
    """When and where, by the room's name; no room: it is held elsewhere."""

    place: Place
    room: str | None


@dataclass(frozen=True)
class NamedChange:
    """One session's change in words; `joining` and `leaving` are volunteers' names with their roles."""

    kind: ChangeKind
    title: str
    type_key: str
    number: int
    before: NamedPlace | None
    after: NamedPlace | None
    joining: Sequence[tuple[str, str]]
    leaving: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class NamedObjection:
    """What a program wants settled before a session is published, with the session's title and number."""

    title: str
    number: int
    reason: Message


def open_objections(session: Session, hooks: Hooks, plan: Plan, *, now: datetime) -> list[NamedObjection]:
    """Return what programs want settled before the plan is published; `now` is the station's wall-clock time."""
    found = objections(session, hooks, plan, now=now)
    titles = {str(row.id): row.title for row in session.scalars(planning_queries.activities_of(plan.term_id))}
    return [NamedObjection(titles[one.activity_id], one.index + 1, one.reason) for one in found]


def find_plan(session: Session, plan_id: UUID) -> Plan:
    """Return a plan; raise NotFoundError where the actor reaches none of that id."""
    plan = session.scalars(queries.plan_page(plan_id)).one_or_none()
    if plan is None:
        raise NotFoundError(Message("There is no such plan."))
    return plan


def compare(session: Session, plan: Plan) -> Mapping[ChangeKind, Sequence[NamedChange]]:
    """Return the changes of publishing the plan by kind, each in the order of time; kinds without any are left out."""
    changes = publication_diff(session, plan)
    names = _Names(session, changes)
    by_kind: dict[ChangeKind, list[NamedChange]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(names.change(change))
    return {kind: by_kind[kind] for kind in ChangeKind if kind in by_kind}


class _Names:
    """The names of everything that a set of changes speaks of, fetched at once."""

    def __init__(self, session: Session, changes: Sequence[Change]) -> None:
        places = [place for change in changes for place in (change.before, change.after) if place is not None]
        people = {one.volunteer_id for change in changes for one in (*change.joining, *change.leaving)}
        rooms = {place.room_id for place in places if place.room_id is not None}
        sessions = {change.session_id for change in changes}
        self._sessions = {row.id: row for row in session.scalars(queries.sessions_named(sessions))}
        self._rooms = {row.id: row.name for row in session.scalars(queries.rooms_named(rooms))}
        self._people = {row.id: row.name for row in session.scalars(queries.volunteers_named(people))}

    def change(self, change: Change) -> NamedChange:
        row = self._sessions[change.session_id]
        return NamedChange(
            kind=change.kind,
            title=row.activity.title,
            type_key=row.activity.type_key,
            number=row.position + 1,
            before=self._place(change.before),
            after=self._place(change.after),
            joining=self._staff(change.joining),
            leaving=self._staff(change.leaving),
        )

    def _place(self, place: Place | None) -> NamedPlace | None:
        if place is None:
            return None
        return NamedPlace(place, self._rooms.get(place.room_id) if place.room_id else None)

    def _staff(self, staff: Iterable[Staffing]) -> list[tuple[str, str]]:
        return sorted((self._people[one.volunteer_id], one.role) for one in staff if one.volunteer_id in self._people)
