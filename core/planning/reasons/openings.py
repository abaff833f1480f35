"""Rooms and starts at which a session could be held, by plain looking: where it would fit, if only."""

from collections.abc import Iterable, Iterator
from itertools import islice

from core.planning.moments import clock_of, day_of
from core.planning.plan import SessionKey
from core.planning.problem import Activity, Role
from core.planning.reasons.scene import Scene, Short, stretch_of, suits
from core.planning.relaxations import Cure, Relaxation
from core.planning.relaxations.rooms import RoomLarger, RoomMore, RoomOpen
from core.planning.relaxations.series import StartMore

#: How many changes of a kind are looked at.
_ALIKE = 6

#: How many other starts are looked at: on days of the series first, then at its times of day.
_LOOKED_AT = 40


def rooms(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield rooms that could be open, larger, or there at all, when everything else allows the session."""
    activity = scene.problem.activity_of[short.key[0]]
    if short.role is not None or not activity.needs_room:
        return
    suiting = [room for room in scene.problem.rooms if suits(activity, room)]
    found = list[Cure]()
    for start in _roomless(scene, short):
        stretch = stretch_of(activity, start)
        for room in (found for found in suiting if not scene.occupants(short.key, start, found.id)):
            changes = list[Relaxation]()
            if not room.is_open(*stretch):
                changes.append(RoomOpen(room.id, stretch))
            if room.capacity < activity.size and not scene.problem.overflow_allowed:
                changes.append(RoomLarger(room.id, activity.size))
            if changes:
                found.append(Cure(tuple(changes)))
        venues = sorted({room.venue for room in suiting or scene.problem.rooms}) or ["(new)"]
        found += [Cure((RoomMore(venue, activity.id, stretch),)) for venue in venues]
    yield from _few_alikerooms(found)


def _few_alikerooms(cures: Iterable[Cure]) -> Iterator[Cure]:
    by_kind = dict[object, list[Cure]]()
    for cure in sorted(cures, key=lambda found: found.size):
        by_kind.setdefault(tuple(change.kind for change in cure.relaxations), []).append(cure)
    for alike in by_kind.values():
        yield from alike[:_ALIKE]


def _roomless(scene: Scene, short: Short) -> list[int]:
    """Return the starts at which a room is all that is missing: none is free, or none is open."""
    activity, possible = scene.problem.activity_of[short.key[0]], set(scene.starts(short.key))
    line = scene.problem.frozen_before
    ahead = [start for start in activity.starts if line is None or start >= line]
    return [start for start in ahead if start not in possible or scene.block(short.key, start).kind == "room"]


def starts(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield starts of other activities at which this one could be held as well."""
    activity = scene.problem.activity_of[short.key[0]]
    line, own = scene.problem.frozen_before, set(activity.starts)
    days, clocks = {day_of(start) for start in own}, {clock_of(start) for start in own}
    others = {start for found in scene.problem.activities for start in found.starts} - own
    ahead = [start for start in others if line is None or start >= line]
    ahead.sort(key=lambda start: (day_of(start) not in days, clock_of(start) not in clocks, start))
    promising = (start for start in ahead[:_LOOKED_AT] if _could_be_held(scene, short, activity, start))
    yield from (Cure((StartMore(activity.id, start),)) for start in islice(promising, _ALIKE))


def _could_be_held(scene: Scene, short: Short, activity: Activity, start: int) -> bool:
    """Say whether a room, the groups, and somebody for each required role are free at a start that isn't allowed."""
    stretch = stretch_of(activity, start)
    free = [
        room.id
        for room in scene.problem.rooms
        if suits(activity, room)
        and room.is_open(*stretch)
        and (scene.problem.overflow_allowed or room.capacity >= activity.size)
        and not scene.occupants(short.key, start, room.id)
    ]
    for room in free if activity.needs_room else [None]:
        venue = scene.problem.venue(activity, room)
        if not scene.group_clashes(short.key, start, venue) and all(
            _somebody(scene, short.key, start, venue, role) for role in activity.roles if role.required
        ):
            return True
    return False


def _somebody(scene: Scene, key: SessionKey, start: int, venue: str | None, role: Role) -> bool:
    return any(scene.is_free(key, start, venue, role, person) for person in scene.skilled(role))
