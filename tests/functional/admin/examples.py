"""What a person would enter in each section, and what they would change afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.db.models import (
    ActivityRole,
    Availability,
    Blackout,
    Clearance,
    Group,
    Room,
    SchoolBreak,
    StationHours,
    Term,
    TravelTime,
    Venue,
    Volunteer,
    VolunteerLike,
    VolunteerSkill,
)
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.vocabulary import VenueKind
from plugins.school_link.models import SchoolAgreement
from tests.functional.county import StationRows

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """A section's path, its table, what is entered for a new row, and which answers are changed afterwards."""

    key: str
    model: type[Any]
    new: Callable[["Around"], Answers]
    change: Answers


@dataclass(frozen=True)
class Around:
    """What new rows can refer to."""

    rows: StationRows
    venue: str
    other_venue: str


def around(database: Database, rows: StationRows) -> Around:
    """Return it, with a second venue made for it."""
    with database.writing(EVERYTHING) as session:
        venue = session.scalars(select(Venue.id).where(Venue.station_id == rows.station)).one()
        other = Venue(station_id=rows.station, name="青石社区", kind=VenueKind.COMMUNITY)
        session.add(other)
        session.flush()
        return Around(rows, str(venue), str(other.id))


EXAMPLES = (
    Example(
        "station_hours",
        StationHours,
        lambda _: {"weekday": "5", "opens": "08:30", "closes": "17:30"},
        {"closes": "18:00", "weekday": ""},
    ),
    Example(
        "venues",
        Venue,
        lambda _: {"name": "莲屿社区", "kind": "community", "address": "莲屿路2号"},
        {"name": "莲屿居委会"},
    ),
    Example(
        "rooms",
        Room,
        lambda all_: {
            "venue_id": all_.venue,
            "name": "画室",
            "zone": "activity",
            "capacity": "12",
            "features": ["sinks", "quiet"],
            "turnover": "10",
        },
        {"capacity": "14", "features": []},
    ),
    Example(
        "travel_times",
        TravelTime,
        lambda all_: {"from_venue_id": all_.venue, "to_venue_id": all_.other_venue, "minutes": "12"},
        {"minutes": "15"},
    ),
    Example(
        "volunteers",
        Volunteer,
        lambda _: {
            "number": "V777",
            "name": "试试看",
            "kind": "teacher",
            "birth_date": "1991-02-03",
            "phone": "138 0013-8000",
            "household": "",
            "max_sessions": "8",
            "max_per_day": "1",
            "active": "y",
        },
        {"phone": "", "max_sessions": "6"},
    ),
    Example(
        "volunteer_skills",
        VolunteerSkill,
        lambda all_: {"volunteer_id": str(all_.rows.volunteer), "skill": "art", "valid_until": "2027-12-31"},
        {"valid_until": ""},
    ),
    Example(
        "clearances",
        Clearance,
        lambda all_: {
            "volunteer_id": str(all_.rows.volunteer),
            "checked_on": "2026-09-01",
            "passed": "y",
            "authority": "派出所",
            "reference": "测1",
        },
        {"reference": "测2"},
    ),
    Example(
        "availabilities",
        Availability,
        lambda all_: {
            "volunteer_id": str(all_.rows.volunteer),
            "weekday": "",
            "from_time": "09:00",
            "to_time": "12:00",
        },
        {"weekday": "6"},
    ),
    Example(
        "blackouts",
        Blackout,
        lambda all_: {"volunteer_id": str(all_.rows.volunteer), "first": "2026-12-01", "last": "2026-12-03"},
        {"last": "2026-12-04"},
    ),
    Example(
        "volunteer_likes",
        VolunteerLike,
        lambda all_: {
            "volunteer_id": str(all_.rows.volunteer),
            "activity_id": str(all_.rows.activity),
            "liking": "2",
        },
        {"liking": "-3"},
    ),
    Example(
        "groups",
        Group,
        lambda _: {"name": "大朋友", "from_age": "10", "to_age": "12", "compact": "y"},
        {"to_age": "13"},
    ),
    Example(
        "terms",
        Term,
        lambda _: {"name": "寒假", "kind": "winter", "first": "2027-01-25", "last": "2027-02-21"},
        {"last": "2027-02-20"},
    ),
    Example(
        "school_breaks",
        SchoolBreak,
        lambda _: {"name": "寒假", "first": "2027-01-25", "last": "2027-02-21", "school_id": ""},
        {"name": "全县寒假"},
    ),
    Example(
        "activity_roles",
        ActivityRole,
        lambda all_: {
            "activity_id": str(all_.rows.activity),
            "role": "helper",
            "skill": "",
            "required": "1",
            "wanted": "2",
            "position": "1",
        },
        {"wanted": "3"},
    ),
    Example(
        "school_link_agreements",
        SchoolAgreement,
        lambda _: {
            "school": "青石小学",
            "rooms": "操场",
            "contact": "德育处",
            "valid_from": "2026-09-01",
            "valid_until": "2027-07-01",
        },
        {"contact": "教务处"},
    ),
)
