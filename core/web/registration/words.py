"""Registration in words: what a page of it says of places, offers and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.domain.errors import Message
from core.hooks.joining import Obstacle
from core.services.registration.prospects import Prospect
from core.web.text import say

_CONSENTS, _FILE, _EDIT = "consents.of_child", "children.page", "children.edit"
#: On which page an obstacle is cured, by its code; some pages are of the child, others of the term or of nobody.
_CURED_ON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_basis": _CONSENTS,
        "no_outing_consent": _CONSENTS,
        "no_consent": _CONSENTS,
        "no_grade": _EDIT,
        "grade": _EDIT,
        "age": _EDIT,
        "left": _FILE,
        "limit": _FILE,
        "not_of_class": _FILE,
        "restricted": "requests.listed",
        "not_open": "registration.term",
        "not_announced": "plans.listed",
    }
)
#: What the way there is called where the obstacle itself names no cure.
_COMPARE: Final = Message("Compare the file.")


@dataclass(frozen=True)
class Cure:
    """Where an obstacle is cured: the page, and what the way there is called where the obstacle doesn't say it."""

    endpoint: str
    address: str
    label: Message = _COMPARE


def cure_of(obstacle: Obstacle, child_id: UUID, term_id: UUID) -> Cure | None:
    """Return where an obstacle of a child is cured, None where nothing can be done about it."""
    endpoint = _CURED_ON.get(obstacle.code)
    if endpoint is None or (endpoint == "registration.term" and obstacle.cure is None):
        return None
    if endpoint == "registration.term":
        return Cure(endpoint, url_for(endpoint, term_id=term_id))
    if endpoint in {_CONSENTS, _FILE, _EDIT}:
        return Cure(endpoint, url_for(endpoint, child_id=child_id))
    return Cure(endpoint, url_for(endpoint))


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
