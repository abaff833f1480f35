"""The hooks that the program implements."""

from collections.abc import Sequence

from core.plugin_api import (
    ActivityOutline,
    ActivityType,
    Contribution,
    DemoPart,
    DemoTown,
    Program,
    SessionOutline,
    SessionText,
    hookimpl,
)
from plugins.parent_school import activities as offer
from plugins.parent_school import demo, rules, texts


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return lectures and family counselling."""
    return offer.ACTIVITY_TYPES


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return that lectures begin together with what their children do meanwhile."""
    return rules.contribution(activities)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of lectures."""
    return texts.describe(session)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
