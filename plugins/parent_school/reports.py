"""The program's part of a station's report: families reached, what was held for them, and children looked after."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import (
    FEWEST_CHILDREN,
    HeldSession,
    Message,
    Period,
    Presence,
    ReportSection,
    ReportTable,
    attended,
    held_sessions,
)
from plugins.parent_school import queries
from plugins.parent_school.activities import CARE, COUNSELLING, COURSE, LECTURE, PROGRAM

_HEADINGS: Final = (
    Message("Parent school"),
    Message("Sessions"),
    Message("Families or children"),
    Message("Grown-ups who came"),
)


def count(session: Session, period: Period) -> ReportTable:
    """Return what was held for parents, the distinct families it reached, and how many children were looked after.

    A family is known by a child's file. Figures about fewer than FEWEST_CHILDREN families are not told.
    """
    held = held_sessions(session, PROGRAM.key, period.first, period.last)
    talks, talk_families, talk_adults = _attendance(session, _of(held, LECTURE.key))
    parts, course_families, course_adults = _attendance(session, _of(held, COURSE.key))
    slots = _of(held, COUNSELLING.key)
    advised = {one.child_id for one in session.scalars(queries.active_bookings([slot.id for slot in slots]))}
    children = _children_in_care(session, period)
    everybody = talk_families | course_families | advised
    return ReportTable(
        _HEADINGS,
        (
            (LECTURE.name, talks, _told(talk_families), _told(talk_families, talk_adults)),
            (COURSE.name, parts, _told(course_families), _told(course_families, course_adults)),
            (COUNSELLING.name, len(slots), _told(advised), None),
            (Message("Families reached in all"), None, _told(everybody), None),
            (Message("Children looked after meanwhile"), len(_of(held, CARE.key)), _told(children), None),
        ),
    )


def _of(held: Iterable[HeldSession], type_key: str) -> tuple[HeldSession, ...]:
    return tuple(one for one in held if one.activity.type_key == type_key)


def _attendance(session: Session, talks: tuple[HeldSession, ...]) -> tuple[int, frozenset[UUID], int]:
    """Return how many sessions there were, which families came to any, and how many grown-ups to all of them."""
    rows = session.scalars(queries.families_at([talk.id for talk in talks])).all()
    return len(talks), frozenset(row.child_id for row in rows), sum(row.adults for row in rows)


def _children_in_care(session: Session, period: Period) -> frozenset[UUID]:
    return frozenset(
        one.child_id
        for one in attended(session, PROGRAM.key, period.first, period.last)
        if one.session.activity.type_key == CARE.key and one.presence is Presence.PRESENT
    )


def _told(families: Iterable[UUID], amount: int | None = None) -> int | None:
    """Return the amount, or how many there are, unless they are so few that it would be about somebody."""
    found = len(set(families))
    if found < FEWEST_CHILDREN:
        return None
    return found if amount is None else amount


SECTION: Final = ReportSection("parent_school_families", Message("Parent school"), count)
