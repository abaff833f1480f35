"""What hangs on a child for having been at a session."""

from typing import Any
from uuid import UUID

from core.db.base import OfAChild
from core.db.models import Attendance, Handover
from core.domain.vocabulary import Presence
from core.testing import TEST_MOMENT

#: The tables whose rows `attended` gives.
ATTENDED = {Attendance, Handover}


def attended(held: UUID, **own: Any) -> list[OfAChild]:
    """Return a row of each table for a child who was at a session; the caller adds them."""
    return [
        Attendance(session_id=held, presence=Presence.PRESENT, noted_at=TEST_MOMENT, **own),
        Handover(session_id=held, noted_at=TEST_MOMENT, **own),
    ]
