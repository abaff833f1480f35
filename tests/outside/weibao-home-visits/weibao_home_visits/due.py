"""What is due in a month: each child with a need is visited once in it, by whom and when, and whether that was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.plugin_api import ChildFacts, HeldSession, Serving, child_facts, held_sessions, serving
from sqlalchemy.orm import Session

from weibao_home_visits import queries
from weibao_home_visits.activities import PROGRAM, VISIT
from weibao_home_visits.models import HomeVisit, HomeVisitNeed, HomeVisitSeries
from weibao_home_visits.months import Month


@dataclass(frozen=True)
class DueVisit:
    """The visit that a child is due in a month: as it is published, None if it isn't, and as it was made, if it was."""

    need: HomeVisitNeed
    planned: HeldSession | None
    made: HomeVisit | None

    @property
    def is_done(self) -> bool:
        """Tell whether the visit was made."""
        return self.made is not None


@dataclass(frozen=True)
class Tally:
    """How many visits are due in a month, how many of them were made, and how many more are published."""

    due: int
    done: int
    planned: int


def due_in(session: Session, month: Month) -> tuple[DueVisit, ...]:
    """Return the visits that are due in a month, within the reach of the session, the longest needed first."""
    needs = session.scalars(queries.needs_between(month.first, month.last)).all()
    made = {visit.series.need_id: visit for visit in session.scalars(queries.visits_between(month.first, month.last))}
    planned = _planned(session, month)
    return tuple(DueVisit(need, planned.get(need.id), made.get(need.id)) for need in needs)


def tally(visits: Sequence[DueVisit]) -> Tally:
    """Count visits that are due."""
    done = sum(visit.is_done for visit in visits)
    return Tally(len(visits), done, sum(visit.planned is not None and not visit.is_done for visit in visits))


def children_of_visits(session: Session, visits: Sequence[DueVisit], today: date) -> Mapping[UUID, ChildFacts]:
    """Return what staff may read of the children who are due a visit, by id."""
    found = child_facts(session, [visit.need.child_id for visit in visits], today)
    return {facts.id: facts for facts in found}


def visitors_of(session: Session, visits: Sequence[DueVisit]) -> Mapping[UUID, tuple[Serving, ...]]:
    """Return who makes each visit that is published, by the session's id."""
    return serving(session, [visit.planned.id for visit in visits if visit.planned is not None])


def visits_held(session: Session, first: date, last: date) -> tuple[HeldSession, ...]:
    """Return the visits that are published from the first day to the last, by time."""
    held = held_sessions(session, PROGRAM.key, first, last)
    return tuple(row for row in held if row.activity.type_key == VISIT.key)


def series_by_activity(session: Session, held: Sequence[HeldSession]) -> Mapping[str, HomeVisitSeries]:
    """Return the series of these sessions by their activity's id; those of which nobody said whom they visit lack."""
    rows = session.scalars(queries.series_of({row.activity.id for row in held}))
    return {str(row.activity_id): row for row in rows}


def _planned(session: Session, month: Month) -> Mapping[UUID, HeldSession]:
    held = visits_held(session, month.first, month.last)
    series = series_by_activity(session, held)
    # Of several in one month, which only another plugin's plan could hold, the first counts.
    return {series[row.activity.id].need_id: row for row in reversed(held) if row.activity.id in series}
