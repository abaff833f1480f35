"""What calendar entries say of sessions."""

from typing import Final

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.sst.activities import COMPANIONSHIP

_CATEGORY: Final = Message("Companionship")


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of family companionship; of closed groups nothing is said."""
    if session.type_key != COMPANIONSHIP.key:
        return None
    values = {
        "theme": session.settings.get("theme", session.title),
        "number": session.index + 1,
        "sessions": session.sessions,
    }
    if session.settings.get("video_call"):
        return SessionText(
            Message(
                "Together: %(theme)s. Parents who work away join by video call. Session %(number)s of %(sessions)s.",
                values,
            ),
            _CATEGORY,
        )
    if session.settings.get("with_guardians"):
        return SessionText(
            Message("Together: %(theme)s. Guardians take part. Session %(number)s of %(sessions)s.", values), _CATEGORY
        )
    return SessionText(Message("Together: %(theme)s. Session %(number)s of %(sessions)s.", values), _CATEGORY)
