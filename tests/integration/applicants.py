"""People on their way into a station, with defaults, for tests of how they are dealt with."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Clearance, Station, User, Volunteer
from core.domain.actor import Actor, Role
from core.domain.clock import FixedClock
from core.domain.serving import Step
from core.domain.vocabulary import VolunteerKind
from core.services.clearances import CheckDraft, note_check
from core.services.volunteer_files import PersonDraft, open_file
from core.services.volunteering import note_step
from core.testing import TEST_MOMENT
from tests.integration.builders import BEFORE

CLOCK = FixedClock(TEST_MOMENT)
TODAY = BEFORE.date()
DAY = timedelta(days=1)
PHONE = "13800138000"


def an_actor(session: Session, station: Station, role: Role) -> Actor:
    """Add an account of that role, and return who acts by it."""
    user = User(
        login=f"{role}-{station.slug}",
        role=role,
        station_id=station.id,
        password="-",
        fs_uniquifier=f"{role}-{station.slug}",
        created_at=TEST_MOMENT,
    )
    session.add(user)
    session.flush()
    return Actor(role, station.id, user.id)


def an_applicant(session: Session, head: Actor, **changes: object) -> Volunteer:
    """Open a file for a grown-up teacher."""
    values = {"name": "测试人", "kind": VolunteerKind.TEACHER, "birth_date": date(1990, 1, 1), **changes}
    assert head.station_id is not None
    return open_file(session, head, CLOCK, head.station_id, PersonDraft(**values), today=TODAY)  # type: ignore[arg-type]


def step(session: Session, head: Actor, row: Volunteer, what: Step, *, on: date = TODAY, note: str = "一句话") -> None:
    """Note a step of today."""
    note_step(session, head, CLOCK, row, what, happened_on=on, today=TODAY, note=note)


def check(session: Session, head: Actor, row: Volunteer, on: date = TODAY, *, passed: bool = True) -> Clearance:
    """Note a check of today that was passed."""
    draft = CheckDraft(on, passed, "测试派出所", "测1")
    return note_check(session, head, CLOCK, row, draft, today=TODAY)


def actions(session: Session, row: Volunteer) -> list[str]:
    """Return what the log says was done to somebody, in order."""
    found = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == row.id).order_by(AuditEntry.number))
    return [entry.action for entry in found]
