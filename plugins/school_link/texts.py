"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.school_link.activities import HOMEWORK_ROOM, OPEN_CAMPUS


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of the program's sessions, None for those of others."""
    if session.type_key == HOMEWORK_ROOM.key:
        return SessionText(_homework_room(session))
    if session.type_key == OPEN_CAMPUS.key:
        return SessionText(_open_campus(session))
    return None


def _homework_room(session: SessionOutline) -> Message:
    values = {"subjects": session.settings.get("subjects"), "minutes": session.settings.get("reading_minutes")}
    if values["subjects"] and values["minutes"]:
        return Message("Homework: %(subjects)s; the last %(minutes)s minutes are for reading.", values)
    if values["subjects"]:
        return Message("Homework: %(subjects)s.", values)
    return Message("Bring your homework and a book.")


def _open_campus(session: SessionOutline) -> Message:
    values = {"school": session.settings.get("school", session.title), "point": session.settings.get("meeting_point")}
    if values["point"]:
        return Message("Open day at %(school)s. We meet here: %(point)s.", values)
    return Message("Open day at %(school)s.", values)
