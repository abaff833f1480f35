"""The program's part of reports: for each school what was held, what it said, and how many pupils came."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from core.plugin_api import (
    FEWEST_CHILDREN,
    Message,
    Period,
    Presence,
    ReportSection,
    ReportTable,
    attended,
    held_sessions,
)
from plugins.school_link import queries
from plugins.school_link.activities import PROGRAM
from plugins.school_link.models import State
from plugins.school_link.naming import school_of, venue_names

_HEADINGS: Final = (
    Message("Partner school"),
    Message("Sessions held"),
    Message("Confirmed by the school"),
    Message("Declined by the school"),
    Message("Pupils who came"),
)


def count(session: Session, period: Period) -> ReportTable:
    """Return a row for each partner school within reach."""
    names = venue_names(session)
    held = Counter(
        school_of(one.activity, names) for one in held_sessions(session, PROGRAM.key, period.first, period.last)
    )
    children: dict[str, set[object]] = {}
    for one in attended(session, PROGRAM.key, period.first, period.last):
        if one.presence is Presence.PRESENT:
            children.setdefault(school_of(one.session.activity, names), set()).add(one.child_id)
    answers = _answers(session, period)
    rows = []
    for school in sorted(session.scalars(queries.schools()), key=str):
        came = len(children.get(str(school.venue_id), ()))
        rows.append(
            (
                school.name,
                held[str(school.venue_id)],
                answers[school.id, State.CONFIRMED],
                answers[school.id, State.DECLINED],
                came if came >= FEWEST_CHILDREN else None,
            )
        )
    return ReportTable(_HEADINGS, rows)


def _answers(session: Session, period: Period) -> Counter[tuple[object, State]]:
    first = datetime.combine(period.first, time.min)
    end = datetime.combine(period.last + timedelta(days=1), time.min)
    return Counter((row.school_id, row.state) for row in session.scalars(queries.answers_between(first, end)))


SECTION: Final = ReportSection("school_link_schools", Message("Partner schools"), count)
