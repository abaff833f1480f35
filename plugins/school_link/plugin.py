"""The hooks that the program implements."""

from collections.abc import Sequence

from core.plugin_api import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Contribution,
    DemoPart,
    DemoTown,
    Program,
    SessionOutline,
    SessionText,
    hookimpl,
)
from plugins.school_link import activities as offer
from plugins.school_link import demo, rules, sections, texts


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return homework rooms and open campus days."""
    return offer.ACTIVITY_TYPES


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return that a school's open day comes before its homework rooms."""
    return rules.contribution(activities)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of the program's sessions."""
    return texts.describe(session)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the agreements with schools."""
    return (sections.AGREEMENTS,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
