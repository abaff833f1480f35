"""What a course's page shows: its modules with their days, who missed which, and where that can be made up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import ChildFacts, HeldSession, attended, child_facts, held_sessions
from plugins.sst import queries
from plugins.sst.activities import PROGRAM
from plugins.sst.curriculum import make_ups
from plugins.sst.queries import Course


@dataclass(frozen=True)
class Missed:
    """A child who was not there, and whether they have made the module up since."""

    child: ChildFacts
    made_up: bool


@dataclass(frozen=True)
class Module:
    """A module of a course: its session as published, who missed it, and the make-up sessions that repeat it."""

    number: int
    name: str
    session: HeldSession | None
    missed: tuple[Missed, ...]
    make_ups: tuple[HeldSession, ...]

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has still to make it up."""
        return not all(one.made_up for one in self.missed)


def modules(session: Session, course: Course, today: date) -> tuple[Module, ...]:
    """Return the modules of a course in order; a session beyond the modules has no name."""
    taught = {held.index: held for held in course.sessions}
    missed = queries.absences(session, course, today)
    facts = {one.id: one for one in child_facts(session, sorted({c for rows in missed.values() for c in rows}), today)}
    repeating = _repeating(session, course, today)
    came = _came(session, today)
    names = course.curriculum.modules
    rows = []
    for index in range(max(len(names), course.curriculum.activity.sessions)):
        later = _after(repeating.get(index, ()), taught.get(index))
        absent = sorted((facts[child] for child in missed.get(index, ()) if child in facts), key=lambda one: one.number)
        rows.append(
            Module(
                index + 1,
                names[index] if index < len(names) else "",
                taught.get(index),
                tuple(Missed(child, any((child.id, held.id) in came for held in later)) for child in absent),
                later,
            )
        )
    return tuple(rows)


def _repeating(session: Session, course: Course, today: date) -> dict[int, tuple[HeldSession, ...]]:
    held = held_sessions(session, PROGRAM.key, today - queries.YEAR, today + queries.YEAR)
    own = [row for row in held if row.station_id == course.station_id]
    found: dict[int, tuple[HeldSession, ...]] = {}
    for one in make_ups({row.activity.id: row.activity for row in own}.values()):
        if one.course == course.title:
            rows = tuple(row for row in own if row.activity.id == one.activity.id)
            found[one.index] = (*found.get(one.index, ()), *rows)
    return found


def _came(session: Session, today: date) -> frozenset[tuple[UUID, UUID]]:
    noted = attended(session, PROGRAM.key, today - queries.YEAR, today)
    return frozenset((one.child_id, one.session.id) for one in noted if one.presence == "present")


def _after(repeated: tuple[HeldSession, ...], taught: HeldSession | None) -> tuple[HeldSession, ...]:
    found = (held for held in repeated if taught is None or held.starts_at >= taught.ends_at)
    return tuple(sorted(found, key=lambda held: held.starts_at))
