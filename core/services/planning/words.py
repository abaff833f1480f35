"""What people said of times in a term, for the planner: when they can't after all, and when they agreed to serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import DutyRequest, Term
from core.db.queries import replies as queries
from core.domain.replies import REFUSED, RequestState
from core.planning.moments import Window, from_datetime


@dataclass(frozen=True)
class Words:
    """Stretches of time by volunteer: those that were refused, of whatever term, and those agreed to in this one."""

    refused: Mapping[UUID, tuple[Window, ...]]
    agreed: Mapping[UUID, tuple[Window, ...]]


def people_words(session: Session, term: Term) -> Words:
    """Return what people last said about the times of sessions within a term's dates."""
    first = datetime.combine(term.first, time.min)
    last = datetime.combine(term.last + timedelta(days=1), time.min)
    latest: dict[tuple[UUID, UUID, datetime], DutyRequest] = {}
    for one in session.scalars(queries.words_between(first, last)):
        latest[one.volunteer_id, one.session_id, one.starts_at] = one
    refused: dict[UUID, tuple[Window, ...]] = {}
    agreed: dict[UUID, tuple[Window, ...]] = {}
    for one in latest.values():
        window = (from_datetime(one.starts_at), from_datetime(one.ends_at))
        if one.state in REFUSED:
            refused[one.volunteer_id] = (*refused.get(one.volunteer_id, ()), window)
        elif one.state is RequestState.ACCEPTED and one.session.activity.term_id == term.id:
            agreed[one.volunteer_id] = (*agreed.get(one.volunteer_id, ()), window)
    return Words(refused, agreed)
