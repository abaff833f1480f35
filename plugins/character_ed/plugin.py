"""The hooks that the program implements."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.plugin_api import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Applicant,
    Contribution,
    DemoPart,
    DemoTown,
    Obstacle,
    PluginCommand,
    Preference,
    Program,
    ReportSection,
    Rule,
    SessionOutline,
    SessionText,
    TermOutline,
    WebPart,
    hookimpl,
)
from plugins.character_ed import activities as offer
from plugins.character_ed import commands as own_commands
from plugins.character_ed import demo, planning, preferences, reports, rules, sections, texts, views
from plugins.character_ed import eligibility as joining


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return virtue workshops, days of service and open classes."""
    return offer.ACTIVITY_TYPES


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    """Return who is of another age, and who was at the same class elsewhere."""
    return joining.obstacles(applicant, activity)


@hookimpl
def planning_contribution(
    activities: Sequence[ActivityOutline], term: TermOutline, session: Session
) -> Contribution | None:
    """Return the days to practise, the days before festivals, and the mix of lines."""
    return planning.contribution(activities, term, session)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return the rules of the time to practise, of festivals, and of lines that alternate."""
    return rules.RULES


@hookimpl
def planning_preferences() -> Sequence[Preference]:
    """Return the preference for a mix of all lines."""
    return (preferences.MixOfLines(),)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of the program's sessions."""
    return texts.describe(session)


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return sessions and children by line, and the awards."""
    return reports.SECTIONS


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the virtues of the month, the mix of lines, and the awards."""
    return sections.SECTIONS


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the pages of the virtue of the month, of the mix of lines and of stamps."""
    return (views.PAGES,)


@hookimpl
def commands() -> Sequence[PluginCommand]:
    """Return the count of awards."""
    return own_commands.COMMANDS


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
