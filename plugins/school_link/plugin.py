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
    PluginCommand,
    Program,
    ReportSection,
    Rule,
    SessionOutline,
    SessionText,
    TermOutline,
    WebPart,
    hookimpl,
)
from plugins.school_link import activities as offer
from plugins.school_link import commands as command_line
from plugins.school_link import contribution, demo, reports, sections, standing, texts, views
from plugins.school_link import eligibility as taking_part
from plugins.school_link.rules.accompanying_teacher import AccompanyingTeacher
from plugins.school_link.rules.right_place import RightPlace
from plugins.school_link.rules.school_calendar import SchoolCalendar


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return homework rooms, open campus days, classes at the school and outings."""
    return offer.ACTIVITY_TYPES


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline) -> Sequence[Obstacle]:
    """Return whose guardian hasn't agreed to an outing, and who isn't of the class."""
    return taking_part.obstacles(applicant, activity)


@hookimpl
def planning_contribution(
    activities: Sequence[ActivityOutline], term: TermOutline, session: Session
) -> Contribution | None:
    """Return schools' calendars and teachers, and that a school's open day comes before its homework rooms."""
    return contribution.contribution(activities, term, session)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return the rules of the school's calendar, of the right place and of the accompanying teacher."""
    return (SchoolCalendar(), RightPlace(), AccompanyingTeacher())


@hookimpl
def publishing_objections(
    term: TermOutline, sessions: Sequence[PlannedOutline], session: Session
) -> Sequence[Objection]:
    """Return which sessions a school hasn't confirmed."""
    return tuple(standing.objections(session, term.id, sessions))


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of the program's sessions."""
    return texts.describe(session)


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return what is counted for each partner school."""
    return (reports.SECTION,)


@hookimpl
def commands() -> Sequence[PluginCommand]:
    """Return the command that takes over a school's calendar."""
    return (command_line.CALENDAR,)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the partner schools with all that belongs to them."""
    return sections.SECTIONS


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the pages on which schools are asked and answer."""
    return (views.PAGES,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of the program's activities for the demo."""
    return demo.part(town)
