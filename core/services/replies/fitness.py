"""Whether somebody may take a place: the one judge of asking, answering, swapping and signing up.

Background check, skill, other duties with the way between, rest, limits of day, week and term, the hours of those
under age, where, in which programs and with whom people serve, the rules of programs: what the planner minds, asked of
one place. When somebody is available is theirs to say, so it isn't asked of whoever takes a place on their own word.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Activity, Volunteer
from core.db.queries import replies as queries
from core.domain.errors import ConflictError, Message
from core.domain.replies import Duty, Limits, ServingRules, no_room
from core.domain.vocabulary import Skill
from core.domain.ways import Ways
from core.planning.moments import to_datetime
from core.planning.plan import Plan as PlanDocument
from core.planning.problem import Person
from core.services.adults import Homes
from core.services.assignable import reason, why_not_then
from core.services.desk import Desk
from core.services.planning.people import as_said
from core.services.replies.occasions import Occasion, answered_document, venue_of
from core.services.replies.program_rules import programs_object
from core.services.serving_rules import rules_of
from core.services.ways import entered_ways

_WEEK = timedelta(days=7)


class NotFitError(ConflictError):
    """Somebody may not take a place; the message says who and why."""

    code = "not_fit"

    def __init__(self, volunteer: Volunteer, why: Message) -> None:
        super().__init__(Message("%(name)s can't take this duty: %(reason)s.", {"name": volunteer.name, "reason": why}))
        self.why = why


@dataclass(frozen=True)
class Diary:
    """What people are busy with around an occasion: each one's duties near it, and how many they have in its term.

    `crew` are those who serve in it already, as they said that they serve.
    """

    duties: Mapping[UUID, tuple[Duty, ...]]
    in_term: Mapping[UUID, int]
    crew: Mapping[UUID, Person]
    homes: Homes
    ways: Ways
    rules: ServingRules

    @classmethod
    def around(cls, session: Session, occasion: Occasion, people: Collection[UUID]) -> "Diary":
        """Return the diary of some people in the week of an occasion; their duty in the session itself is left out."""
        near: dict[UUID, list[Duty]] = {}
        counts = dict(session.execute(queries.duties_in_term(people, occasion.row.activity.term_id)).all())
        monday = datetime.combine(occasion.starts_at.date() - timedelta(days=occasion.starts_at.weekday()), time.min)
        first, last = monday - timedelta(days=1), monday + _WEEK + timedelta(days=1)
        for one in session.scalars(queries.assignments_between(people, first, last)):
            planned = occasion.plan is not None and one.session.activity.term_id == occasion.plan.term_id
            if one.session_id == occasion.row.id or planned:
                continue
            venue = venue_of(one.session, one.session.room)
            near.setdefault(one.volunteer_id, []).append(Duty(one.starts_at, one.ends_at, venue))
        if occasion.plan is not None:
            counts = _of_draft(session, occasion, set(people), near)
        elif occasion.serving:
            counts = {one: count - (one in occasion.serving) for one, count in counts.items()}
        venues = {occasion.duty.venue, *(duty.venue for duties in near.values() for duty in duties)}
        return cls(
            {one: tuple(found) for one, found in near.items()},
            counts,
            {one.id: as_said(one) for one in session.scalars(queries.crew(occasion.serving))},
            Homes(session),
            entered_ways(session, venues),
            rules_of(session, occasion.row.station_id),
        )


def _of_draft(
    session: Session, occasion: Occasion, people: Collection[UUID], near: dict[UUID, list[Duty]]
) -> dict[UUID, int]:
    """Add what a draft has people do elsewhere, and return how often it has each of them serve."""
    if occasion.plan is None:
        raise ValueError("The occasion is no draft's.")
    counts: dict[UUID, int] = {}
    document: PlanDocument = answered_document(session, occasion.plan)
    durations = {one.id: one.duration for one in _activities(session, document)}
    for one in document.sessions:
        if one.key == (str(occasion.row.activity_id), occasion.row.position):
            continue
        start = to_datetime(one.start)
        end = start + timedelta(minutes=durations.get(UUID(one.activity), 0))
        for person in map(UUID, one.people()):
            if person in people:
                counts[person] = counts.get(person, 0) + 1
                near.setdefault(person, []).append(Duty(start, end))
    return counts


def _activities(session: Session, document: PlanDocument) -> list[Activity]:
    ids = {UUID(one.activity) for one in document.sessions}
    return list(session.scalars(select(Activity).where(Activity.id.in_(ids))))


def obstacle(
    session: Session,
    desk: Desk,
    occasion: Occasion,
    role: str,
    volunteer: Volunteer,
    diary: Diary,
    *,
    instead_of: UUID | None = None,
) -> Message | None:
    """Return what keeps somebody from a place, `instead_of` whoever leaves it to them; None: nothing does."""
    if occasion.starts_at <= desk.now:
        return Message("it has begun")
    found = (
        *_unsuited(desk, occasion, role, volunteer, diary),
        *_taken(occasion, role, instead_of),
        *_busy(occasion, volunteer, diary),
        *_unwilling(occasion, volunteer, diary, instead_of),
    )
    return next(iter(found), None) or _too_many_faces(session, desk, occasion, role, volunteer, instead_of)


def _unsuited(desk: Desk, occasion: Occasion, role: str, volunteer: Volunteer, diary: Diary) -> Iterator[Message]:
    day, need = occasion.starts_at.date(), occasion.needs(role)
    if volunteer.id in occasion.serving:
        yield Message("serves in this session already")
    if need.skill is not None and not _has(volunteer, need.skill, day):
        yield Message("lacks the skill %(skill)s", {"skill": need.skill})
    starts_at, ends_at = occasion.starts_at, occasion.ends_at
    if (bar := why_not_then(volunteer, starts_at, ends_at, diary.rules, today=desk.now.date())) is not None:
        yield reason(bar)


def _taken(occasion: Occasion, role: str, instead_of: UUID | None) -> Iterator[Message]:
    left = instead_of is not None and occasion.serving.get(instead_of) == role
    if occasion.free(role) + left <= 0:
        yield Message("the place is taken by now")


def _busy(occasion: Occasion, volunteer: Volunteer, diary: Diary) -> Iterator[Message]:
    said = as_said(volunteer)
    full = no_room(
        occasion.duty,
        diary.duties.get(volunteer.id, ()),
        Limits(said.max_per_day, said.max_sessions, said.max_per_week),
        diary.rules,
        diary.ways,
        in_term=diary.in_term.get(volunteer.id, 0),
    )
    if full is not None:
        yield full.reason


def _unwilling(occasion: Occasion, volunteer: Volunteer, diary: Diary, instead_of: UUID | None) -> Iterator[Message]:
    said, venue = as_said(volunteer), occasion.duty.venue
    if occasion.row.activity.program in said.declines:
        yield Message("said not to serve in this program")
    if not said.goes_to(None if venue is None else str(venue)):
        yield Message("said not to go to this site")
    if not _go_together(said, diary.crew, instead_of):
        # It isn't said who doesn't serve with whom: that is nobody's business.
        yield Message("the people who would serve together do not go together")


def _go_together(said: Person, crew: Mapping[UUID, Person], instead_of: UUID | None) -> bool:
    """Tell whether somebody fits in with who serves already, and takes nobody's company away."""
    before = {one.id for one in crew.values()}
    staying = [one for key, one in crew.items() if key != instead_of]
    after = {said.id, *(one.id for one in staying)}
    # Whoever lacks their company as it is, is none the worse for somebody more.
    bereft = any(one.has_company(before) and not one.has_company(after) for one in staying)
    return not bereft and said.has_company(after) and not any(one.shuns(after) for one in (said, *staying))


def _too_many_faces(
    session: Session, desk: Desk, occasion: Occasion, role: str, volunteer: Volunteer, instead_of: UUID | None
) -> Message | None:
    most = occasion.needs(role).max_people
    if most is None:
        return None
    here = {one for one, theirs in occasion.serving.items() if theirs == role and one != instead_of}
    known = here | set(session.scalars(queries.faces(occasion.row, role, desk.now)))
    if volunteer.id in known or len(known) < most:
        return None
    return Message("the children would meet too many different people in this role")


def require_fit(
    session: Session,
    desk: Desk,
    occasion: Occasion,
    role: str,
    volunteer: Volunteer,
    *,
    instead_of: UUID | None = None,
) -> None:
    """Raise NotFitError unless somebody may take a place, and no program's own rule forbids it."""
    diary = Diary.around(session, occasion, [volunteer.id])
    why = obstacle(session, desk, occasion, role, volunteer, diary, instead_of=instead_of)
    why = why or programs_object(session, desk, occasion, role, volunteer.id, instead_of)
    if why is not None:
        raise NotFitError(volunteer, why)


def _has(volunteer: Volunteer, skill: Skill, day: date) -> bool:
    return any(one.skill is skill and (one.valid_until is None or one.valid_until >= day) for one in volunteer.skills)
