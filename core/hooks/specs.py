"""The hooks, typed and without a body: a plugin implements those it needs, and the host acts on what they return.

The prose of the contract is README.md beside this file; a test keeps the two together.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pluggy

from core.hooks.types import (
    ActivityOutline,
    ActivityType,
    AdminSection,
    Contribution,
    Program,
    SessionOutline,
    SessionText,
    WebPart,
)

if TYPE_CHECKING:
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


# --- Planning -----------------------------------------------------------------


@hookspec
def planning_contribution(activities: Sequence[ActivityOutline]) -> Contribution | None:
    """Return what the program adds to the planning problem of a term, None for nothing.

    Called once a planning run with the term's activities of all programs, in the problem's order; the plugin picks its
    own by their `type_key`.
    """


@hookspec
def planning_rules() -> "Sequence[Rule]":  # type: ignore[empty-body]
    """Return rules that the exchange format can't express, each with its constraint and its plain check.

    They take part in every planning run and every audit; what they act on stands in `problem.extensions[program]`.
    """


# --- Telling people -----------------------------------------------------------


@hookspec(firstresult=True)
def session_text(session: SessionOutline) -> SessionText | None:
    """Return what a calendar entry says of a session of this program, None for those of others.

    Called at publishing for each held session; the first answer that is not None counts.
    """


# --- Pages --------------------------------------------------------------------


@hookspec
def admin_sections() -> Sequence[AdminSection]:  # type: ignore[empty-body]
    """Return the plugin's own tables that the back office should show; asked once, when the application is made."""


@hookspec
def web_parts(sections: Sequence[AdminSection]) -> Sequence[WebPart]:  # type: ignore[empty-body]
    """Return the plugin's pages; asked once, when the application is made, with all plugins' admin sections."""
