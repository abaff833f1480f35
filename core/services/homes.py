"""Where a child is visited: told to those who serve in a session that leads there, and each look is audited."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.db.models import ActivitySession, Assignment, Child
from core.db.models.activity import SessionStatus
from core.db.opening import open_fields
from core.db.queries.children import restriction_of
from core.domain.actor import Actor
from core.domain.clock import Clock
from core.domain.errors import Message, NotFoundError, RestrictedUseError
from core.domain.vocabulary import SensitiveField
from core.services.audit import record


@dataclass(frozen=True)
class Home:
    """Whom and where to visit, for those who go there and to be kept nowhere; no address where the file has none."""

    name: str = field(repr=False)
    address: str | None = field(repr=False)


def home_shown(session: Session, actor: Actor, clock: Clock, *, session_id: UUID, child_id: UUID) -> Home:
    """Return the home of a child to a volunteer who serves in a session that is published as held, and note the look.

    Which child a session leads to is the program's to know. NotFoundError for everybody else, and for a child or a
    session out of reach: nobody learns whether there is one. RestrictedUseError where the child's data may not be given
    out.
    """
    child = session.scalars(select(Child).where(Child.id == child_id)).one_or_none()
    if child is None or not _serves(session, actor.volunteer_id, session_id):
        raise NotFoundError(Message("There is no such session."))
    if session.scalars(restriction_of(child.id)).first() is not None:
        raise RestrictedUseError
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action="child.home_shown",
        subject_kind="child",
        subject_id=child.id,
        detail={"session": str(session_id)},
    )
    open_fields(session, child.id, [SensitiveField.ADDRESS])
    return Home(child.name, child.address)


def _serves(session: Session, volunteer_id: UUID | None, session_id: UUID) -> bool:
    serving = exists().where(Assignment.session_id == ActivitySession.id, Assignment.volunteer_id == volunteer_id)
    found = session.scalars(
        select(ActivitySession).where(
            ActivitySession.id == session_id, ActivitySession.status == SessionStatus.HELD, serving
        )
    )
    return volunteer_id is not None and found.one_or_none() is not None
