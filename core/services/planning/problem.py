"""A term as a planning problem in the exchange format, from what is stored; no child is in it, only group ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core.db.models import Activity, ActivitySession, Term
from core.db.models.activity import ActivityState, SessionStatus
from core.db.queries import planning as queries
from core.hooks.calling import Hooks
from core.hooks.types import Contribution
from core.planning import problem as planning
from core.planning.moments import from_datetime
from core.planning.plan import Plan, PlannedSession
from core.services.outlines import outline, term_outline
from core.services.planning.pinned import binding_pins
from core.services.planning.surroundings import Surroundings, When, surroundings, times_of
from core.services.program_switches import programs_switched_off

#: What a planner should mind, in cost for each unit of an amount; the exchange format says what each amount is.
WEIGHTS: Final[Mapping[str, int]] = {
    "unscheduled": 10000,
    "required": 1000,
    "wanted": 60,
    "rooms": 20,
    "times": 10,
    "staff": 15,
    "days": 50,
    "isolated": 8,
    "trips": 4,
    "load": 1,
    "likes": 3,
}
#: What changing a published timetable costs beside.
REPLAN_WEIGHTS: Final[Mapping[str, int]] = {"moved": 400, "rehoused": 80, "restaffed": 120}
#: Minutes between two sessions of a group within which it need not wait.
COMPACT_GAP: Final = 30


def term_problem(session: Session, hooks: Hooks, term: Term, *, timezone: str, now: datetime) -> planning.Problem:
    """Return the planning problem of a term; where it is published already, that is the incumbent.

    `now` is the station's wall-clock time without offset: what lies before it is frozen, and stays possible even
    where a room was closed, an activity's times were changed or a volunteer left since. LapsedPinsError names pins
    that speak of what is gone.
    """
    around = surroundings(session, term, timezone=timezone, now=now)
    activities = planned_activities(session, term)
    outlines = tuple(outline(activity) for activity in activities)
    contributions = hooks.planning_contributions(outlines, term_outline(term), session)
    pins = binding_pins(session, term.id, activities, around.room_rows, around.volunteers, now=now)
    return _problem(around, activities, contributions, around.held, pins)


def planned_activities(session: Session, term: Term) -> list[Activity]:
    """Return the activities that take part in planning: those that are ready, and those that are published already.

    Of a program that the station has switched off only what is published takes part.
    """
    off = programs_switched_off(session, term.station_id)
    return [
        activity
        for activity in session.scalars(queries.activities_of(term.id))
        if (activity.state is ActivityState.READY and activity.program not in off)
        or any(row.status is SessionStatus.HELD for row in activity.sessions)
    ]


def problem_of_one(session: Session, hooks: Hooks, around: Surroundings, activity: Activity) -> planning.Problem:
    """Return the problem of one activity as if its term had no other; it need not be stored, and is not stored here.

    Of what programs contribute, that counts which they say of this activity alone.
    """
    with session.no_autoflush:
        told = hooks.planning_contributions((outline(activity),), term_outline(around.term), session)
    own = str(activity.id)
    contributions = [
        replace(part, relations=tuple(tie for tie in part.relations if tie.a[0] == tie.b[0] == own)) for part in told
    ]
    held = [row for row in around.held if row.activity_id == activity.id and row.position < activity.session_count]
    return _problem(around, [activity], contributions, held)


def _problem(
    around: Surroundings,
    activities: Iterable[Activity],
    contributions: Sequence[Contribution],
    held: Iterable[ActivitySession],
    pins: tuple[planning.Pin, ...] = (),
) -> planning.Problem:
    # A published term has an incumbent even where an activity has nothing in it: what lies behind us is no choice.
    incumbent = Plan(around.name, tuple(map(_planned, held))) if around.held else None
    return planning.Problem(
        name=around.name,
        timezone=around.timezone,
        travel=around.travel,
        compact_gap=COMPACT_GAP,
        rooms=around.rooms,
        people=around.people,
        groups=around.groups,
        activities=tuple(_activity(around, activity) for activity in activities),
        relations=_relations(contributions, incumbent, from_datetime(around.now)),
        pins=pins,
        incumbent=incumbent,
        frozen_before=from_datetime(around.now) if incumbent else None,
        weights={**WEIGHTS, **(REPLAN_WEIGHTS if incumbent else {})},
        extensions=_extensions(contributions),
    )


def _activity(around: Surroundings, activity: Activity) -> planning.Activity:
    past = (start for start, _ in around.past.get(activity.id, ()))
    return planning.Activity(
        id=str(activity.id),
        program=activity.program,
        sessions=activity.session_count,
        duration=activity.duration,
        starts=tuple(sorted({*around.starts(When.of(activity)), *past})),
        size=activity.size,
        groups=tuple(sorted(str(choice.group_id) for choice in activity.group_choices)),
        zones=tuple(activity.zones),
        features=tuple(activity.features),
        rooms=tuple(sorted(str(choice.room_id) for choice in activity.room_choices)) or None,
        place=None if activity.place_id is None else str(activity.place_id),
        min_adults=activity.min_adults,
        roles=tuple(
            planning.Role(row.role, row.skill, row.required, row.wanted, row.continuity, row.max_people)
            for row in activity.roles
        ),
        ordered=activity.ordered,
        max_per_day=activity.max_per_day,
        min_days=activity.min_days,
        priority=activity.priority,
    )


def _planned(row: ActivitySession) -> PlannedSession:
    staff: dict[str, list[str]] = {}
    for assignment in row.assignments:
        staff.setdefault(assignment.role, []).append(str(assignment.volunteer_id))
    return PlannedSession(
        activity=str(row.activity_id),
        index=row.position,
        start=times_of(row)[0],
        room=None if row.room_id is None else str(row.room_id),
        staff={role: tuple(sorted(people)) for role, people in staff.items()},
    )


def _relations(
    contributions: Sequence[Contribution], incumbent: Plan | None, now: int
) -> tuple[planning.Relation, ...]:
    """Return the programs' relations but for those between two sessions that lie behind us: nothing can mend them."""
    behind = {row.key for row in incumbent.sessions if row.start < now} if incumbent else set()
    return tuple(
        relation
        for part in contributions
        for relation in part.relations
        if not (relation.a in behind and relation.b in behind)
    )


def _extensions(contributions: Iterable[Contribution]) -> dict[str, object]:
    return {part.program: dict(part.extension) for part in contributions if part.extension}
