"""What can be asked of the program on the command line."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from core.plugin_api import FEWEST_CHILDREN, Clock, Message, PluginCommand
from plugins.character_ed.services import reached


def awards(session: Session, clock: Clock, _arguments: Mapping[str, str]) -> list[Message]:
    """Return for each award how many children have reached it, without naming anybody."""
    # At the station it may be the next day already.
    last = clock.now().date() + timedelta(days=1)
    lines = []
    for award, count in reached(session, last):
        values = {"award": award.name, "stamps": award.stamps, "count": count, "fewest": FEWEST_CHILDREN}
        if count >= FEWEST_CHILDREN:
            lines.append(Message("%(award)s (%(stamps)s stamps): %(count)s children", values))
        else:
            lines.append(Message("%(award)s (%(stamps)s stamps): fewer than %(fewest)s children", values))
    return lines or [Message("No awards have been entered: the back office takes them.")]


COMMANDS: Final = (PluginCommand("awards", Message("Tell how many children have reached each award."), awards),)
