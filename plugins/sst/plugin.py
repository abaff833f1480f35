"""The hooks that the program implements."""

from collections.abc import Sequence

from core.plugin_api import (
    ActivityOutline,
    ActivityType,
    Contribution,
    DemoPart,
    DemoTown,
    Program,
    Rule,
    SessionOutline,
    SessionText,
    hookimpl,
)
from plugins.sst import activities as offer
from plugins.sst import demo, rules, texts


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return family companionship and comfort circles."""
    return offer.ACTIVITY_TYPES


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return which circles are to have a familiar face."""
    return rules.contribution(activities)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return the rule of the familiar face."""
    return (rules.FamiliarFace(),)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of family companionship."""
    return texts.describe(session)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
