"""The same calendars as files: for nginx one a calendar, zipped beside; for Radicale one an entry, as it keeps them."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from core.db.models.feed import FeedKind
from core.db.session import Database
from core.domain.actor import EVERYTHING
from core.domain.clock import SystemClock
from core.feeds.ics import render
from core.hooks.manager import load_hooks
from core.security.vault import Vault
from core.services.feeds import FeedAddress, Reader, feed_of
from tests.benchmarks.feeds.volunteers import Subscribed

_EVENT: Final = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)


def keep(subscribed: Subscribed, folder: Path, count: int) -> tuple[list[str], list[str]]:
    """Write the first calendars below `files` and `radicale` in a folder; return their paths with either."""
    files, collections = folder / "files" / "feeds", folder / "radicale" / "collection-root" / "bench"
    for one in (files, collections):
        one.mkdir(parents=True)
    database = Database(subscribed.settings.database_url, Vault.of_file(subscribed.settings.key_file))
    with database.reading(EVERYTHING) as session:
        for token, content in _calendars(session, subscribed, subscribed.tokens[:count]):
            (files / f"{token}.ics").write_bytes(content)
            (files / f"{token}.ics.gz").write_bytes(gzip.compress(content, mtime=0))
            _keep_for_radicale(collections / token, content)
    database.dispose()
    tokens = subscribed.tokens[:count]
    return [f"/feeds/{token}.ics" for token in tokens], [f"/bench/{token}/" for token in tokens]


def _calendars(session: Session, subscribed: Subscribed, tokens: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    clock, hooks = SystemClock(), load_hooks()
    for token in tokens:
        volunteer = token.partition("-")[0]
        address = FeedAddress(subscribed.station_of[volunteer], FeedKind.VOLUNTEER, volunteer)
        yield token, render(feed_of(session, clock, hooks, address, Reader(site=subscribed.settings.base_url)))


def _keep_for_radicale(collection: Path, content: bytes) -> None:
    """Write a file for each entry, with the head of the calendar and its time zone, as a client would have put them."""
    collection.mkdir()
    (collection / ".Radicale.props").write_text(json.dumps({"tag": "VCALENDAR"}), encoding="utf-8")
    events = _EVENT.findall(content)
    head = content.partition(b"BEGIN:VEVENT")[0]
    for number, event in enumerate(events):
        (collection / f"{number:03}.ics").write_bytes(head + event + b"END:VCALENDAR\r\n")
