"""Hours as a table for re-entry into the national system of volunteer service (全国志愿服务信息系统)."""

from collections import defaultdict
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import ServiceEntry, Volunteer
from core.db.queries import service as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.person_documents import document_of
from core.domain.service_hours import EntryKind, in_hours
from core.security.permissions import require
from core.services.audit import record
from core.services.hours.ledger import account_of
from core.services.spreadsheets import Cell, as_xlsx
from core.services.wording import CHINESE, Wording

#: As the national system asks for them, in its words.
HEADING: Final = ("姓名", "证件类型", "证件号码", "志愿者编号", "服务项目", "服务日期", "服务时长(小时)", "评价")


def export(session: Session, actor: Actor, clock: Clock, first: date, last: date, *, today: date) -> bytes:
    """Return the final hours of a time as an Excel workbook, a line for each service, by person; it is audited."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    by_person = defaultdict[UUID, list[ServiceEntry]](list)
    for entry in session.scalars(queries.served_between(first, last)):
        if entry.kind is EntryKind.SERVED:
            by_person[entry.volunteer_id].append(entry)
    wording, rows = Wording(CHINESE), list[tuple[Cell, ...]]()
    for volunteer_id, entries in by_person.items():
        lines = {line.entry.id: line for line in account_of(session, volunteer_id, today=today).final_lines}
        for entry in entries:
            if (line := lines.get(entry.id)) is not None:
                person = entry.volunteer
                said = wording.say(entry.appraisal.label) if entry.appraisal else ""
                rows.append((*_who(person, wording), entry.title, entry.served_on, float(in_hours(line.minutes)), said))
    if actor.station_id is not None:
        record(
            session,
            actor,
            clock,
            station_id=actor.station_id,
            action="hours.exported",
            subject_kind="station",
            subject_id=actor.station_id,
            detail={"lines": len(rows)},
        )
    return as_xlsx(HEADING, rows)


def _who(person: Volunteer, wording: Wording) -> tuple[Cell, ...]:
    number = person.id_number
    document = document_of(person.document, number)
    return person.name, wording.say(document.label) if document else "", number or "", person.number
