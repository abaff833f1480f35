"""What rules of programs have against a session that is not held, in the words of their own checks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from core.domain.errors import Message
from core.planning.moments import covers
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.reasons.scene import Scene, suits
from core.planning.rules.base import Rule

#: So many starts are tried.
_TRIED = 20


def complaint(scene: Scene, rules: Sequence[Rule], key: SessionKey, starts: Iterable[int]) -> Message | None:
    """Return what the rules say most often if the session is held at one of these starts; None if nothing."""
    words, said = dict[str, Message](), Counter[str]()
    rows = (_held_at(scene, key, start) for start in starts) if rules else ()
    for row in islice((row for row in rows if row is not None), _TRIED):
        plan = Plan(scene.problem.name, (*scene.seating.plan.sessions, row))
        for rule in rules:
            for breach in rule.breaches(scene.problem, plan):
                if key in breach.sessions:
                    words[str(breach.message)] = breach.message
                    said[str(breach.message)] += 1
    return words[said.most_common(1)[0][0]] if said else None


def _held_at(scene: Scene, key: SessionKey, start: int) -> PlannedSession | None:
    """Return the session with all who are free for it, in a suitable room that is open; None where there is none."""
    activity = scene.problem.activity_of[key[0]]
    end = start + activity.duration
    rooms = [room.id for room in scene.problem.rooms if suits(activity, room) and covers(room.open, start, end)]
    if activity.needs_room and not rooms:
        return None
    room, staff = rooms[0] if activity.needs_room else None, dict[str, tuple[str, ...]]()
    for role in activity.roles:
        taken = {person for people in staff.values() for person in people}
        able = scene.able(key, start, scene.problem.venue(activity, room), role)
        staff[role.role] = tuple(person for person in able if person not in taken)[: role.wanted]
    return PlannedSession(*key, start, room, staff)
