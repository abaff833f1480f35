"""What is done with home visits: note a need, say which series serves it, note a visit, and go and look where it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from core.plugin_api import (
    ActivityOutline,
    Actor,
    ChildFacts,
    Clock,
    ConflictError,
    HeldSession,
    Home,
    InvalidInputError,
    Message,
    NotFoundError,
    activities_of,
    child_by_number,
    child_facts,
    home_shown,
    record,
    serving,
    terms_ahead,
)
from sqlalchemy.orm import Session

from weibao_home_visits import queries
from weibao_home_visits.activities import PROGRAM, VISIT
from weibao_home_visits.due import series_by_activity, visits_held
from weibao_home_visits.models import HomeVisit, HomeVisitNeed, HomeVisitSeries

#: Visitors are told where to go from so many days before a visit, until so many after it.
_DAYS_BEFORE: Final = timedelta(days=7)
_DAYS_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True)
class OwnVisit:
    """A visit that somebody makes, and the names of those who go along."""

    session: HeldSession
    others: tuple[str, ...]


def note_need(
    session: Session, actor: Actor, clock: Clock, *, child_number: str, days_apart: int, since: date
) -> HomeVisitNeed:
    """Note that a child is to be visited from a day on; ConflictError where it is already, or was still on that day."""
    child = child_by_number(session, child_number, since)
    needs = session.scalars(queries.needs_of(child.id))
    if any(need.until is None or since <= need.until for need in needs):
        raise ConflictError(Message("The child is to be visited already on that day."))
    need = HomeVisitNeed(station_id=child.station_id, child_id=child.id, days_apart=days_apart, since=since)
    session.add(need)
    session.flush()
    _record(session, actor, clock, need, "home_visits.needed", since=since.isoformat(), days_apart=days_apart)
    return need


def find_need(session: Session, need_id: UUID) -> HomeVisitNeed:
    """Return a need; raise NotFoundError where there is none in reach."""
    need = session.scalars(queries.need(need_id)).one_or_none()
    if need is None:
        raise NotFoundError(Message("Nobody is to be visited here."))
    return need


def child_of(session: Session, need: HomeVisitNeed, today: date) -> ChildFacts:
    """Return what staff may read of the child who needs visits; NotFoundError where the file is out of reach."""
    found = child_facts(session, [need.child_id], today)
    if not found:
        raise NotFoundError(Message("Nobody is to be visited here."))
    return found[0]


def change_need(
    session: Session, actor: Actor, clock: Clock, need_id: UUID, *, days_apart: int, until: date | None
) -> None:
    """Say how far apart visits are to be, and the last day on which they are needed; None while nobody knows."""
    need = find_need(session, need_id)
    if until is not None and until < need.since:
        raise InvalidInputError(Message("The last day lies before the first."))
    need.days_apart, need.until = days_apart, until
    session.flush()
    last = until.isoformat() if until else None
    _record(session, actor, clock, need, "home_visits.changed", until=last, days_apart=days_apart)


def series_offered(session: Session, today: date) -> tuple[ActivityOutline, ...]:
    """Return the series of visits in terms that are not over of which nobody has said yet whom they visit."""
    found = [
        activity
        for term in terms_ahead(session, today)
        for activity in activities_of(session, PROGRAM.key, term.id)
        if activity.type_key == VISIT.key
    ]
    rows = session.scalars(queries.series_of([activity.id for activity in found]))
    taken = {str(row.activity_id) for row in rows}
    return tuple(activity for activity in found if activity.id not in taken)


def link_series(
    session: Session, actor: Actor, clock: Clock, need_id: UUID, activity_id: str, today: date
) -> HomeVisitSeries:
    """Let a series of visits serve a need; NotFoundError for one that isn't offered."""
    need = find_need(session, need_id)
    if activity_id not in {activity.id for activity in series_offered(session, today)}:
        raise NotFoundError(Message("This series of visits is not there, or visits somebody already."))
    series = HomeVisitSeries(station_id=need.station_id, need_id=need.id, activity_id=UUID(activity_id))
    session.add(series)
    session.flush()
    _record(session, actor, clock, need, "home_visits.linked", activity=activity_id)
    return series


def find_visit(session: Session, activity_id: UUID, position: int) -> tuple[HomeVisitSeries, HomeVisit | None]:
    """Return a session's series and what was noted of it; NotFoundError where the series has no such session."""
    series = session.scalars(queries.series_of([str(activity_id)])).one_or_none()
    own = {activity.id: activity for activity in activities_of(session, PROGRAM.key)}
    if series is None or not 0 <= position < own[str(activity_id)].sessions:
        raise NotFoundError(Message("There is no such visit."))
    return series, session.scalars(queries.visit(series.id, position)).one_or_none()


def note_visit(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    activity_id: UUID,
    position: int,
    done_on: date,
    note: str | None,
    today: date,
) -> HomeVisit:
    """Note that a visit was made, or change what was noted of it; InvalidInputError for a day that is still to come."""
    if done_on > today:
        raise InvalidInputError(Message("This day is still to come."))
    series, visit = find_visit(session, activity_id, position)
    if visit is None:
        visit = HomeVisit(station_id=series.station_id, series_id=series.id, position=position)
        session.add(visit)
    visit.done_on, visit.note = done_on, note
    session.flush()
    _record(session, actor, clock, series.need, "home_visits.made", visit=str(visit.id), on=done_on.isoformat())
    return visit


def own_visits(session: Session, volunteer_id: UUID | None, today: date) -> tuple[OwnVisit, ...]:
    """Return the visits of these days in which a volunteer serves, by time."""
    held = visits_held(session, today - _DAYS_AFTER, today + _DAYS_BEFORE)
    people = serving(session, [row.id for row in held])
    return tuple(
        OwnVisit(row, tuple(one.name for one in people[row.id] if one.volunteer_id != volunteer_id))
        for row in held
        if any(one.volunteer_id == volunteer_id for one in people[row.id])
    )


def home_of_visit(session: Session, actor: Actor, clock: Clock, session_id: UUID, today: date) -> tuple[OwnVisit, Home]:
    """Return one of the actor's own visits of these days and where it leads, which is audited; NotFoundError else."""
    own = {visit.session.id: visit for visit in own_visits(session, actor.volunteer_id, today)}
    visit = own.get(session_id)
    if visit is None:
        raise NotFoundError(Message("There is no such visit."))
    series = series_by_activity(session, [visit.session]).get(visit.session.activity.id)
    if series is None:
        raise NotFoundError(Message("There is no such visit."))
    return visit, home_shown(session, actor, clock, session_id=session_id, child_id=series.need.child_id)


def _record(
    session: Session, actor: Actor, clock: Clock, need: HomeVisitNeed, action: str, **detail: str | int | None
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=need.station_id,
        action=action,
        subject_kind="home_visits.need",
        subject_id=need.id,
        detail=detail,
    )
