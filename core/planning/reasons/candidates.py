"""Which changes are worth trying for a shortfall, by plain looking: who could fill the place, if only."""

from collections.abc import Iterator

from core.planning.reasons.askings import ALIKE, CROWD, asked, roles, volunteers
from core.planning.reasons.openings import rooms, starts
from core.planning.reasons.scene import Scene, Short, stretch_of
from core.planning.relaxations import Cure, Relaxation
from core.planning.relaxations.people import DutyMore, VolunteersMore
from core.planning.relaxations.series import FaceMore, OrderLoosened, PinReleased, RelationReleased, SessionMoreADay
from core.planning.units import family_of


def small_changes(scene: Scene, short: Short) -> list[Cure]:
    """Return changes that would mend the one session with everything else as planned, or nearly, smallest first."""
    found = [*asked(scene, short), *volunteers(scene, short), *rooms(scene, short), *starts(scene, short)]
    return sorted(dict.fromkeys(found), key=lambda cure: cure.size)


def wider_changes(scene: Scene, short: Short) -> list[Cure]:
    """Return changes that may help if the activity and those tied to it are planned again, smallest first."""
    family = family_of(scene.problem, short.key[0])
    found = [Cure((change,), again=family) for change in (*_loosened(scene, short), *_at_limit(scene, short))]
    tied, rival = _tied(scene, short, family), _rival(scene, short, family)
    found += [Cure(again=(*family, *beside)) for beside in (rival, tied, (*tied, *rival)) if beside]
    return sorted(dict.fromkeys(found), key=lambda cure: cure.size)


def crowds(scene: Scene, short: Short) -> Iterator[Cure]:
    """Yield more and more volunteers with whatever the activity and those tied to it ask for: the last resort.

    With each number, what else is in the way is planned again too, if the family alone doesn't do.
    """
    family = family_of(scene.problem, short.key[0])
    activities = [scene.problem.activity_of[name] for name in family]
    skills = tuple(sorted({role.skill for found in activities for role in found.roles if role.skill is not None}))
    stretches = sorted({stretch_of(found, start) for found in activities for start in found.starts})
    wide = tuple(dict.fromkeys((*family, *_tied(scene, short, family), *_rival(scene, short, family))))
    for count in range(1, CROWD + 1):
        for again in dict.fromkeys((family, wide)):
            yield Cure((VolunteersMore(count, skills, tuple(stretches), short.key[0]),), again=again)


def _loosened(scene: Scene, short: Short) -> Iterator[Relaxation]:
    """Yield what organizers have decided about the activity, and those tied to it, and could decide otherwise."""
    family = family_of(scene.problem, short.key[0])
    for pin in scene.problem.pins:
        if pin.activity in family:
            yield PinReleased(pin.activity, pin.index)
    for role in roles(scene, short, short.key):
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
        for role in roles(scene, short, short.key)
        for person in scene.skilled(role)
        if len(scene.seating.duties.get(person.id, ())) >= person.max_sessions
        and any(person.is_available(*stretch_of(activity, start)) for start in activity.starts)
    ]
    yield from (DutyMore(person) for person in list(dict.fromkeys(full))[:ALIKE])


def _rival(scene: Scene, short: Short, family: tuple[str, ...]) -> tuple[str, ...]:
    """Return the activity, if any, whose sessions are most often in the way: in the group's time or in every room."""
    by = _in_the_way(scene, short, family, {"group", "room"})
    return (max(sorted(set(by)), key=by.count),) if by else ()


def _tied(scene: Scene, short: Short, family: tuple[str, ...]) -> tuple[str, ...]:
    """Return the activities whose sessions a relation sets against the session at some start."""
    return tuple(sorted(set(_in_the_way(scene, short, family, {"tied"}))))


def _in_the_way(scene: Scene, short: Short, family: tuple[str, ...], kinds: set[str]) -> list[str]:
    blocks = [scene.block(short.key, start) for start in scene.starts(short.key)]
    return [key[0] for block in blocks if block.kind in kinds for key in block.by if key[0] not in family]
