"""What is kept long enough: shown before it goes, kept longer with a reason, and gone when its day has come.

`RULES` in core.domain.retention is the one table of periods. Sealed files never go by themselves, nor what one of
`KEPT_BACK` names; the audit log and the registers of evidence don't go at all.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core.db.models import AccessGrant, Child, Erasure, Station, Volunteer, VolunteerStep, WebSession
from core.db.queries.notices import long_ago
from core.db.queries.rates import ended_rate_counters
from core.domain.actor import SYSTEM, Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import DomainError, InvalidInputError, Message, NotFoundError
from core.domain.retention import MOST_YEARS, DataClass, goes_on, years_of
from core.domain.serving import Stage, Step
from core.security.permissions import may, require
from core.services.audit import record
from core.services.erasing import erase_child, erase_volunteer
from core.services.merging.undoing import forget_undone
from core.services.requests import open_requests
from core.services.wishes.keeping import erase_wishes, terms_ended

#: How far ahead the preview looks.
AHEAD: Final = timedelta(days=30)
REASON_LENGTH: Final = 200
#: What has no station's calendar to go by is kept a day longer rather than shorter.
_A_YEAR_AT_LEAST: Final = timedelta(days=366)
#: How far off the day may lie until which a file is kept; whoever wants more says so again then.
_LONGEST_HOLD: Final = timedelta(days=5 * 366)
_ENDS: Final = {
    Stage.REFUSED: (DataClass.APPLICATIONS, Step.REFUSED),
    Stage.WITHDRAWN: (DataClass.APPLICATIONS, Step.WITHDRAWN),
    Stage.LEFT: (DataClass.FORMER_VOLUNTEERS, Step.LEFT),
}
_SEEN_BY: Final = {
    DataClass.CHILD_FILES: Capability.SEE_CHILDREN,
    DataClass.APPLICATIONS: Capability.SEE_VOLUNTEERS,
    DataClass.FORMER_VOLUNTEERS: Capability.SEE_VOLUNTEERS,
}


class RetentionIncompleteError(DomainError):
    """Some records could not be erased; all others were. `kinds` says by the kind of error how many."""

    code = "retention_incomplete"

    def __init__(self, kinds: Mapping[str, int]) -> None:
        super().__init__(
            Message(
                "%(count)s records could not be erased (%(kinds)s): they are tried again tomorrow.",
                {"count": sum(kinds.values()), "kinds": ", ".join(sorted(kinds))},
            )
        )


@dataclass(frozen=True)
class Due:
    """A record and the first day on which it is not kept any more."""

    data: DataClass
    subject_id: UUID
    station_id: UUID
    goes_on: date
    kept_until: date | None = None
    number: str = ""
    name: str = field(default="", repr=False)


def sealed_children() -> Select[UUID]:
    """Select the children whose file is sealed: their named workers decide, not a date."""
    return select(Child.id).where(Child.sealed_file)


#: Each selects children of whom nothing is erased by date.
KEPT_BACK: Final[tuple[Callable[[], Select[UUID]], ...]] = (sealed_children, open_requests)


def preview(session: Session, actor: Actor, today: date) -> list[Due]:
    """Return the files in reach that go within 30 days, the next first, with names where the role may see them."""
    require(actor, Capability.ERASE)
    found = sorted(_records(session, today + AHEAD), key=lambda one: (one.goes_on, one.data, one.subject_id))
    return [_named(session, actor, one) for one in found]


def purposes_due(session: Session, today: date, zone: ZoneInfo) -> list[Due]:
    """Return the grants in reach that ended so long ago that what they were for is not kept any more."""
    ended = func.coalesce(AccessGrant.ended_at, AccessGrant.ends_at)
    rows = session.execute(
        select(AccessGrant.id, AccessGrant.station_id, AccessGrant.ended_at, AccessGrant.ends_at)
        .where(AccessGrant.sealed_purpose.is_not(None))
        .order_by(ended, AccessGrant.id)
    )
    years = years_of(DataClass.GRANT_PURPOSES)
    due = [
        Due(
            DataClass.GRANT_PURPOSES,
            row.id,
            row.station_id,
            goes_on((row.ended_at or row.ends_at).astimezone(zone).date(), years),
        )
        for row in rows
    ]
    return [one for one in due if one.goes_on <= today]


def wishes_due(session: Session, today: date) -> list[Due]:
    """Return the terms in reach that ended so long ago that nobody's wishes are kept any more."""
    years = years_of(DataClass.WISHES)
    found = ((term, goes_on(term.last, years)) for term in terms_ended(session))
    return [Due(DataClass.WISHES, term.id, term.station_id, day) for term, day in found if day <= today]


def run_retention(
    writing: Callable[[], AbstractContextManager[Session]], clock: Clock, zone: ZoneInfo
) -> Mapping[DataClass, int]:
    """Let go what has been kept long enough, each record in a transaction of its own; return how much of each kind.

    Whoever runs it again finds nothing more to do. Raises RetentionIncompleteError at the end where some records could
    not be erased; the others are gone.
    """
    today = clock.now().astimezone(zone).date()
    with writing() as session:
        waiting = [*_records(session, today), *purposes_due(session, today, zone), *wishes_due(session, today)]
    done = dict.fromkeys(_LETTING_GO, 0)
    failed: dict[str, int] = {}
    for one in waiting:
        try:
            with writing() as session:
                done[one.data] += _let_go(session, clock, one, today)
        except (SQLAlchemyError, DomainError) as error:
            kind = type(error).__name__
            failed[kind] = failed.get(kind, 0) + 1
    with writing() as session:
        done |= _drop_what_is_over(session, clock)
    if failed:
        raise RetentionIncompleteError(failed)
    return done


def file_of(session: Session, actor: Actor, data: DataClass, subject_id: UUID) -> Child | Volunteer:
    """Return the file of a child or a volunteer in the head's reach; NotFoundError for any other, and other data."""
    require(actor, Capability.ERASE)
    row: Child | Volunteer | None = None
    if data is DataClass.CHILD_FILES:
        row = session.get(Child, subject_id)
    elif data in _SEEN_BY:
        row = session.get(Volunteer, subject_id)
    if row is None:
        raise NotFoundError(Message("There is no such file."))
    return row


def keep_longer(
    session: Session,
    actor: Actor,
    clock: Clock,
    data: DataClass,
    subject_id: UUID,
    *,
    until: date,
    reason: str,
    today: date,
) -> None:
    """Keep a child's or a volunteer's file until a day, whatever its period; say why.

    Raises NotFoundError for a file out of reach, InvalidInputError for a day that has gone by or lies more than five
    years ahead, and where no reason is given.
    """
    row = file_of(session, actor, data, subject_id)
    if not today < until <= today + _LONGEST_HOLD:
        raise InvalidInputError(Message("Choose a day in the future, within five years."))
    if not reason.strip() or len(reason.strip()) > REASON_LENGTH:
        raise InvalidInputError(Message("Say why, in 200 characters at most."))
    row.kept_until, row.kept_reason = until, reason.strip()
    _record(
        session,
        actor,
        clock,
        row.station_id,
        "retention.kept",
        "child" if data is DataClass.CHILD_FILES else "volunteer",
        subject_id,
        {"until": until.isoformat()},
    )


def set_years(session: Session, actor: Actor, clock: Clock, station_id: UUID, years: int) -> None:
    """Say how many years a station, and all below it, keeps the files of children who left; never below the rule."""
    require(actor, Capability.ERASE)
    station = session.get(Station, station_id)
    if station is None:
        raise NotFoundError(Message("There is no such station."))
    least = years_of(DataClass.CHILD_FILES)
    if not least <= years <= MOST_YEARS:
        values = {"least": least, "most": MOST_YEARS}
        raise InvalidInputError(Message("Choose %(least)s to %(most)s years.", values))
    station.keeps_files_years = years
    _record(session, actor, clock, station_id, "retention.years_set", "station", station_id, {"years": years})


def years_at(session: Session, station_id: UUID) -> int:
    """Return how many years a station keeps the files of children who left: the longest that it or one above says."""
    return _years(session)(station_id)


def _years(session: Session) -> Callable[[UUID], int]:
    rows = session.execute(select(Station.id, Station.parent_id, Station.keeps_files_years))
    tree = {row.id: (row.parent_id, row.keeps_files_years) for row in rows}

    def of(station_id: UUID | None) -> int:
        if station_id is None or station_id not in tree:
            return years_of(DataClass.CHILD_FILES)
        above, wanted = tree[station_id]
        return max(of(above), years_of(DataClass.CHILD_FILES, wanted))

    return of


def _records(session: Session, until: date, only: UUID | None = None) -> Iterator[Due]:
    """Yield the files of children and volunteers in reach that go on a day or before it."""
    for one in (*_children(session, only), *_volunteers(session, only)):
        if one.goes_on <= until:
            yield one


def _children(session: Session, only: UUID | None) -> Iterator[Due]:
    years = _years(session)
    query = select(Child.id, Child.station_id, Child.left_on, Child.kept_until).where(Child.left_on.is_not(None))
    for kept_back in KEPT_BACK:
        query = query.where(Child.id.not_in(kept_back()))
    if only is not None:
        query = query.where(Child.id == only)
    for row in session.execute(query):
        day = goes_on(row.left_on, years(row.station_id), row.kept_until)
        yield Due(DataClass.CHILD_FILES, row.id, row.station_id, day, row.kept_until)


def _volunteers(session: Session, only: UUID | None) -> Iterator[Due]:
    for stage, (data, step) in _ENDS.items():
        last = func.max(VolunteerStep.happened_on).label("ended_on")
        query = (
            select(Volunteer.id, Volunteer.station_id, Volunteer.kept_until, last)
            .join(VolunteerStep, VolunteerStep.volunteer_id == Volunteer.id)
            .where(Volunteer.stage == stage, VolunteerStep.step == step)
            .where(Volunteer.id.not_in(select(Erasure.subject_id)))
            .group_by(Volunteer.id, Volunteer.station_id, Volunteer.kept_until)
        )
        if only is not None:
            query = query.where(Volunteer.id == only)
        for row in session.execute(query):
            day = goes_on(row.ended_on, years_of(data), row.kept_until)
            yield Due(data, row.id, row.station_id, day, row.kept_until)


def _named(session: Session, actor: Actor, due: Due) -> Due:
    row = file_of(session, actor, due.data, due.subject_id)
    name = "" if actor.is_machine or not may(actor.role, _SEEN_BY[due.data]) else row.name
    return replace(due, number=row.number, name=name)


def _let_go(session: Session, clock: Clock, due: Due, today: date) -> bool:
    """Let a record go unless somebody has changed since it was found that it goes."""
    return _LETTING_GO[due.data](session, clock, due, today)


def _erase_child(session: Session, clock: Clock, due: Due, today: date) -> bool:
    session.scalars(select(Child.id).where(Child.id == due.subject_id).with_for_update()).one_or_none()
    if not any(_records(session, today, due.subject_id)):
        return False
    erase_child(session, SYSTEM, clock, due.subject_id, rule=due.data)
    return True


def _erase_volunteer(session: Session, clock: Clock, due: Due, today: date) -> bool:
    session.scalars(select(Volunteer.id).where(Volunteer.id == due.subject_id).with_for_update()).one_or_none()
    if not any(_records(session, today, due.subject_id)):
        return False
    erase_volunteer(session, SYSTEM, clock, due.subject_id, rule=due.data)
    return True


def _empty_purpose(session: Session, clock: Clock, due: Due, _today: date) -> bool:
    grant = session.scalars(select(AccessGrant).where(AccessGrant.id == due.subject_id).with_for_update()).one()
    if grant.sealed_purpose is None:
        return False
    grant.purpose = grant.refusal = None
    _record(session, SYSTEM, clock, grant.station_id, "grant.purpose_erased", "grant", grant.id, {})
    return True


def _erase_wishes(session: Session, clock: Clock, due: Due, _today: date) -> bool:
    return erase_wishes(session, SYSTEM, clock, due.subject_id)


def _drop_what_is_over(session: Session, clock: Clock) -> dict[DataClass, int]:
    forget_undone(session, clock.now())
    over = delete(WebSession).where(WebSession.expires_at <= clock.now())
    told = long_ago(clock.now() - _A_YEAR_AT_LEAST)
    return {
        DataClass.NOTICES: session.execute(told).rowcount,  # type: ignore[attr-defined]
        DataClass.WEB_SESSIONS: session.execute(over).rowcount,  # type: ignore[attr-defined]
        DataClass.RATE_COUNTERS: session.execute(ended_rate_counters(clock.now())).rowcount,  # type: ignore[attr-defined]
    }


_LETTING_GO: Final[Mapping[DataClass, Callable[[Session, Clock, Due, date], bool]]] = {
    DataClass.CHILD_FILES: _erase_child,
    DataClass.APPLICATIONS: _erase_volunteer,
    DataClass.FORMER_VOLUNTEERS: _erase_volunteer,
    DataClass.GRANT_PURPOSES: _empty_purpose,
    DataClass.WISHES: _erase_wishes,
}


def _record(
    session: Session,
    actor: Actor,
    clock: Clock,
    station_id: UUID,
    action: str,
    subject_kind: str,
    subject_id: UUID,
    detail: Mapping[str, object],
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
    )
