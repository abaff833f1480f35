"""Reasons for what a plan could not fill, and small changes that would cure it, verified by solving again."""

from collections.abc import Iterable
from time import monotonic

from core.domain.errors import Message
from core.planning.outcome import Shortfall
from core.planning.plan import Plan
from core.planning.preferences import DEFAULT_PREFERENCES
from core.planning.preferences.base import Preference
from core.planning.problem import Problem
from core.planning.reasons.cures import Doctor, Findings
from core.planning.reasons.scene import Scene, Short
from core.planning.reasons.trials import Trials, empty
from core.planning.reasons.words import why
from core.planning.rules import DEFAULT_RULES
from core.planning.rules.base import Rule
from core.planning.search.modelling import Task


def explain(
    problem: Problem,
    plan: Plan,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    workers: int = 8,
    rules: Iterable[Rule] = DEFAULT_RULES,
    preferences: Iterable[Preference] = DEFAULT_PREFERENCES,
) -> tuple[Shortfall, ...]:
    """Return a shortfall for each session that is not held and each role with empty required places, but for the past.

    The plan must keep the rules. Reasons say what stands in the way with everything else as planned. Remedies were
    found by solving again with each, while all but what they name was held fixed. The time is shared by what is short;
    what it doesn't suffice for has a reason, and `verified` is false.
    """
    task = Task(problem, tuple(rules), tuple(preferences), seed, workers)
    scene, trials = Scene(problem, task.choices, plan, task.program_rules), Trials(task, plan)
    found = [*_not_held(scene), *_empty_places(scene)]
    deadline, kinds = monotonic() + seconds, {short: _kind(scene, short) for short in found}
    known = dict[object, Findings]()
    first = {kind: short for short, kind in reversed(kinds.items())}
    waiting = first
    while waiting:
        for at, (kind, short) in enumerate(waiting.items()):
            now = monotonic()
            known[kind] = Doctor(trials, scene, short, now + (deadline - now) / (len(waiting) - at)).cures()
        # Some were done sooner than their share of the time: what is left goes to the others, which go on from there.
        late = monotonic() >= deadline
        waiting = {} if late else {kind: short for kind, short in waiting.items() if known[kind].unfinished}
    reasons = {kind: why(scene, short) for kind, short in first.items()}
    return tuple(_told(short, reasons[kind], known[kind]) for short, kind in kinds.items())


def _kind(scene: Scene, short: Short) -> object:
    """Return what two shortfalls have in common if they are alike: sessions of a series that are not held.

    Where relations name them, they are tied in the same way to sessions that are held, or to others that are not.
    """
    if short.role is not None:
        return short
    name, index = short.key
    if scene.problem.activity_of[name].ordered:
        # Later sessions of a course wait for the first that isn't held.
        index = len(scene.seating.series.get(name, ()))
    key, ties = (name, index), set[object]()
    for relation in scene.problem.relations:
        if key in {relation.a, relation.b}:
            first, other = relation.a == key, relation.b if relation.a == key else relation.a
            whom = other if scene.row(other) is not None else (other[0], other[1] - index, None)
            ties.add((relation.kind, relation.gap, first, whom))
    return name, frozenset(ties)


def _told(short: Short, reason: Message, findings: Findings) -> Shortfall:
    role = short.role.role if short.role else None
    return Shortfall(*short.key, role, reason, findings.cures, findings.verified)


def _not_held(scene: Scene) -> Iterable[Short]:
    for activity in scene.problem.activities:
        for index in range(activity.sessions):
            if scene.row((activity.id, index)) is None:
                yield Short((activity.id, index))


def _empty_places(scene: Scene) -> Iterable[Short]:
    for key, meeting in sorted(scene.seating.meetings.items()):
        for role in meeting.activity.roles:
            places = empty(role, meeting.row)
            if places and key not in scene.problem.frozen:
                yield Short(key, role, places)
