"""A guardian's copy tells what programs keep of the child: days, numbers and words, and none of their texts."""

import json
from datetime import date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.db.models import ActivitySession
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.errors import Message
from plugins.parent_school.models import Booking, FamilyAttendance
from plugins.sst.models import Answers, Occasion
from tests.functional.browsing import Browser
from tests.functional.county import County, MovingClock
from tests.functional.test_desk_pages import SignIn
from tests.translated import in_chinese

SCORES = "55443"


@pytest.fixture(scope="session")
def plugins() -> tuple[str, ...]:
    """Return the keys of two programs that keep something of a child."""
    return ("parent_school", "sst")


@pytest.fixture
def head(sign_in: SignIn) -> Browser:
    return sign_in(Role.HEAD)


def test_of_programs_a_copy_tells_days_numbers_and_words(
    head: Browser, county: County, database: Database, clock: MovingClock
) -> None:
    ids = {"station_id": county.here.station, "child_id": county.here.child}
    with database.writing(EVERYTHING) as session:
        held = session.scalars(select(ActivitySession).where(ActivitySession.id == county.here.session)).one()
        told = datetime(2026, 11, 28, 9, 30)  # noqa: DTZ001 (the station's wall clock)
        session.add(Booking(session_id=held.id, agreed_for=told, booked_at=clock.now(), **ids))
        session.add(FamilyAttendance(session_id=held.id, adults=2, noted_at=clock.now(), **ids))
        answers = {"activity_id": held.activity_id, "occasion": Occasion.BEFORE, "answered_on": date(2026, 11, 2)}
        session.add(Answers(scores=SCORES, **answers, **ids))
    new = f"/requests/child/{county.here.child}/new"
    sent = {"guardian": str(county.here.guardian), "kind": "copy", "how": "desk", "received_on": "2026-11-02"}
    page = str(head.send(new, sent).location)
    content = head.send(f"{page}/copy/json", {}, seen_on=page).data
    sections = json.loads(content)["sections"]
    (booked,) = sections["parent_school_bookings"]
    assert booked["agreed_for"] == "2026-11-28T09:30"
    assert set(booked) == {"agreed_for", "booked_at"}
    (family,) = sections["parent_school_attendance"]
    assert family["adults"] == "2"
    assert sections["sst_answers"] == [{"occasion": Occasion.BEFORE.value, "answered_on": "2026-11-02"}]
    assert SCORES.encode() not in content
    pages = PdfReader(BytesIO(head.send(f"{page}/copy/pdf", {}, seen_on=page).data)).pages
    printed = "".join("".join(page.extract_text().split()) for page in pages)
    for program in ("parent_school", "sst"):
        assert in_chinese(Message("Kept by the program %(program)s", {"program": program})) in printed
    assert "agreed_for" in printed
