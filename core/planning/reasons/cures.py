"""The smallest changes that mend a shortfall: candidates by looking, cures by solving again with each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from time import monotonic

from core.planning.plan import Plan
from core.planning.reasons.candidates import crowds, small_changes, wider_changes
from core.planning.reasons.scene import Scene, Short
from core.planning.reasons.trials import Aim, Attempt, Scope, Trials
from core.planning.relaxations import Cure, Move
from core.planning.units import family_of, units

#: How many cures are told of one shortfall, and how many of a kind.
_TOLD, _OF_A_KIND = 5, 2

#: How many candidates are tried for one shortfall, alone, and of those the smallest in pairs.
_TRIED, _PAIRED = 30, 8

#: How long one change is tried; what needs longer is no small change.
_TRY_SECONDS = 4.0

#: How long planning two families again is tried: the search for plans has tried much of that already.
_RIVAL_SECONDS = 0.5


@dataclass(frozen=True)
class Findings:
    """Which changes cure a shortage, the smallest first.

    `verified` if it was proved to remain without any, and, where no cure was found, with each of those tried alone.
    `unfinished` if the time was up before a cure was found.
    """

    cures: tuple[Cure, ...]
    verified: bool
    unfinished: bool = False


class Doctor:
    """Looks for cures for one shortfall of a plan until the deadline, with the plan's other parts held fixed."""

    def __init__(self, trials: Trials, scene: Scene, short: Short, deadline: float) -> None:
        self._trials = trials
        self._scene = scene
        self._short = short
        self._deadline = deadline
        self._cut = False
        self._family = family_of(scene.problem, short.key[0])
        self._unit = next(unit for unit in units(scene.problem) if short.key in unit)

    def cures(self) -> Findings:
        """Return what mends the shortfall."""
        short = self._short
        again = Cure(again=self._family)
        before = self._try(again)
        if before.plan is not None:
            return Findings((replace(again, plan=before.plan),), verified=True)
        if self._left <= 0:
            return Findings((), verified=False, unfinished=True)
        candidates = [*small_changes(self._scene, short), *wider_changes(self._scene, short)]
        candidates = sorted(candidates, key=lambda cure: cure.size)[:_TRIED]
        found, refuted = self._found(candidates)
        least = min((cure.size for cure in found), default=None)
        pairs = (cure for cure in self._pairs(candidates) if least is None or cure.size < least)
        found += self._first(pairs, until=self._left / 2)
        found = found or self._first(crowds(self._scene, short))
        found.sort(key=lambda cure: cure.size)
        verified = before.impossible and (bool(found) or refuted)
        return Findings(tuple(found), verified, unfinished=self._cut and not found)

    @property
    def _left(self) -> float:
        return max(0.0, self._deadline - monotonic())

    def _is_late(self, until: float = 0.0) -> bool:
        late = self._left <= until
        self._cut = self._cut or late
        return late

    def _found(self, candidates: Iterable[Cure]) -> tuple[list[Cure], bool]:
        """Return the cures among the candidates, not too many alike, and whether all others are proved to be none."""
        found, kinds, refuted = list[Cure](), dict[object, int](), True
        for cure in candidates:
            kind = _kind(cure)
            if len(found) >= _TOLD or self._is_late():
                return found, False
            if kinds.get(kind, 0) >= _OF_A_KIND or any(_includes(cure, smaller) for smaller in found):
                continue
            attempt = self._try(cure)
            refuted = refuted and attempt.impossible
            if attempt.plan is not None:
                found.append(self._with_plan(cure, attempt.plan))
                kinds[kind] = kinds.get(kind, 0) + 1
        return found, refuted

    def _first(self, candidates: Iterable[Cure], *, until: float = 0.0) -> list[Cure]:
        for cure in candidates:
            if self._is_late(until):
                break
            attempt = self._try(cure)
            if attempt.plan is not None:
                return [self._with_plan(cure, attempt.plan)]
        return []

    def _pairs(self, candidates: list[Cure]) -> Iterator[Cure]:
        """Yield two of the smallest changes at once, for what none of them cures alone."""
        few = [cure for cure in candidates if cure.relaxations][:_PAIRED]
        pairs = [
            Cure(
                tuple(dict.fromkeys((*one.relaxations, *other.relaxations))),
                tuple(dict.fromkeys((*one.takeovers, *other.takeovers))),
                one.again or other.again,
            )
            for one, other in combinations(few, 2)
        ]
        yield from sorted(pairs, key=lambda cure: cure.size)

    def _try(self, cure: Cure) -> Attempt:
        """Solve with a cure: with the session where it is, if that does, else wherever it may be."""
        short = self._short
        by = short.places if cure.relaxations or cure.takeovers else 1
        aim = Aim(short.key[0], short.role.role if short.role else None, by)
        attempt = Attempt(None, impossible=True)
        most = _TRY_SECONDS if cure.relaxations or set(cure.again) <= set(self._family) else _RIVAL_SECONDS
        for scope in self._scopes(cure):
            attempt = self._trials.run(cure.relaxations, scope, aim, min(most, self._left))
            if attempt.plan is not None:
                break
        return attempt

    def _scopes(self, cure: Cure) -> Iterator[Scope]:
        """Yield what is decided again for a cure to be tried, a little first and then all of it."""
        staffed = frozenset(takeover.session for takeover in cure.takeovers)
        loose = {*self._unit}.union(*(change.frees(self._scene.problem) for change in cure.relaxations)) - staffed
        names = {name for name, _ in chain(loose, staffed)} | {*cure.again}
        mine = {key for key in self._scene.seating.meetings if key[0] in names}
        kept = frozenset(key for key in mine - loose - staffed if key[0] not in cure.again)
        activities = tuple(sorted(names))
        if self._short.role is not None and not cure.again:
            yield Scope(activities, kept, staffed | frozenset(mine & loose))
        yield Scope(activities, kept, staffed, again=bool(cure.again))

    def _with_plan(self, cure: Cure, plan: Plan) -> Cure:
        """Return the cure with the plan that proves it, and with where the session went if it alone was moved."""
        row = self._scene.row(self._short.key)
        if row is None or cure.again:
            return replace(cure, plan=plan)
        before = {found.start for found in self._trials.plan.sessions if found.activity == row.activity}
        after = {found.start for found in plan.sessions if found.activity == row.activity}
        return replace(cure, plan=plan, moves=tuple(Move(row.key, start) for start in sorted(after - before)))


def _kind(cure: Cure) -> object:
    return (
        tuple(change.kind for change in cure.relaxations),
        len(cure.takeovers),
        bool(cure.again) and not cure.relaxations,
    )


def _includes(cure: Cure, smaller: Cure) -> bool:
    """Say whether a cure asks for all that a smaller one asks for, and more."""
    if not smaller.relaxations and not smaller.takeovers:
        return False
    return set(smaller.takeovers) <= set(cure.takeovers) and all(
        any(change.includes(less) for change in cure.relaxations) for less in smaller.relaxations
    )
