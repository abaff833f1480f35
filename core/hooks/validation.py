"""What a plugin must keep to be let in: every hook is tried once on empty input, and what comes back is looked at."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.hooks.calling import Hooks
from core.hooks.commands import PluginCommand
from core.hooks.reports import ReportSection
from core.hooks.types import ActivityType, AdminSection, Program, TermOutline, WebPart
from core.hooks.values import require
from core.planning.preferences.base import Preference
from core.planning.rules.base import Rule

_NOBODY: Final = UUID(int=0)
_COLOR: Final = re.compile(r"[a-z]{3,20}")
#: A term without activities, for which nothing is looked up: a session without a database would say so.
NO_TERM: Final = TermOutline(_NOBODY, _NOBODY, date.min, date.min)


def require_contract(hooks: Hooks, key: str) -> None:
    """Raise TypeError or ValueError unless the only plugin of these hooks, of that key, keeps the contract."""
    _require_lists(hooks)
    require(hooks.programs.values(), Program)
    require(hooks.activity_types.values(), ActivityType)
    _require_own(hooks, key)
    hooks.planning_contributions((), NO_TERM, Session())
    _require_kind(hooks.planning_rules(), Rule)
    _require_kind(hooks.planning_preferences(), Preference)
    require((each for sections in hooks.report_sections().values() for each in sections), ReportSection)
    require(hooks.admin_sections(), AdminSection)
    require(hooks.web_parts(), WebPart)
    require((command for commands in hooks.commands().values() for command in commands), PluginCommand)


def _require_lists(hooks: Hooks) -> None:
    for name, returned in hooks.returned_lists().items():
        for values in returned:
            if isinstance(values, str) or not isinstance(values, Sequence):
                kind = type(values).__name__
                raise TypeError(f"{name} returned {kind} where the contract asks for a list or a tuple")


def _require_own(hooks: Hooks, key: str) -> None:
    if twice := hooks.repeated_types():
        raise ValueError(f"activity types are defined twice: {', '.join(twice)}")
    if foreign := [program for program in hooks.programs if program != key]:
        raise ValueError(f"the program's key must be '{key}', not {', '.join(foreign)}")
    if wrong := [program.color for program in hooks.programs.values() if not _COLOR.fullmatch(program.color)]:
        raise ValueError(f"a program's colour is one of the names of CSS, not {', '.join(map(repr, wrong))}")
    if foreign := [kind for kind in hooks.activity_types if not kind.startswith(f"{key}.")]:
        raise ValueError(f"activity types must begin with '{key}.': {', '.join(foreign)}")


def _require_kind(values: Iterable[object], kind: type[Any]) -> None:
    # A protocol can't be asked by isinstance; a rule or preference says what it is by subclassing it.
    for value in values:
        if kind not in type(value).__mro__:
            raise TypeError(f"{type(value).__name__} is no subclass of {kind.__name__}")
