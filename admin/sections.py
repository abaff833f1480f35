"""Core's own tables as the back office shows them, in the order and under the headings of its first page."""

from typing import Final

from core.db.models import (
    Activity,
    ActivityRole,
    ArrangedYear,
    Availability,
    Blackout,
    Clearance,
    Group,
    Room,
    SchoolBreak,
    Station,
    StationHours,
    Term,
    TravelTime,
    Venue,
    Volunteer,
    VolunteerLike,
    VolunteerSkill,
)
from core.domain.errors import Message
from core.hooks.types import AdminSection
from core.security.permissions import ADMINISTRATORS, PLANNERS, STAFF

STATIONS: Final = AdminSection(
    key="stations",
    name=Message("Stations"),
    model=Station,
    columns=("name", "kind", "parent_id", "slug"),
    form=("parent_id", "kind", "name", "slug", "address", "phone", "approves_activities"),
    search=("name", "slug"),
    readers=STAFF,
    writers=ADMINISTRATORS,
)
STATION_HOURS: Final = AdminSection(
    key="station_hours",
    name=Message("Opening hours"),
    model=StationHours,
    columns=("weekday", "opens", "closes"),
    form=("weekday", "opens", "closes"),
    readers=STAFF,
    writers=PLANNERS,
)
VENUES: Final = AdminSection(
    key="venues",
    name=Message("Venues"),
    model=Venue,
    columns=("name", "kind", "address"),
    form=("name", "kind", "address"),
    search=("name", "address"),
    readers=STAFF,
    writers=PLANNERS,
)
ROOMS: Final = AdminSection(
    key="rooms",
    name=Message("Rooms"),
    model=Room,
    columns=("name", "venue_id", "zone", "capacity", "features"),
    form=("venue_id", "name", "zone", "capacity", "features", "turnover"),
    search=("name",),
    readers=STAFF,
    writers=PLANNERS,
)
TRAVEL_TIMES: Final = AdminSection(
    key="travel_times",
    name=Message("Ways between venues"),
    model=TravelTime,
    columns=("from_venue_id", "to_venue_id", "minutes"),
    form=("from_venue_id", "to_venue_id", "minutes"),
    readers=STAFF,
    writers=PLANNERS,
)
VOLUNTEERS: Final = AdminSection(
    key="volunteers",
    name=Message("Volunteers"),
    model=Volunteer,
    columns=("number", "name", "kind", "active"),
    form=(
        "number",
        "name",
        "kind",
        "birth_date",
        "phone",
        "household",
        "max_sessions",
        "max_per_day",
        "active",
    ),
    search=("number", "name"),
    readers=STAFF,
    writers=STAFF,
    labels={"name": Message("Full name"), "max_per_day": Message("At most on one day")},
)
VOLUNTEER_SKILLS: Final = AdminSection(
    key="volunteer_skills",
    name=Message("Skills of volunteers"),
    model=VolunteerSkill,
    columns=("volunteer_id", "skill", "valid_until"),
    form=("volunteer_id", "skill", "valid_until"),
    readers=STAFF,
    writers=STAFF,
)
CLEARANCES: Final = AdminSection(
    key="clearances",
    name=Message("Background checks"),
    model=Clearance,
    columns=("volunteer_id", "checked_on", "valid_until", "passed"),
    form=("volunteer_id", "checked_on", "valid_until", "passed", "authority"),
    readers=STAFF,
    writers=PLANNERS,
)
AVAILABILITIES: Final = AdminSection(
    key="availabilities",
    name=Message("Times of volunteers"),
    model=Availability,
    columns=("volunteer_id", "weekday", "from_time", "to_time", "first", "last"),
    form=("volunteer_id", "weekday", "from_time", "to_time", "first", "last"),
    readers=STAFF,
    writers=STAFF,
)
BLACKOUTS: Final = AdminSection(
    key="blackouts",
    name=Message("Absences of volunteers"),
    model=Blackout,
    columns=("volunteer_id", "first", "last"),
    form=("volunteer_id", "first", "last"),
    readers=STAFF,
    writers=STAFF,
)
LIKES: Final = AdminSection(
    key="volunteer_likes",
    name=Message("Likes of volunteers"),
    model=VolunteerLike,
    columns=("volunteer_id", "activity_id", "liking"),
    form=("volunteer_id", "activity_id", "liking"),
    readers=STAFF,
    writers=STAFF,
)
GROUPS: Final = AdminSection(
    key="groups",
    name=Message("Groups of children"),
    model=Group,
    columns=("name", "from_age", "to_age", "closed"),
    form=("name", "from_age", "to_age", "compact", "closed"),
    search=("name",),
    readers=STAFF,
    writers=PLANNERS,
)
TERMS: Final = AdminSection(
    key="terms",
    name=Message("Terms"),
    model=Term,
    columns=("name", "kind", "first", "last"),
    form=("name", "kind", "first", "last"),
    search=("name",),
    readers=STAFF,
    writers=PLANNERS,
)
SCHOOL_BREAKS: Final = AdminSection(
    key="school_breaks",
    name=Message("School breaks"),
    model=SchoolBreak,
    columns=("name", "first", "last", "school_id"),
    form=("name", "first", "last", "school_id"),
    search=("name",),
    readers=STAFF,
    writers=PLANNERS,
)
ARRANGED_YEARS: Final = AdminSection(
    key="arranged_years",
    name=Message("Arranged years"),
    model=ArrangedYear,
    columns=("year", "source", "published_on"),
    form=("year", "source", "published_on"),
    readers=STAFF,
    writers=PLANNERS,
)
ACTIVITIES: Final = AdminSection(
    key="activities",
    name=Message("Activities"),
    model=Activity,
    columns=("title", "type_key", "line", "term_id", "session_count", "size"),
    form=(
        "term_id",
        "title",
        "line",
        "description",
        "session_count",
        "duration",
        "size",
        "times",
        "weekdays",
        "first",
        "last",
        "zones",
        "features",
        "place_id",
        "min_adults",
        "ordered",
        "max_per_day",
        "min_days",
        "priority",
        "closed",
    ),
    search=("title",),
    readers=STAFF,
    writers=PLANNERS,
)
ACTIVITY_ROLES: Final = AdminSection(
    key="activity_roles",
    name=Message("Roles in activities"),
    model=ActivityRole,
    columns=("activity_id", "role", "skill", "required", "wanted"),
    form=("activity_id", "role", "skill", "required", "wanted", "continuity", "max_people", "position"),
    search=("role",),
    readers=STAFF,
    writers=PLANNERS,
)

CHAPTERS: Final[tuple[tuple[Message, tuple[AdminSection, ...]], ...]] = (
    (Message("Stations and places"), (STATIONS, STATION_HOURS, VENUES, ROOMS, TRAVEL_TIMES)),
    (Message("Volunteers"), (VOLUNTEERS, VOLUNTEER_SKILLS, CLEARANCES, AVAILABILITIES, BLACKOUTS, LIKES)),
    (Message("Calendar"), (TERMS, SCHOOL_BREAKS, ARRANGED_YEARS)),
    (Message("Activities"), (ACTIVITIES, ACTIVITY_ROLES, GROUPS)),
)
#: The heading under which the sections of other plugins stand.
PLUGINS_CHAPTER: Final = Message("Programs")
