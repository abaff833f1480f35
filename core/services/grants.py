"""Who may read what is sensitive of a child: grants, asked for and decided, broken glass, and the notes of reading.

Regulations on protecting minors online (未成年人网络保护条例), art. 36: the person in charge approves that somebody of
the staff reads minors' data, and each reading is recorded.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import AccessGrant, AccessGrantChild, Child, Installation
from core.db.opening import open_fields
from core.db.queries import grants as queries
from core.db.scope import scope_of
from core.db.session import keeps
from core.domain.actor import Actor, Role
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.domain.vocabulary import ConsentPurpose, GrantState, SensitiveField, label
from core.security.permissions import may, require
from core.services.audit import record
from core.services.consents import consents_of

LONGEST: Final = timedelta(days=366)
GLASS_LASTS: Final = timedelta(hours=4)
PURPOSE_LENGTH: Final = 200
_READS: Final = "noted_reads"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks leave for: which fields of which children (None: all of the station), what for, how long.

    It holds from `starts_at` until just before `ends_at`.
    """

    purpose: str = field(repr=False)
    fields: frozenset[SensitiveField]
    children: frozenset[UUID] | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Read:
    """A reading that was noted in a transaction: by whom, of which child, which fields, by which grants."""

    actor: Actor
    station_id: UUID
    child_id: UUID
    fields: tuple[str, ...]
    grants: tuple[str, ...]


def ask(session: Session, actor: Actor, clock: Clock, wish: Wish) -> AccessGrant:
    """Ask for a grant and return it; it counts once it is approved.

    Raises NotAllowedError for whoever may not ask, InvalidInputError for a wish that can't be given, NotFoundError for
    a child out of reach.
    """
    user_id, station_id = _require_somebody(actor, Capability.ASK_FOR_FIELDS)
    _check(wish, clock.now())
    _require_in_reach(session, wish.children)
    grant = AccessGrant(
        station_id=station_id,
        user_id=user_id,
        purpose=wish.purpose.strip(),
        fields=_sorted(wish.fields),
        all_children=wish.children is None,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        state=GrantState.ASKED,
        asked_at=clock.now(),
    )
    _add(session, grant, sorted(wish.children or ()))
    _record(session, actor, clock, grant, "grant.asked")
    return grant


def approve(session: Session, actor: Actor, clock: Clock, grant_id: UUID) -> AccessGrant:
    """Give what was asked for: the head to the staff, the administrator to the head, nobody to themselves."""
    return _decide(session, actor, clock, grant_id, GrantState.APPROVED, "grant.approved")


def refuse(session: Session, actor: Actor, clock: Clock, grant_id: UUID, reason: str) -> AccessGrant:
    """Refuse what was asked for, with a reason that whoever asked reads; whoever could approve it may.

    Raises InvalidInputError without a reason, or for one of more than 200 characters.
    """
    if not reason.strip():
        raise InvalidInputError(Message("Say why: whoever asked will read it."))
    _require_short(reason)
    grant = _decide(session, actor, clock, grant_id, GrantState.REFUSED, "grant.refused")
    grant.refusal = reason.strip()
    session.flush()
    return grant


def end(session: Session, actor: Actor, clock: Clock, grant_id: UUID) -> AccessGrant:
    """End a grant at once, or take back what was asked for: one's own, or as somebody who approves grants."""
    grant = _to_change(session, grant_id)
    if actor.user_id != grant.user_id:
        require(actor, Capability.APPROVE_GRANTS)
    if grant.state not in {GrantState.ASKED, GrantState.APPROVED}:
        raise ConflictError(Message("This grant is over already."))
    grant.state, grant.ended_at = GrantState.ENDED, clock.now()
    _record(session, actor, clock, grant, "grant.ended")
    return grant


def break_glass(session: Session, actor: Actor, clock: Clock, child: Child, reason: str) -> AccessGrant:
    """Take leave to read all fields of one child for four hours, in an emergency; the head is told.

    Raises NotAllowedError for whoever may not, InvalidInputError without a reason.
    """
    user_id, station_id = _require_somebody(actor, Capability.BREAK_GLASS)
    _require_purpose(reason)
    _require_in_reach(session, frozenset({child.id}))
    now = clock.now()
    grant = AccessGrant(
        station_id=station_id,
        user_id=user_id,
        purpose=reason.strip(),
        fields=_sorted(SensitiveField),
        all_children=False,
        starts_at=now,
        ends_at=now + GLASS_LASTS,
        state=GrantState.APPROVED,
        break_glass=True,
        asked_at=now,
    )
    _add(session, grant, [child.id])
    _record(session, actor, clock, grant, "glass.broken", child=str(child.id))
    return grant


def acknowledge(session: Session, actor: Actor, clock: Clock, grant_id: UUID) -> AccessGrant:
    """Take note that somebody broke the glass: the head of the staff's, the administrator of the head's."""
    grant = _to_change(session, grant_id)
    _require_decider(actor, grant)
    if not grant.break_glass or grant.acknowledged_by_id is not None:
        raise ConflictError(Message("Somebody has taken note of this already."))
    grant.acknowledged_by_id = actor.user_id
    _record(session, actor, clock, grant, "glass.acknowledged")
    return grant


def to_decide(session: Session, actor: Actor, now: datetime) -> list[AccessGrant]:
    """Return what is asked for and waits for this actor, the newest first."""
    return _for(session, actor, queries.waiting(now))


def to_acknowledge(session: Session, actor: Actor) -> list[AccessGrant]:
    """Return the broken glass of which this actor should take note, the newest first."""
    return _for(session, actor, queries.unacknowledged())


def find_waiting(session: Session, actor: Actor, now: datetime, grant_id: UUID) -> AccessGrant:
    """Return what is asked for and waits for this actor; raise NotFoundError where nothing of this id does."""
    for grant in to_decide(session, actor, now):
        if grant.id == grant_id:
            return grant
    raise NotFoundError(Message("There is no such grant."))


def decides(actor: Actor, grant: AccessGrant) -> bool:
    """Tell whether it is for this actor to decide about a grant: never about one's own."""
    if not may(actor.role, Capability.APPROVE_GRANTS) or actor.user_id in {None, grant.user_id}:
        return False
    return (actor.role is Role.ADMINISTRATOR) is (grant.user.role is Role.HEAD)


def readable_fields(session: Session, actor: Actor, child: Child, now: datetime) -> frozenset[SensitiveField]:
    """Return what of a child the actor has leave to read at this moment."""
    grants = _holding(session, actor, child, now)
    return _fields(grants) - _withheld(session, child, grants, now)


def read_fields(
    session: Session, actor: Actor, clock: Clock, child: Child, fields: Collection[SensitiveField]
) -> frozenset[SensitiveField]:
    """Open these fields of a child in the session, note the reading in its transaction, and return them.

    Afterwards the child's attributes, and those of its guardians and categories, give their text in this session. It
    has to be one that keeps what it writes: a page opens fields by POST. Raises NotAllowedError unless grants cover all
    of the fields.
    """
    if not keeps(session):
        raise RuntimeError("Sensitive fields are read in a session that keeps the note of it.")
    wanted, grants = frozenset(fields), _holding(session, actor, child, clock.now())
    withheld = wanted & _withheld(session, child, grants, clock.now())
    if withheld and withheld <= _fields(grants):
        raise NotAllowedError(Message("No guardian has agreed that the station keeps health information: ask for it."))
    if missing := wanted - _fields(grants):
        raise NotAllowedError(
            Message(
                "You have no leave to read: %(fields)s. Ask for a grant, or break the glass in an emergency.",
                {"fields": tuple(label(one) for one in sorted(missing))},
            )
        )
    if wanted:
        used = [grant for grant in grants if wanted & _fields([grant])]
        read = Read(
            actor, child.station_id, child.id, tuple(_sorted(wanted)), tuple(sorted(str(one.id) for one in used))
        )
        _note(session, clock, read)
        session.info.setdefault(_READS, []).append(read)
        open_fields(session, child.id, wanted)
    return wanted


def noted_reads(session: Session) -> Sequence[Read]:
    """Return the readings that were noted in the session, for the case that its transaction is dropped."""
    return tuple(session.info.get(_READS, ()))


def note_again(session: Session, clock: Clock, reads: Iterable[Read]) -> None:
    """Note readings whose transaction was dropped: what was read stays read."""
    for read in reads:
        _note(session, clock, read)


def _note(session: Session, clock: Clock, read: Read) -> None:
    record(
        session,
        read.actor,
        clock,
        station_id=read.station_id,
        action="child.read",
        subject_kind="child",
        subject_id=read.child_id,
        detail={"fields": list(read.fields), "grants": list(read.grants)},
    )


def _holding(session: Session, actor: Actor, child: Child, now: datetime) -> list[AccessGrant]:
    scope = scope_of(session)
    in_reach = scope.everything or child.station_id in scope.stations
    if actor.user_id is None or actor.station_id is None or not in_reach:
        return []
    if not may(actor.role, Capability.ASK_FOR_FIELDS):
        return []
    return list(session.scalars(queries.holding(actor.user_id, actor.station_id, child.id, now)))


def _withheld(
    session: Session, child: Child, grants: Iterable[AccessGrant], now: datetime
) -> frozenset[SensitiveField]:
    """Return what no grant opens: the health note without a consent or a duty to keep it, but in an emergency."""
    if any(grant.break_glass for grant in grants):
        return frozenset()
    timezone = session.scalar(select(Installation.timezone)) or "UTC"
    kept = consents_of(session, child.id, now.astimezone(ZoneInfo(timezone)).date())
    return frozenset() if ConsentPurpose.HEALTH in kept else frozenset({SensitiveField.HEALTH})


def _fields(grants: Iterable[AccessGrant]) -> frozenset[SensitiveField]:
    return frozenset(field for grant in grants for field in grant.sensitive_fields)


def _for(session: Session, actor: Actor, query: Any) -> list[AccessGrant]:
    if not may(actor.role, Capability.APPROVE_GRANTS):
        return []
    return [grant for grant in session.scalars(query) if decides(actor, grant)]


def _decide(
    session: Session, actor: Actor, clock: Clock, grant_id: UUID, state: GrantState, action: str
) -> AccessGrant:
    grant = _to_change(session, grant_id)
    _require_decider(actor, grant)
    now = clock.now()
    if grant.state is not GrantState.ASKED:
        raise ConflictError(Message("This is decided already."))
    if state is GrantState.APPROVED and grant.ends_at <= now:
        raise ConflictError(Message("The time for which it was asked is over: it has to be asked for anew."))
    grant.state, grant.decided_by_id, grant.decided_at = state, actor.user_id, now
    _record(session, actor, clock, grant, action)
    return grant


def _to_change(session: Session, grant_id: UUID) -> AccessGrant:
    grant = session.scalars(queries.grant_to_change(grant_id)).one_or_none()
    if grant is None:
        raise NotFoundError(Message("There is no such grant."))
    return grant


def _require_decider(actor: Actor, grant: AccessGrant) -> None:
    if not decides(actor, grant):
        raise NotAllowedError(
            Message("The head decides for the staff, the county administrator for the head, and nobody for themselves.")
        )


def _require_somebody(actor: Actor, capability: Capability) -> tuple[UUID, UUID]:
    """Return the account and the station of somebody who may; the machine itself reads on paths of its own."""
    if actor.user_id is None or actor.station_id is None:
        raise NotAllowedError(Message("Grants are for people: the machine has none."))
    require(actor, capability)
    return actor.user_id, actor.station_id


def _check(wish: Wish, now: datetime) -> None:
    _require_purpose(wish.purpose)
    if not wish.fields:
        raise InvalidInputError(Message("Choose what you need to read."))
    if wish.children is not None and not wish.children:
        raise InvalidInputError(Message("Name at least one child, or ask for all of the station."))
    if wish.ends_at <= wish.starts_at:
        raise InvalidInputError(Message("The grant would end before it begins: correct the days."))
    if wish.ends_at <= now:
        raise InvalidInputError(Message("The grant would be over already: correct the days."))
    if wish.ends_at - wish.starts_at > LONGEST:
        raise InvalidInputError(Message("A grant lasts a year at most: choose an earlier last day."))


def _require_purpose(purpose: str) -> None:
    if not purpose.strip():
        raise InvalidInputError(Message("Say what for: whoever decides and whoever checks will read it."))
    _require_short(purpose)


def _require_short(text: str) -> None:
    if len(text.strip()) > PURPOSE_LENGTH:
        raise InvalidInputError(Message("Say it in 200 characters at most."))


def _require_in_reach(session: Session, children: frozenset[UUID] | None) -> None:
    if children is None:
        return
    found = session.scalar(select(func.count()).select_from(Child).where(Child.id.in_(children)))
    if found != len(children):
        raise NotFoundError(Message("There is no such child."))


def _add(session: Session, grant: AccessGrant, children: Sequence[UUID]) -> None:
    grant.children = [
        AccessGrantChild(station_id=grant.station_id, grant_id=grant.id, child_id=child) for child in children
    ]
    session.add(grant)


def _sorted(fields: Iterable[SensitiveField]) -> list[str]:
    return sorted(one.value for one in fields)


def _record(session: Session, actor: Actor, clock: Clock, grant: AccessGrant, action: str, **detail: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=grant.station_id,
        action=action,
        subject_kind="grant",
        subject_id=grant.id,
        detail={"fields": list(grant.fields), "until": grant.ends_at.isoformat(), **detail},
    )
