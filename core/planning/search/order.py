"""In what order units are placed: what is fixed and what is hard to place first."""

import random

from core.planning.model.choices import Choices
from core.planning.moments import day_of
from core.planning.plan import SessionKey
from core.planning.problem import Activity, Problem
from core.planning.units import families

#: How much harder it is to place a series whose role may be filled by few different people.
_FEW_FACES = 20


def sequence(
    problem: Problem,
    choices: Choices,
    missing: list[tuple[SessionKey, ...]],
    rng: random.Random,
    first: tuple[SessionKey, ...],
) -> list[tuple[SessionKey, ...]]:
    """Return missing units: pinned ones, then by activity, those first that were asked for or have little choice."""
    pinned = {pin.key for pin in problem.pins}
    urgent = {activity: -len(first) + at for at, (activity, _) in reversed(list(enumerate(first)))}
    need: dict[str, float] = {}
    names = {activity for unit in missing for activity, _ in unit}
    for family in (family for family in families(problem) if not names.isdisjoint(family)):
        ease = min(_ease(problem.activity_of[activity], choices) for activity in family)
        press = min(urgent.get(activity, 0) for activity in family)
        need.update(dict.fromkeys(family, press * 1000 + ease * (1 + rng.random() / 5)))
    return sorted(
        missing,
        key=lambda unit: (pinned.isdisjoint(unit), need[unit[0][0]], unit[0][0], unit[0][1]),
    )


def _ease(activity: Activity, choices: Choices) -> float:
    days = {day_of(slot.start) for slot in choices.slots(activity.id)}
    few = any(role.max_people is not None for role in activity.roles)
    return len(days) / max(1, activity.sessions) - _FEW_FACES * few
