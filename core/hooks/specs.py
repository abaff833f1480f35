"""The hooks, typed and without a body: a plugin implements those it needs, and the host acts on what they return.

The prose of the contract is README.md beside this file; a test keeps the two together.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

from core.hooks.demo import DemoPart, DemoTown
from core.hooks.joining import Applicant, Obstacle, Standing
from core.hooks.reports import ReportSection
from core.hooks.types import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Contribution,
    Objection,
    PlannedOutline,
    Program,
    SessionOutline,
    SessionText,
    TermOutline,
    WebPart,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.hooks.commands import PluginCommand
    from core.planning.preferences.base import Preference
    from core.planning.rules.base import Rule

NAMESPACE = "weibao"
hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)

# --- Describing activities ----------------------------------------------------


@hookspec
def program() -> Program | None:
    """Return the program that the plugin stands for, None if it stands for none; asked once, at loading."""


@hookspec
def activity_types() -> Sequence[ActivityType]:  # type: ignore[empty-body]
    """Return the kinds of activity that the program offers; asked once, when the plugins are loaded."""


# --- Taking part ---------------------------------------------------------------


@hookspec
def eligibility(  # type: ignore[empty-body]
    applicant: Applicant, activity: ActivityOutline, standing: Standing
) -> Sequence[Obstacle]:
    """Return why somebody can't take part in one of the program's activities; nothing if nothing stands in the way.

    Called only for activities of the program's own types, beside core's own reasons.
    """


# --- Planning -----------------------------------------------------------------


@hookspec
def planning_contribution(
    activities: Sequence[ActivityOutline], term: TermOutline, session: "Session"
) -> Contribution | None:
    """Return what the program adds to the planning problem of a term, None for nothing.

    Called once a planning run with the term's activities of all programs, in the problem's order; the plugin picks its
    own by their `type_key`. `session` is for reading the program's own tables.
    """


@hookspec
def planning_rules() -> "Sequence[Rule]":  # type: ignore[empty-body]
    """Return rules that the exchange format can't express, each with its constraint and its plain check.

    They take part in every planning run and every audit; what they act on stands in `problem.extensions[program]`.
    """


@hookspec
def planning_preferences() -> "Sequence[Preference]":  # type: ignore[empty-body]
    """Return what makes one plan better than another besides the standard terms, each with its penalty and its count.

    What one unit costs, and what it acts on, stands in `problem.extensions[program]`.
    """


@hookspec
def publishing_objections(  # type: ignore[empty-body]
    term: TermOutline, sessions: Sequence[PlannedOutline], session: "Session"
) -> Sequence[Objection]:
    """Return what must be settled before a plan may be published; nothing if nothing stands in the way.

    Called with the sessions of the program's own activities that the plan holds and that begin from now on.
    """


# --- Telling people -----------------------------------------------------------


@hookspec(firstresult=True)
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what calendars and pages say of a session of this program, None for those of others.

    Called at publishing for each held session; the first answer that is not None counts.
    """


@hookspec
def report_sections() -> Sequence[ReportSection]:  # type: ignore[empty-body]
    """Return the parts of a station's report that the program counts; asked once, when the plugins are loaded."""


# --- Pages and commands ---------------------------------------------------------


@hookspec
def admin_sections() -> Sequence[AdminSection]:  # type: ignore[empty-body]
    """Return the plugin's own tables that the back office should show; asked once, when the application is made."""


@hookspec
def web_parts(sections: Sequence[AdminSection]) -> Sequence[WebPart]:  # type: ignore[empty-body]
    """Return the plugin's pages; asked once, when the application is made, with all plugins' admin sections."""


@hookspec
def commands() -> "Sequence[PluginCommand]":  # type: ignore[empty-body]
    """Return what can be done with the plugin on the command line, as `weibao <plugin key> <name>`."""


@hookspec
def demo_part(town: DemoTown) -> DemoPart | None:
    """Return what the program brings to the made-up station of `weibao demo`, None for nothing."""
