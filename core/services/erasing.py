"""Erasing records, and erasing them again where an older backup brings them back.

An erased child is gone with all that hangs on its file; what stays is what the law keeps, the audit log and the
register of reports, and both hold ids alone. Where the station has the duty to keep the file, what rests on consent is
erased alone: the consents themselves are withdrawn, not deleted, since they prove what was allowed until then. Of a
volunteer the row stays without a name, since the hours that others served beside them stay true. Which ids were erased
stands in the database and, copied from there, in a ledger beside the key file: a backup of the database that is put
back is older than the ledger.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import LargeBinary, delete, inspect, select
from sqlalchemy.orm import Session

from core.db.models import (
    Availability,
    Blackout,
    BusyCalendar,
    CampaignReply,
    Child,
    ChildTurn,
    Clearance,
    Consent,
    DutyRequest,
    DutySwap,
    Erasure,
    Installation,
    NoticeChoices,
    OutboxNotice,
    ServiceCertificate,
    ServiceObjection,
    StoredFile,
    User,
    Volunteer,
    VolunteerAnswer,
    VolunteerLike,
    VolunteerLink,
    VolunteerSkill,
    VolunteerStep,
)
from core.db.opening import MachinePath, reading
from core.db.sealed import Encrypted
from core.domain.actor import SYSTEM, Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import DomainError, Message, NotFoundError
from core.domain.retention import DataClass, ErasedKind
from core.security.permissions import require
from core.security.vault import Vault
from core.services.audit import record
from core.services.children.dependents import Dependent, dependents, tables_of
from core.services.children.keeping import touch
from core.services.consents import withdraw_all
from core.services.inventory import rests_on_consent

#: What of a file itself is kept on a guardian's consent alone.
CONSENTED: Final = ("health", "diet")
#: What stands where an erased volunteer's name stood.
NAMELESS: Final = "已删除"
_PURPOSE: Final = "erasures.ledger"
_OF_VOLUNTEERS: Final = (
    VolunteerSkill,
    VolunteerStep,
    Clearance,
    Availability,
    Blackout,
    VolunteerLike,
    VolunteerLink,
    CampaignReply,
    DutyRequest,
    DutySwap,
    NoticeChoices,
    OutboxNotice,
    BusyCalendar,
    VolunteerAnswer,
    ServiceCertificate,
    ServiceObjection,
)


class LedgerError(DomainError):
    """The ledger of what was erased is not what was written."""

    code = "erasure_ledger"


@dataclass(frozen=True)
class Erased:
    """A line of the ledger: what was erased, by its id, and when."""

    kind: ErasedKind
    subject_id: UUID
    at: datetime

    def to_line(self, vault: Vault) -> str:
        """Return the line, closed with a keyed digest: whoever adds one could have records erased."""
        said = {"kind": self.kind.value, "id": self.subject_id.hex, "at": self.at.isoformat()}
        return json.dumps({**said, "mac": vault.blind_index(_PURPOSE, json.dumps(said)).hex()})


def erase_child(
    session: Session,
    actor: Actor,
    clock: Clock,
    child_id: UUID,
    *,
    rule: DataClass | None = None,
    first_at: datetime | None = None,
) -> None:
    """Erase a child's file with everything that hangs on it; NotFoundError where there is none in reach.

    `rule` is the rule by which its period is over, where it is; `first_at` when it was erased the first time, where a
    backup has brought it back.
    """
    require(actor, Capability.ERASE)
    child = session.get(Child, child_id)
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    _note(session, actor, clock, child, ErasedKind.CHILD, rule=rule, first_at=first_at)
    # By the database's own cascade, so that no table of any program is forgotten.
    session.execute(delete(Child).where(Child.id == child.id))
    session.expire_all()


def resting_on_consent(session: Session) -> list[Dependent]:
    """Return the tables of the database whose rows of a child are kept on a guardian's consent alone."""
    present = tables_of(session)
    return [one for one in dependents() if one.table.name in present and rests_on_consent(one.model)]


def erase_consented(
    session: Session, actor: Actor, clock: Clock, child_id: UUID, *, today: date, first_at: datetime | None = None
) -> None:
    """Erase of a child's file what is kept on consent alone, and withdraw the consents; NotFoundError out of reach."""
    require(actor, Capability.ERASE)
    child = session.get(Child, child_id)
    if child is None:
        raise NotFoundError(Message("There is no such child."))
    _note(session, actor, clock, child, ErasedKind.CONSENTED, first_at=first_at)
    withdraw_all(session, actor, clock, child, today=today)
    for one in resting_on_consent(session):
        if one.model is not Consent:
            session.execute(delete(one.model).where(getattr(one.model, one.attribute) == child.id))
    for name in CONSENTED:
        setattr(child, name, None)
    _erase_from_mergings(session, child)
    session.flush()
    touch(session, child, clock)
    session.expire_all()


def _erase_from_mergings(session: Session, child: Child) -> None:
    """Erase it of the files that were merged into this one as well; no merging is taken back after that."""
    with reading(session, MachinePath.FILES):
        for turn in session.scalars(select(ChildTurn).where(ChildTurn.child_id == child.id)):
            if turn.former is not None:
                said = json.loads(turn.former)
                turn.former = json.dumps({k: v for k, v in said.items() if k not in CONSENTED}, ensure_ascii=False)
            turn.undo = None


def erase_volunteer(
    session: Session,
    actor: Actor,
    clock: Clock,
    volunteer_id: UUID,
    *,
    rule: DataClass | None = None,
    first_at: datetime | None = None,
) -> None:
    """Take from a volunteer's row all that tells who they were; their duties stay, as somebody's."""
    require(actor, Capability.ERASE)
    row = session.get(Volunteer, volunteer_id)
    if row is None:
        raise NotFoundError(Message("There is no such volunteer."))
    _note(session, actor, clock, row, ErasedKind.VOLUNTEER, rule=rule, first_at=first_at)
    row.name, row.number = NAMELESS, row.id.hex[:20]
    row.birth_date = date(row.birth_date.year, 1, 1)
    row.household, row.document, row.active = None, None, False
    row.insurance, row.insured_until, row.claimed_skills = "", None, []
    row.guardian_consent_on = row.data_consent_on = row.kept_until = None
    for name in _telling_columns():
        setattr(row, name, None)
    for part in _OF_VOLUNTEERS:
        session.execute(delete(part).where(part.volunteer_id == row.id))
    session.execute(delete(StoredFile).where(StoredFile.subject_kind == "volunteer", StoredFile.subject_id == row.id))
    for user in session.scalars(select(User).where(User.volunteer_id == row.id)):
        user.active, user.display_name = False, ""
    session.flush()
    session.expire_all()


def erased_so_far(session: Session) -> list[Erased]:
    """Return what the database knows to have been erased, in order."""
    rows = session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.id))
    return [Erased(row.kind, row.subject_id, row.erased_at) for row in rows]


def read_ledger(path: Path, vault: Vault) -> list[Erased]:
    """Return the ledger's lines; raise LedgerError for one that the installation's key has not closed."""
    if not path.exists():
        return []
    return [_read(path, number, line, vault) for number, line in enumerate(_lines(path), start=1)]


def write_ledger(path: Path, vault: Vault, erased: Iterable[Erased]) -> int:
    """Add to the ledger what it doesn't have yet, and return how much; it is on the disk when this returns."""
    known = set(read_ledger(path, vault))
    missing = [one for one in erased if one not in known]
    if not missing:
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.truncate(sum(len(line.encode()) + 1 for line in _lines(path)))
        file.writelines(f"{one.to_line(vault)}\n" for one in missing)
        file.flush()
        os.fsync(handle)
    return len(missing)


def erase_again(session: Session, clock: Clock, ledger: Sequence[Erased]) -> int:
    """Erase what the ledger says was erased and the database has all the same; return how many records that were."""
    known = set(erased_so_far(session))
    return sum(_erase_again(session, clock, one) for one in ledger if one not in known)


def _erase_again(session: Session, clock: Clock, one: Erased) -> bool:
    try:
        if one.kind is ErasedKind.CHILD:
            erase_child(session, SYSTEM, clock, one.subject_id, first_at=one.at)
        elif one.kind is ErasedKind.CONSENTED:
            day = one.at.astimezone(_zone(session)).date()
            erase_consented(session, SYSTEM, clock, one.subject_id, today=day, first_at=one.at)
        else:
            erase_volunteer(session, SYSTEM, clock, one.subject_id, first_at=one.at)
    except NotFoundError:
        # The backup is older than the record itself.
        return False
    return True


def _zone(session: Session) -> ZoneInfo:
    return ZoneInfo(session.scalar(select(Installation.timezone)) or "UTC")


def _telling_columns() -> list[str]:
    """Return the attributes of a volunteer that are sealed, or by which what is sealed is found."""
    columns = inspect(Volunteer).column_attrs
    return [one.key for one in columns if isinstance(one.columns[0].type, Encrypted | LargeBinary)]


def _note(
    session: Session,
    actor: Actor,
    clock: Clock,
    row: Child | Volunteer,
    kind: ErasedKind,
    *,
    first_at: datetime | None,
    rule: DataClass | None = None,
) -> None:
    at = first_at or clock.now()
    session.add(Erasure(station_id=row.station_id, kind=kind, subject_id=row.id, erased_at=at))
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=f"{kind.value}.erased",
        subject_kind="volunteer" if isinstance(row, Volunteer) else "child",
        subject_id=row.id,
        detail={"rule": rule.value} if rule else {},
    )
    session.flush()


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    # What follows the last line's end was cut off in a crash; the database still has it and writes it again.
    return lines[:-1]


def _read(path: Path, number: int, line: str, vault: Vault) -> Erased:
    try:
        said = json.loads(line)
        mac = bytes.fromhex(said.pop("mac"))
        if mac == vault.blind_index(_PURPOSE, json.dumps(said)):
            return Erased(ErasedKind(said["kind"]), UUID(said["id"]), datetime.fromisoformat(said["at"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise LedgerError(
        Message(
            "Line %(number)s of %(path)s is not what was written: put the file back from its own backup.",
            {"number": number, "path": path},
        )
    )
