"""`weibao notices`: send what waits in the outbox; a server does it by itself."""

import click

from core.cli.console import reports_errors, say
from core.cli.installation import open_machine
from core.config import Settings
from core.daily import Work
from core.domain.clock import SystemClock
from core.domain.errors import Message
from core.posting import Sender, read_answers


@click.group()
def notices() -> None:
    """Notices to people about their sessions."""


@notices.command()
@reports_errors
def send() -> None:
    """Send now what may go now, once."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    sent = Sender(Work(machine.database, machine.clock, machine.settings), machine.hooks).send_due()
    machine.database.dispose()
    say(Message("Messages sent: %(count)s", {"count": sent}))


@notices.command()
@reports_errors
def answers() -> None:
    """Read answers to invitations from the mailbox, if one is set."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    read = read_answers(Work(machine.database, machine.clock, machine.settings))
    machine.database.dispose()
    say(Message("Answers read: %(count)s", {"count": read}))
