"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.school_link.activities import HOMEWORK_ROOM, OPEN_CAMPUS, OUTING, SCHOOL_CLASS


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of the program's sessions, None for those of others."""
    texts = {
        HOMEWORK_ROOM.key: (_homework_room, HOMEWORK_ROOM.name),
        OPEN_CAMPUS.key: (_open_campus, OPEN_CAMPUS.name),
        SCHOOL_CLASS.key: (_school_class, SCHOOL_CLASS.name),
        OUTING.key: (_outing, OUTING.name),
    }
    if session.type_key not in texts:
        return None
    write, category = texts[session.type_key]
    return SessionText(write(session), category)


def _homework_room(session: SessionOutline) -> Message:
    values = {"subjects": session.settings.get("subjects"), "minutes": session.settings.get("reading_minutes")}
    if values["subjects"] and values["minutes"]:
        return Message("Homework: %(subjects)s; the last %(minutes)s minutes are for reading.", values)
    if values["subjects"]:
        return Message("Homework: %(subjects)s.", values)
    return Message("Bring your homework and a book.")


def _open_campus(session: SessionOutline) -> Message:
    if point := session.settings.get("meeting_point"):
        return Message("The school opens its doors. We meet here: %(point)s.", {"point": point})
    return Message("The school opens its doors.")


def _school_class(session: SessionOutline) -> Message:
    topic = session.settings.get("topic", session.title)
    values = {"topic": topic, "number": session.index + 1, "sessions": session.sessions}
    return Message("In class: %(topic)s. Session %(number)s of %(sessions)s; a teacher of the school is there.", values)


def _outing(session: SessionOutline) -> Message:
    values = {"point": session.settings.get("meeting_point"), "bring": session.settings.get("bring")}
    if values["point"] and values["bring"]:
        return Message("A teacher goes with us. We meet here: %(point)s. Please bring: %(bring)s", values)
    if values["point"]:
        return Message("A teacher goes with us. We meet here: %(point)s.", values)
    if values["bring"]:
        return Message("A teacher goes with us. Please bring: %(bring)s", values)
    return Message("A teacher goes with us.")
