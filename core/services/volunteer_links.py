"""Volunteers' secret addresses: they open requests to answer, nothing else, and need no password.

The token is made of the row's id with the installation's key, so that a notice or a second print can carry the same
address though only its SHA-256 is stored. Whoever comes with an address that is unknown, revoked, over, or of somebody
who doesn't serve any more is told one and the same thing: that nothing is found.
"""

import base64
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Volunteer, VolunteerLink
from core.db.queries import replies as queries
from core.db.scope import set_scope
from core.db.session import vault_of
from core.domain.actor import EVERYTHING, Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, Message, NotFoundError
from core.domain.serving import Stage
from core.security.permissions import require
from core.services.audit import record
from core.services.feeds import token_hash
from core.services.stations import scope_of_station
from core.services.volunteering import find_person

LASTS: Final = timedelta(days=365)
#: An address of which less is left isn't handed out any more: a new one is made beside it.
_LEFT: Final = timedelta(days=60)
_NOTHING: Final = Message("There is nothing at this address.")
_PURPOSE: Final = "volunteer_link"


def address_of(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID) -> str:
    """Return the token of a volunteer's address, made where there is none; ConflictError for who doesn't serve."""
    volunteer = find_person(session, volunteer_id)
    if not _serves(volunteer):
        raise ConflictError(Message("Who doesn't serve at present gets no address."))
    if (token := known(session, clock, volunteer_id)) is not None:
        return token
    row = VolunteerLink(
        station_id=volunteer.station_id,
        volunteer_id=volunteer.id,
        created_at=clock.now(),
        created_by=actor.user_id,
        expires_at=clock.now() + LASTS,
    )
    token = _token(session, row)
    row.token_hash = token_hash(token)
    session.add(row)
    session.flush()
    _note(session, actor, clock, row, "volunteer_link.made")
    return token


def make_ready(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID) -> None:
    """See to it that somebody who is about to be asked has an address; who doesn't serve any more gets none."""
    if _serves(find_person(session, volunteer_id)):
        address_of(session, actor, clock, volunteer_id)


def known(session: Session, clock: Clock, volunteer_id: UUID) -> str | None:
    """Return the token of the address that a volunteer has for some time to come; None: there is none."""
    for row in session.scalars(queries.live_links(volunteer_id, clock.now() + _LEFT)):
        # After a change of keys the old address works on, but it can't be made out any more.
        if token_hash(token := _token(session, row)) == row.token_hash:
            return token
    return None


def renew(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID) -> str:
    """Make a volunteer a new address and end those before; return its token."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    revoke(session, actor, clock, volunteer_id)
    return address_of(session, actor, clock, volunteer_id)


def revoke(session: Session, actor: Actor, clock: Clock, volunteer_id: UUID) -> int:
    """End a volunteer's addresses, which answer from now on as if they had never been; return how many."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    find_person(session, volunteer_id)
    rows = session.scalars(queries.live_links(volunteer_id, clock.now())).all()
    for row in rows:
        row.revoked_at = clock.now()
        _note(session, actor, clock, row, "volunteer_link.revoked")
    session.flush()
    return len(rows)


def visit(session: Session, clock: Clock, token: str, *, answering: bool = False) -> Volunteer:
    """Return whose address it is, with the session limited to its station from then on; NotFoundError for any other.

    That it is used is noted only of who is `answering`: looking changes nothing.
    """
    set_scope(session, EVERYTHING)
    link = session.scalars(queries.link_of_token(token_hash(token))).one_or_none()
    if link is None or link.revoked_at is not None or link.expires_at <= clock.now():
        raise NotFoundError(_NOTHING)
    if answering:
        link.last_used_at = clock.now()
    volunteer_id, station_id = link.volunteer_id, link.station_id
    set_scope(session, scope_of_station(session, station_id))
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None or not _serves(volunteer):
        raise NotFoundError(_NOTHING)
    return volunteer


def _serves(volunteer: Volunteer) -> bool:
    return volunteer.active and volunteer.stage is Stage.ACCEPTED


def _token(session: Session, row: VolunteerLink) -> str:
    secret = vault_of(session).blind_index(_PURPOSE, row.id.hex)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _note(session: Session, actor: Actor, clock: Clock, row: VolunteerLink, action: str) -> None:
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action=action,
        subject_kind="volunteer",
        subject_id=row.volunteer_id,
        detail={"link": row.id.hex},
    )
