"""Sealed files: a child whom its named workers and the head alone reach; everybody else may meet it in a number."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db.models import ActivityGroup, Child, GroupMember, SealedChildWorker, User
from core.db.scope import beyond_the_wall, hidden_children
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotFoundError
from core.security.permissions import HOLDERS, require
from core.services.audit import record
from core.services.guardian_links import revoke_links_of_child

_NO_CHILD: Final = Message("There is no such child.")


def seal(session: Session, actor: Actor, clock: Clock, child_id: UUID, workers: Collection[UUID]) -> Child:
    """Seal a child's file, name who works with the child from now on, and end its guardians' addresses.

    Raises InvalidInputError for an account that isn't in reach or never sees children, ConflictError where the file is
    sealed already.
    """
    child = _child(session, actor, child_id)
    if child.sealed_file:
        raise ConflictError(Message("This file is sealed already."))
    revoke_links_of_child(session, actor, clock, child.id)
    child.sealed_file = True
    _name(session, clock, child, workers)
    _record(session, actor, clock, child, "child.sealed", workers)
    return child


def name_workers(session: Session, actor: Actor, clock: Clock, child_id: UUID, workers: Collection[UUID]) -> Child:
    """Let these accounts, and no others besides the head, work with a child whose file is sealed."""
    child = _child(session, actor, child_id)
    if not child.sealed_file:
        raise ConflictError(Message("This file is not sealed."))
    _name(session, clock, child, workers)
    _record(session, actor, clock, child, "child.workers_named", workers)
    return child


def unseal(session: Session, actor: Actor, clock: Clock, child_id: UUID) -> Child:
    """Open a sealed file to everybody again who sees the station's children."""
    child = _child(session, actor, child_id)
    if not child.sealed_file:
        raise ConflictError(Message("This file is not sealed."))
    child.sealed_file = False
    _name(session, clock, child, ())
    _record(session, actor, clock, child, "child.unsealed", ())
    return child


def named_workers(session: Session, child_id: UUID) -> frozenset[UUID]:
    """Return the accounts that are named to work with a child."""
    return frozenset(session.scalars(select(SealedChildWorker.user_id).where(SealedChildWorker.child_id == child_id)))


def sealed_files(session: Session, actor: Actor) -> Mapping[Child, int]:
    """Return the sealed files in the head's reach, by number, and how many people are named for each."""
    require(actor, Capability.SEAL_CHILDREN)
    files = session.scalars(select(Child).where(Child.sealed_file).order_by(Child.number, Child.id))
    return {child: len(named_workers(session, child.id)) for child in files}


def possible_workers(session: Session) -> list[User]:
    """Return the accounts in reach that could be named: those that see children, the head's apart."""
    roles = HOLDERS[Capability.SEE_CHILDREN] - HOLDERS[Capability.SEAL_CHILDREN]
    query = select(User).where(User.active, User.role.in_(roles))
    return list(session.scalars(query.order_by(User.display_name, User.login)))


def sealed_in_groups(session: Session, activities: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many children in the groups of activities in reach are sealed to the session; none: not in it."""
    hidden = hidden_children(session)
    if not hidden:
        return {}
    groups, members = ActivityGroup.__table__, GroupMember.__table__
    counted = (
        select(groups.c.activity_id, func.count(func.distinct(members.c.child_id)))
        .join(members, members.c.group_id == groups.c.group_id)
        .where(groups.c.activity_id.in_(activities), members.c.child_id.in_(hidden))
        .group_by(groups.c.activity_id)
    )
    with beyond_the_wall(session) as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def _child(session: Session, actor: Actor, child_id: UUID) -> Child:
    require(actor, Capability.SEAL_CHILDREN)
    child = session.scalars(select(Child).where(Child.id == child_id)).one_or_none()
    if child is None:
        raise NotFoundError(_NO_CHILD)
    return child


def _name(session: Session, clock: Clock, child: Child, workers: Collection[UUID]) -> None:
    wanted = frozenset(workers)
    if not wanted <= {user.id for user in possible_workers(session)}:
        raise InvalidInputError(Message("Name people of the station who work with children."))
    rows = session.scalars(select(SealedChildWorker).where(SealedChildWorker.child_id == child.id)).all()
    for row in rows:
        if row.user_id not in wanted:
            session.delete(row)
    session.add_all(
        SealedChildWorker(station_id=child.station_id, child_id=child.id, user_id=user, named_at=clock.now())
        for user in sorted(wanted - {row.user_id for row in rows})
    )
    session.flush()


def _record(session: Session, actor: Actor, clock: Clock, child: Child, action: str, workers: Collection[UUID]) -> None:
    record(
        session,
        actor,
        clock,
        station_id=child.station_id,
        action=action,
        subject_kind="child",
        subject_id=child.id,
        detail={"workers": sorted(map(str, workers))},
    )
