"""`weibao notices`: send what waits in the outbox, read answers, try a way out; servers do the first two themselves."""

from typing import NoReturn

import click

from core.cli.console import complain, reports_errors, say, wording
from core.cli.installation import open_machine
from core.config import Settings
from core.couriers.all import couriers_of
from core.couriers.letter import Letter, NotDeliveredError
from core.daily import Work
from core.domain.clock import SystemClock
from core.domain.errors import ConflictError, Message
from core.domain.ids import new_id
from core.domain.notices import Channel
from core.posting import Sender, read_answers
from core.services.notices.outbox import hold


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
    try:
        read = read_answers(Work(machine.database, machine.clock, machine.settings), machine.hooks)
    except NotDeliveredError as error:
        _fail(error)
    finally:
        machine.database.dispose()
    say(Message("Answers read: %(count)s", {"count": read}))


@notices.command(name="hold")
@reports_errors
def hold_back() -> None:
    """Let nothing that waits go by itself, after a database was put back by its own tools: the station decides."""
    machine = open_machine(Settings.from_environment(), SystemClock())
    with machine.writing() as session:
        held = hold(session)
    machine.database.dispose()
    say(Message("Notices held back, since they may have been sent already: %(count)s.", {"count": held}))


@notices.command(name="try")
@click.argument("channel", type=click.Choice([channel.value for channel in Channel]))
@click.argument("to", default="")
@reports_errors
def try_out(channel: str, to: str) -> None:
    """Send a line by CHANNEL to the address, number or member TO, to see whether it is set up right."""
    courier = couriers_of(Settings.from_environment().notices).get(Channel(channel))
    if courier is None:
        raise ConflictError(Message("This way isn't set up: see core/docs/notices.md for the variables."))
    words = wording().say(Message("This is a try: it arrives, so the way is set up right."))
    values: dict[str, str | int] = {"what": words, "title": words, "when": words, "count": 1}
    letter = Letter(new_id().hex, SystemClock().now(), to, "try", words, words, values)
    try:
        courier.deliver(letter)
    except NotDeliveredError as error:
        _fail(error)
    say(Message("It was taken."))


def _fail(error: NotDeliveredError) -> NoReturn:
    complain(Message("The other machine didn't take part: %(code)s", {"code": error.code}))
    raise SystemExit(1) from error
