"""Why something is short, in a coordinator's words: how many slots and people there are, and what blocks each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from core.domain.errors import Message
from core.planning.plan import PlannedSession, SessionKey
from core.planning.problem import Activity, Person, Role
from core.planning.reasons.scene import Block, Obstacle, Scene, Short, suits

#: So many people or sessions are named; what more there are is counted.
_NAMED = 3

_NOBODY_MAY = Message("Nobody is entered who may.")

#: What is told of somebody with several obstacles: the one that is hardest to move.
_HARDEST = ("here", "away", "busy", "way", "limit", "day", "face")


def why(scene: Scene, short: Short) -> Message:
    """Return why something is short, with names for what stands in the way."""
    row = scene.row(short.key)
    if row is None or short.role is None:
        return why_not_held(scene, short.key)
    return _by_rule(scene, short.key, short.role, why_empty(scene, row, short.role))


def why_empty(scene: Scene, row: PlannedSession, role: Role) -> Message:
    """Return why required places of a role are empty in a held session, everything else as planned."""
    pool = scene.skilled(role)
    if not pool:
        return Message("Nobody has the skill %(skill)s.", {"skill": role.skill or ""})
    activity = scene.problem.activity_of[row.activity]
    pool = _admitted(scene, activity, role, pool)
    if not pool:
        return _NOBODY_MAY
    venue = scene.problem.venue(activity, row.room)
    met = {person.id: scene.obstacles(row.key, row.start, venue, role, person) for person in pool}
    others = [start for start in scene.starts(row.key) if start != row.start]
    values = _about(activity, role, [row.start, *others]) | {"people": tuple(_people(role, met))}
    if any(_somebody(scene, row.key, start, role) for start in others):
        values |= {"others": len(others), "parts": tuple(_blocked(scene.block(row.key, start) for start in others))}
        if role.skill is None:
            return Message(
                "Nobody more is free at the planned time: %(people)s; of %(others)s other slots: %(parts)s.", values
            )
        return Message(
            "Nobody more with %(skill)s is free at the planned time: %(people)s; of %(others)s other slots: %(parts)s.",
            values,
        )
    if role.skill is None:
        return Message(
            "Nobody more is free in any possible slot (%(slots)s in all); at the planned time: %(people)s.", values
        )
    return Message(
        "Nobody more with %(skill)s is free in any possible slot (%(slots)s in all); at the planned time: %(people)s.",
        values,
    )


def why_not_held(scene: Scene, key: SessionKey) -> Message:
    """Return why a session is not held, everything else as planned."""
    activity, starts = scene.problem.activity_of[key[0]], scene.starts(key)
    if not starts:
        return _no_slot(scene, activity)
    blocks = {start: scene.block(key, start) for start in starts}
    lacking = {block.role for block in blocks.values()}
    if len(lacking) == 1 and (role := lacking.pop()) is not None:
        return _by_rule(scene, key, role, _nobody(scene, key, starts, role))
    parts = tuple(_blocked(blocks.values()))
    return Message("Of %(slots)s possible slots: %(parts)s.", {"slots": len(starts), "parts": parts})


def _about(activity: Activity, role: Role, starts: list[int]) -> dict[str, object]:
    return {"activity": activity.id, "role": role.role, "skill": role.skill or "", "slots": len(starts)}


def _no_slot(scene: Scene, activity: Activity) -> Message:
    """Return why there is no slot at all: no room suits it, or none is open then."""
    values = {"activity": activity.id, "size": activity.size, "features": activity.features}
    suiting = [room for room in scene.problem.rooms if suits(activity, room)]
    if activity.needs_room and not any(room.capacity >= activity.size for room in suiting):
        if suiting:
            return Message("No suitable room holds the %(size)s children of %(activity)s.", values)
        return Message("There is no room of the kind that %(activity)s needs.", values)
    if (reason := scene.program_rules.leaving_no_slot(activity)) is not None:
        return Message("No start is left. %(reason)s", {**values, "reason": reason})
    return Message("No start is left at which a suitable room is open.", values)


def _admitted(scene: Scene, activity: Activity, role: Role, pool: Iterable[Person]) -> list[Person]:
    """Return those whom programs' rules let fill a role."""
    people, _ = scene.program_rules.reserving(activity, role)
    return [person for person in pool if person.id in people]


def _by_rule(scene: Scene, key: SessionKey, role: Role, text: Message) -> Message:
    """Return a reason after what a program's rule says of who may fill the role at all."""
    _, reason = scene.program_rules.reserving(scene.problem.activity_of[key[0]], role)
    return text if reason is None else Message("%(rule)s %(reason)s", {"rule": reason, "reason": text})


def _nobody(scene: Scene, key: SessionKey, starts: list[int], role: Role) -> Message:
    """Return why nobody fills the role at any start: each person by the start at which least speaks against them."""
    activity, pool = scene.problem.activity_of[key[0]], scene.skilled(role)
    values = _about(activity, role, starts)
    if not pool:
        return Message("Nobody has the skill %(skill)s.", values)
    pool = _admitted(scene, activity, role, pool)
    if not pool:
        return _NOBODY_MAY
    met = {person.id: _least(scene, key, starts, role, person) for person in pool}
    if role.skill is not None and all(obstacles[:1] == (Obstacle("away"),) for obstacles in met.values()):
        return Message("Nobody with %(skill)s is available in any possible slot (%(slots)s in all).", values)
    values["people"] = tuple(_people(role, met))
    if role.skill is None:
        return Message("Nobody is free in any possible slot (%(slots)s in all): %(people)s.", values)
    return Message("Nobody with %(skill)s is free in any possible slot (%(slots)s in all): %(people)s.", values)


def _least(scene: Scene, key: SessionKey, starts: list[int], role: Role, person: Person) -> tuple[Obstacle, ...]:
    found = [
        scene.obstacles(key, start, venue, role, person) for start in starts for venue in _venues(scene, key, start)
    ]
    return min(found, key=lambda obstacles: (any(each.kind == "away" for each in obstacles), len(obstacles)))


def _somebody(scene: Scene, key: SessionKey, start: int, role: Role) -> bool:
    return any(scene.able(key, start, venue, role) for venue in _venues(scene, key, start))


def _venues(scene: Scene, key: SessionKey, start: int) -> list[str | None]:
    """Return where the session could be held at a start, whether the room is taken or not."""
    activity = scene.problem.activity_of[key[0]]
    rooms = scene.choices.rooms(activity.id, start) if activity.needs_room else [None]
    return sorted({scene.problem.venue(activity, room) for room in rooms}, key=str)


def _people(role: Role, met: Mapping[str, tuple[Obstacle, ...]]) -> Iterator[Message]:
    """Yield what keeps the people, those with the same obstacle together."""
    by_kind = defaultdict[str, list[str]](list)
    duties = defaultdict[str, list[SessionKey]](list)
    for person, obstacles in met.items():
        kinds = {each.kind: each for each in obstacles}
        kind = next((kind for kind in _HARDEST if kind in kinds), "free")
        by_kind[kind].append(person)
        duties[kind] += kinds[kind].duties if kind in kinds else ()
    for kind, people in sorted(by_kind.items(), key=lambda found: (*_HARDEST, "free").index(found[0])):
        values: dict[str, object] = {"count": len(people), "people": _named(people), "most": role.max_people or 0}
        values["duties"] = sessions(duties[kind])
        yield Message(_KEPT[kind].text, values)


def _blocked(blocks: Iterable[Block]) -> Iterator[Message]:
    """Yield what blocks the slots, the most frequent first."""
    found = defaultdict[tuple[str, Role | None, str], list[Block]](list)
    for block in blocks:
        found[block.kind, block.role, block.rule.text if block.rule else ""].append(block)
    for (kind, role, _), alike in sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0][0], entry[0][2])):
        by = sessions(key for block in alike for key in block.by)
        skill = role.skill if role else None
        if (rule := alike[0].rule) is not None:
            yield Message("%(count)s held back by a rule (%(rule)s)", {"count": len(alike), "rule": rule})
            continue
        template = _BLOCKED["anybody" if kind == "role" and skill is None else "closed" if _is_closed(alike) else kind]
        yield Message(template.text, {"count": len(alike), "by": by, "skill": skill or ""})


def _is_closed(blocks: list[Block]) -> bool:
    return blocks[0].kind == "room" and not any(block.by for block in blocks)


def sessions(keys: Iterable[SessionKey]) -> tuple[Message, ...]:
    """Return the names of the sessions that are met most often."""
    most = Counter(keys).most_common(_NAMED)
    return tuple(
        Message("%(activity)s #%(number)s", {"activity": activity, "number": index + 1})
        for (activity, index), _ in most
    )


def _named(people: list[str]) -> Message | tuple[str, ...]:
    if len(people) <= _NAMED:
        return tuple(people)
    return Message("%(people)s and %(more)s more", {"people": tuple(people[:_NAMED]), "more": len(people) - _NAMED})


_KEPT = {
    "here": Message("serving in it already: %(people)s"),
    "away": Message("not available: %(count)s"),
    "busy": Message("busy with %(duties)s: %(people)s"),
    "way": Message("no time for the way from or to %(duties)s: %(people)s"),
    "limit": Message("have done what they offered: %(people)s"),
    "day": Message("have done enough on that day: %(people)s"),
    "face": Message("would be more than %(most)s different people: %(people)s"),
    "free": Message("held back by other rules: %(people)s"),
}
_BLOCKED = {
    "pin": Message("%(count)s ruled out by its pin"),
    "series": Message("%(count)s clash with its own %(by)s"),
    "tied": Message("%(count)s clash with %(by)s, which it is tied to"),
    "group": Message("%(count)s where the group is at %(by)s"),
    "room": Message("%(count)s where every suitable room is taken, by %(by)s"),
    "closed": Message("%(count)s where no suitable room is open"),
    "role": Message("%(count)s where nobody with %(skill)s is free"),
    "anybody": Message("%(count)s where nobody is free"),
    "adults": Message("%(count)s where too few adults of two households are free"),
    "program": Message("%(count)s where no single rule stands in the way, so that planning longer may help"),
}
