"""Whether an activity could be held as its plan is published: when, where, with its rooms and its people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, joinedload, selectinload

from core.db.models import Activity, ActivitySession, Assignment, Term
from core.db.queries import planning as planning_queries
from core.db.queries import registration as queries
from core.domain.serving import enough_adults, is_adult
from core.services.assignable import may_be_assigned
from core.services.timetable import missing_staff

#: Minutes between two sites for which nobody has entered the way, as the planner has it.
_DEFAULT_WAY: Final = 20


@dataclass(frozen=True)
class Standing:
    """An activity's sessions ahead: their times, where they are, whether each has its room and its people.

    `place` is empty where it is held at no site, and the activity's own where it is held at several.
    """

    times: tuple[tuple[datetime, datetime], ...]
    place: str
    room_ready: bool
    staffed: bool


def standings(session: Session, activities: Collection[UUID], now: datetime) -> Mapping[UUID, Standing]:
    """Return how activities stand at a wall-clock time; the session must see everything."""
    ahead: dict[UUID, list[ActivitySession]] = {activity: [] for activity in activities}
    query = queries.published_sessions(activities).options(
        joinedload(ActivitySession.room),
        joinedload(ActivitySession.activity).selectinload(Activity.roles),
        selectinload(ActivitySession.assignments).joinedload(Assignment.volunteer),
    )
    for row in session.scalars(query):
        if row.ends_at is not None and row.ends_at > now:
            ahead[row.activity_id].append(row)
    return {activity: _standing(activity, rows, now.date()) for activity, rows in ahead.items()}


def longest_way(session: Session, term: Term, places: Collection[str]) -> int:
    """Return the minutes of the longest way between two of the places, 0 where there aren't two."""
    if len(places) < 2:  # noqa: PLR2004 (a way has two ends)
        return 0
    rows = session.scalars(planning_queries.travel_of([term.station_id])).all()
    known = {frozenset((str(row.from_venue_id), str(row.to_venue_id))): row.minutes for row in rows}
    pairs = [frozenset((one, other)) for one in places for other in places if one < other]
    return max(known.get(pair, _DEFAULT_WAY) for pair in pairs)


def _standing(activity: UUID, rows: Sequence[ActivitySession], today: date) -> Standing:
    where = {_venue(row) for row in rows} - {None}
    return Standing(
        times=tuple((row.starts_at, row.ends_at) for row in rows if row.starts_at and row.ends_at),
        place=str(activity) if len(where) > 1 else str(next(iter(where), "")),
        room_ready=bool(rows) and all(row.room_id is not None or not row.activity.zones for row in rows),
        staffed=bool(rows) and all(_has_its_people(row, today) for row in rows),
    )


def _venue(row: ActivitySession) -> UUID | None:
    return row.room.venue_id if row.room is not None else row.activity.place_id


def _has_its_people(row: ActivitySession, today: date) -> bool:
    day = row.starts_at.date() if row.starts_at else today
    people = [assignment.volunteer for assignment in row.assignments]
    homes = [
        one.household for one in people if is_adult(one.birth_date, day) and may_be_assigned(one, day, today=today)
    ]
    return enough_adults(homes, row.activity.min_adults) and not missing_staff(row)
