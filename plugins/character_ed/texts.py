"""What calendar entries say of sessions."""

from core.plugin_api import Message, SessionOutline, SessionText, label
from plugins.character_ed.activities import FESTIVAL, OPEN_CLASS, SERVICE_DAY, VIRTUE_WORKSHOP, age_band
from plugins.character_ed.festivals import FESTIVALS


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of the program's sessions, with the name of their line; None for those of others."""
    said = {VIRTUE_WORKSHOP.key: _workshop, SERVICE_DAY.key: _service_day, OPEN_CLASS.key: _open_class}
    if session.type_key not in said:
        return None
    return SessionText(said[session.type_key](session), category=label(session.line))


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


def _open_class(session: SessionOutline) -> Message:
    band, festival = age_band(session.settings), FESTIVALS.get(session.settings.get(FESTIVAL.key, ""))
    if band is None:
        return Message("Open class: %(title)s.", {"title": session.title})
    values = {"first": band[0], "last": band[1], "festival": festival}
    if festival is not None:
        return Message("Open class for children of %(first)s to %(last)s: getting ready for %(festival)s.", values)
    return Message("Open class for children of %(first)s to %(last)s.", values)
