"""Whether an activity could be held as its plan is published: when, where, with its rooms and its people."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import permutations
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, joinedload, selectinload

from core.allocation.problem import Way
from core.db.models import Activity, ActivitySession, Assignment
from core.db.queries import registration as queries
from core.domain.serving import enough_adults
from core.services.adults import Homes, counted
from core.services.timetable import missing_staff
from core.services.ways import entered_ways

#: A way is no longer in a problem: who needs more has no time on the same day.
_DAY: Final = 24 * 60


@dataclass(frozen=True)
class Standing:
    """An activity's sessions ahead: their times, where they are, whether each has its room and its people.

    `place` is empty where it is held at no site, and the activity's own where it is held at several `sites`.
    """

    times: tuple[tuple[datetime, datetime], ...]
    place: str
    sites: frozenset[UUID]
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
    homes = Homes(session, (row for rows in ahead.values() for row in rows))
    return {activity: _standing(activity, rows, homes, now.date()) for activity, rows in ahead.items()}


def ways_among(session: Session, standing: Iterable[Standing], default: int) -> Iterator[Way]:
    """Yield the ways between places that somebody has entered, there and back; the others take the default.

    To and from an activity at several sites it is the longest of the ways to and from each of them.
    """
    sites = {one.place: one.sites for one in standing if one.place}
    known = entered_ways(session, {site for some in sites.values() for site in some}, default)
    for origin, destination in permutations(sorted(sites), 2):
        ends = [(one, other) for one in sites[origin] for other in sites[destination]]
        if any(one == other or known.knows(one, other) for one, other in ends):
            yield Way(origin, destination, min(_DAY, max(known.between(*pair) for pair in ends)))


def _standing(activity: UUID, rows: Sequence[ActivitySession], homes: Homes, today: date) -> Standing:
    sites = frozenset(site for row in rows if (site := _site(row)) is not None)
    return Standing(
        times=tuple((row.starts_at, row.ends_at) for row in rows if row.starts_at and row.ends_at),
        place=str(activity) if len(sites) > 1 else str(next(iter(sites), "")),
        sites=sites,
        room_ready=bool(rows) and all(row.room_id is not None or not row.activity.zones for row in rows),
        staffed=bool(rows) and all(_has_its_people(row, homes, today) for row in rows),
    )


def _site(row: ActivitySession) -> UUID | None:
    return row.room.venue_id if row.room is not None else row.activity.place_id


def _has_its_people(row: ActivitySession, homes: Homes, today: date) -> bool:
    day = row.starts_at.date() if row.starts_at else today
    people = [assignment.volunteer for assignment in row.assignments]
    adults = counted(people, homes.at(row.station_id), day, today=today)
    return enough_adults(adults, row.activity.min_adults) and not missing_staff(row)
