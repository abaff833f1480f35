"""Families at talks as the pages show them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import ChildFacts, HeldSession, Message, NotFoundError, child_facts, children_of, held_sessions
from plugins.parent_school import queries
from plugins.parent_school.activities import FOR_PARENTS, PROGRAM

#: So long afterwards attendance is noted.
WEEKS_BACK: Final = 12


@dataclass(frozen=True)
class TalkShown:
    """A talk, or a part of a course, and how many families were there."""

    talk: HeldSession
    families: int


@dataclass(frozen=True)
class FamilyShown:
    """A family by one of its children, and how many grown-ups came; 0: none."""

    child: ChildFacts
    adults: int

    @property
    def is_open(self) -> bool:
        """Say whether something else may be noted: not of a child whose data is under restricted use."""
        return not self.child.restricted


def talks_behind(session: Session, today: date) -> tuple[TalkShown, ...]:
    """Return the talks and parts of courses up to today, the newest first."""
    talks = _talks(session, today)
    counts = dict.fromkeys((talk.id for talk in talks), 0)
    for row in session.scalars(queries.families_at(list(counts))):
        counts[row.session_id] += 1
    return tuple(TalkShown(talk, counts[talk.id]) for talk in reversed(talks))


def find_talk(session: Session, session_id: UUID, today: date) -> HeldSession:
    """Return a talk whose attendance can be noted; NotFoundError where there is none, or it lies ahead."""
    for talk in _talks(session, today):
        if talk.id == session_id:
            return talk
    raise NotFoundError(Message("There is no such talk up to today."))


def families_of(session: Session, talk: HeldSession, today: date) -> tuple[FamilyShown, ...]:
    """Return the families of a talk's groups and those noted already, by file number."""
    noted = {row.child_id: row.adults for row in session.scalars(queries.families_at([talk.id]))}
    expected = children_of(session, UUID(talk.activity.id))
    facts = child_facts(session, sorted(expected | noted.keys()), today)
    return tuple(FamilyShown(child, noted.get(child.id, 0)) for child in facts)


def _talks(session: Session, today: date) -> tuple[HeldSession, ...]:
    found = held_sessions(session, PROGRAM.key, today - timedelta(weeks=WEEKS_BACK), today)
    return tuple(one for one in found if one.activity.type_key in FOR_PARENTS)
