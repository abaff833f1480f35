"""`weibao feed`: write every feed as an iCalendar file."""

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy.orm import Session

from core.cli.console import reports_errors, say
from core.cli.installation import Machine, open_machine
from core.config import Settings
from core.db.models.feed import FeedKind
from core.db.queries import feeds as queries
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.feeds.ics import render
from core.services.feeds import FeedAddress, feed_of


@click.group()
def feed() -> None:
    """Calendar feeds."""


@feed.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@reports_errors
def export(directory: Path) -> None:
    """Write every feed that says anything into DIRECTORY, a file each."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    say(Message("%(count)s feeds written.", {"count": export_feeds(machine, directory)}))


def export_feeds(machine: Machine, directory: Path) -> int:
    """Write the feeds as `<kind>-<subject>.ics` and return how many there are."""
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    with machine.reading() as session:
        for address in _addresses(session):
            name = f"{address.kind.value}-{address.subject}.ics"
            if address.kind is FeedKind.PROGRAM:
                name = f"program-{address.subject}-{address.station_id.hex}.ics"
            (directory / name).write_bytes(render(feed_of(session, machine.clock, machine.hooks, address)))
            count += 1
    return count


def _addresses(session: Session) -> Iterator[FeedAddress]:
    for station_id, kind, subject in session.execute(queries.feeds_that_speak()):
        yield FeedAddress(station_id, kind, subject)
