"""What calendars say of sessions: of visits nothing, since they are closed; of afternoons what is done together."""

from core.plugin_api import Message, SessionOutline, SessionText

from weibao_home_visits.activities import AFTERNOON, PROGRAM


def describe(session: SessionOutline) -> SessionText | None:
    """Return what is said of a families' afternoon, None for a visit and for sessions of others."""
    if session.type_key != AFTERNOON.key:
        return None
    theme, bring = session.settings.get("theme"), tuple(session.settings.get("bring", ()))
    values = {"theme": theme, "bring": bring}
    if theme and bring:
        text = Message("Families and visitors meet: %(theme)s. Please bring: %(bring)s", values)
    elif theme:
        text = Message("Families and visitors meet: %(theme)s.", values)
    else:
        text = Message("Families and visitors meet.")
    return SessionText(text, category=PROGRAM.name)
