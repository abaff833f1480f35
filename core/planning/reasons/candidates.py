"""Which changes are worth trying for a shortfall, by plain looking: who could fill the place, if only."""

from collections.abc import Iterable, Iterator
from itertools import islice

from core.planning.moments import Window, clock_of, day_of
from core.planning.plan import SessionKey
from core.planning.problem import Activity, Person, Role
from core.planning.reasons.scene import Obstacle, Scene, Short
from core.planning.relaxations import Cure, Relaxation, Takeover
from core.planning.relaxations.people import DutyMore, DutyMoreThatDay, HoursMore, VolunteersMore
from core.planning.relaxations.rooms import RoomLarger, RoomMore, RoomOpen
from core.planning.relaxations.series import (
    FaceMore,
    OrderLoosened,
    PinReleased,
    RelationReleased,
    SessionMoreADay,
    StartMore,
)
from core.planning.units import family_of

#: How many changes alike are looked at: beyond that, one more of the kind tells a coordinator nothing new.
_ALIKE = 6

#: How many other starts are looked at: on days of the series first, then at its times of day.
_LOOKED_AT = 40

#: What one person can be asked for at once: more is no small change.
_AT_ONCE = 2

#: How many volunteers more are thought of at most.
_CROWD = 6


def small_changes(scene: Scene, short: Short) -> list[Cure]:
    """Return changes that would mend the one session with everything else as planned, or nearly, smallest first."""
    found = [*_asked(scene, short), *_volunteers(scene, short), *_rooms(scene, short), *_starts(scene, short)]
    return sorted(dict.fromkeys(found), key=lambda cure: cure.size)


def wider_changes(scene: Scene, short: Short) -> list[Cure]:
    """Return changes that may help if the activity and those tied to it are planned again, smallest first."""
    family = family_of(scene.problem, short.key[0])
    found = [Cure((change,), again=family) for change in (*_loosened(scene, short), *_at_limit(scene, short))]
    rival = _rival(scene, short, family)
    found += [Cure(again=(*family, rival))] if rival is not None else []
    return sorted(dict.fromkeys(found), key=lambda cure: cure.size)


def crowds(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield more and more volunteers with whatever the activity and those tied to it ask for: the last resort."""
    family = family_of(scene.problem, short.key[0])
    activities = [scene.problem.activity_of[name] for name in family]
    skills = tuple(sorted({role.skill for found in activities for role in found.roles if role.skill is not None}))
    stretches = sorted({_stretch(found, start) for found in activities for start in found.starts})
    for count in range(1, _CROWD + 1):
        yield Cure((VolunteersMore(count, skills, tuple(stretches), short.key[0]),), again=family)


def _asked(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield what single people could be asked for so that they fill a place, each at a few starts."""
    for key in scene.partners(short.key):
        for role in _roles(scene, short, key):
            where = list(_where(scene, short, key, role))
            found = [
                cure
                for person in scene.skilled(role)
                for start, venue in where
                if (cure := _ask(scene, key, start, venue, role, person)) is not None
            ]
            yield from _few_alike(sorted(dict.fromkeys(found), key=lambda cure: cure.size))


def _ask(scene: Scene, key: SessionKey, start: int, venue: str | None, role: Role, person: Person) -> Cure | None:
    obstacles = scene.obstacles(key, start, venue, role, person)
    if not 0 < len(obstacles) <= _AT_ONCE or any(found.kind == "here" for found in obstacles):
        return None
    away = _stretch(scene.problem.activity_of[key[0]], start)
    changes = tuple(change for found in obstacles if (change := _change(key, away, role, person, found)) is not None)
    duties = {duty for found in obstacles if found.kind in {"busy", "way"} for duty in found.duties}
    if len(duties) > 1 or len(changes) + len(duties) < len(obstacles) or duties & scene.problem.frozen.keys():
        return None
    pinned = tuple(PinReleased(*duty) for duty in sorted(duties) if _is_pinned(scene, duty, person))
    asked = sorted((*changes, *pinned), key=lambda change: change.size)
    return Cure(tuple(asked), tuple(Takeover(person.id, duty) for duty in sorted(duties)))


def _change(key: SessionKey, stretch: Window, role: Role, person: Person, obstacle: Obstacle) -> Relaxation | None:
    match obstacle.kind:
        case "away":
            return HoursMore(person.id, stretch)
        case "day":
            return DutyMoreThatDay(person.id, day_of(stretch[0]))
        case "limit":
            return DutyMore(person.id)
        case "face":
            return FaceMore(key[0], role.role)
        case _:
            return None


def _is_pinned(scene: Scene, duty: SessionKey, person: Person) -> bool:
    return any(pin.key == duty and any(person.id in ids for ids in pin.staff.values()) for pin in scene.problem.pins)


def _few_alike(cures: Iterable[Cure]) -> Iterator[Cure]:
    """Yield the first few of each kind, and of each person what asks least."""
    seen, asked = dict[object, int](), set[object]()
    for cure in cures:
        kind = (tuple(change.kind for change in cure.relaxations), len(cure.takeovers))
        person = next((who for who in (*cure.relaxations, *cure.takeovers) if hasattr(who, "person")), None)
        name = getattr(person, "person", None)
        if seen.get(kind, 0) < _ALIKE and name not in asked:
            seen[kind] = seen.get(kind, 0) + 1
            asked.add(name)
            yield cure


def _roles(scene: Scene, short: Short, key: SessionKey) -> Iterable[Role]:
    return scene.problem.activity_of[key[0]].roles if short.role is None else [short.role]


def _where(scene: Scene, short: Short, key: SessionKey, role: Role) -> Iterator[tuple[int, str | None]]:
    """Yield the starts and venues at which staff is all that is missing, in this role too; that of the plan first."""
    activity, row = scene.problem.activity_of[key[0]], scene.row(key)
    if row is not None:
        yield row.start, scene.problem.venue(activity, row.room)
    for start in scene.starts(key):
        if row is not None and start == row.start:
            continue
        block = scene.block_alone(key, start)
        lacking = block.kind == "adults" or (block.kind == "role" and block.role == role)
        if lacking and scene.block(short.key, start).is_staff:
            venues = {scene.problem.venue(activity, room) for room in scene.free_rooms(key, start)}
            yield from ((start, venue) for venue in sorted(venues, key=str))


def _volunteers(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield one volunteer more, or as many as safe sessions take, at the planned time or at a few possible ones."""
    activity, row = scene.problem.activity_of[short.key[0]], scene.row(short.key)
    if row is not None and short.role is not None:
        skills = (short.role.skill,) if short.role.skill else ()
        yield Cure((VolunteersMore(short.places, skills, (_stretch(activity, row.start),), activity.id),))
        return
    keys = scene.partners(short.key)
    most = sum(scene.problem.activity_of[name].min_adults for name, _ in keys)
    starts = [start for start in scene.starts(short.key) if scene.block(short.key, start).is_staff]
    for start in starts[:_AT_ONCE]:
        lacking = {scene.block_alone(key, start).role for key in keys}
        wanted = tuple(sorted({role.skill for role in lacking if role is not None and role.skill is not None}))
        longest = max(scene.problem.activity_of[name].duration for name, _ in keys)
        for count in range(1, min(_CROWD, max(most, 1)) + 1):
            yield Cure((VolunteersMore(count, wanted, ((start, start + longest),), activity.id),))


def _rooms(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield rooms that could be open, larger, or there at all, when everything else allows the session."""
    activity = scene.problem.activity_of[short.key[0]]
    if short.role is not None or not activity.needs_room:
        return
    suiting = [
        room
        for room in scene.problem.rooms
        if room.zone in activity.zones
        and set(activity.features) <= set(room.features)
        and (activity.rooms is None or room.id in activity.rooms)
    ]
    found = list[Cure]()
    for start in _roomless(scene, short):
        stretch = _stretch(activity, start)
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
    yield from _few_alike_rooms(found)


def _few_alike_rooms(cures: Iterable[Cure]) -> Iterator[Cure]:
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


def _starts(scene: Scene, short: Short) -> Iterator[Cure]:
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
    stretch = _stretch(activity, start)
    rooms = [
        room.id
        for room in scene.problem.rooms
        if room.is_open(*stretch)
        and room.zone in activity.zones
        and set(activity.features) <= set(room.features)
        and (activity.rooms is None or room.id in activity.rooms)
        and (scene.problem.overflow_allowed or room.capacity >= activity.size)
        and not scene.occupants(short.key, start, room.id)
    ]
    for room in rooms if activity.needs_room else [None]:
        venue = scene.problem.venue(activity, room)
        if not scene.group_clashes(short.key, start, venue) and all(
            _somebody(scene, short.key, start, venue, role) for role in activity.roles if role.required
        ):
            return True
    return False


def _somebody(scene: Scene, key: SessionKey, start: int, venue: str | None, role: Role) -> bool:
    return any(scene.is_free(key, start, venue, role, person) for person in scene.skilled(role))


def _loosened(scene: Scene, short: Short) -> Iterator[Relaxation]:
    """Yield what organizers have decided about the activity, and those tied to it, and could decide otherwise."""
    family = family_of(scene.problem, short.key[0])
    for pin in scene.problem.pins:
        if pin.activity in family:
            yield PinReleased(pin.activity, pin.index)
    for role in _roles(scene, short, short.key):
        if role.max_people is not None:
            yield FaceMore(short.key[0], role.role)
    activity = scene.problem.activity_of[short.key[0]]
    if activity.sessions > activity.max_per_day and not activity.ordered:
        yield SessionMoreADay(activity.id, activity.max_per_day + 1)
    if activity.ordered and activity.sessions > 1:
        yield OrderLoosened(activity.id)
    for relation in scene.problem.relations:
        if short.key in {relation.a, relation.b}:
            yield RelationReleased(relation.kind, relation.a, relation.b)


def _at_limit(scene: Scene, short: Short) -> Iterator[Relaxation]:
    """Yield a duty more for a few people who could serve in the series and have done what they offered."""
    activity = scene.problem.activity_of[short.key[0]]
    full = [
        person.id
        for role in _roles(scene, short, short.key)
        for person in scene.skilled(role)
        if len(scene.seating.duties.get(person.id, ())) >= person.max_sessions
        and any(person.is_available(*_stretch(activity, start)) for start in activity.starts)
    ]
    yield from (DutyMore(person) for person in list(dict.fromkeys(full))[:_ALIKE])


def _rival(scene: Scene, short: Short, family: tuple[str, ...]) -> str | None:
    """Return the activity whose sessions are most often in the way: in the group's time or in every room."""
    blocks = [scene.block(short.key, start) for start in scene.starts(short.key)]
    by = [key[0] for block in blocks if block.kind in {"group", "room"} for key in block.by if key[0] not in family]
    return max(sorted(set(by)), key=by.count, default=None)


def _stretch(activity: Activity, start: int) -> Window:
    return start, start + activity.duration
