"""A cure: the changes that mend a shortfall together, what was decided again meanwhile, and the plan that proves it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from core.domain.errors import Message
from core.planning.moments import iso
from core.planning.plan import Plan, SessionKey
from core.planning.problem import Problem
from core.planning.relaxations.base import Relaxation

#: Beside one more duty on one day, which is 2: a colleague's change of duty asks less, planning another series as much.
_TAKEOVER, _AGAIN = 1, 2


@dataclass(frozen=True)
class Takeover:
    """Somebody else takes over a person's duty, so that the person is free; time and room of the session stay."""

    person: str
    session: SessionKey

    def said(self) -> Message:
        """Name the duty and the person."""
        values = {"person": self.person, "activity": self.session[0], "number": self.session[1] + 1}
        return Message("somebody else took over session %(number)s of %(activity)s from %(person)s", values)


@dataclass(frozen=True)
class Move:
    """The session that is short is held at another time."""

    session: SessionKey
    start: int

    def said(self) -> Message:
        """Name the session and its new start."""
        values = {"activity": self.session[0], "number": self.session[1] + 1, "start": iso(self.start)}
        return Message("session %(number)s of %(activity)s moved to %(start)s", values)


@dataclass(frozen=True)
class Cure:
    """What would mend a shortfall.

    `again` are the activities that were decided again as a whole; without any, only the session itself, the sessions
    tied to it, and those that the takeovers and the relaxations name. Everything else was held fixed. `plan` is the
    whole plan that was found so, in which `moves` say where what was short has gone: it is valid for `apply(problem)`
    and has less short than before.
    """

    relaxations: tuple[Relaxation, ...] = ()
    takeovers: tuple[Takeover, ...] = ()
    again: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    plan: Plan | None = field(default=None, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Return how much it asks; small cures are told first."""
        asked = sum(found.size * getattr(found, "count", 1) for found in self.relaxations)
        return asked + _TAKEOVER * len(self.takeovers) + _AGAIN * len(self.again)

    def apply(self, problem: Problem) -> Problem:
        """Return the problem with all relaxations."""
        return reduce(lambda found, change: change.apply(found), self.relaxations, problem)

    def said(self) -> Message:
        """Return the cure as a sentence that also says what was held fixed."""
        clauses = [
            *(found.said() for found in self.takeovers),
            *(found.said() for found in self.relaxations),
            *(found.said() for found in self.moves),
        ]
        if not clauses:
            return Message(
                "Planning %(activities)s again, the rest unchanged, would fill more.", {"activities": self.again}
            )
        values: dict[str, object] = {"change": _joined(clauses), "activities": self.again}
        if not self.again:
            return Message("It would work if %(change)s, everything else as planned.", values)
        return Message("It would work if %(change)s, with %(activities)s planned again and the rest unchanged.", values)

    def to_json(self) -> dict[str, Any]:
        """Return the cure as JSON, without its plan and its words."""
        return {
            "relaxations": [found.to_json() for found in self.relaxations],
            "takeovers": [{"person": found.person, "session": list(found.session)} for found in self.takeovers],
            "again": list(self.again),
            "moves": [{"session": list(found.session), "start": found.start} for found in self.moves],
        }


def _joined(clauses: Iterable[Message]) -> Message:
    return reduce(lambda one, other: Message("%(one)s and %(other)s", {"one": one, "other": other}), clauses)
