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
from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.hooks.types import AdminSection

STATIONS: Final = AdminSection(
    key="stations",
    name=Message("Stations"),
    model=Station,
    columns=("name", "kind", "parent_id", "slug"),
    form=("parent_id", "kind", "name", "slug", "address", "phone", "approves_activities", "shows_hours"),
    search=("name", "slug"),
    readers=Capability.SEE_PLANS,
    writers=Capability.KEEP_SETTINGS,
)
STATION_HOURS: Final = AdminSection(
    key="station_hours",
    name=Message("Opening hours"),
    model=StationHours,
    columns=("weekday", "opens", "closes"),
    form=("weekday", "opens", "closes"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
VENUES: Final = AdminSection(
    key="venues",
    name=Message("Venues"),
    model=Venue,
    columns=("name", "kind", "address"),
    form=("name", "kind", "address", "map_position"),
    search=("name", "address"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
ROOMS: Final = AdminSection(
    key="rooms",
    name=Message("Rooms"),
    model=Room,
    columns=("name", "venue_id", "zone", "capacity", "features"),
    form=("venue_id", "name", "zone", "capacity", "features", "turnover"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
TRAVEL_TIMES: Final = AdminSection(
    key="travel_times",
    name=Message("Ways between venues"),
    model=TravelTime,
    columns=("from_venue_id", "to_venue_id", "minutes"),
    form=("from_venue_id", "to_venue_id", "minutes"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
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
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.KEEP_VOLUNTEERS,
    labels={"name": Message("Full name"), "max_per_day": Message("At most on one day")},
)
VOLUNTEER_SKILLS: Final = AdminSection(
    key="volunteer_skills",
    name=Message("Skills of volunteers"),
    model=VolunteerSkill,
    columns=("volunteer_id", "skill", "valid_until"),
    form=("volunteer_id", "skill", "valid_until"),
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.KEEP_VOLUNTEERS,
)
CLEARANCES: Final = AdminSection(
    key="clearances",
    name=Message("Background checks"),
    model=Clearance,
    columns=("volunteer_id", "checked_on", "valid_until", "passed"),
    form=("volunteer_id", "checked_on", "passed", "authority", "reference"),
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.CLEAR_PEOPLE,
)
AVAILABILITIES: Final = AdminSection(
    key="availabilities",
    name=Message("Times of volunteers"),
    model=Availability,
    columns=("volunteer_id", "weekday", "from_time", "to_time", "first", "last"),
    form=("volunteer_id", "weekday", "from_time", "to_time", "first", "last"),
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.KEEP_VOLUNTEERS,
)
BLACKOUTS: Final = AdminSection(
    key="blackouts",
    name=Message("Absences of volunteers"),
    model=Blackout,
    columns=("volunteer_id", "first", "last"),
    form=("volunteer_id", "first", "last"),
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.KEEP_VOLUNTEERS,
)
LIKES: Final = AdminSection(
    key="volunteer_likes",
    name=Message("Likes of volunteers"),
    model=VolunteerLike,
    columns=("volunteer_id", "activity_id", "liking"),
    form=("volunteer_id", "activity_id", "liking"),
    readers=Capability.SEE_VOLUNTEERS,
    writers=Capability.KEEP_VOLUNTEERS,
)
GROUPS: Final = AdminSection(
    key="groups",
    name=Message("Groups of children"),
    model=Group,
    columns=("name", "from_age", "to_age", "closed"),
    form=("name", "from_age", "to_age", "compact", "closed"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
TERMS: Final = AdminSection(
    key="terms",
    name=Message("Terms"),
    model=Term,
    columns=("name", "kind", "first", "last"),
    form=("name", "kind", "first", "last"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
SCHOOL_BREAKS: Final = AdminSection(
    key="school_breaks",
    name=Message("School breaks"),
    model=SchoolBreak,
    columns=("name", "first", "last", "school_id"),
    form=("name", "first", "last", "school_id"),
    search=("name",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
ARRANGED_YEARS: Final = AdminSection(
    key="arranged_years",
    name=Message("Arranged years"),
    model=ArrangedYear,
    columns=("year", "source", "published_on"),
    form=("year", "source", "published_on"),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
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
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)
ACTIVITY_ROLES: Final = AdminSection(
    key="activity_roles",
    name=Message("Roles in activities"),
    model=ActivityRole,
    columns=("activity_id", "role", "skill", "required", "wanted"),
    form=("activity_id", "role", "skill", "required", "wanted", "continuity", "max_people", "position"),
    search=("role",),
    readers=Capability.SEE_PLANS,
    writers=Capability.PLAN,
)

CHAPTERS: Final[tuple[tuple[Message, tuple[AdminSection, ...]], ...]] = (
    (Message("Stations and places"), (STATIONS, STATION_HOURS, VENUES, ROOMS, TRAVEL_TIMES)),
    (Message("Volunteers"), (VOLUNTEERS, VOLUNTEER_SKILLS, CLEARANCES, AVAILABILITIES, BLACKOUTS, LIKES)),
    (Message("Calendar"), (TERMS, SCHOOL_BREAKS, ARRANGED_YEARS)),
    (Message("Activities"), (ACTIVITIES, ACTIVITY_ROLES, GROUPS)),
)
#: The heading under which the sections of other plugins stand.
PLUGINS_CHAPTER: Final = Message("Programs")
