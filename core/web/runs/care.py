"""Whoever looks at a run also sees to it that somebody carries it out."""

from collections.abc import Sequence
from typing import TypeVar

from core.db.models.run import Run
from core.extensions import wiring
from core.services.run_rows import is_abandoned

Row = TypeVar("Row", bound=Run)


def looked_after(runs: Sequence[Row]) -> Sequence[Row]:
    """Have those of the runs carried out again whose process has died, and return all of them as they are."""
    app = wiring()
    for run in runs:
        if is_abandoned(run, app.clock.now()):
            app.engine.start(run.id)
    return runs
