"""What the planner is told of a term: relations, and what the rules and preferences of the program act on."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from core.plugin_api import ActivityOutline, Contribution, TermOutline, days_off
from plugins.parent_school import preferences
from plugins.parent_school.activities import CARE, COUNSELLING, FOR_PARENTS, PROGRAM, YOUNGEST
from plugins.parent_school.queries import ratios_of
from plugins.parent_school.ratios import adults_for
from plugins.parent_school.rules import care_in_parallel, enough_carers, evening_or_weekend
from plugins.parent_school.rules.together import cared_for, relations


def contribution(activities: Sequence[ActivityOutline], term: TermOutline, session: Session) -> Contribution | None:
    """Return the program's part of a term's problem; None, without reading anything, where it has no activities."""
    own = [activity for activity in activities if activity.type_key.partition(".")[0] == PROGRAM.key]
    if not own:
        return None
    talks = [activity.id for activity in own if activity.type_key in FOR_PARENTS]
    advice = [activity.id for activity in own if activity.type_key == COUNSELLING.key and _in_a_row(activity)]
    cares = [activity for activity in own if activity.type_key == CARE.key]
    return Contribution(
        PROGRAM.key,
        relations=relations(activities),
        extension={
            **(evening_or_weekend.extension(talks, days_off(session, term)) if talks else {}),
            **care_in_parallel.extension(cared_for(activities)),
            **enough_carers.extension(_carers(cares, term, session)),
            **preferences.extension(advice),
        },
    )


def _in_a_row(activity: ActivityOutline) -> bool:
    return activity.sessions > 1 and bool(activity.settings.get("in_a_row", True))


def _carers(cares: Sequence[ActivityOutline], term: TermOutline, session: Session) -> dict[str, int]:
    """Return how many adults each care session takes, by the station's ratios."""
    if not cares:
        return {}
    ratios = ratios_of(session, term.station_id)
    return {care.id: adults_for(care.size, int(care.settings.get(YOUNGEST.key, 3)), ratios) for care in cares}
