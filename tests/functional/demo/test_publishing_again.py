"""A change in the plan, published again, as subscribers' calendars see it."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from core.cli.installation import Machine, open_machine
from core.config import Settings
from core.db.models import Activity, ActivitySession, Blackout
from core.db.models.activity import SessionStatus
from core.domain.actor import SYSTEM
from core.domain.calendar.closure import Closure
from core.domain.clock import SystemClock
from core.services.closures import close
from core.services.demo.workbook import DEMO_TERM
from tests.functional.demo.conftest import weibao

Entries = dict[str, tuple[bytes, int, str]]


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the demo that the test may change."""
    return Path(shutil.copytree(demo, tmp_path / "demo"))


def entries(folder: Path) -> dict[str, Entries]:
    """Return for each feed its entries by UID: their bytes, sequence and status."""
    return {path.name: _entries(path.read_bytes()) for path in sorted(folder.glob("*.ics"))}


def _entries(feed: bytes) -> Entries:
    raw = re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", feed, flags=re.DOTALL)
    events = Calendar.from_ical(feed).walk("VEVENT")
    assert len(raw) == len(events)
    return {
        str(event["UID"]): (block, int(event["SEQUENCE"]), str(event["STATUS"]))
        for block, event in zip(raw, events, strict=True)
    }


def disturb(machine: Machine) -> date:
    """Close the day on which most is held, and take a busy volunteer away for the rest; return the day."""
    with machine.writing() as session:
        held = session.scalars(select(ActivitySession).where(ActivitySession.status == SessionStatus.HELD)).all()
        days = [row.starts_at.date() for row in held if row.starts_at is not None]
        busiest = max(set(days), key=lambda day: (days.count(day), day))
        station = session.scalars(select(Activity.station_id)).first()
        assert station is not None
        close(
            session,
            SYSTEM,
            machine.clock,
            machine.hooks,
            station,
            Closure(busiest, busiest, "台风"),
            now=machine.wall_clock(),
        )
        assignment = next(one for row in held for one in row.assignments if row.starts_at.date() > busiest)
        leave = Blackout(volunteer_id=assignment.volunteer_id, first=busiest, last=date(2027, 2, 28))
        leave.station_id = assignment.volunteer.station_id
        session.add(leave)
    return busiest


@pytest.mark.verify
def test_subscribers_see_what_changed_and_nothing_else(copy: Path, tmp_path: Path) -> None:
    before = entries(copy / "feeds")
    machine = open_machine(Settings.in_directory(copy, demo=True), SystemClock())
    closed = disturb(machine)
    machine.database.dispose()
    for command in (("plan", "run", "--seconds", "3"), ("plan", "publish", "--yes")):
        done = weibao(*command, "--term", DEMO_TERM, WEIBAO_DIR=str(copy))
        assert done.returncode == 0, done.stderr
    assert weibao("feed", "export", tmp_path / "feeds", WEIBAO_DIR=str(copy)).returncode == 0
    after = entries(tmp_path / "feeds")

    assert before.keys() <= after.keys()
    untouched = changed = cancelled = 0
    for feed, earlier in before.items():
        assert earlier.keys() <= after[feed].keys(), "An entry that was published once stays."
        for uid, (block, sequence, _) in earlier.items():
            now, later, status = after[feed][uid]
            if now == block:
                untouched += 1
            else:
                changed += 1
                cancelled += status == "CANCELLED"
                assert later > sequence
    assert untouched > changed > 0
    assert cancelled > 0
    day = f"{closed:%Y%m%d}".encode()
    standing = [
        uid
        for feed in after.values()
        for uid, (block, _, status) in feed.items()
        if status != "CANCELLED" and b"Asia/Shanghai:" + day in block
    ]
    assert standing == [], "Nothing is held on the closed day."
