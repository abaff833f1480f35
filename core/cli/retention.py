"""`weibao retention`: what has been kept long enough, shown before it goes and let go."""

from functools import partial
from zoneinfo import ZoneInfo

import click

from core.cli.backups import keep_ledger
from core.cli.console import reports_errors, say, wording
from core.cli.installation import open_machine
from core.config import Settings
from core.db.models import Station
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.domain.retention import RULES
from core.services import retention as services


@click.group()
def retention() -> None:
    """How long data is kept."""


@retention.command()
@reports_errors
def preview() -> None:
    """List by number what goes within 30 days; nothing is changed."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        found = services.preview(session, SYSTEM, machine.wall_clock().date())
        stations = {one.station_id: session.get_one(Station, one.station_id).name for one in found}
    machine.database.dispose()
    for one in found:
        click.echo(f"{one.goes_on}\t{stations[one.station_id]}\t{wording().say(RULES[one.data].label)}\t{one.number}")
    say(Message("%(count)s files go within 30 days.", {"count": len(found)}))


@retention.command()
@reports_errors
def run() -> None:
    """Let go now what has been kept long enough; a server does it every day by itself."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    try:
        done = services.run_retention(
            partial(machine.database.writing, EVERYTHING), machine.clock, ZoneInfo(machine.settings.timezone)
        )
        for data, count in done.items():
            say(Message("%(part)s: %(count)s", {"part": RULES[data].label, "count": count}))
    finally:
        # What was erased before something failed belongs into the ledger all the same.
        keep_ledger(machine)
        machine.database.dispose()
