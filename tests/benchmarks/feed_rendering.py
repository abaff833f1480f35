"""How long a feed takes to be rendered, by its entries: `python -m tests.benchmarks.feed_rendering` prints a table.

Each row is the median of five; the second column of seconds, measured in the same run, is the feed rendered with a
single changed entry, so that the two can be compared whatever the machine does meanwhile.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from core.feeds.entry import Feed, FeedEntry, uid
from core.feeds.ics import render

SIZES = (10, 100, 500, 2_000)
RUNS = 5


def a_feed(size: int) -> Feed:
    """Return a feed of that many sessions, an hour apart."""
    first = datetime(2026, 11, 28, 9)  # noqa: DTZ001 (wall-clock time of the station)
    entries = tuple(
        FeedEntry(
            uid=uid("session", number, "benchmark"),
            sequence=0,
            starts_at=first + timedelta(hours=number),
            ends_at=first + timedelta(hours=number, minutes=90),
            timezone="Asia/Shanghai",
            title=f"活动{number}",
            changed_at=datetime(2026, 11, 22, tzinfo=UTC),
            location="青阳街道文体中心 阅览室",
            description=f"第{number}场",
            categories=("sst",),
        )
        for number in range(size)
    )
    return Feed(name="青阳街道", entries=entries, timezone="Asia/Shanghai")


def seconds(feed: Feed) -> float:
    """Return the median time of rendering it."""
    taken = []
    for _ in range(RUNS):
        started = perf_counter()
        render(feed)
        taken.append(perf_counter() - started)
    return median(taken)


def main() -> None:
    """Print the table."""
    print("| entries | bytes | seconds | seconds with one changed |")
    print("| ---: | ---: | ---: | ---: |")
    for size in SIZES:
        feed = a_feed(size)
        changed = replace(feed, entries=(replace(feed.entries[0], sequence=1), *feed.entries[1:]))
        print(f"| {size} | {len(render(feed))} | {seconds(feed):.3f} | {seconds(changed):.3f} |")


if __name__ == "__main__":
    main()
