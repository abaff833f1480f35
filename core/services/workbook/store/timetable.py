"""Shelves of activities with their sessions, roles and volunteers' likes."""

from core.db.models import Activity, ActivityGroup, ActivityRole, ActivityRoom, ActivitySession, VolunteerLike
from core.db.models.activity import SessionStatus
from core.services.workbook.content import ActivityRow, LikeRow, RoleRow
from core.services.workbook.store.parts import bring_into_line
from core.services.workbook.store.shelf import Names, Shelf, Values


def _activity(names: Names, row: ActivityRow) -> Values:
    term = names.named("terms", row.term)
    return {
        "station_id": term.station_id,
        "term_id": term.id,
        "title": row.title,
        "type_key": row.type_key,
        "line": row.activity_line,
        "description": row.description,
        "session_count": row.session_count,
        "duration": row.duration,
        "size": row.size,
        "times": list(row.times),
        "weekdays": list(row.weekdays),
        "first": row.first,
        "last": row.last,
        "zones": [zone.value for zone in row.zones],
        "features": [feature.value for feature in row.features],
        "place_id": names.named_id("venues", row.place),
        "min_adults": row.min_adults,
        "ordered": row.ordered,
        "max_per_day": row.max_per_day,
        "min_days": row.min_days,
        "priority": row.priority,
        "closed": row.closed,
        "settings": dict(row.settings),
    }


def _activity_parts(names: Names, activity: Activity, row: ActivityRow, absent: frozenset[str]) -> bool:
    owner = {"station_id": activity.station_id, "activity_id": activity.id}
    changed = _make_sessions(activity)
    if "rooms" not in absent:
        rooms = [names.named("rooms", name).id for name in row.rooms]
        changed |= bring_into_line(activity.room_choices, ActivityRoom, "room_id", rooms, owner)
    if "groups" not in absent:
        groups = [names.named("groups", name).id for name in row.groups]
        changed |= bring_into_line(activity.group_choices, ActivityGroup, "group_id", groups, owner)
    return changed


def published_sessions(activity: Activity) -> int:
    """Return how many sessions the activity must keep: up to the last one that was ever published."""
    published = (s.position for s in activity.sessions if s.status is not SessionStatus.UNPUBLISHED)
    return max(published, default=-1) + 1


def _make_sessions(activity: Activity) -> bool:
    """Give the activity one session for each of its count; those beyond it go, none of which was ever published."""
    wanted = range(activity.session_count)
    owner = {"station_id": activity.station_id, "activity_id": activity.id}
    return bring_into_line(activity.sessions, ActivitySession, "position", wanted, owner)


def _role(names: Names, row: RoleRow) -> Values:
    activity = names.named("activities", row.activity)
    return {
        "station_id": activity.station_id,
        "activity_id": activity.id,
        "role": row.role,
        "skill": row.skill,
        "required": row.required,
        "wanted": row.required if row.wanted is None else row.wanted,
        "continuity": row.continuity,
        "max_people": row.max_people,
    }


def _like(names: Names, row: LikeRow) -> Values:
    volunteer = names.named("volunteers", row.volunteer)
    return {
        "station_id": volunteer.station_id,
        "volunteer_id": volunteer.id,
        "activity_id": names.named_id("activities", row.activity),
        "liking": row.liking,
    }


TIMETABLE = (
    Shelf(
        "activities",
        Activity,
        ("term_id", "title"),
        _activity,
        name=str,
        parts=_activity_parts,
        eager=("sessions", "room_choices", "group_choices"),
    ),
    Shelf("roles", ActivityRole, ("activity_id", "role"), _role),
    Shelf("likes", VolunteerLike, ("volunteer_id", "activity_id"), _like),
)
