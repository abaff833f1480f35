"""The code at the door: it changes every half minute, so a picture of it is of no use to who isn't there.

It is a keyed digest of the session and the time, which any server of the installation makes alike; nothing is stored.
"""

import base64
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession, VolunteerPresence
from core.db.session import vault_of
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.services.attendance import find_held_session
from core.services.door import come, leave

STEP: Final = timedelta(seconds=30)
#: For so many steps a code counts besides its own: who scans it needs a moment to open the page and sign in.
_LATER: Final = 3
_PURPOSE: Final = "door"
_LENGTH: Final = 12
#: From so long before the session and until so long after it there is a code.
_AROUND: Final = timedelta(hours=2)


def code_of(session: Session, held: ActivitySession, moment: datetime) -> str:
    """Return the code of a session at an aware moment."""
    return _code(session, held.id, _step(moment))


def is_open(held: ActivitySession, now: datetime) -> bool:
    """Tell whether people check in by code at a wall-clock time: two hours before the session to two after."""
    if held.starts_at is None or held.ends_at is None:
        return False
    return held.starts_at - _AROUND <= now <= held.ends_at + _AROUND


def find_by_code(session: Session, clock: Clock, session_id: UUID, code: str, *, now: datetime) -> ActivitySession:
    """Return the session at whose door a code is shown; NotFoundError for a code that isn't, or isn't any more."""
    held = find_held_session(session, session_id)
    step = _step(clock.now())
    shown = [compare_digest(_code(session, held.id, step - back), code) for back in range(_LATER + 1)]
    if not any(shown) or not is_open(held, now):
        raise NotFoundError(Message("This code has run out: scan the one that is shown at the door now."))
    return held


def check_in(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, code: str, *, now: datetime
) -> VolunteerPresence:
    """Note that the volunteer who is signed in is here, or back; NotAssignableError for who may not serve that day."""
    return come(session, actor, clock, *_who(session, actor, clock, session_id, code, now), now=now)


def check_out(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, code: str, *, now: datetime
) -> VolunteerPresence:
    """Note that the volunteer who is signed in goes."""
    return leave(session, actor, clock, *_who(session, actor, clock, session_id, code, now), now=now)


def _who(session: Session, actor: Actor, clock: Clock, session_id: UUID, code: str, now: datetime) -> tuple[UUID, UUID]:
    if actor.volunteer_id is None:
        raise ConflictError(Message("Your account has no file as a volunteer: ask the station."))
    return find_by_code(session, clock, session_id, code, now=now).id, actor.volunteer_id


def _step(moment: datetime) -> int:
    return int(moment.timestamp() // STEP.total_seconds())


def _code(session: Session, session_id: UUID, step: int) -> str:
    digest = vault_of(session).blind_index(_PURPOSE, f"{session_id.hex}-{step}")
    return base64.b32encode(digest).decode()[:_LENGTH].lower()
