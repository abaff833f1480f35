"""Shelves of volunteers, their skills, clearances and times."""

from core.db.models import Availability, Blackout, Clearance, Volunteer, VolunteerSkill, VolunteerStep
from core.db.session import vault_of
from core.domain.serving import Stage, Step
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
        "guardian_consent_on": row.guardian_consent_on,
    }


def _steps(names: Names, volunteer: Volunteer, row: VolunteerRow, absent: frozenset[str]) -> bool:
    """Add the steps that the sheet tells of, let the stage of an applicant follow, and tell whether there were any."""
    known = {(one.step, one.happened_on) for one in volunteer.steps}
    told = {
        Step.INTERVIEWED: None if "interviewed_on" in absent else row.interviewed_on,
        Step.TRAINED: None if "trained_on" in absent else row.trained_on,
        Step.ACCEPTED: None if "accepted_on" in absent else row.accepted_on,
    }
    new = [(step, day) for step, day in told.items() if day is not None and (step, day) not in known]
    for step, day in new:
        volunteer.steps.append(
            VolunteerStep(
                station_id=volunteer.station_id,
                volunteer_id=volunteer.id,
                step=step,
                happened_on=day,
                noted_at=names.now,
                noted_by=names.by,
            )
        )
    if any(step is Step.ACCEPTED for step, _day in new):
        volunteer.stage = Stage.ACCEPTED
    return bool(new)


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
        "reference": row.reference,
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
    Shelf(
        "volunteers",
        Volunteer,
        ("station_id", "number"),
        _volunteer,
        name=_number,
        parts=_steps,
        eager=("steps", "clearances"),
    ),
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
