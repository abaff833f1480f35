"""`weibao daily`: what has to be done every day; a server does it by itself after three in the morning."""

import click

from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.daily import Work, carry_out
from core.domain.clock import SystemClock
from core.domain.errors import Message

_PARTS = {
    "adults": Message("Children who turned 18 and left"),
    "retention": Message("Records kept long enough"),
    "invitations": Message("Invitations that ran out"),
    "busy_times": Message("Busy times that are over"),
    "ledger": Message("Lines for the ledger of what was erased"),
}


@click.command()
@reports_errors
def daily() -> None:
    """Do now what has to be done today, and once more what has failed today."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    results = carry_out(Work(machine.database, machine.clock, machine.settings), again=True)
    machine.database.dispose()
    if not results:
        say(Message("Nothing is left to do today."))
        return
    for name, result in results.items():
        if isinstance(result, str):
            say(Message("%(part)s: failed (%(kind)s)", {"part": _PARTS[name], "kind": result}))
        else:
            say(Message("%(part)s: %(count)s", {"part": _PARTS[name], "count": result}))
    if any(isinstance(result, str) for result in results.values()):
        raise SystemExit(1)
