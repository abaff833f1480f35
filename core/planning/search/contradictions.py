"""Pins that can't all be kept: the proof, and a smallest set of them that clashes, with the reason if it is plain."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from core.domain.errors import Message
from core.planning.errors import ContradictoryPinsError
from core.planning.model.choices import Choices
from core.planning.moments import iso
from core.planning.plan import Plan
from core.planning.problem import Pin
from core.planning.search.clashes import Clash, clashes
from core.planning.search.modelling import Task
from core.planning.search.parts import part, part_task
from core.planning.units import families

#: Among so many pins at most, all smaller sets are tried for one that clashes.
_FEW = 6

#: What one proof may take of the time that is left.
_SHARE = 8


def contradiction(task: Task, left: Callable[[], float]) -> ContradictoryPinsError | None:
    """Return the error that names pins which clash, or None if it isn't proved in time that some do.

    Every pin of the set is needed for the clash: each was left out once, and then no clash of the rest was proved. Only
    the activities that are pinned, and those tied to them, are looked at.
    """
    past = _past(task, left)
    if past is not None:
        return past
    court = _Court(task, left)
    pins = tuple(range(len(task.problem.pins)))
    plain = clashes(task.problem, task.choices, pins)
    # Few pins are soon judged: those of one family first, all of them only if every family could keep its own.
    suspects = [plain[0].pins] if plain else [*_by_family(task, pins), pins]
    guilty = suspects[0] if plain else next((found for found in suspects if court.clash(found)), None)
    return None if guilty is None else _error(task, court.fewest(court.needed(guilty), pins))


def _by_family(task: Task, pins: tuple[int, ...]) -> list[tuple[int, ...]]:
    family_of = {name: family for family in families(task.problem) for name in family}
    found = defaultdict[tuple[str, ...], list[int]](list)
    for at in pins:
        found[family_of[task.problem.pins[at].activity]].append(at)
    return [tuple(mine) for mine in found.values()]


class _Court:
    """Asks the solver whether pins clash; a doubt that is not resolved in time speaks for the pins."""

    def __init__(self, task: Task, left: Callable[[], float]) -> None:
        self._task = task
        self._left = left
        self._proved: dict[tuple[int, ...], bool] = {}

    def clash(self, pins: Sequence[int]) -> bool:
        """Say whether it is proved that no plan keeps the past and these pins, whatever else is held or left out."""
        asked = tuple(sorted(pins))
        if asked not in self._proved:
            self._proved[asked] = bool(asked) and _is_impossible(self._task, asked, self._left() / _SHARE)
        return self._proved[asked]

    def needed(self, pins: tuple[int, ...]) -> tuple[int, ...]:
        """Return pins of a set that clashes, all of which are needed for that."""
        found = tuple(sorted(self._divided((), pins, known=False)))
        for pin in found:
            rest = tuple(other for other in found if other != pin)
            if self.clash(rest):
                return self.needed(rest)
        return found

    def fewest(self, found: tuple[int, ...], pins: tuple[int, ...]) -> tuple[int, ...]:
        """Return a set with fewer pins that clashes, if there is one and there are few pins, else the one found."""
        smaller = (fewer for size in range(1, len(found)) for fewer in combinations(pins, size))
        return next((fewer for fewer in smaller if self.clash(fewer)), found) if len(pins) <= _FEW else found

    def _divided(self, given: tuple[int, ...], pins: tuple[int, ...], *, known: bool) -> tuple[int, ...]:
        """Return those of the pins that are needed beside the given ones: by halves, as most are not.

        This is QuickXplain (Junker, AAAI 2004). `known` says that something was given since the last question.
        """
        if known and self.clash(given):
            return ()
        if len(pins) <= 1:
            return pins
        half = len(pins) // 2
        first, second = pins[:half], pins[half:]
        of_second = self._divided((*given, *first), second, known=True)
        return (*self._divided((*given, *of_second), first, known=bool(of_second)), *of_second)


def _is_impossible(task: Task, pins: tuple[int, ...], seconds: float) -> bool:
    problem = replace(task.problem, pins=tuple(task.problem.pins[at] for at in pins))
    return _cannot_hold(replace(task, problem=problem), {pin.activity for pin in problem.pins}, seconds)


def _cannot_hold(task: Task, fixed: set[str], seconds: float) -> bool:
    """Say whether it is proved that what is fixed in these activities, with the past of the others, has no plan."""
    wanted = [name for family in families(task.problem) if not fixed.isdisjoint(family) for name in family]
    small = part_task(task, part(task.problem, wanted))
    past = Plan(task.problem.name, tuple(task.problem.frozen.values()))
    model = small.model(_what_matters(small, wanted), past, penalties=False)
    return model.solve(seconds=seconds, seed=task.seed, workers=task.workers, minimize=False).infeasible


def _what_matters(task: Task, activities: list[str]) -> Choices:
    """Return the choices of the activities without starts of sessions that nobody asks for.

    Leaving those out breaks nothing, but where others need them: the earlier ones of a course, and what is needed.
    """
    problem, choices = task.problem, task.free(activities)
    needed = {name for tie in problem.relations if tie.kind == "needs" for name in (tie.a[0], tie.b[0])}
    for name in set(activities) - needed:
        starts = {pin.start for pin in problem.pins if pin.activity == name}
        starts |= {row.start for row in problem.frozen.values() if row.activity == name}
        fixed = [start for start in starts if start is not None]
        if fixed and len(fixed) == len(starts):
            ordered = problem.activity_of[name].ordered
            choices.keep_starts(
                name, [at for at in choices.starts(name) if at in starts or (ordered and at <= max(fixed))]
            )
    return choices


def _past(task: Task, left: Callable[[], float]) -> ContradictoryPinsError | None:
    """Return the error for a past that breaks a rule by itself, whatever is held beside."""
    problem = replace(task.problem, pins=())
    alone, past = replace(task, problem=problem), Plan(problem.name, tuple(problem.frozen.values()))
    guilty = {key for breach in alone.audit(past).breaches for key in breach.sessions if key in problem.frozen}
    if not guilty or not _cannot_hold(alone, {activity for activity, _ in guilty}, left() / _SHARE):
        return None
    named = tuple(_session(activity, index) for activity, index in sorted(guilty))
    return ContradictoryPinsError(
        Message(
            "What has been held already breaks a rule: %(sessions)s. Correct the record first.", {"sessions": named}
        ),
        frozen=tuple(sorted(guilty)),
    )


def _error(task: Task, pins: tuple[int, ...]) -> ContradictoryPinsError:
    """Return the error that names the pins, with the reason if plain reading has one for just these."""
    reasons = [clash for clash in clashes(task.problem, task.choices, pins) if clash.pins == pins]
    named = tuple(_name(task.problem.pins[at]) for at in pins)
    return ContradictoryPinsError(_sentence(named, reasons), pins)


def _sentence(named: tuple[Message, ...], reasons: list[Clash]) -> Message:
    values: dict[str, object] = {"pins": named}
    if reasons:
        values["reason"] = reasons[0].reason
        if len(named) == 1:
            return Message("This pin can't be kept: %(pins)s. %(reason)s Take it back.", values)
        return Message("These pins can't all be kept: %(pins)s. %(reason)s Take one of them back.", values)
    if len(named) == 1:
        return Message("This pin can't be kept: %(pins)s. Take it back.", values)
    return Message("These pins can't all be kept: %(pins)s. Take one of them back.", values)


def _name(pin: Pin) -> Message:
    details = list[Message]()
    if pin.start is not None:
        details.append(Message("on %(start)s", {"start": iso(pin.start)}))
    if pin.room is not None:
        details.append(Message("in %(room)s", {"room": pin.room}))
    people = tuple(person for ids in pin.staff.values() for person in ids)
    if people:
        details.append(Message("with %(people)s", {"people": people}))
    session = _session(pin.activity, pin.index)
    if not details:
        return session
    return Message("%(session)s (%(details)s)", {"session": session, "details": tuple(details)})


def _session(activity: str, index: int) -> Message:
    return Message("%(activity)s #%(number)s", {"activity": activity, "number": index + 1})
