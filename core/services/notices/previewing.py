"""How each kind of notice reads, about a made-up session, before anybody is told anything."""

from typing import Final

from core.db.models import OutboxNotice
from core.domain.errors import Message
from core.domain.ids import new_id
from core.domain.notices import NoticeKind
from core.services.notices.letters import Pages, written
from core.services.notices.words import MOVED, Said
from core.services.wording import ENGLISH, Wording

_FACTS: Final[dict[str, str | int]] = {
    "starts_at": "2026-12-05T14:00",
    "ends_at": "2026-12-05T15:30",
    "before_starts_at": "2026-12-05T09:00",
    "before_ends_at": "2026-12-05T10:30",
    "until": "2026-12-02T18:00",
    "minutes": 90,
}
#: What only some kinds know.
_ONLY: Final = {
    "before_starts_at": {NoticeKind.DUTY_CHANGED, NoticeKind.TIMETABLE_CHANGED},
    "before_ends_at": {NoticeKind.DUTY_CHANGED, NoticeKind.TIMETABLE_CHANGED},
    "until": {NoticeKind.DUTY_ASKED, NoticeKind.SWAP_OFFERED, NoticeKind.CAMPAIGN_ASKED, NoticeKind.CAMPAIGN_REMINDER},
    "minutes": {NoticeKind.THANKS},
}
#: What isn't about one session.
_OF_NONE: Final = frozenset(
    {
        NoticeKind.CAMPAIGN_ASKED,
        NoticeKind.CAMPAIGN_REMINDER,
        NoticeKind.HOURS_PUBLISHED,
        NoticeKind.CERTIFICATE_READY,
    }
)


def preview(wording: Wording, kind: NoticeKind, site: str) -> tuple[str, str]:
    """Return the subject and the text of a notice of a kind; nothing is read from or written to the database."""
    facts = {name: value for name, value in _FACTS.items() if kind in _ONLY.get(name, {kind})}
    if kind in _OF_NONE:
        facts = {name: value for name, value in facts.items() if name == "until"}
    else:
        facts["title"] = wording.say(Message("Reading together"))
        facts["location"] = wording.say(Message("Community centre, room 1"))
    if kind is NoticeKind.TIMETABLE_CHANGED:
        facts["change"] = MOVED
    row = OutboxNotice(kind=kind, session_id=None if kind in _OF_NONE else new_id(), facts=facts)
    said = Said(facts, wording.language == ENGLISH)
    return written(Pages(site), wording, [(row, said)], wording.say(Message("The station's name and phone")))
