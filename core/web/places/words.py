"""Giving places in words: aims, settings, and where a run stands."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from core.allocation.result import AimValue
from core.allocation.settings import Aim, Togetherness
from core.db.models import AllocationRun
from core.db.models.run import RunState
from core.domain.errors import Message
from core.services.allocating.settings import Wanted
from core.web.text import listed, say

AIMS: Final[Mapping[Aim, Message]] = MappingProxyType(
    {
        Aim.MOST_CHILDREN: Message("children with a place"),
        Aim.FAIR: Message("the worst-off first"),
        Aim.WISHES: Message("dearest wishes"),
        Aim.EARLIER_LOSERS: Message("who got nothing before"),
        Aim.TOGETHER: Message("friends together"),
    }
)
#: What each aim's number counts; `Aim.FAIR` has one for each rank.
_COUNTED: Final[Mapping[Aim, Message]] = MappingProxyType(
    {
        Aim.MOST_CHILDREN: Message("children with a place"),
        Aim.WISHES: Message("points for wishes that came true"),
        Aim.EARLIER_LOSERS: Message("earlier terms with nothing, of children with a place"),
        Aim.TOGETHER: Message("circles of friends that are split"),
        Aim.LOTTERY: Message("sum of the lots"),
    }
)
TOGETHER: Final[Mapping[Togetherness, Message]] = MappingProxyType(
    {
        Togetherness.HARD: Message("Together, or not at all"),
        Togetherness.SOFT: Message("Together where possible"),
        Togetherness.OFF: Message("Each alone"),
    }
)
STATES: Final[Mapping[RunState, Message]] = MappingProxyType(
    {
        RunState.QUEUED: Message("It is being started."),
        RunState.RUNNING: Message("It is running."),
        RunState.DONE: Message("Done."),
        RunState.FAILED: Message("It failed; nothing was changed."),
        RunState.CANCELLED: Message("It was stopped; nothing was changed."),
    }
)


def aim(value: AimValue) -> str:
    """Return what an aim's number counts."""
    if value.aim is Aim.FAIR:
        return say(Message("children with none of their first %(rank)s wishes", {"rank": value.rank}))
    return say(_COUNTED[value.aim])


def order(aims: Iterable[str]) -> str:
    """Return an order of aims, but for the first that is always first."""
    return listed([say(AIMS[Aim(one)]) for one in aims if one != Aim.MOST_CHILDREN])


def settings(run: AllocationRun) -> str:
    """Return with what settings a run gives places."""
    wanted = Wanted.of(run.settings)
    parts = [
        order(wanted.aims),
        say(TOGETHER[wanted.together]),
        say(Message("%(percent)s %% held back", {"percent": wanted.held_back_percent})),
    ]
    if wanted.minutes_between is not None:
        parts.append(say(Message("%(count)s minutes where no way is entered", {"count": wanted.minutes_between})))
    if not wanted.needs_staff:
        parts.append(say(Message("people are still to be found")))
    return "; ".join(parts)
