"""What programs say to a change of who serves: their own rules of planning, asked of the published timetable."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from core.domain.errors import Message
from core.planning.plan import Plan, PlannedSession
from core.services.desk import Desk
from core.services.planning.pinned import LapsedPinsError
from core.services.planning.problem import term_problem
from core.services.planning.shortfalls import named
from core.services.replies.occasions import Occasion


def programs_object(
    session: Session, desk: Desk, occasion: Occasion, role: str, volunteer_id: UUID, instead_of: UUID | None = None
) -> Message | None:
    """Return the first rule of a program that would be broken if somebody served, and isn't broken already.

    A draft is asked as a whole when it is published. Pins that have lapsed keep the planner from judging at all.
    """
    rules = desk.hooks.planning_rules()
    if not rules or occasion.plan is not None:
        return None
    try:
        term = occasion.row.activity.term
        problem = term_problem(session, desk.hooks, term, timezone=desk.timezone, now=desk.now)
    except LapsedPinsError:
        return None
    if problem.incumbent is None:
        return None
    key = (str(occasion.row.activity_id), occasion.row.position)
    rows = [
        _changed(one, role, str(volunteer_id), str(instead_of)) if one.key == key else one
        for one in problem.incumbent.sessions
    ]
    after = Plan(problem.incumbent.problem, tuple(rows))
    known = {(one.rule, one.sessions) for rule in rules for one in rule.breaches(problem, problem.incumbent)}
    found = (one for rule in rules for one in rule.breaches(problem, after) if (one.rule, one.sessions) not in known)
    breach = next(found, None)
    return None if breach is None else named(session, desk.hooks, breach.message)


def _changed(row: PlannedSession, role: str, volunteer: str, instead_of: str) -> PlannedSession:
    staff = {each: tuple(one for one in people if one != instead_of) for each, people in row.staff.items()}
    return replace(row, staff={**staff, role: tuple(sorted((*staff.get(role, ()), volunteer)))})
