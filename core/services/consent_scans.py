"""Scans of signed consents: kept sealed, opened with leave, dropped where they are of another paper."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Child, ChildFile, Consent
from core.db.queries import consents as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.vocabulary import ChildFileKind, ConsentHow
from core.files.judging import media_type_of
from core.security.permissions import require
from core.services.consents import Given, give_consent
from core.services.files import drop_child_file, keep_child_file, read_child_file

_NO_CONSENT: Final = Message("There is no such consent.")
_NO_SCAN: Final = Message("There is no scan of this consent.")


@dataclass(frozen=True)
class Scan:
    """A file as it was brought."""

    name: str
    content: bytes = field(repr=False)


def give_on_paper(
    session: Session, actor: Actor, clock: Clock, child: Child, given: Given, scan: Scan | None, *, today: date
) -> Consent:
    """Note a consent that was signed, with the scan where there is one.

    Raises what `give_consent` does, and InvalidInputError for a file that can't be kept; then nothing is noted.
    """
    if scan is not None:
        media_type_of(scan.content)
    row = give_consent(session, actor, clock, child, given, today=today)
    if scan is not None:
        add_scan(session, actor, clock, row.id, scan)
    return row


def find_consent(session: Session, consent_id: UUID) -> Consent:
    """Return a consent; NotFoundError where there is none in reach."""
    row = session.get(Consent, consent_id)
    if row is None:
        raise NotFoundError(_NO_CONSENT)
    return row


def kept_scans(session: Session, child_id: UUID) -> Collection[UUID]:
    """Return the scans of signed consents that are kept of a child."""
    return frozenset(session.scalars(queries.scans_of(child_id)))


def add_scan(session: Session, actor: Actor, clock: Clock, consent_id: UUID, scan: Scan) -> Consent:
    """Keep the scan of a signed consent and return the consent.

    Raises ConflictError where one is kept already or nothing was signed, and InvalidInputError for a file that can't
    be kept.
    """
    require(actor, Capability.KEEP_CONSENTS)
    row = find_consent(session, consent_id)
    if row.law or row.how is not ConsentHow.PAPER:
        raise ConflictError(Message("This was not signed on paper: there is nothing to scan."))
    if row.scan_id in kept_scans(session, row.child_id):
        raise ConflictError(Message("A scan of this consent is kept already: remove that one first."))
    child = session.get_one(Child, row.child_id)
    kept = keep_child_file(session, actor, clock, child, ChildFileKind.CONSENT, scan.name, scan.content)
    row.scan_id = kept.id
    session.flush()
    return row


def read_scan(session: Session, actor: Actor, clock: Clock, consent_id: UUID) -> tuple[ChildFile, bytes]:
    """Return the scan of a consent with its content, and note the reading.

    Raises NotFoundError where no scan is kept, and NotAllowedError without leave to read the child's evidence.
    """
    require(actor, Capability.KEEP_CONSENTS)
    return read_child_file(session, actor, clock, _scan_of(session, find_consent(session, consent_id)))


def drop_scan(session: Session, actor: Actor, clock: Clock, consent_id: UUID) -> Consent:
    """Drop the scan of a consent, since it is of another paper, and return the consent, which counts as before."""
    row = find_consent(session, consent_id)
    drop_child_file(session, actor, clock, _scan_of(session, row))
    return row


def _scan_of(session: Session, row: Consent) -> UUID:
    if row.scan_id is None or row.scan_id not in kept_scans(session, row.child_id):
        raise NotFoundError(_NO_SCAN)
    return row.scan_id
