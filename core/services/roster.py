"""The roster on paper for a door without a network, the times that are entered from it, and what contradicts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ActivitySession
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.serving import enough_adults, is_adult
from core.domain.vocabulary import Presence
from core.security.permissions import require
from core.services.adults import Homes
from core.services.attendance import find_held_session
from core.services.audit import record
from core.services.door import come, door_of
from core.services.handing_over import children_at
from core.services.printing import as_pdf
from core.services.sealed_files import sealed_in_groups
from core.services.stays import Stays, last_stay, require_unbooked, stays_at

#: Rows without a name: for whoever else comes.
BLANK_ROWS: Final = 4
_TEMPLATE: Final = """
#for part in said.parts [
  == #part.title
  #table(columns: (32%, 15%, 15%, 38%), inset: 8pt, ..part.rows.flatten().map(cell => [#cell]))
]
#v(1em)
#text(size: 8pt, said.note)
"""


@dataclass(frozen=True)
class Times:
    """From when until when somebody was there on the session's day; None where the paper doesn't say."""

    arrived: time | None
    left: time | None


def as_paper(session: Session, actor: Actor, held: ActivitySession, *, today: date) -> bytes:
    """Return the roster as PDF: volunteers and children by number and name, nothing else of a child."""
    require(actor, Capability.NOTE_ATTENDANCE)
    day = _day(held)
    people = [[f"{one.person.number} {one.person.name}"] for one in door_of(session, held, today=today).people]
    children = [[f"{one.child.number} {one.child.name}"] for one in children_at(session, held)]
    hidden = sealed_in_groups(session, [held.activity_id]).get(held.activity_id, 0)
    blank: Any = [[" "] for _ in range(BLANK_ROWS)]
    ends = f"–{held.ends_at:%H:%M}" if held.ends_at else ""
    return as_pdf(
        _TEMPLATE,
        {
            "title": f"签到表：{held.activity.title}",
            "lead": f"{day.year}年{day.month}月{day.day}日 {held.starts_at:%H:%M}{ends}",
            "parts": [
                {"title": "志愿者", "rows": _rows(("编号、姓名", "到", "离", "本人签名"), people + blank)},
                {"title": "儿童", "rows": _rows(("编号、姓名", "到", "离", "接走人签名"), children + blank)},
            ],
            "note": "谁可以接走儿童，请向站点负责人核实。活动后补录到系统，纸质表用后由站点收存。"
            + (f"另有{hidden}名儿童由专人负责，不在表上。" if hidden else ""),
        },
    )


def enter_times(
    session: Session, actor: Actor, clock: Clock, session_id: UUID, times: Mapping[UUID, Times], *, now: datetime
) -> int:
    """Enter when volunteers came and left, on the session's day or later, and return how many changed.

    Who has neither time stays as they are; of whoever came more than once it is the last stay. InvalidInputError for
    who leaves before coming or later than `now`, the station's wall-clock time; ConflictError for whose hours are
    booked; NotAssignableError for who may not serve.
    """
    require(actor, Capability.NOTE_ATTENDANCE)
    held = find_held_session(session, session_id)
    known = {one.person.id for one in door_of(session, held, today=now.date()).people}
    if times.keys() - known:
        raise NotFoundError(Message("There is no such person."))
    changed = 0
    for volunteer_id, wanted in times.items():
        if wanted.arrived is None and wanted.left is None:
            continue
        arrived, left = _checked(_day(held), wanted, now)
        row = last_stay(session, held, volunteer_id) or come(session, actor, clock, held.id, volunteer_id, now=now)
        if (row.arrived_at, row.left_at) == (arrived, left):
            continue
        require_unbooked(session, held, row.volunteer)
        row.arrived_at, row.left_at = arrived, left
        row.noted_at, row.noted_by = clock.now(), actor.user_id
        changed += 1
    if changed:
        record(
            session,
            actor,
            clock,
            station_id=held.station_id,
            action="door.times_entered",
            subject_kind="session",
            subject_id=held.id,
            detail={"changed": changed},
        )
    session.flush()
    return changed


def contradictions(session: Session, held: ActivitySession) -> tuple[Message, ...]:
    """Return what doesn't fit together of what is noted of a session."""
    came = stays_at(session, held).values()
    return (*_of_volunteers(held, came), *_of_children(session, held, came))


def _of_volunteers(held: ActivitySession, came: Collection[Stays]) -> Iterator[Message]:
    for stays in came:
        who, arrived, left = {"name": stays[0].volunteer.name}, stays[0].arrived_at, stays[-1].left_at
        if any(one.arrived_at is None or one.left_at is None for one in stays):
            yield Message("%(name)s was here, but not both times are noted.", who)
        if arrived and held.ends_at and arrived >= held.ends_at:
            yield Message("%(name)s came when the session was over.", who)
        if left and held.starts_at and left <= held.starts_at:
            yield Message("%(name)s left before the session began.", who)


def _of_children(session: Session, held: ActivitySession, came: Collection[Stays]) -> Iterator[Message]:
    children, adults = children_at(session, held), [stays[0].volunteer for stays in came]
    known = Homes(session).at(held.station_id)
    homes = [known.get(one.id) for one in adults if is_adult(one.birth_date, _day(held))]
    if any(one.presence is Presence.PRESENT for one in children) and not enough_adults(homes, held.activity.min_adults):
        yield Message("Children were here, but too few adults are noted.")
    for one in children:
        row = one.handover
        if row is None:
            continue
        if one.gone and one.presence is not Presence.PRESENT:
            yield Message("%(number)s went home, but isn't noted as present.", {"number": one.child.number})
        if one.presence is Presence.PRESENT and row.left_at is None:
            yield Message("%(number)s came, but with whom they went home isn't noted.", {"number": one.child.number})


def _rows(head: tuple[str, ...], people: list[list[str]]) -> list[list[str]]:
    return [list(head), *([*one, *([""] * (len(head) - len(one)))] for one in people)]


def _checked(day: date, wanted: Times, now: datetime) -> tuple[datetime | None, datetime | None]:
    arrived, left = (datetime.combine(day, one) if one else None for one in (wanted.arrived, wanted.left))
    if arrived and left and left < arrived:
        raise InvalidInputError(Message("Somebody would leave before they came: correct the times."))
    if any(one and one > now for one in (arrived, left)):
        raise InvalidInputError(Message("These times are still to come: correct them."))
    return arrived, left


def _day(held: ActivitySession) -> date:
    if held.starts_at is None:
        raise ConflictError(Message("A held session has no time: publish its term again."))
    return held.starts_at.date()
