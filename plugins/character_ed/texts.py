"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.character_ed.activities import SERVICE_DAY, VIRTUE_WORKSHOP


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of the program's sessions, None for those of others."""
    if session.type_key == VIRTUE_WORKSHOP.key:
        return SessionText(_workshop(session))
    if session.type_key == SERVICE_DAY.key:
        return SessionText(_service_day(session))
    return None


def _workshop(session: SessionOutline) -> Message:
    values = {
        "virtue": session.settings.get("virtue", session.title),
        "number": session.index + 1,
        "sessions": session.sessions,
    }
    if session.settings.get("practice_card") and session.index:
        return Message(
            "Virtue: %(virtue)s. Workshop %(number)s of %(sessions)s; bring the practice card of the last one.", values
        )
    return Message("Virtue: %(virtue)s. Workshop %(number)s of %(sessions)s.", values)


def _service_day(session: SessionOutline) -> Message:
    values = {"task": session.settings.get("task", session.title), "bring": session.settings.get("bring")}
    if values["bring"]:
        return Message("Today we help: %(task)s. Please bring: %(bring)s", values)
    return Message("Today we help: %(task)s.", values)
