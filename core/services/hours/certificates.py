"""Certificates of service (志愿服务记录证明): a paper with number and QR code, and a page where anybody can check it.

The paper says what the ministry's measures ask for: who served, by which document and number; what, when and for how
long; which station certifies it, who is responsible, who wrote it, and by which phone it can be asked. It is written
once, from lines that are final. The page tells less than the paper: of the document's number the last four signs.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import ServiceCertificate, Station, User, Volunteer
from core.db.queries import service as queries
from core.db.scope import set_scope
from core.db.session import vault_of
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.domain.ids import new_id
from core.domain.notices import Notice, NoticeKind, to_volunteer
from core.domain.person_documents import document_of
from core.domain.service_hours import in_hours, masked_number
from core.security.permissions import may, require
from core.services.audit import record
from core.services.feeds import token_hash
from core.services.hours.ledger import Account, account_of
from core.services.notices.outbox import put
from core.services.printing import as_pdf
from core.services.stations import scope_of_station
from core.services.volunteering import find_person
from core.services.wording import CHINESE, Wording

_PURPOSE: Final = "service_certificate"
_NOTHING: Final = Message("There is no such certificate.")
_REASON_LENGTH: Final = 80
_DIGITS: Final = 4
#: Whom it is issued for and what they did, then who issues it, then the way to check it.
_TEMPLATE: Final = """
#v(1em)
#table(columns: (28%, 72%), ..said.person.flatten().map(cell => [#cell]))
#v(1em)
#table(columns: (22%, 58%, 20%), ..said.service.flatten().map(cell => [#cell]))
#v(1em)
#grid(columns: (1fr, 110pt), gutter: 1em,
  table(columns: (32%, 68%), ..said.issuer.flatten().map(cell => [#cell])),
  align(center)[#image(bytes(said.qr), format: "svg", width: 90pt) #text(size: 8pt, said.check)],
)
"""


@dataclass(frozen=True)
class Checked:
    """What the page says of a certificate: never more than the paper."""

    number: str
    station: str
    name: str
    document: str
    first: str
    last: str
    hours: str
    sessions: int
    issued_on: str
    revoked: bool


def issue(
    session: Session, actor: Actor, clock: Clock, volunteer_id: UUID, *, today: date, handler: str
) -> ServiceCertificate:
    """Certify all of a volunteer's final hours; by the station, or by the volunteer for themselves, without charge.

    ConflictError where nothing is final yet, NotFoundError for a volunteer out of reach. `handler` is who writes it.
    """
    _require_own_or_keeper(actor, volunteer_id)
    person = find_person(session, volunteer_id)
    account = account_of(session, volunteer_id, today=today)
    if account.final_minutes <= 0:
        raise ConflictError(
            Message("No hours are final yet: they are seven days after they were booked, if nobody objects.")
        )
    row = ServiceCertificate(
        id=new_id(),
        station_id=person.station_id,
        volunteer_id=person.id,
        number=_number(session, person.station_id, today),
        issued_on=today,
        issued_at=clock.now(),
        issued_by=actor.user_id,
        minutes=account.final_minutes,
    )
    row.token_hash = token_hash(token_of(session, row))
    row.paper = json.dumps(_paper(session, person, account, row, handler), ensure_ascii=False)
    session.add(row)
    session.flush()
    _record(session, actor, clock, row, "certificate.issued")
    facts: dict[str, str | int] = {"minutes": row.minutes, "certificate_id": row.id.hex}
    notice = Notice(NoticeKind.CERTIFICATE_READY, to_volunteer(person.id), person.station_id, row.id.hex, facts)
    put(session, clock, notice)
    return row


def find_certificate(session: Session, actor: Actor, certificate_id: UUID) -> ServiceCertificate:
    """Return a certificate that the actor may have: of the own station, or their own."""
    row = session.get(ServiceCertificate, certificate_id)
    if row is None:
        raise NotFoundError(_NOTHING)
    keeps = actor.is_machine or may(actor.role, Capability.KEEP_VOLUNTEERS)
    if not keeps and row.volunteer_id != actor.volunteer_id:
        raise NotFoundError(_NOTHING)
    return row


def as_paper(row: ServiceCertificate, address: str, picture: str) -> bytes:
    """Return the certificate as PDF; `address` is where it can be checked, and `picture` its QR code as SVG."""
    said: dict[str, Any] = json.loads(row.paper)
    return as_pdf(
        _TEMPLATE,
        {
            "title": "志愿服务记录证明",
            "lead": f"编号 {row.number}",
            "person": [
                ["姓名", said["name"]],
                ["证件类型", said["document_type"]],
                ["证件号码", said["document_number"]],
                ["志愿者编号", said["volunteer_number"]],
                ["服务时间", f"{said['first']} 至 {said['last']}"],
                ["服务时长", f"{said['hours']} 小时(共 {said['sessions']} 次)"],
            ],
            "service": [["日期", "服务内容", "时长(小时)"], *said["service"]],
            "issuer": [
                ["出具单位", said["station"]],
                ["负责人", said["head"]],
                ["经办人", said["handler"]],
                ["联系电话", said["phone"]],
                ["出具日期", said["issued_on"]],
                ["单位盖章", ""],
            ],
            "qr": picture,
            "check": address,
        },
    )


def revoke(session: Session, actor: Actor, clock: Clock, certificate_id: UUID, reason: str) -> ServiceCertificate:
    """Declare a certificate void, once, with the reason; its page says so from now on."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    row = find_certificate(session, actor, certificate_id)
    if row.revoked_at is not None:
        raise ConflictError(Message("This certificate is void already."))
    said = reason.strip()
    if not 0 < len(said) <= _REASON_LENGTH:
        raise InvalidInputError(Message("Say why, in 80 characters at most."))
    row.revoked_at, row.revoked_by, row.revoked_reason = clock.now(), actor.user_id, said
    session.flush()
    _record(session, actor, clock, row, "certificate.revoked")
    return row


def check(session: Session, token: str) -> Checked:
    """Return what may be told of the certificate behind an address; NotFoundError for any other address."""
    set_scope(session, EVERYTHING)
    row = session.scalars(queries.certificate_of_token(token_hash(token))).one_or_none()
    if row is None:
        raise NotFoundError(_NOTHING)
    set_scope(session, scope_of_station(session, row.station_id))
    said: Mapping[str, Any] = json.loads(row.paper)
    return Checked(
        number=row.number,
        station=said["station"],
        name=said["name"],
        document=f"{said['document_type']} {masked_number(said['document_number'])}".strip(),
        first=said["first"],
        last=said["last"],
        hours=said["hours"],
        sessions=said["sessions"],
        issued_on=said["issued_on"],
        revoked=row.revoked_at is not None,
    )


def token_of(session: Session, row: ServiceCertificate) -> str:
    """Return the secret of a certificate's address, which the database doesn't hold."""
    secret = vault_of(session).blind_index(_PURPOSE, row.id.hex)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _require_own_or_keeper(actor: Actor, volunteer_id: UUID) -> None:
    if actor.volunteer_id != volunteer_id:
        require(actor, Capability.KEEP_VOLUNTEERS)


def _number(session: Session, station_id: UUID, today: date) -> str:
    """Return the next number of a station's certificates in a year, such as 2026-0007; two at once get two."""
    # Whoever else certifies for the station waits here.
    session.scalars(select(Station.id).where(Station.id == station_id).with_for_update()).one()
    prefix = f"{today.year}-"
    query = select(ServiceCertificate.number).where(
        ServiceCertificate.station_id == station_id, ServiceCertificate.number.startswith(prefix)
    )
    taken = [int(number.removeprefix(prefix)) for number in session.scalars(query)]
    return f"{prefix}{max(taken, default=0) + 1:0{_DIGITS}d}"


def _paper(
    session: Session, person: Volunteer, account: Account, row: ServiceCertificate, handler: str
) -> Mapping[str, Any]:
    station = session.get_one(Station, person.station_id)
    lines = sorted(account.final_lines, key=lambda line: line.entry.served_on)
    number = person.id_number
    document = document_of(person.document, number)
    return {
        "name": person.name,
        "document_type": Wording(CHINESE).say(document.label) if document else "未登记",
        "document_number": number or "",
        "volunteer_number": person.number,
        "first": lines[0].entry.served_on.isoformat(),
        "last": lines[-1].entry.served_on.isoformat(),
        "hours": in_hours(account.final_minutes),
        "sessions": len(lines),
        "service": [[line.entry.served_on.isoformat(), line.entry.title, in_hours(line.minutes)] for line in lines],
        "station": station.name,
        "head": _head_of(session, station),
        "handler": handler,
        "phone": station.phone,
        "issued_on": row.issued_on.isoformat(),
    }


def _head_of(session: Session, station: Station) -> str:
    """Return who answers for a station, empty where it has no head's account."""
    query = select(User).where(User.station_id == station.id, User.role == Role.HEAD, User.active)
    head = session.scalars(query.order_by(User.login)).first()
    return "" if head is None else head.display_name or ""


def _record(session: Session, actor: Actor, clock: Clock, row: ServiceCertificate, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="certificate",
        subject_id=row.id,
        detail={"minutes": row.minutes},
    )
