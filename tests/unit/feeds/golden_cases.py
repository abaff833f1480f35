"""Feeds of which every byte is kept in `golden/`: `python -m tests.unit.feeds.golden_cases` writes them anew.

The pairs `moved-…` and `…-cancelled` are the same entries before and after, as a calendar program sees them.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from core.domain.position import Position
from core.feeds.entry import EntryStatus, Feed, FeedEntry
from core.feeds.ics import render

GOLDEN: Final = Path(__file__).with_name("golden")
_MADE: Final = datetime(2026, 11, 1, 8, 30, 15, tzinfo=UTC)
_LONG: Final = "请带水杯、铅笔和一本自己喜欢的书；下雨天在二楼阅览室，家长在一楼等候区等候，不用上楼。" * 4

_READING: Final = FeedEntry(
    uid="duty-01a207f9fb327523b05cfe028e1790c4@01a207f9fb2d7cff9d520a37b4b2d0db",
    sequence=0,
    starts_at=datetime(2026, 12, 5, 9),  # noqa: DTZ001 - wall-clock time of the station
    ends_at=datetime(2026, 12, 5, 10, 30),  # noqa: DTZ001
    timezone="Asia/Shanghai",
    title="亲子阅读",
    changed_at=_MADE,
    location="青阳街道文体中心 阅览室",
    description="第1场，共4场\n课后陪伴：写作业、读书。",
    categories=("周末陪伴", "陪伴"),
    url="https://weibao.example/sessions/01a207f9-fb32-7cf9-a1ca-8c2716b48b52",
    color="teal",
    position=Position(31.2304, 121.4737),
)
_CHESS: Final = replace(
    _READING,
    uid="duty-01a207f9fb327640998f7be50578e314@01a207f9fb2d7cff9d520a37b4b2d0db",
    starts_at=_READING.starts_at + timedelta(days=1),
    ends_at=_READING.ends_at + timedelta(days=1),
    title="象棋, 初级; 第\\n组",
    position=None,
    location=None,
)


def _changed(entry: FeedEntry, **changes: object) -> FeedEntry:
    """Return the entry as it is after one published change."""
    values = {"sequence": entry.sequence + 1, "changed_at": entry.changed_at + timedelta(days=3), **changes}
    return replace(entry, **values)  # type: ignore[arg-type]


def _moved(entry: FeedEntry, by: timedelta) -> FeedEntry:
    return _changed(entry, starts_at=entry.starts_at + by, ends_at=entry.ends_at + by)


def _feed(*entries: FeedEntry, timezone: str = "Asia/Shanghai", alarm: timedelta | None = None) -> Feed:
    return Feed(
        name="青阳未保站 · 例志愿者", entries=entries, timezone=timezone, url="https://weibao.example", alarm=alarm
    )


#: The night before the clocks go forward, and 23:30, which a move by a day takes over it.
_BERLIN: Final = replace(
    _READING,
    timezone="Europe/Berlin",
    starts_at=datetime(2027, 3, 27, 22, 30),  # noqa: DTZ001
    ends_at=datetime(2027, 3, 27, 23, 30),  # noqa: DTZ001
)
_ENGLISH: Final = replace(
    _READING,
    title="Station activity",
    description="Session 1 of 4\nCompanionship after school.",
    categories=("Weekend companionship", "Companionship"),
)

CASES: Final = {
    "new": _feed(_READING, _CHESS),
    "moved": _feed(_moved(_READING, timedelta(days=15, hours=-15)), _CHESS),
    "cancelled": _feed(_changed(_READING, status=EntryStatus.CANCELLED), _CHESS),
    "tentative": _feed(replace(_READING, status=EntryStatus.TENTATIVE), _CHESS),
    "moved-across-clocks": _feed(_moved(_BERLIN, timedelta(days=1)), timezone="Europe/Berlin"),
    "before-the-clocks": _feed(_BERLIN, timezone="Europe/Berlin"),
    "long": _feed(replace(_READING, title=_LONG[:190], description=_LONG, location=f'{_LONG[:60]}“A"B”')),
    "alarms": _feed(_READING, _changed(_CHESS, status=EntryStatus.CANCELLED), alarm=timedelta(days=1)),
    "alarm-at-the-start": _feed(_READING, alarm=timedelta(0)),
    "english": _feed(_ENGLISH, alarm=timedelta(minutes=30)),
    "empty": _feed(),
}


def path_of(case: str) -> Path:
    """Return where a case's bytes are kept."""
    return GOLDEN / f"{case}.ics"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for case, feed in CASES.items():
        path_of(case).write_bytes(render(feed))
