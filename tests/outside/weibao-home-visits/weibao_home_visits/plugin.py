"""The hooks that the program implements: all that there are."""

from collections.abc import Sequence

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
    Preference,
    Program,
    ReportSection,
    Rule,
    SessionOutline,
    SessionText,
    Standing,
    WebPart,
    hookimpl,
)
from sqlalchemy.orm import Session

from weibao_home_visits import activities as offer
from weibao_home_visits import commands as command_line
from weibao_home_visits import (
    contribution,
    demo,
    objections,
    preferences,
    reports,
    sections,
    texts,
    views,
)
from weibao_home_visits import eligibility as joining
from weibao_home_visits.rules.by_daylight import ByDaylight
from weibao_home_visits.rules.once_a_month import OnceAMonth
from weibao_home_visits.rules.time_for_the_way import TimeForTheWay


@hookimpl
def program() -> Program:
    """Return the program."""
    return offer.PROGRAM


@hookimpl
def activity_types() -> Sequence[ActivityType]:
    """Return series of visits, and families' afternoons."""
    return offer.ACTIVITY_TYPES


@hookimpl
def eligibility(applicant: Applicant, activity: ActivityOutline, standing: Standing) -> Sequence[Obstacle]:
    """Return that visits are arranged by the station."""
    return joining.obstacles(applicant, activity, standing)


@hookimpl
def planning_contribution(activities: Sequence[ActivityOutline], session: Session) -> Contribution:
    """Return how each series of visits is to be planned."""
    return contribution.contribution(activities, session)


@hookimpl
def planning_rules() -> Sequence[Rule]:
    """Return once a month, by daylight, and with time for the way."""
    return (OnceAMonth(), ByDaylight(), TimeForTheWay())


@hookimpl
def planning_preferences() -> Sequence[Preference]:
    """Return time to make up for what failed."""
    return (preferences.TimeToMakeUp(),)


@hookimpl
def publishing_objections(sessions: Sequence[PlannedOutline], session: Session) -> Sequence[Objection]:
    """Return visits that lead to nobody who needs them."""
    return objections.objections(sessions, session)


@hookimpl
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars say of families' afternoons."""
    return texts.describe(session)


@hookimpl
def report_sections() -> Sequence[ReportSection]:
    """Return visits due and made."""
    return (reports.VISITS,)


@hookimpl
def admin_sections() -> Sequence[AdminSection]:
    """Return the program's tables."""
    return (sections.NEEDS, sections.SERIES, sections.VISITS)


@hookimpl
def web_parts() -> Sequence[WebPart]:
    """Return the pages of staff and of visitors."""
    return (views.PAGES,)


@hookimpl
def commands() -> Sequence[PluginCommand]:
    """Return the count of visits due."""
    return (command_line.DUE,)


@hookimpl
def demo_part(town: DemoTown) -> DemoPart:
    """Return a season of visits."""
    return demo.part(town)
