"""Which school an activity belongs to: by the id of its venue, or by a name as somebody wrote it."""

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy.orm import Session

from core.plugin_api import ActivityOutline, VenueKind, venues_offered
from plugins.school_link.activities import SCHOOL

#: Ids of schools' venues, by their names with spaces and capitals aside.
Names: TypeAlias = Mapping[str, str]


def venue_names(session: Session) -> Names:
    """Return the schools in reach."""
    return {_plain(name): venue for venue, name in venues_offered(session, VenueKind.SCHOOL)}


def school_of(activity: ActivityOutline, names: Names) -> str:
    """Return the id of the school's venue; the plain name of one that is none of ours.

    Settings of before schools were chosen from a list hold a name. An activity without one is a school of its own.
    """
    written = str(activity.settings.get(SCHOOL.key, activity.id))
    return names.get(_plain(written), written if written in names.values() else _plain(written))


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
