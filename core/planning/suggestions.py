"""What repairing one session or staff place could look like: alternatives, what each costs, and whom it disturbs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from core.domain.errors import Message
from core.planning.compare import Difference, SessionComparison, changed_sessions
from core.planning.outcome import message_json
from core.planning.plan import Plan, PlannedSession, SessionKey
from core.planning.problem import Problem
from core.planning.units import components


class Hindrance(StrEnum):
    """Why a start, or a person, is no alternative."""

    ROOM = "room"
    GROUP = "group"
    STAFF = "staff"
    RULES = "rules"
    SKILL = "skill"
    AWAY = "away"
    BUSY = "busy"
    FULL = "full"


_OF_STARTS = {
    Hindrance.ROOM: Message("no fitting room is free"),
    Hindrance.GROUP: Message("its children are elsewhere"),
    Hindrance.STAFF: Message("too few adults can come for it to be safe"),
    Hindrance.RULES: Message("pins, the order of its series, or ties to other sessions forbid it"),
}
_OF_PEOPLE = {
    Hindrance.SKILL: Message("without the skill"),
    Hindrance.AWAY: Message("not available then"),
    Hindrance.BUSY: Message("serving elsewhere then, where nobody could take over"),
    Hindrance.FULL: Message("at a limit: of their sessions, of that day, or of different people in the role"),
    Hindrance.STAFF: Message("with whom it would not be safe"),
    Hindrance.RULES: Message("whom pins or rules exclude"),
}


@dataclass(frozen=True)
class PersonChange:
    """Somebody with other duties than before: gained, lost (by their former numbers), or at another time."""

    person: str
    gains: tuple[SessionKey, ...] = ()
    loses: tuple[SessionKey, ...] = ()
    moves: tuple[SessionKey, ...] = ()

    @property
    def called_away(self) -> bool:
        """Say whether the person leaves one duty for another."""
        return bool(self.gains and self.loses)


@dataclass(frozen=True)
class Repair:
    """One alternative: the session as it would be held, and the whole plan with it, which keeps every rule.

    The sessions of a course are numbered by their starts: one that overtakes others has another number in the new plan,
    and they are `renumbered`. `difference` is the cost of that plan less the cost of the present one, `terms` the
    amounts that change. Other sessions at another time or in another room come `along` because they must begin with it,
    or `give_way`. `published` are sessions that were as published and no longer are. Keys are the new plan's.
    """

    session: PlannedSession
    difference: int
    terms: Mapping[str, int]
    plan: Plan
    changes: tuple[SessionComparison, ...]
    along: tuple[SessionKey, ...]
    gives_way: tuple[SessionKey, ...]
    renumbered: tuple[SessionKey, ...]
    people: tuple[PersonChange, ...]
    published: tuple[SessionKey, ...]

    @property
    def disturbed(self) -> int:
        """Return how many other sessions move and how many people have other duties or times."""
        return len(self.along) + len(self.gives_way) + len(self.people)

    def to_json(self) -> dict[str, Any]:
        """Return the repair as JSON, without the plan."""
        return {
            "session": self.session.to_json(),
            "difference": self.difference,
            "terms": dict(self.terms),
            "along": [list(key) for key in self.along],
            "gives_way": [list(key) for key in self.gives_way],
            "renumbered": [list(key) for key in self.renumbered],
            "people": [
                {
                    "person": each.person,
                    "gains": [list(key) for key in each.gains],
                    "loses": [list(key) for key in each.loses],
                    "moves": [list(key) for key in each.moves],
                }
                for each in self.people
            ],
            "published": [list(key) for key in self.published],
        }


@dataclass(frozen=True)
class Suggestions:
    """The ranked alternatives to how a session is held now (`kept`, None if it is not), or to who fills a role in it.

    `cost` is that of the present plan. `possible` says how many starts, or people, are alternatives at all, and
    `hindered` how many are none and why. `fixed` says what pins or the past leave no choice about.
    """

    key: SessionKey
    role: str | None
    kept: PlannedSession | None
    cost: int
    ranked: tuple[Repair, ...]
    possible: int
    hindered: Mapping[Hindrance, int]
    fixed: Message | None = None

    @cached_property
    def why(self) -> tuple[Message, ...]:
        """Return why the others are no alternatives, in words."""
        words = _OF_STARTS if self.role is None else _OF_PEOPLE
        return tuple(
            Message("%(reason)s: %(count)s", {"reason": words[which], "count": count})
            for which, count in self.hindered.items()
            if count
        )

    def to_json(self) -> dict[str, Any]:
        """Return them as JSON; messages as their English templates and values, for the edge to translate."""
        return {
            "activity": self.key[0],
            "index": self.key[1],
            "role": self.role,
            "kept": self.kept and self.kept.to_json(),
            "cost": self.cost,
            "repairs": [repair.to_json() for repair in self.ranked],
            "possible": self.possible,
            "hindered": {which.value: count for which, count in self.hindered.items()},
            "why": [message_json(each) for each in self.why],
            "fixed": self.fixed and message_json(self.fixed),
        }


def repair_of(
    problem: Problem, session: PlannedSession, before: Plan, after: Plan, difference: int, terms: Mapping[str, int]
) -> Repair | None:
    """Return what another plan changes, seen from one of its sessions; None if it changes nothing."""
    changes = tuple(changed_sessions(before, after))
    if not changes:
        return None
    found = defaultdict[str, list[SessionKey]](list)
    tied = {name for name, _ in _tied(problem, session.key)} - {session.activity}
    taken = {(row.activity, row.start, row.room) for row in before.sessions}
    for each in changes:
        row = each.second
        if row is None or each.key == session.key or set(each.differences) <= {Difference.RESTAFFED}:
            continue
        if (row.activity, row.start, row.room) in taken:
            found["renumbered"].append(each.key)
        else:
            found["along" if row.activity in tied and row.start == session.start else "gives_way"].append(each.key)
    return Repair(
        session,
        difference,
        terms,
        after,
        changes,
        tuple(found["along"]),
        tuple(found["gives_way"]),
        tuple(found["renumbered"]),
        tuple(_people(changes)),
        tuple(each.key for each in changes if _was_as_published(problem, each)),
    )


def _tied(problem: Problem, key: SessionKey) -> frozenset[SessionKey]:
    """Return the sessions that must begin when that one does, directly or not."""
    ties = [(relation.a, relation.b) for relation in problem.relations if relation.kind == "together"]
    keys = dict.fromkeys([key, *(one for tie in ties for one in tie)])
    return frozenset(next(found for found in components(keys, ties) if key in found))


def _people(changes: Iterable[SessionComparison]) -> Iterable[PersonChange]:
    before, after = (_duties(rows) for rows in zip(*((each.first, each.second) for each in changes), strict=True))
    for person in sorted({*before, *after}):
        old, new = before.get(person, {}), after.get(person, {})
        lost = {when: key for when, key in old.items() if when not in new}
        moves, gains = list[SessionKey](), list[SessionKey]()
        for (activity, start), key in new.items():
            if (activity, start) in old:
                continue
            former = next((when for when in lost if when[0] == activity), None)
            (gains if former is None else moves).append(key)
            if former is not None:
                del lost[former]
        if gains or moves or lost:
            yield PersonChange(person, tuple(gains), tuple(lost.values()), tuple(moves))


def _duties(rows: Iterable[PlannedSession | None]) -> dict[str, dict[tuple[str, int], SessionKey]]:
    """Return the sessions in which people serve, by activity and start."""
    found = defaultdict[str, dict[tuple[str, int], SessionKey]](dict)
    for row in filter(None, rows):
        for person in row.people():
            found[person][row.activity, row.start] = row.key
    return found


def _was_as_published(problem: Problem, each: SessionComparison) -> bool:
    old = problem.incumbent_of.get(each.key)
    if old is None or each.first is None:
        return False
    return (each.first.start, each.first.room, set(each.first.people())) == (old.start, old.room, set(old.people()))
