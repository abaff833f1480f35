"""What people could be asked for, by plain looking: who could fill the place, if only."""

from collections.abc import Iterable, Iterator

from core.planning.moments import Window, day_of
from core.planning.plan import SessionKey
from core.planning.problem import Person, Role
from core.planning.reasons.scene import Obstacle, Scene, Short, stretch_of
from core.planning.relaxations import Cure, Relaxation, Takeover
from core.planning.relaxations.people import DutyMore, DutyMoreThatDay, HoursMore, VolunteersMore
from core.planning.relaxations.series import FaceMore, PinReleased

#: How many changes alike are looked at: beyond that, one more of the kind tells a coordinator nothing new.
ALIKE = 6

#: How many volunteers more are thought of at most.
CROWD = 6

#: What one person can be asked for at once: more is no small change.
_AT_ONCE = 2

#: At how many starts volunteers more are thought of.
_STARTS = 2


def asked(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield what single people could be asked for so that they fill a place, each at a few starts."""
    for key in scene.partners(short.key):
        for role in roles(scene, short, key):
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
    away = stretch_of(scene.problem.activity_of[key[0]], start)
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
        if seen.get(kind, 0) < ALIKE and name not in asked:
            seen[kind] = seen.get(kind, 0) + 1
            asked.add(name)
            yield cure


def roles(scene: Scene, short: Short, key: SessionKey) -> Iterable[Role]:
    """Return the roles of a session in which more people would help."""
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


def volunteers(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield one volunteer more, or as many as safe sessions take, at the planned time or at a few possible ones."""
    activity, row = scene.problem.activity_of[short.key[0]], scene.row(short.key)
    if row is not None and short.role is not None:
        skills = (short.role.skill,) if short.role.skill else ()
        yield Cure((VolunteersMore(short.places, skills, (stretch_of(activity, row.start),), activity.id),))
        return
    keys = scene.partners(short.key)
    most = sum(scene.problem.activity_of[name].min_adults for name, _ in keys)
    starts = [start for start in scene.starts(short.key) if scene.block(short.key, start).is_staff]
    for start in starts[:_STARTS]:
        lacking = {scene.block_alone(key, start).role for key in keys}
        wanted = tuple(sorted({role.skill for role in lacking if role is not None and role.skill is not None}))
        longest = max(scene.problem.activity_of[name].duration for name, _ in keys)
        for count in range(1, min(CROWD, max(most, 1)) + 1):
            yield Cure((VolunteersMore(count, wanted, ((start, start + longest),), activity.id),))
