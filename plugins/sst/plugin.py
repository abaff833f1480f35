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
from plugins.sst import activities as offer
from plugins.sst import demo, preferences, publishing, reports, rules, sections, texts, views
from plugins.sst import eligibility as joining


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return family companionship, comfort circles, group courses and their make-up sessions."""
    return offer.ACTIVITY_TYPES


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return why somebody can't join a course or a make-up session."""
    return joining.obstacles(applicant, activity, standing)


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution:
    """Return which circles and courses there are, and what comes before what."""
    return rules.contribution(activities)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return what the planner keeps in circles and courses."""
    return rules.RULES


@hookimpl
def planning_preferences() -> Sequence[Preference]:
    """Return a course's steady rhythm, and make-ups in time."""
    return preferences.PREFERENCES


@hookimpl
def publishing_objections(
    term: TermOutline, sessions: Sequence[PlannedOutline], session: Session
) -> Sequence[Objection]:
    """Return which courses can't open yet, and why."""
    return publishing.objections(term, sessions, session)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of family companionship."""
    return texts.describe(session)


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return how many came to courses, and how answers changed."""
    return reports.SECTIONS


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the questions, and, to look at, who answered when and who holds a grant."""
    return sections.SECTIONS


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the pages of courses and of the questionnaire."""
    return (views.PAGES,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
