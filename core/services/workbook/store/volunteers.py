"""Shelves of volunteers, their skills, clearances and times."""

from core.db.models import Availability, Blackout, Clearance, Volunteer, VolunteerSkill
from core.db.session import vault_of
from core.services.workbook.content import AvailabilityRow, BlackoutRow, ClearanceRow, SkillRow, VolunteerRow
from core.services.workbook.store.shelf import Names, Shelf, Values


def phone_index(names: Names, phone: str | None) -> bytes | None:
    """Return that by which a volunteer is found by phone."""
    return None if phone is None else vault_of(names.session).blind_index("volunteers.phone", phone)


def _volunteer(names: Names, row: VolunteerRow) -> Values:
    return {
        "station_id": names.named_id("stations", row.station),
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "birth_date": row.birth_date,
        "household": row.household,
        "phone": row.phone,
        "phone_index": phone_index(names, row.phone),
        "max_sessions": row.max_sessions,
        "max_per_day": row.max_per_day,
        "active": row.active,
    }


def _of_volunteer(names: Names, number: str) -> Values:
    volunteer = names.named("volunteers", number)
    return {"station_id": volunteer.station_id, "volunteer_id": volunteer.id}


def _skill(names: Names, row: SkillRow) -> Values:
    return {**_of_volunteer(names, row.volunteer), "skill": row.skill, "valid_until": row.valid_until}


def _clearance(names: Names, row: ClearanceRow) -> Values:
    return {
        **_of_volunteer(names, row.volunteer),
        "checked_on": row.checked_on,
        "valid_until": row.valid_until,
        "passed": row.passed,
        "authority": row.authority,
    }


def _availability(names: Names, row: AvailabilityRow) -> Values:
    return {
        **_of_volunteer(names, row.volunteer),
        "weekday": row.weekday,
        "from_time": row.from_time,
        "to_time": row.to_time,
        "first": row.first,
        "last": row.last,
    }


def _blackout(names: Names, row: BlackoutRow) -> Values:
    return {**_of_volunteer(names, row.volunteer), "first": row.first, "last": row.last}


def _number(volunteer: Volunteer) -> str:
    return volunteer.number


VOLUNTEERS = (
    Shelf("volunteers", Volunteer, ("station_id", "number"), _volunteer, name=_number),
    Shelf("skills", VolunteerSkill, ("volunteer_id", "skill"), _skill),
    Shelf("clearances", Clearance, ("volunteer_id", "checked_on"), _clearance),
    Shelf(
        "availabilities",
        Availability,
        ("volunteer_id", "weekday", "from_time", "to_time", "first", "last"),
        _availability,
        whole_of="volunteer_id",
    ),
    Shelf("blackouts", Blackout, ("volunteer_id", "first", "last"), _blackout),
)
