"""What programs may know of activities, terms and plans: outlines, without any child in them."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from core.db.models import Activity, Term
from core.hooks.types import ActivityOutline, PlannedOutline, TermOutline
from core.planning.moments import to_datetime
from core.planning.plan import Plan as PlanDocument


def term_outline(term: Term) -> TermOutline:
    """Return what programs may know of a term."""
    return TermOutline(term.id, term.station_id, term.first, term.last)


def outline(activity: Activity) -> ActivityOutline:
    """Return what programs may know of an activity."""
    return ActivityOutline(
        id=str(activity.id),
        type_key=activity.type_key,
        title=activity.title,
        sessions=activity.session_count,
        size=activity.size,
        groups=tuple(sorted(str(choice.group_id) for choice in activity.group_choices)),
        settings=activity.settings,
        line=activity.line,
        duration=activity.duration,
    )


def planned(document: PlanDocument, activities: Mapping[str, ActivityOutline]) -> tuple[PlannedOutline, ...]:
    """Return the sessions that a plan holds of some activities, by time."""
    rows = sorted(document.sessions, key=lambda row: (row.start, row.key))
    return tuple(
        PlannedOutline(
            activity=activities[row.activity],
            index=row.index,
            starts_at=to_datetime(row.start),
            ends_at=to_datetime(row.start) + timedelta(minutes=activities[row.activity].duration),
            room_id=None if row.room is None else UUID(row.room),
            staff={role: tuple(map(UUID, people)) for role, people in row.staff.items()},
        )
        for row in rows
        if row.activity in activities
    )
