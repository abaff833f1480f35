"""Entries and feeds refuse what no calendar could show."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.feeds.entry import Feed, FeedEntry, uid

START = datetime(2027, 1, 25, 9)  # noqa: DTZ001 - wall-clock time of the station


def an_entry(**changes: object) -> FeedEntry:
    values: dict[str, object] = {
        "uid": "session-1@demo",
        "sequence": 0,
        "starts_at": START,
        "ends_at": START + timedelta(hours=1),
        "timezone": "Asia/Shanghai",
        "title": "Reading",
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return FeedEntry(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_at": START}, "after"),
        ({"starts_at": START.replace(tzinfo=UTC)}, "naive"),
        ({"ends_at": START.replace(tzinfo=UTC)}, "naive"),
        ({"changed_at": START}, "aware"),
        ({"sequence": -1}, "from 0"),
    ],
)
def test_an_entry_that_no_calendar_could_show_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        an_entry(**changes)


def test_a_uid_stands_once_in_a_feed() -> None:
    with pytest.raises(ValueError, match="once"):
        Feed("Reading", (an_entry(), an_entry(sequence=1)), "Asia/Shanghai")


@pytest.mark.parametrize("refresh", [timedelta(0), timedelta(seconds=90), timedelta(hours=-1)])
def test_a_refresh_interval_is_whole_minutes(refresh: timedelta) -> None:
    with pytest.raises(ValueError, match="minutes"):
        Feed("Reading", (), "Asia/Shanghai", refresh=refresh)


def test_a_uid_is_made_of_kind_id_and_installation() -> None:
    identifier = UUID("019a3c1e-7a52-7000-8000-000000000001")
    assert uid("session", identifier, "b7f2") == "session-019a3c1e-7a52-7000-8000-000000000001@b7f2"


@pytest.mark.parametrize("identifier", ["", "a b", "a@b", "a\r\nb", "阅读"])
def test_a_uid_of_other_characters_is_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="uid"):
        uid("session", identifier, "b7f2")
