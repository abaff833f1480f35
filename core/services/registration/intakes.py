"""Deciding what a term and its activities take in registration."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.guards import CAPACITY_GUARD
from core.db.models import Activity, ActivityGroup, ActivityIntake, Group, Registration, Term, TermIntake
from core.db.queries import registration as queries
from core.db.scope import seeing_all
from core.domain.capabilities import Capability
from core.domain.child_file import Grade
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.registering import STANDARD_OFFER, Phase, TermDates, Way
from core.security.permissions import require
from core.services.audit import record
from core.services.desk import Desk
from core.services.registration.desk import find_intake, lock_intakes, taken, term_intake
from core.services.registration.offers import pass_on
from core.services.registration.wish_dates import keep_wish_dates

_YOUNGEST, _OLDEST = 0, 17
_NAME_LENGTH: Final = 80
_MOST_HOURS: Final = 336


@dataclass(frozen=True)
class TermDraft:
    """How a term's places are to be given; the fields are the columns of the same name."""

    way: Way = Way.FIRST_COME
    wishes_from: datetime | None = None
    wishes_until: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    per_child: int | None = None
    offer_hours: int = STANDARD_OFFER.hours
    quiet_from: time = STANDARD_OFFER.quiet_from
    quiet_until: time = STANDARD_OFFER.quiet_until


@dataclass(frozen=True)
class IntakeDraft:
    """What an activity is to take; the fields are the columns of the same name."""

    capacity: int
    way: Way = Way.FIRST_COME
    minimum: int = 0
    minimum_by: date | None = None
    from_age: int | None = None
    to_age: int | None = None
    grades: tuple[Grade, ...] = ()
    communities: tuple[UUID, ...] = ()
    newcomers_only: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    per_child: int | None = None


def phase_of(session: Session, term: Term, now: datetime) -> Phase:
    """Return how far a term's registration has got at a wall-clock time."""
    row = term_intake(session, term.id)
    dates = TermDates(term.first, term.last)
    if row is not None:
        dates = TermDates(term.first, term.last, row.wishes_from, row.wishes_until, row.opens_at, row.closes_at)
    return dates.phase(now)


def keep_term_intake(session: Session, desk: Desk, term_id: UUID, draft: TermDraft) -> TermIntake:
    """Decide how a term's places are given; InvalidInputError for moments out of order."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    term = session.get(Term, term_id)
    if term is None:
        raise NotFoundError(Message("There is no such term."))
    _check_term(draft)
    row = term_intake(session, term_id) or TermIntake(station_id=term.station_id, term_id=term_id)
    keep_wish_dates(session, desk, row, draft.wishes_until)
    for name in TermDraft.__dataclass_fields__:
        setattr(row, name, getattr(draft, name))
    session.add(row)
    session.flush()
    _record(session, desk, row.station_id, "registration.term_decided", "term", term_id)
    return row


def keep_intake(session: Session, desk: Desk, activity_id: UUID, draft: IntakeDraft) -> None:
    """Decide what an activity takes; the first time it gets a group of its own, of those who have a place.

    More places than before are offered at once to those who wait. InvalidInputError for what can't be right,
    ConflictError for fewer places than are given already.
    """
    require(desk.actor, Capability.KEEP_REGISTRATION)
    activity = session.get(Activity, activity_id)
    if activity is None:
        raise NotFoundError(Message("There is no such activity."))
    _check(draft)
    known = session.scalars(queries.intake_of(activity_id)).one_or_none()
    if known is None:
        _open(session, activity, draft)
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        given = taken(session, activity_id)
        if draft.capacity < given:
            raise ConflictError(
                Message("%(given)s places are given or offered already: cancel some first.", {"given": given})
            )
        _fill(intake, draft)
        _flush(session)
        _record(session, desk, intake.station_id, "registration.intake_decided", "activity", activity_id)
        pass_on(session, desk, intake)


def drop_intake(session: Session, desk: Desk, activity_id: UUID) -> None:
    """Take no registrations for an activity any more; ConflictError where there are some."""
    require(desk.actor, Capability.KEEP_REGISTRATION)
    find_intake(session, activity_id)
    with seeing_all(session):
        intake = lock_intakes(session, [activity_id])[activity_id]
        if session.scalar(select(func.count(Registration.id)).where(Registration.activity_id == activity_id)):
            raise ConflictError(Message("Children are or were registered for it: give it up instead."))
        group = intake.group
        for row in session.scalars(select(ActivityGroup).where(ActivityGroup.group_id == group.id)):
            session.delete(row)
        station = intake.station_id
        session.delete(intake)
        session.flush()
        session.delete(group)
        session.flush()
        _record(session, desk, station, "registration.intake_dropped", "activity", activity_id)


def _open(session: Session, activity: Activity, draft: IntakeDraft) -> None:
    group = Group(
        station_id=activity.station_id,
        name=_free_name(session, activity),
        from_age=_YOUNGEST if draft.from_age is None else draft.from_age,
        to_age=_OLDEST if draft.to_age is None else draft.to_age,
        closed=activity.closed,
    )
    session.add(group)
    session.flush()
    own = {"station_id": activity.station_id, "activity_id": activity.id, "group_id": group.id}
    session.add(ActivityGroup(**own))
    session.add(ActivityIntake(**own, capacity=draft.capacity))
    session.flush()


def _free_name(session: Session, activity: Activity) -> str:
    """Return a name for the activity's group that the station doesn't use yet."""
    taken_names = set(session.scalars(select(Group.name).where(Group.station_id == activity.station_id)))
    wanted = [activity.title, f"{activity.title} {activity.term.name}"]
    wanted += [f"{activity.title} {number}" for number in range(2, len(taken_names) + 3)]
    return next(name for full in wanted if (name := full[-_NAME_LENGTH:]) not in taken_names)


def _fill(intake: ActivityIntake, draft: IntakeDraft) -> None:
    for name in IntakeDraft.__dataclass_fields__:
        setattr(intake, name, getattr(draft, name))
    intake.grades = [grade.value for grade in draft.grades]
    intake.communities = [str(station) for station in draft.communities]
    intake.group.from_age = _YOUNGEST if draft.from_age is None else draft.from_age
    intake.group.to_age = _OLDEST if draft.to_age is None else draft.to_age


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if CAPACITY_GUARD not in str(error.orig):
            raise
        raise ConflictError(Message("More places are given already: load the page again.")) from None


def _check_term(draft: TermDraft) -> None:
    if (draft.wishes_from is None) != (draft.wishes_until is None):
        raise InvalidInputError(Message("Wishes have a first and a last moment: enter both or neither."))
    spans = ((draft.wishes_from, draft.wishes_until), (draft.opens_at, draft.closes_at))
    ends_first = any(start is not None and end is not None and end <= start for start, end in spans)
    if ends_first or (draft.wishes_until and draft.opens_at and draft.opens_at < draft.wishes_until):
        raise InvalidInputError(Message("First the wishes, then the open places, and each ends after it begins."))
    if draft.closes_at is not None and draft.opens_at is None:
        raise InvalidInputError(Message("Say when registration opens, if you say when it closes."))
    if draft.way is Way.WISHES and draft.wishes_from is None:
        raise InvalidInputError(Message("Say from when until when families enter their wishes."))
    if not 1 <= draft.offer_hours <= _MOST_HOURS:
        raise InvalidInputError(Message("An offer lasts between one hour and two weeks."))


def _check(draft: IntakeDraft) -> None:
    if draft.capacity < 1:
        raise InvalidInputError(Message("An activity has one place at least."))
    if not 0 <= draft.minimum <= draft.capacity:
        raise InvalidInputError(Message("The minimum is no more than there are places."))
    if draft.minimum and draft.minimum_by is None:
        raise InvalidInputError(Message("Say by which day the minimum has to be reached."))
    if draft.from_age is not None and draft.to_age is not None and draft.from_age > draft.to_age:
        raise InvalidInputError(Message("The youngest are older than the oldest: compare the two ages."))
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        raise InvalidInputError(Message("It closes before it opens: compare the two moments."))


def _record(session: Session, desk: Desk, station_id: UUID, action: str, kind: str, subject: UUID) -> None:
    record(
        session,
        desk.actor,
        desk.clock,
        station_id=station_id,
        action=action,
        subject_kind=kind,
        subject_id=subject,
        detail={},
    )
