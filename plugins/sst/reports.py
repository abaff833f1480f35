"""What the station's report says of group courses: how many came, and how answers changed, never of fewer than five."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.plugin_api import (
    FEWEST_CHILDREN,
    Message,
    Period,
    ReportSection,
    ReportTable,
    activities_of,
    attended,
    held_sessions,
)
from plugins.sst.activities import GROUP_COURSE, PROGRAM
from plugins.sst.models import Answers, Occasion
from plugins.sst.services import Scores, unsealed


def taking_part(session: Session, period: Period) -> ReportTable:
    """Return for each course with sessions in the period how many were held, and how many children came."""
    sessions: dict[str, int] = defaultdict(int)
    came: dict[str, set[UUID]] = defaultdict(set)
    titles = {}
    for held in held_sessions(session, PROGRAM.key, period.first, period.last):
        if held.activity.type_key == GROUP_COURSE.key:
            sessions[held.activity.id] += 1
            titles[held.activity.id] = held.activity.title
    for one in attended(session, PROGRAM.key, period.first, period.last):
        if one.presence == "present":
            came[one.session.activity.id].add(one.child_id)
    rows = [
        (title, sessions[key], _told(len(came[key])))
        for key, title in sorted(titles.items(), key=lambda found: found[1])
    ]
    headings = (Message("Course"), Message("Sessions"), Message("Children who came"))
    return ReportTable(headings, rows)


def changes(session: Session, period: Period) -> ReportTable:
    """Return for each course that was asked again in the period the averages before and after.

    Counted are the children who answered on both occasions, all of the course together: a part of them would tell of
    few.
    """
    by_course: dict[UUID, list[Scores]] = defaultdict(list)
    for row in session.scalars(select(Answers).order_by(Answers.id)):
        by_course[row.activity_id].append(unsealed(row))
    titles = {UUID(one.id): one.title for one in activities_of(session, PROGRAM.key)}
    rows = [
        (titles[key], *_averages(given))
        for key, given in sorted(by_course.items(), key=lambda found: titles.get(found[0], ""))
        if key in titles
        and any(one.occasion is Occasion.AFTER and period.first <= one.answered_on <= period.last for one in given)
    ]
    headings = (
        Message("Course"),
        Message("Children who answered twice"),
        Message("Average before"),
        Message("Average after"),
    )
    return ReportTable(headings, rows)


def _averages(given: Sequence[Scores]) -> tuple[int | None, float | None, float | None]:
    by_occasion = {
        occasion: {one.child_id: one.scores for one in given if one.occasion is occasion} for occasion in Occasion
    }
    both = by_occasion[Occasion.BEFORE].keys() & by_occasion[Occasion.AFTER].keys()
    if len(both) < FEWEST_CHILDREN:
        return None, None, None
    before, after = (
        [score for child in sorted(both) for score in by_occasion[occasion][child]]
        for occasion in (Occasion.BEFORE, Occasion.AFTER)
    )
    return len(both), _mean(before), _mean(after)


def _mean(scores: Sequence[int]) -> float:
    return round(sum(scores) / len(scores), 1)


def _told(children: int) -> int | None:
    return children if children >= FEWEST_CHILDREN else None


SECTIONS: Final = (
    ReportSection("sst_courses", Message("Group courses"), taking_part),
    ReportSection("sst_questionnaires", Message("Questionnaires before and after group courses"), changes),
)
