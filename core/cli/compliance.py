"""`weibao compliance`: the evidence for the yearly audit of minors' data, as tables in one file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select

from core.cli.console import reports_errors, say, wording
from core.cli.installation import open_machine
from core.config import Settings
from core.db.models import Installation
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.services.compliance import compliance_of
from core.services.compliance_tables import as_zip


@click.command()
@click.argument("year", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def compliance(year: int, file: Path) -> None:
    """Write the figures of YEAR and the inventory of what is kept about people to FILE, a zip of Excel tables."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        zone = ZoneInfo(session.scalars(select(Installation.timezone)).one())
        found = compliance_of(session, SYSTEM, year, today=machine.clock.now().astimezone(zone).date(), zone=zone)
    machine.database.dispose()
    with file.open("xb") as out:
        out.write(as_zip(found, wording().say))
    say(
        Message(
            "The figures of %(year)s as of %(day)s are in %(file)s.", {"year": year, "day": found.day, "file": file}
        )
    )
