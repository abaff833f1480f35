"""What programs may know of activities and terms: outlines, without anybody in them."""

from core.db.models import Activity, Term
from core.hooks.types import ActivityOutline, TermOutline


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
