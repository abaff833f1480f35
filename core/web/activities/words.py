"""What the pages of activities say of whether one can work, and what a form's fields are told to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message
from core.planning.prospects import Verdict
from core.services.planning.easings import Easing
from core.services.planning.feasibility import Feasibility

VERDICTS: Final[Mapping[Verdict, Message]] = MappingProxyType(
    {
        Verdict.WORKS: Message("It can be held"),
        Verdict.TIGHT: Message("It will be tight"),
        Verdict.CANNOT: Message("It can't be held like this"),
    }
)
BADGES: Final[Mapping[Verdict, str]] = MappingProxyType(
    {
        Verdict.WORKS: "badge-held",
        Verdict.TIGHT: "badge-short",
        Verdict.CANNOT: "badge-cancelled",
    }
)


@dataclass(frozen=True)
class Answer:
    """What a form is answered: what was found, or what is `missing` to find out, or what went wrong."""

    found: Feasibility | None = None
    missing: tuple[str, ...] = ()
    trouble: Message | None = None


def fields_of(easing: Easing) -> dict[str, list[str]]:
    """Return what the form's fields would have to hold, by name: the ticked boxes, or one text; no text is empty."""
    return {name: _texts(name, value) for name, value in easing.values.items()}


def _texts(name: str, value: object) -> list[str]:
    if name == "times" and isinstance(value, list | tuple):
        return ["、".join(map(str, value))]
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return ["" if value is None else str(value)]
