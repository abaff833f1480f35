"""What `weibao demo --no-serve` leaves: an audited plan, feeds that calendar programs read, and nothing of a child."""

import json
import subprocess
import warnings
from collections import Counter
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from core.hooks.manager import load_hooks
from core.services.demo.workbook import demo_content
from tests.functional.demo.conftest import ROOT, weibao
from tests.unit.planning.referee import judge

NODE_PACKAGES = ROOT / "core/web/frontend/package.json"
READER = Path(__file__).parent / "read_feeds.mjs"


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def feeds(folder: Path, kind: str) -> list[Path]:
    found = sorted((folder / "feeds").glob(f"{kind}-*.ics"))
    assert found
    return found


def standing(path: Path) -> list[Any]:
    calendar = Calendar.from_ical(path.read_bytes())
    assert not calendar.errors
    return [event for event in calendar.walk("VEVENT") if event["STATUS"] != "CANCELLED"]


def test_the_independent_judge_calls_the_plan_valid(demo: Path) -> None:
    verdict = judge(read_json(demo / "problem.json"), read_json(demo / "plan.json"))
    assert verdict["valid"], verdict["first_broken"]


def test_the_planted_shortage_is_told(demo: Path) -> None:
    """A planner that had little time may leave out more, and says so; that the demo holds all else takes `verify`."""
    summary = read_json(demo / "summary.json")
    assert summary["session_count"] - summary["held"] <= len(summary["shortfalls"])
    assert planted(summary)


@pytest.mark.verify
def test_everything_is_held_but_the_planted_shortage(tmp_path: Path) -> None:
    done = weibao("demo", "--no-serve", "--dir", tmp_path / "demo", "--seconds", "45")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = read_json(tmp_path / "demo/summary.json")
    assert len(planted(summary)) == len(summary["shortfalls"]) <= 4
    assert all(short["verified"] for short in summary["shortfalls"])


def planted(summary: Any) -> list[Any]:
    """Return what is short for want of a counsellor, on the weekend on which all but one are away."""
    return [short for short in summary["shortfalls"] if "ounsel" in short["reason"]]


def test_volunteers_calendars_hold_the_assignments_of_the_plan(demo: Path) -> None:
    plan = read_json(demo / "plan.json")
    duties = Counter(
        (person, row["start"]) for row in plan["sessions"] for people in row["staff"].values() for person in people
    )
    said = Counter(
        (path.stem.removeprefix("volunteer-"), event.start.isoformat()[:16])
        for path in feeds(demo, "volunteer")
        for event in standing(path)
    )
    assert said == Counter({(person.replace("-", ""), start): n for (person, start), n in duties.items()})


def test_rooms_calendars_hold_the_sessions_held_in_a_room(demo: Path) -> None:
    plan = read_json(demo / "plan.json")
    held = Counter((row["room"].replace("-", ""), row["start"]) for row in plan["sessions"] if row["room"])
    said = Counter(
        (path.stem.removeprefix("room-"), event.start.isoformat()[:16])
        for path in feeds(demo, "room")
        for event in standing(path)
    )
    assert said == held


def test_vobject_reads_every_calendar_without_a_warning(demo: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in feeds(demo, "*"):
            calendar = vobject.readOne(path.read_text(encoding="utf-8"))
            assert len(calendar.vevent_list) == len(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_ical_js_reads_every_calendar_as_icalendar_does(demo: Path) -> None:
    paths = feeds(demo, "*")
    done = subprocess.run(["node", READER, NODE_PACKAGES, *paths], capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    assert read["warnings"] == []
    assert done.stderr == ""
    for path, events in zip(paths, read["feeds"], strict=True):
        ours = {str(event["UID"]): event for event in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
        assert {event["uid"] for event in events} == set(ours)
        for event in events:
            mine = ours[event["uid"]]
            assert event["summary"] == str(mine["SUMMARY"])
            assert event["zone"] == "Asia/Shanghai"
            assert event["start"][:16] == mine.start.isoformat()[:16]
            assert event["utc"][:16] == mine.start.astimezone(UTC).isoformat()[:16]


@pytest.fixture(scope="module")
def secrets() -> set[bytes]:
    """Return what the demo's workbook holds of children and guardians: names, ID numbers, phones."""
    content = demo_content(load_hooks())
    texts = {text for row in content.children for text in (row.name, row.id_number)}
    texts |= {text for row in content.guardians for text in (row.name, row.phone)}
    return {text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le", "gb18030")}


def test_nothing_of_a_child_lies_in_any_file(demo: Path, secrets: set[bytes]) -> None:
    assert len(secrets) > 500
    files = [path for path in demo.rglob("*") if path.is_file()]
    assert {"weibao.db", "plan.json", "problem.json", "summary.json"} <= {path.name for path in files}
    for path in [*files, demo.parent / "demo.log"]:
        content = path.read_bytes()
        found = [secret for secret in secrets if secret in content]
        assert not found, f"{path} holds {len(found)} of them"


def test_a_second_run_keeps_the_data(demo: Path) -> None:
    before = {path: path.read_bytes() for path in demo.rglob("*.json")}
    done = weibao("demo", "--no-serve", "--dir", demo)
    assert done.returncode == 0, done.stderr
    assert before == {path: path.read_bytes() for path in demo.rglob("*.json")}
