"""`weibao children`: what is done of files without anybody looking at them."""

import click

from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.domain.actor import SYSTEM
from core.domain.clock import SystemClock, wall_clock
from core.domain.errors import Message
from core.services.children.moving import mark_grown_up


@click.group()
def children() -> None:
    """Keep the files of children."""


@children.command(name="grown-up")
@reports_errors
def turned_18() -> None:
    """Note of all who have turned 18 that they have left; meant to be run every day."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    today = wall_clock(machine.clock, machine.settings.timezone).date()
    with machine.writing() as session:
        count = mark_grown_up(session, SYSTEM, machine.clock, today)
    say(Message("%(count)s children have turned 18 and left.", {"count": count}))
