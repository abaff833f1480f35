"""The demo as a workbook, such as a station would have filled in."""

import random
from typing import Final

from core.hooks.calling import Hooks
from core.services.demo import activities, children, days, places, volunteers
from core.services.workbook.content import WorkbookContent
from core.services.workbook.programs import type_names
from core.services.workbook.write import write_workbook

#: What the station's public address ends with, and the name of the term that is planned.
DEMO_STATION: Final = "qingyang"
DEMO_TERM: Final = days.SEASON.name
DEFAULT_SEED: Final = 20261128


def demo_content(hooks: Hooks, seed: int = DEFAULT_SEED) -> WorkbookContent:
    """Return the demo's rows, with the activities of the installed programs; the same seed gives the same people."""
    rng = random.Random(seed)  # noqa: S311 (made-up people are to come out the same again)
    found = volunteers.volunteers(rng)
    return WorkbookContent(
        stations=places.stations(),
        venues=places.venues(),
        rooms=places.rooms(),
        travel=places.travel(rng),
        hours=days.hours(),
        closures=days.closures(),
        terms=(days.SEASON,),
        school_breaks=days.school_breaks(),
        groups=children.groups(),
        children=children.children(rng),
        guardians=children.guardians(rng),
        volunteers=found.people,
        skills=found.skills,
        clearances=found.clearances,
        availabilities=found.availabilities,
        blackouts=found.blackouts,
        activities=activities.activities(hooks),
        roles=activities.roles(hooks),
        likes=activities.likes(hooks, rng, found.people),
    )


def demo_workbook(hooks: Hooks, seed: int = DEFAULT_SEED) -> bytes:
    """Return the demo's workbook; the same seed gives the same bytes."""
    return write_workbook(demo_content(hooks, seed), type_names(hooks))
