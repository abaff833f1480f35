"""What people call the columns that the back office shows; a section may say it otherwise by its own labels."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

LABELS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "active": Message("Active"),
        "activity_id": Message("Activity"),
        "address": Message("Address"),
        "authority": Message("Checked by"),
        "birth_date": Message("Date of birth"),
        "capacity": Message("Places"),
        "checked_on": Message("Checked on"),
        "closed": Message("Closed to the public"),
        "closes": Message("Closes at"),
        "compact": Message("Sessions of a day follow one another"),
        "continuity": Message("The same people throughout"),
        "description": Message("Description"),
        "duration": Message("Minutes of a session"),
        "features": Message("Equipment"),
        "first": Message("First day"),
        "from_age": Message("Youngest age"),
        "from_time": Message("From this time"),
        "from_venue_id": Message("One venue"),
        "household": Message("Household"),
        "kind": Message("Kind"),
        "last": Message("Last day"),
        "liking": Message("Liking, from -3 to 3"),
        "max_people": Message("Different people at most"),
        "max_per_day": Message("At most a day"),
        "max_sessions": Message("At most in a term"),
        "min_adults": Message("Adults at least"),
        "min_days": Message("Different days at least"),
        "minutes": Message("Minutes"),
        "name": Message("Name"),
        "number": Message("Number"),
        "opens": Message("Opens at"),
        "ordered": Message("Sessions keep their order"),
        "parent_id": Message("Belongs to"),
        "passed": Message("Nothing found"),
        "phone": Message("Phone"),
        "place_id": Message("Venue, where it needs no room"),
        "position": Message("Place in the list"),
        "priority": Message("Priority"),
        "published_on": Message("Published on"),
        "required": Message("People needed"),
        "role": Message("Role"),
        "school_id": Message("Only for the school"),
        "session_count": Message("Number of sessions"),
        "size": Message("Children expected"),
        "skill": Message("Skill"),
        "slug": Message("Ending of the public address"),
        "source": Message("Title of the notice"),
        "station_id": Message("Station"),
        "term_id": Message("Term"),
        "times": Message("May begin at"),
        "title": Message("Title"),
        "to_age": Message("Oldest age"),
        "to_time": Message("Until this time"),
        "to_venue_id": Message("The other venue"),
        "turnover": Message("Minutes between sessions"),
        "type_key": Message("Type"),
        "valid_until": Message("Valid until"),
        "venue_id": Message("Venue"),
        "volunteer_id": Message("Volunteer"),
        "wanted": Message("People wished for"),
        "weekday": Message("Weekday"),
        "weekdays": Message("Only on these weekdays"),
        "year": Message("Year"),
        "zone": Message("Zone"),
        "zones": Message("Zones that fit"),
    }
)

WEEKDAYS: Final = (
    Message("Monday"),
    Message("Tuesday"),
    Message("Wednesday"),
    Message("Thursday"),
    Message("Friday"),
    Message("Saturday"),
    Message("Sunday"),
)

#: Tables that no section shows, yet whose rows may hold one that somebody wants to delete.
HOLDERS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "activities": Message("Activities"),
        "activity_groups": Message("Groups of activities"),
        "activity_roles": Message("Roles in activities"),
        "activity_rooms": Message("Rooms of activities"),
        "assignments": Message("Published assignments"),
        "audit_entries": Message("Audit log entries"),
        "audit_heads": Message("Audit logs"),
        "children": Message("Children's files"),
        "closures": Message("Closed days"),
        "feed_items": Message("Calendar entries"),
        "feed_tokens": Message("Calendar addresses"),
        "group_members": Message("Children in groups"),
        "plans": Message("Plans"),
        "sessions": Message("Sessions"),
        "users": Message("Accounts"),
        "volunteer_likes": Message("Likes of volunteers"),
    }
)
