"""How far schools and station have come about the sessions of the newest plans."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.plugin_api import Message, Objection, PlannedOutline, planned_sessions, terms_ahead
from plugins.school_link import queries
from plugins.school_link.activities import PROGRAM
from plugins.school_link.eligibility import is_for_classes
from plugins.school_link.models import Confirmation, School, State
from plugins.school_link.naming import school_of, venue_names

STATES: Final = MappingProxyType(
    {
        None: Message("not asked yet"),
        State.ASKED: Message("no answer yet"),
        State.CONFIRMED: Message("confirmed"),
        State.DECLINED: Message("declined"),
        State.PROPOSED: Message("another time proposed"),
    }
)


@dataclass(frozen=True)
class Matter:
    """A planned session of a school, and what the school was asked and has said of exactly this time and room."""

    school: School
    term_id: UUID
    planned: PlannedOutline
    answer: Confirmation | None

    @property
    def state(self) -> State | None:
        """What the school has said, None if it wasn't asked."""
        return None if self.answer is None else self.answer.state

    @property
    def said(self) -> Message:
        """The state in words."""
        return STATES[self.state]


def matters(session: Session, now: datetime) -> tuple[Matter, ...]:
    """Return the sessions ahead in the newest plans of all terms in reach, of schools that confirm, by time."""
    found = [
        matter
        for term in terms_ahead(session, now.date())
        for matter in settled(session, term.id, planned_sessions(session, PROGRAM.key, term.id))
        if matter.school.confirms and matter.planned.starts_at > now
    ]
    return tuple(sorted(found, key=lambda matter: (matter.planned.starts_at, matter.planned.activity.title)))


def settled(session: Session, term_id: UUID, sessions: Sequence[PlannedOutline]) -> Iterator[Matter]:
    """Yield sessions that belong to a partner school, each with what the school has said of it as it is planned."""
    names = venue_names(session)
    schools = {str(school.venue_id): school for school in session.scalars(queries.schools())}
    answers = _answers(session, sessions)
    for planned in sessions:
        school = schools.get(school_of(planned.activity, names))
        if school is not None:
            answer = answers.get((planned.activity.id, planned.index))
            yield Matter(school, term_id, planned, answer if answer and _is_about(answer, planned) else None)


def objections(session: Session, term_id: UUID, sessions: Sequence[PlannedOutline]) -> Iterator[Objection]:
    """Yield what schools haven't agreed to, and classes that stand on no class list."""
    listed = {(row.school_id, str(row.group_id)) for row in session.scalars(queries.classes())}
    for matter in settled(session, term_id, sessions):
        activity = matter.planned.activity
        for reason in _reasons(matter, listed):
            yield Objection(activity.id, matter.planned.index, reason)


def _reasons(matter: Matter, listed: Iterable[tuple[UUID, str]]) -> Iterator[Message]:
    school, activity = matter.school, matter.planned.activity
    values = {"school": school.name}
    if is_for_classes(activity) and not any((school.id, group) in listed for group in activity.groups):
        yield Message(
            "It is for classes of %(school)s, but none of its groups is on its class lists: choose such groups.",
            values,
        )
    if not school.confirms or matter.state is State.CONFIRMED:
        return
    if matter.answer is not None and matter.state is State.DECLINED:
        values = {**values, "reason": matter.answer.reason}
        yield Message("%(school)s has declined: %(reason)s", values)
    elif matter.answer is not None and matter.state is State.PROPOSED:
        values = {**values, "start": f"{matter.answer.proposed_start:%Y-%m-%d %H:%M}"}
        yield Message("%(school)s has proposed another time: %(start)s.", values)
    else:
        yield Message("%(school)s hasn't confirmed this time and room: ask on the page “School confirmations”.", values)


def _answers(session: Session, sessions: Iterable[PlannedOutline]) -> Mapping[tuple[str, int], Confirmation]:
    activities = {UUID(planned.activity.id) for planned in sessions}
    rows = session.scalars(queries.confirmations(activities))
    return {(str(row.activity_id), row.session_index): row for row in rows}


def _is_about(answer: Confirmation, planned: PlannedOutline) -> bool:
    return (answer.starts_at, answer.room_id) == (planned.starts_at, planned.room_id)
