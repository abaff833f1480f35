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
    Objection,
    Obstacle,
    PlannedOutline,
    Preference,
    Program,
    ReportSection,
    Rule,
    SessionOutline,
    SessionText,
    Standing,
    TermOutline,
    WebPart,
    hookimpl,
)
from plugins.parent_school import activities as offer
from plugins.parent_school import demo, objections, planning, reports, sections, texts, views
from plugins.parent_school import eligibility as joining
from plugins.parent_school.preferences import AdviceInARow
from plugins.parent_school.rules import RULES


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return talks, courses, advice by appointment and child care."""
    return offer.ACTIVITY_TYPES


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return why somebody can't come."""
    return joining.obstacles(applicant, activity, standing)


@hookimpl
def planning_contribution(
    activities: Sequence[ActivityOutline], term: TermOutline, session: Session
) -> Contribution | None:
    """Return when parents can come, what goes together, and how many adults look after the children."""
    return planning.contribution(activities, term, session)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return what the planner keeps for parents."""
    return RULES


@hookimpl
def planning_preferences() -> Sequence[Preference]:
    """Return that appointments follow one another."""
    return (AdviceInARow(),)


@hookimpl
def publishing_objections(
    term: TermOutline, sessions: Sequence[PlannedOutline], session: Session
) -> Sequence[Objection]:
    """Return what speaks against publishing: promised appointments that would move, and odd lengths."""
    return objections.objections(term, sessions, session)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of talks, courses and child care."""
    return texts.describe(session)


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return how many families the program reached."""
    return (reports.SECTION,)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the ratios, the appointments and the families at talks."""
    return sections.SECTIONS


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the pages of appointments and of families at talks."""
    return (views.PAGES,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
