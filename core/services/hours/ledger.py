"""The ledger of hours: lines are written from attendance and never changed; corrections are lines of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, ServiceEntry, ServiceObjection, Volunteer
from core.db.queries import service as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.notices import Notice, NoticeKind, to_volunteer
from core.domain.service_hours import (
    AROUND,
    MOST_MINUTES,
    REASON_LENGTH,
    SHOWN_DAYS,
    Appraisal,
    EntryKind,
    final_on,
    in_hours,
    minutes_served,
)
from core.security.permissions import require
from core.services.attendance import find_held_session
from core.services.audit import record
from core.services.feed_ledger import is_private
from core.services.notices.outbox import put
from core.services.stays import Stays, stays_at
from core.services.volunteering import PAID
from core.services.wording import CHINESE, Wording

_PRIVATE: Final = Message("Station activity")
#: What a certificate has room for.
_LONGEST_VOID: Final = 80


@dataclass(frozen=True)
class Served:
    """Somebody who was at a session: for how many minutes it would be, and the line that was written."""

    stays: Stays
    minutes: int
    entry: ServiceEntry | None

    @property
    def person(self) -> Volunteer:
        """Return who it is."""
        return self.stays[0].volunteer


@dataclass(frozen=True)
class Line:
    """A line of the ledger as it counts today: with its corrections, and whether it is final."""

    entry: ServiceEntry
    corrections: tuple[ServiceEntry, ...]
    objections: tuple[ServiceObjection, ...]
    final: bool

    @property
    def minutes(self) -> int:
        """Return what counts after all corrections."""
        return self.entry.minutes + sum(one.minutes for one in self.corrections)


@dataclass(frozen=True)
class Account:
    """All lines of a volunteer, the newest service first."""

    lines: tuple[Line, ...]

    @property
    def minutes(self) -> int:
        """Return all minutes, final or not."""
        return sum(line.minutes for line in self.lines)

    @property
    def final_minutes(self) -> int:
        """Return the minutes that are final: what a certificate says."""
        return sum(line.minutes for line in self.final_lines)

    @property
    def final_lines(self) -> tuple[Line, ...]:
        """Return the lines that are final."""
        return tuple(line for line in self.lines if line.final)


def served_at(session: Session, held: ActivitySession) -> tuple[Served, ...]:
    """Return who was at a session to serve without pay, with what their hours would be."""
    entries = {
        row.volunteer_id: row
        for row in session.scalars(queries.entries_of_session(held.id))
        if row.kind is EntryKind.SERVED
    }
    return tuple(
        Served(stays, _minutes(stays, held), entries.get(key))
        for key, stays in stays_at(session, held).items()
        if stays[0].volunteer.kind not in PAID
    )


def book(
    session: Session,
    actor: Actor,
    clock: Clock,
    session_id: UUID,
    wanted: Mapping[UUID, tuple[int, Appraisal | None]],
    *,
    now: datetime,
) -> int:
    """Write the hours of those who were at a session, in minutes with an appraisal; return how many lines are new.

    Who has a line keeps it: it is corrected instead. ConflictError before the session is over, NotFoundError for
    somebody who wasn't there, InvalidInputError for more than the session's time and half an hour around it. `now` is
    the station's wall-clock time.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    held = find_held_session(session, session_id)
    if held.ends_at is None or held.ends_at > now:
        raise ConflictError(Message("The session is not over yet: book the hours once it is."))
    there = {one.person.id: one for one in served_at(session, held)}
    if wanted.keys() - there.keys():
        raise NotFoundError(Message("There is no such person."))
    new = [
        _entry(held, there[key], actor, clock, minutes, appraisal, now)
        for key, (minutes, appraisal) in wanted.items()
        if there[key].entry is None
    ]
    try:
        with session.begin_nested():
            session.add_all(new)
    except IntegrityError as error:
        if "service_entries" not in str(error.orig):
            raise
        raise ConflictError(Message("Somebody else has just booked these hours: load the page again.")) from error
    if new:
        _record(session, actor, clock, held.station_id, "hours.booked", held.id, lines=len(new))
    for row in new:
        _tell(session, clock, row)
    return len(new)


def correct(
    session: Session, actor: Actor, clock: Clock, entry_id: UUID, minutes: int, reason: str, *, today: date
) -> ServiceEntry:
    """Let a line count for so many minutes from now on, by a further line with the reason; return that line.

    The correction is shown for as long as any other line, and certificates that were issued since the line was written
    are void: they are issued anew once it is final. ConflictError where nothing would change, InvalidInputError
    for an impossible number or without a reason.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    first = find_line(session, entry_id)
    said = reason.strip()
    if not 0 < len(said) <= REASON_LENGTH:
        raise InvalidInputError(Message("Say why, in 200 characters at most."))
    line = next(one for one in account_of(session, first.volunteer_id, today=today).lines if one.entry.id == first.id)
    change = _possible(minutes) - line.minutes
    if change == 0:
        raise ConflictError(Message("That is what the line says already."))
    row = ServiceEntry(
        station_id=first.station_id,
        volunteer_id=first.volunteer_id,
        session_id=first.session_id,
        kind=EntryKind.CORRECTION,
        corrects_id=first.id,
        served_on=first.served_on,
        title=first.title,
        minutes=change,
        reason=said,
        noted_on=today,
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )
    session.add(row)
    # A paper that says otherwise than the ledger is no proof any more.
    void = session.scalars(queries.valid_certificates_since(first.volunteer_id, first.noted_at)).all()
    for paper in void:
        paper.revoked_at, paper.revoked_by, paper.revoked_reason = clock.now(), actor.user_id, said[:_LONGEST_VOID]
    session.flush()
    _record(session, actor, clock, first.station_id, "hours.corrected", first.id, minutes=change, voided=len(void))
    _tell(session, clock, row)
    return row


def object_to(session: Session, actor: Actor, clock: Clock, entry_id: UUID, text: str) -> ServiceObjection:
    """Note that a volunteer says a line of their own is wrong; it isn't final until the station has answered."""
    require(actor, Capability.OWN_DUTIES)
    entry = find_line(session, entry_id)
    if entry.volunteer_id != actor.volunteer_id:
        raise NotFoundError(Message("There is no such line."))
    said = text.strip()
    if not 0 < len(said) <= REASON_LENGTH:
        raise InvalidInputError(Message("Say what is wrong, in 200 characters at most."))
    row = ServiceObjection(
        station_id=entry.station_id, entry_id=entry.id, volunteer_id=entry.volunteer_id, made_at=clock.now()
    )
    row.text = said
    session.add(row)
    session.flush()
    _record(session, actor, clock, entry.station_id, "hours.objected", entry.id)
    return row


def answer(session: Session, actor: Actor, clock: Clock, objection_id: UUID, text: str) -> ServiceObjection:
    """Answer an objection, once; what was wrong is put right by a correction beside.

    How to reach whoever objected on the public page is forgotten with the answer.
    """
    require(actor, Capability.KEEP_VOLUNTEERS)
    row = session.get(ServiceObjection, objection_id)
    if row is None:
        raise NotFoundError(Message("There is no such objection."))
    if row.answered_at is not None:
        raise ConflictError(Message("This objection is answered already."))
    said = text.strip()
    if not 0 < len(said) <= REASON_LENGTH:
        raise InvalidInputError(Message("Say what came of it, in 200 characters at most."))
    row.answer, row.answered_at, row.answered_by = said, clock.now(), actor.user_id
    if row.in_public:
        row.contact = ""
    session.flush()
    _record(session, actor, clock, row.station_id, "hours.answered", row.entry_id)
    return row


def account_of(session: Session, volunteer_id: UUID, *, today: date) -> Account:
    """Return the lines of a volunteer as they count today."""
    entries = session.scalars(queries.entries_of(volunteer_id)).all()
    return Account(tuple(_lines(entries, session.scalars(queries.objections_of(volunteer_id)).all(), today)))


def shown_now(session: Session, *, today: date) -> Sequence[ServiceEntry]:
    """Return the lines that are shown for objections at present."""
    return session.scalars(queries.shown_since(today - timedelta(days=SHOWN_DAYS - 1))).all()


def _lines(entries: Sequence[ServiceEntry], objections: Iterable[ServiceObjection], today: date) -> Iterable[Line]:
    corrections: dict[UUID | None, list[ServiceEntry]] = {}
    against: dict[UUID, list[ServiceObjection]] = {}
    for one in entries:
        if one.kind is EntryKind.CORRECTION:
            corrections.setdefault(one.corrects_id, []).append(one)
    for each in objections:
        against.setdefault(each.entry_id, []).append(each)
    for one in entries:
        if one.kind is EntryKind.SERVED:
            mine, said = tuple(corrections.get(one.id, ())), tuple(against.get(one.id, ()))
            shown = all(final_on(part.noted_on) <= today for part in (one, *mine))
            yield Line(one, mine, said, shown and all(part.answered_at is not None for part in said))


def _minutes(stays: Stays, held: ActivitySession) -> int:
    if held.starts_at is None or held.ends_at is None:
        return 0
    times = [(one.arrived_at or held.starts_at, one.left_at or held.ends_at) for one in stays]
    return minutes_served(times, held.starts_at, held.ends_at)


def _entry(
    held: ActivitySession,
    served: Served,
    actor: Actor,
    clock: Clock,
    minutes: int,
    appraisal: Appraisal | None,
    now: datetime,
) -> ServiceEntry:
    return ServiceEntry(
        station_id=held.station_id,
        volunteer_id=served.person.id,
        session_id=held.id,
        kind=EntryKind.SERVED,
        served_on=served.stays[0].served_on,
        title=Wording(CHINESE).say(_PRIVATE) if is_private(held) else held.activity.title,
        minutes=_bookable(minutes, held),
        appraisal=appraisal,
        noted_on=now.date(),
        noted_at=clock.now(),
        noted_by=actor.user_id,
    )


def _bookable(minutes: int, held: ActivitySession) -> int:
    """Return the minutes; InvalidInputError for more than anybody could have served at the session."""
    if held.starts_at is None or held.ends_at is None:
        return _possible(minutes)
    most = minutes_served([(held.starts_at - AROUND, held.ends_at + AROUND)], held.starts_at, held.ends_at)
    if not 0 <= minutes <= most:
        raise InvalidInputError(
            Message(
                "For this session %(hours)s hours can be booked at most; correct them afterwards, with a reason.",
                {"hours": in_hours(most)},
            )
        )
    return minutes


def _possible(minutes: int) -> int:
    if not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInputError(Message("Hours of a session are from 0 to 16."))
    return minutes


def find_line(session: Session, entry_id: UUID) -> ServiceEntry:
    """Return a line of service, not of a correction; NotFoundError for any other."""
    row = session.get(ServiceEntry, entry_id)
    if row is None or row.kind is not EntryKind.SERVED:
        raise NotFoundError(Message("There is no such line."))
    return row


def _tell(session: Session, clock: Clock, row: ServiceEntry) -> None:
    facts: dict[str, str | int] = {"title": row.title, "minutes": row.minutes}
    notice = Notice(NoticeKind.HOURS_PUBLISHED, to_volunteer(row.volunteer_id), row.station_id, row.id.hex, facts)
    put(session, clock, notice)


def _record(
    session: Session, actor: Actor, clock: Clock, station_id: UUID, action: str, subject_id: UUID, **detail: int
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=station_id,
        action=action,
        subject_kind="session" if action == "hours.booked" else "service_entry",
        subject_id=subject_id,
        detail=dict(detail),
    )
