"""What is asked of the program's own tables, and of the courses that a station runs."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.plugin_api import (
    HeldSession,
    Message,
    NotFoundError,
    activities_of,
    attended,
    held_sessions,
    terms_ahead,
)
from plugins.sst.activities import PROGRAM
from plugins.sst.curriculum import Curriculum, curricula
from plugins.sst.models import Answers, Grant, Question

#: How far back and ahead pages look for courses.
YEAR: Final = timedelta(days=400)


@dataclass(frozen=True)
class Course:
    """A group course, the station that runs it, and its published sessions by time."""

    curriculum: Curriculum
    station_id: UUID
    sessions: tuple[HeldSession, ...]

    @property
    def id(self) -> UUID:
        """Return the id of its activity."""
        return UUID(self.curriculum.activity.id)

    @property
    def title(self) -> str:
        """Return what it is called."""
        return self.curriculum.activity.title


def courses(session: Session, today: date) -> tuple[Course, ...]:
    """Return the group courses in reach: those with sessions published within a year, and those of terms ahead."""
    stations: dict[str, UUID] = {}
    found: dict[str, list[HeldSession]] = {}
    outlines = {}
    for held in held_sessions(session, PROGRAM.key, today - YEAR, today + YEAR):
        outlines[held.activity.id], stations[held.activity.id] = held.activity, held.station_id
        found.setdefault(held.activity.id, []).append(held)
    for term in terms_ahead(session, today):
        for outline in activities_of(session, PROGRAM.key, term.id):
            outlines[outline.id] = outline
            stations.setdefault(outline.id, term.station_id)
    known = curricula(outlines.values())
    rows = (Course(one, stations[one.activity.id], tuple(found.get(one.activity.id, ()))) for one in known)
    return tuple(sorted(rows, key=lambda course: (course.title, course.id)))


def course(session: Session, today: date, activity_id: UUID) -> Course:
    """Return a course in reach; raise NotFoundError where there is none of that id."""
    for found in courses(session, today):
        if found.id == activity_id:
            return found
    raise NotFoundError(Message("There is no such course."))


def absences(session: Session, found: Course, today: date) -> dict[int, list[UUID]]:
    """Return the children who were noted as not there, by the session's number from 0."""
    missed: dict[int, list[UUID]] = {}
    for one in attended(session, PROGRAM.key, today - YEAR, today):
        if one.session.activity.id == found.curriculum.activity.id and one.presence != "present":
            missed.setdefault(one.session.index, []).append(one.child_id)
    return missed


def questions_of(station_id: UUID) -> Select[Question]:
    """Return the query for the questions that a station asks, in order."""
    return select(Question).where(Question.station_id == station_id).order_by(Question.number)


def answers_of(activity_id: UUID) -> Select[Answers]:
    """Return the query for the answers of a course, by day."""
    return select(Answers).where(Answers.activity_id == activity_id).order_by(Answers.answered_on, Answers.id)


def answer_of(activity_id: UUID, child_id: UUID, occasion: str) -> Select[Answers]:
    """Return the query for what a child answered on one occasion."""
    return answers_of(activity_id).where(Answers.child_id == child_id, Answers.occasion == occasion)


def grants_of(activity_id: UUID, user_id: UUID) -> Select[Grant]:
    """Return the query for somebody's grants for a course, the newest first."""
    mine = select(Grant).where(Grant.activity_id == activity_id, Grant.user_id == user_id)
    return mine.order_by(Grant.asked_at.desc(), Grant.id)


def grants_from(today: date) -> Select[Grant]:
    """Return the query for the grants that are not over, those that wait first."""
    standing = select(Grant).where(Grant.valid_until >= today)
    return standing.order_by(Grant.approved_at.is_not(None), Grant.asked_at, Grant.id)
