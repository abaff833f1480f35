"""`weibao audit`: whether the audit log is what was written."""

import os
from pathlib import Path

import click

from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.db.models import Station
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.services.audit_anchors import anchors_now, read_anchors, verify_all


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@reports_errors
def anchor(file: Path) -> None:
    """Add to FILE where the log of each station ends now; keep FILE elsewhere than the database."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        found = anchors_now(session, machine.clock.now())
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{one.to_line()}\n" for one in found)
        lines.flush()
        os.fsync(lines.fileno())
    say(Message("%(count)s anchors added to %(file)s.", {"count": len(found), "file": file}))


@audit.command()
@click.option("--anchors", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What “anchor” wrote.")
@reports_errors
def verify(anchors: Path | None) -> None:
    """Say whether entries were changed, reordered or taken away; with --anchors also whether the log was put back."""
    kept = () if anchors is None else read_anchors(anchors.read_text(encoding="utf-8"))
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.reading() as session:
        found = verify_all(session, kept)
        for station_id, broken in found.breaks:
            station = session.get(Station, station_id)
            say(
                Message(
                    "%(station)s, entry %(number)s: %(what)s",
                    {
                        "station": station.name if station else station_id,
                        "number": broken.number,
                        "what": broken.message,
                    },
                )
            )
    if found.breaks:
        raise SystemExit(1)
    say(
        Message(
            "%(entries)s entries of %(stations)s stations are as they were written.",
            {"entries": found.entries, "stations": found.stations},
        )
    )
