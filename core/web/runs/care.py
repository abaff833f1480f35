"""Whoever looks at a run also sees to it that somebody carries it out."""

from collections.abc import Sequence

from core.db.models import PlanningRun
from core.extensions import wiring
from core.services.planning.runs import is_abandoned


def looked_after(runs: Sequence[PlanningRun]) -> Sequence[PlanningRun]:
    """Have those of the runs carried out again whose process has died, and return all of them as they are."""
    app = wiring()
    for run in runs:
        if is_abandoned(run, app.clock.now()):
            app.engine.start(run.id)
    return runs
