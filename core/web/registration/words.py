"""Registration in words: what a page of it says of places, offers and refusals."""

from flask_babel import gettext as _
from flask_babel import ngettext

from core.hooks.joining import Obstacle
from core.services.registration.prospects import Prospect
from core.web.text import say


def room_left(prospect: Prospect) -> str:
    """Return how an activity stands for somebody new."""
    if prospect.free:
        text: str = ngettext("%(num)s place free", "%(num)s places free", prospect.free)
        return text
    if prospect.waiting:
        waits: str = ngettext("full, %(num)s child waits", "full, %(num)s children wait", prospect.waiting)
        return waits
    full: str = _("full: the child would wait")
    return full


def because(obstacle: Obstacle) -> str:
    """Return why not, with what would help."""
    return " ".join(say(part) for part in (obstacle.reason, obstacle.cure) if part is not None)
