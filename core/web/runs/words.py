"""What the stages of a run are called on its page."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from core.db.models import PlanningRun
from core.db.models.run import RunState
from core.domain.errors import Message
from core.services.planning.news import News, Phase

STAGES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "queued": Message("The planner is being started."),
        "planning": Message("Planning: looking for a better plan."),
        "stopping": Message("Stopping: the best plan so far is being kept."),
        "explaining": Message("The plan is found. Asking why something is short, and what would mend it."),
        "done": Message("Done: there is a new draft."),
        "failed": Message("There is no plan."),
        "cancelled": Message("Stopped before there was any plan. Nothing was changed."),
    }
)
#: Failures that taking a pin back mends.
ABOUT_PINS: Final = frozenset({"contradictory_pins", "lapsed_pins", "no_plan_in_time"})


def stage(run: PlanningRun, news: News) -> str:
    """Return the key in STAGES of where a run stands."""
    if run.state is not RunState.RUNNING:
        return run.state.value
    if news.phase is Phase.EXPLAINING:
        return "explaining"
    return "stopping" if run.cancel_asked else "planning"
