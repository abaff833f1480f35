"""What can be asked on the command line: how many visits are due, never whose."""

from collections.abc import Mapping
from typing import Final

from core.plugin_api import Clock, Message, PluginCommand
from sqlalchemy.orm import Session

from weibao_home_visits.due import due_in, tally
from weibao_home_visits.months import Month


def _due(session: Session, clock: Clock, arguments: Mapping[str, str]) -> list[Message]:
    del clock
    month = Month.read(arguments["month"])
    found = tally(due_in(session, month))
    values = {
        "month": str(month),
        "due": found.due,
        "done": found.done,
        "planned": found.planned,
        "open": found.due - found.done - found.planned,
    }
    return [
        Message("%(month)s: %(due)s visits are due; %(done)s made, %(planned)s planned, %(open)s not planned.", values)
    ]


DUE: Final = PluginCommand(
    "due",
    Message("Count the visits that are due in a month."),
    _due,
    {"month": Message("The month, such as 2026-12.")},
)
