"""Guardians' requests: entered with the day by which they are due, answered or refused, and deletion shown first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.models import AuditEntry, Child, ChildCategoryMark, Consent, Guardian, RightsRequest
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.rights import Outcome, ReceivedHow, RequestKind, due_on
from core.security.permissions import require
from core.services.audit import record
from core.services.calendar import work_calendar
from core.services.children.dependents import Dependent, dependents, tables_of
from core.services.children.keeping import locked_child
from core.services.consents import given_consents, has_duty
from core.services.erasing import CONSENTED, erase_child, erase_consented, resting_on_consent

REASON_LENGTH: Final = 1000
#: The audit log's words for what is corrected or completed of a file.
_CORRECTIONS: Final = tuple(
    f"{part}.{deed}"
    for part, deeds in {
        "child": ("changed",),
        "guardian": ("added", "changed", "removed"),
        "category": ("added", "ended"),
        "pick_up": ("added", "removed"),
    }.items()
    for deed in deeds
)
_LOGS: Final = Message(
    "The audit log, by ids alone: at least six months (Cybersecurity Law, art. 23); the fact of this deletion with it"
)
_HARM: Final = Message("The register of reports of harm (Law on the Protection of Minors, art. 11)")
_CONSENTS: Final = Message(
    "What was consented to and until when, as proof of what was allowed (PIPL, arts. 14 and 69); nothing rests on it"
)
_DUTY: Final = Message(
    "The file of a child in a category of the notice, while the station has the duty to look after it "
    "(Law on the Protection of Minors, art. 43)"
)


@dataclass(frozen=True)
class Asked:
    """What a guardian asks, when and how it came in."""

    child_id: UUID
    guardian_id: UUID
    kind: RequestKind
    how: ReceivedHow
    received_on: date


@dataclass(frozen=True)
class Preview:
    """What a deletion takes, as rows by table, and what the law keeps and why; `whole` where the file itself goes.

    Where it stays, its `consents` are withdrawn.
    """

    whole: bool
    goes: Mapping[str, int]
    fields: tuple[str, ...]
    kept: tuple[Message, ...]
    consents: int = 0


def enter(session: Session, actor: Actor, clock: Clock, asked: Asked, *, today: date) -> RightsRequest:
    """Note a request and return it, due within 15 working days.

    Raises NotFoundError for a child out of reach, InvalidInputError for a day to come or a guardian of another child.
    """
    require(actor, Capability.ANSWER_REQUESTS)
    child = session.scalars(select(Child).where(Child.id == asked.child_id)).one_or_none()
    if child is None:
        raise NotFoundError(Message("There is no such file."))
    if asked.received_on > today:
        raise InvalidInputError(Message("This day is still to come: correct it."))
    guardian_of(session, asked.child_id, asked.guardian_id)
    row = RightsRequest(
        station_id=child.station_id,
        child_id=child.id,
        guardian_id=asked.guardian_id,
        kind=asked.kind,
        how=asked.how,
        received_on=asked.received_on,
        due_on=due_on(asked.received_on, work_calendar(session)),
        entered_at=clock.now(),
        entered_by=actor.user_id,
        fields=[],
    )
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "request.entered", {"kind": row.kind.value})
    return row


def guardian_of(session: Session, child_id: UUID, guardian_id: UUID | None) -> Guardian:
    """Return the child's guardian of this id; raise InvalidInputError where the child has no such guardian."""
    query = select(Guardian).where(Guardian.id == guardian_id, Guardian.child_id == child_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise InvalidInputError(Message("Choose one of the child's guardians."))
    return row


def find_request(session: Session, request_id: UUID) -> RightsRequest:
    """Return a request in reach; raise NotFoundError otherwise."""
    row = session.scalars(select(RightsRequest).where(RightsRequest.id == request_id)).one_or_none()
    if row is None:
        raise NotFoundError(Message("There is no such request."))
    return row


def requests(session: Session) -> list[RightsRequest]:
    """Return the requests in reach: those that wait by the day they are due, then those answered, the newest first."""
    rows = list(session.scalars(select(RightsRequest).order_by(RightsRequest.due_on, RightsRequest.id)))
    answered = [row for row in rows if row.outcome is not None]
    return [row for row in rows if row.outcome is None] + answered[::-1]


def open_requests() -> Select[UUID]:
    """Select the children of whom a guardian waits for an answer: nothing of them is erased by date meanwhile."""
    return select(RightsRequest.child_id).where(RightsRequest.outcome.is_(None))


def waiting_until(session: Session, day: date) -> int:
    """Return how many requests in reach are to be answered by a day."""
    query = select(func.count()).select_from(RightsRequest).where(RightsRequest.outcome.is_(None))
    return session.scalar(query.where(RightsRequest.due_on <= day)) or 0


def lift_restriction(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> RightsRequest:
    """End the restricted use of a child's data; ConflictError where it is not restricted by this request."""
    require(actor, Capability.ERASE)
    row = find_request(session, request_id)
    if row.kind is not RequestKind.RESTRICTION or row.outcome is not Outcome.DONE or row.lifted_at is not None:
        raise ConflictError(Message("By this request nothing is restricted any more."))
    row.lifted_at, row.lifted_by = clock.now(), actor.user_id
    session.flush()
    _record(session, actor, clock, row, "request.lifted", {})
    return row


def close(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> RightsRequest:
    """Answer a request for a correction or for restricted use; a correction notes which fields changed since."""
    row = _waiting(session, actor, request_id)
    if row.kind not in {RequestKind.CORRECTION, RequestKind.RESTRICTION}:
        raise ConflictError(Message("This request is answered in another way."))
    if row.kind is RequestKind.CORRECTION:
        row.fields = _changed_since(session, row)
        if not row.fields:
            raise ConflictError(Message("Nothing was changed since the request came: correct the file first."))
    _answer(session, actor, clock, row, Outcome.DONE)
    return row


def note_copy(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> None:
    """Take a request for a copy as answered once the copy was made; a second copy changes nothing."""
    require(actor, Capability.ANSWER_REQUESTS)
    row = find_request(session, request_id)
    if row.outcome is None:
        _answer(session, actor, clock, row, Outcome.DONE)


def refuse(session: Session, actor: Actor, clock: Clock, request_id: UUID, reason: str) -> RightsRequest:
    """Refuse a request with a reason that the guardian is told in writing; InvalidInputError without one."""
    row, reason = _waiting(session, actor, request_id), reason.strip()
    if not reason:
        raise InvalidInputError(Message("Say why: the guardian is told in writing."))
    if len(reason) > REASON_LENGTH:
        raise InvalidInputError(Message("Say it in 1000 characters at most."))
    row.reason = reason
    _answer(session, actor, clock, row, Outcome.REFUSED)
    return row


def preview(session: Session, child: Child, today: date) -> Preview:
    """Return what deleting the child's data would take and what the law keeps."""
    bound = _has_duty(session, child, today)
    chosen = resting_on_consent(session) if bound else _present(session)
    counts = {one.table.name: _count(session, one, child.id) for one in chosen if not bound or one.model is not Consent}
    goes = {name: count for name, count in counts.items() if count}
    if not bound:
        return Preview(whole=True, goes=goes, fields=(), kept=(_LOGS, _HARM))
    fields = tuple(name for name in CONSENTED if getattr(child, f"sealed_{name}") is not None)
    consents = len(given_consents(session, child.id, today))
    return Preview(whole=False, goes=goes, fields=fields, kept=(_DUTY, _CONSENTS, _LOGS, _HARM), consents=consents)


def delete_data(session: Session, actor: Actor, clock: Clock, request_id: UUID, *, today: date) -> Preview:
    """Delete what may be deleted on a request, and return what that was.

    The whole file goes, the request with it; where the station has the duty to keep the file, only what rests on
    consent goes, the consents are withdrawn and the request is answered in part.
    """
    require(actor, Capability.ERASE)
    row = _waiting(session, actor, request_id)
    if row.kind is not RequestKind.DELETION:
        raise ConflictError(Message("This request is answered in another way."))
    child = locked_child(session, row.child_id)
    shown = preview(session, child, today)
    _answer(session, actor, clock, row, Outcome.DONE if shown.whole else Outcome.PARTLY)
    if shown.whole:
        erase_child(session, actor, clock, child.id)
    else:
        erase_consented(session, actor, clock, child.id, today=today)
    return shown


def _has_duty(session: Session, child: Child, today: date) -> bool:
    """Tell whether the station looks after the child by duty: it is in a category of the notice, or a law was noted."""
    if child.left_on is not None:
        return False
    current = or_(ChildCategoryMark.until_day.is_(None), ChildCategoryMark.until_day >= today)
    query = select(func.count()).select_from(ChildCategoryMark)
    marks = session.scalar(query.where(ChildCategoryMark.child_id == child.id, current))
    return bool(marks) or has_duty(session, child.id, today)


def _present(session: Session) -> list[Dependent]:
    tables = tables_of(session)
    return [one for one in dependents() if one.table.name in tables and one.model is not RightsRequest]


def _count(session: Session, dependent: Dependent, child_id: UUID) -> int:
    model: type[Base] = dependent.model
    query = select(func.count()).select_from(model).where(getattr(model, dependent.attribute) == child_id)
    return session.scalar(query) or 0


def _changed_since(session: Session, row: RightsRequest) -> list[str]:
    query = select(AuditEntry.action, AuditEntry.detail).where(
        AuditEntry.subject_id == row.child_id, AuditEntry.action.in_(_CORRECTIONS), AuditEntry.at >= row.entered_at
    )
    changed: set[str] = set()
    for action, detail in session.execute(query):
        changed.update(detail.get("fields") or [action.partition(".")[0]])
    return sorted(changed)


def _waiting(session: Session, actor: Actor, request_id: UUID) -> RightsRequest:
    require(actor, Capability.ANSWER_REQUESTS)
    row = find_request(session, request_id)
    if row.outcome is not None:
        raise ConflictError(Message("This request is answered already."))
    return row


def _answer(session: Session, actor: Actor, clock: Clock, row: RightsRequest, outcome: Outcome) -> None:
    row.outcome, row.answered_at, row.answered_by = outcome, clock.now(), actor.user_id
    session.flush()
    detail: dict[str, Any] = {"kind": row.kind.value, "outcome": outcome.value, "fields": list(row.fields)}
    _record(session, actor, clock, row, "request.answered", detail)


def _record(
    session: Session, actor: Actor, clock: Clock, row: RightsRequest, action: str, detail: dict[str, Any]
) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="request",
        subject_id=row.id,
        detail={"child": str(row.child_id), **detail},
    )
