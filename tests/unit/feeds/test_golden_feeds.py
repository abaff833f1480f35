"""Golden calendars: the same bytes for ever, and five parsers that take the same from them without a warning."""

import json
import shutil
import subprocess
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.ics import render
from tests.unit.feeds.golden_cases import CASES, GOLDEN, path_of
from tests.unit.feeds.libical import libical, read

ROOT = Path(__file__).parents[3]
ICAL_JS = ROOT / "tests/functional/demo/read_feeds.mjs"
SABRE = Path(__file__).with_name("read_sabre.php")
MISSING = "isn't there: run .ci/calendars, or install what it names"

Understood = list[dict[str, Any]]
#: What parsers give: what each took from each case, by the case's name.
Reading = Callable[[], dict[str, Understood]]


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_golden_feed_is_rendered_byte_by_byte(case: str) -> None:
    assert render(CASES[case]) == path_of(case).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(CASES)


def by_icalendar() -> dict[str, Understood]:
    """Read with the library that wrote them, which notes each error it meets."""
    found = {}
    for case in CASES:
        calendar = icalendar.Calendar.from_ical(path_of(case).read_bytes())
        assert [part.errors for part in calendar.walk()] == [[]] * len(calendar.walk())
        found[case] = [
            {
                "uid": str(event["UID"]),
                "sequence": event["SEQUENCE"],
                "status": str(event["STATUS"]),
                "summary": str(event["SUMMARY"]),
                "description": str(event["DESCRIPTION"]),
                "location": str(event.get("LOCATION", "")),
                "categories": [str(one) for one in event["CATEGORIES"].cats],
                "utc": event.start.astimezone(UTC).isoformat(),
                "until": event.end.astimezone(UTC).isoformat(),
                "alarms": [alarm["TRIGGER"].dt.total_seconds() for alarm in event.walk("VALARM")],
            }
            for event in calendar.walk("VEVENT")
        ]
    return found


def by_vobject() -> dict[str, Understood]:
    """Read with vobject, where a warning is an error."""
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for case in CASES:
            calendar = vobject.readOne(path_of(case).read_text(encoding="utf-8"))
            found[case] = [
                {
                    "uid": event.uid.value,
                    "sequence": int(event.sequence.value),
                    "status": event.status.value,
                    "summary": event.summary.value,
                    "description": event.description.value,
                    "location": event.location.value if hasattr(event, "location") else "",
                    "categories": event.categories.value,
                    "utc": event.dtstart.value.astimezone(UTC).isoformat(),
                    "until": event.dtend.value.astimezone(UTC).isoformat(),
                    "alarms": [alarm.trigger.value.total_seconds() for alarm in event.contents.get("valarm", [])],
                }
                for event in calendar.contents.get("vevent", [])
            ]
    return found


def by_ical_js() -> dict[str, Understood]:
    """Read with ical.js, the parser of Thunderbird and Nextcloud."""
    return _by_program("node", ICAL_JS, ROOT / "core/web/frontend/package.json")


def by_sabre() -> dict[str, Understood]:
    """Read with sabre/vobject, the parser of Nextcloud's and Baïkal's servers, and have it validate."""
    assert shutil.which("php"), f"PHP {MISSING}"
    assert Path("/usr/share/php/Sabre/VObject").is_dir(), f"sabre/vobject {MISSING}"
    return _by_program("php", SABRE)


def _by_program(*command: str | Path) -> dict[str, Understood]:
    done = subprocess.run([*command, *map(path_of, CASES)], capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert said["warnings"] == []
    assert done.stderr == ""
    return dict(zip(CASES, said["feeds"], strict=True))


def by_libical() -> dict[str, Understood]:
    """Read with libical, and have it check what RFC 5545 restricts."""
    lib = libical()
    assert lib is not None, f"libical {MISSING}"
    found = {case: read(lib, path_of(case).read_bytes()) for case in CASES}
    assert {case: errors for case, (_, errors) in found.items() if errors} == {}
    return {case: events for case, (events, _) in found.items()}


READERS = [
    by_icalendar,
    by_vobject,
    by_ical_js,
    pytest.param(by_sabre, marks=pytest.mark.verify),
    pytest.param(by_libical, marks=pytest.mark.verify),
]


@pytest.mark.parametrize("reading", READERS)
def test_each_parser_takes_from_a_feed_what_it_says(reading: Reading) -> None:
    read_by = reading()
    for case, feed in CASES.items():
        # Entries stand by time in a feed.
        entries = sorted(feed.entries, key=lambda entry: (entry.starts_at, entry.uid))
        wanted = [said(entry, feed) for entry in entries]
        found = [understood(event) for event in read_by[case]]
        assert found == [{key: one[key] for key in event} for one, event in zip(wanted, found, strict=True)], case


@pytest.mark.parametrize("reading", READERS)
def test_each_parser_knows_a_moved_and_a_cancelled_entry_as_the_same_one(reading: Reading) -> None:
    read_by = reading()
    new = {event["uid"]: event for event in read_by["new"]}
    for case, status in (("moved", "CONFIRMED"), ("cancelled", "CANCELLED")):
        assert {event["uid"] for event in read_by[case]} == new.keys()
        changed = [event for event in read_by[case] if event["sequence"] > new[event["uid"]]["sequence"]]
        assert [event["status"].upper() for event in changed] == [status]
        assert (understood(changed[0])["utc"] == understood(new[changed[0]["uid"]])["utc"]) is (case == "cancelled")


def said(entry: FeedEntry, feed: Feed) -> dict[str, Any]:
    """Return what an entry says, as parsers are to understand it."""
    zone = ZoneInfo(entry.timezone)
    reminds = feed.alarm is not None and entry.status is not EntryStatus.CANCELLED
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "status": entry.status.value.upper(),
        "summary": entry.title,
        "description": entry.description,
        "location": entry.location or "",
        "categories": list(entry.categories),
        "utc": entry.starts_at.replace(tzinfo=zone).astimezone(UTC),
        "until": entry.ends_at.replace(tzinfo=zone).astimezone(UTC),
        "alarms": [-feed.alarm.total_seconds()] if reminds and feed.alarm is not None else [],
    }


def understood(event: dict[str, Any]) -> dict[str, Any]:
    """Return what a parser took, with moments as such; without what it has no words for."""
    moments = {key: datetime.fromisoformat(event[key]) for key in ("utc", "until")}
    moments = {key: value.replace(tzinfo=value.tzinfo or UTC) for key, value in moments.items()}
    return {
        **{key: event[key] for key in event if key not in {"start", "zone"}},
        **moments,
        "location": event["location"] or "",
    }
