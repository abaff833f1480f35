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
    Rule,
    SessionOutline,
    SessionText,
    WebPart,
    hookimpl,
)
from plugins.character_ed import activities as offer
from plugins.character_ed import demo, rules, sections, texts, views


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return virtue workshops and days of service."""
    return offer.ACTIVITY_TYPES


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return how many days children practise between workshops."""
    return rules.contribution(activities)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return the rule of the time to practise."""
    return (rules.TimeToPractise(),)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of the program's sessions."""
    return texts.describe(session)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the virtues of the month."""
    return (sections.VIRTUES,)


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the page of the virtue of the month."""
    return (views.PAGES,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
