"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.parent_school.activities import ALONGSIDE, LECTURE


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of lectures; of counselling nothing is said."""
    if session.type_key != LECTURE.key:
        return None
    values = {
        "topic": session.settings.get("topic", session.title),
        "alongside": session.settings.get(ALONGSIDE.key),
    }
    if values["alongside"]:
        return SessionText(Message("Topic: %(topic)s. Children are looked after meanwhile in “%(alongside)s”.", values))
    return SessionText(Message("Topic: %(topic)s.", values))
