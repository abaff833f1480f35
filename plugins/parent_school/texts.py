"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText
from plugins.parent_school.activities import ALONGSIDE, CARE, COURSE, LECTURE, OLDEST, YOUNGEST


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of talks, courses and child care; of advice nothing is said."""
    if session.type_key == LECTURE.key:
        return SessionText(_talk(session), Message("Talk"))
    if session.type_key == COURSE.key:
        return SessionText(_course(session), Message("Course"))
    if session.type_key == CARE.key:
        return SessionText(_care(session), Message("Child care"))
    return None


def _talk(session: SessionOutline) -> Message:
    values = {
        "topic": session.settings.get("topic", session.title),
        "alongside": session.settings.get(ALONGSIDE.key),
    }
    if values["alongside"]:
        return Message("Topic: %(topic)s. Children are looked after meanwhile in “%(alongside)s”.", values)
    return Message("Topic: %(topic)s.", values)


def _course(session: SessionOutline) -> Message:
    values = {
        "topic": session.settings.get("topic", session.title),
        "number": session.index + 1,
        "sessions": session.sessions,
        "alongside": session.settings.get(ALONGSIDE.key),
    }
    if values["alongside"]:
        return Message(
            "Topic: %(topic)s. Part %(number)s of %(sessions)s. Children are looked after meanwhile in"
            " “%(alongside)s”.",
            values,
        )
    return Message("Topic: %(topic)s. Part %(number)s of %(sessions)s.", values)


def _care(session: SessionOutline) -> Message:
    ages = {field.key: session.settings.get(field.key, field.default) for field in (YOUNGEST, OLDEST)}
    return Message("For children of %(youngest)s to %(oldest)s while their parents are at the talk.", ages)
