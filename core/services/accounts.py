"""Accounts: who may sign in, with what password."""

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import Station, User, Volunteer
from core.db.queries import accounts as queries
from core.db.scope import scope_of
from core.domain.actor import Actor, Role
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.security.passwords import hash_password, verify_password
from core.security.permissions import require

LOGIN_LENGTH = 80


def add_user(
    session: Session,
    actor: Actor,
    clock: Clock,
    *,
    login: str,
    password: str,
    role: Role,
    station_id: UUID,
    display_name: str = "",
    volunteer_id: UUID | None = None,
    demo: bool = False,
    demo_allowed: bool = False,
) -> User:
    """Add an account and return it.

    Raises NotAllowedError for an actor who may not and for a demo account where there is no demo,
    ConflictError for a login that is taken, InvalidInputError for a password or login that won't do.
    """
    require(actor, Capability.MANAGE_ACCOUNTS)
    if demo and not demo_allowed:
        raise NotAllowedError(Message("Demo accounts exist in the demo only."))
    _require_free_login(session, login)
    _require_subjects(session, role, station_id, volunteer_id)
    user = User(
        login=login,
        display_name=display_name,
        role=role,
        station_id=station_id,
        volunteer_id=volunteer_id,
        password=hash_password(password),
        demo=demo,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, actor: Actor, user_id: UUID, password: str) -> User:
    """Give an account a new password; its sessions in other browsers are over. Lifts a lock as well."""
    if actor.user_id != user_id:
        require(actor, Capability.MANAGE_ACCOUNTS)
    user = _user(session, user_id)
    user.password = hash_password(password)
    user.failed_sign_ins, user.locked_until = 0, None
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    return user


def change_own_password(session: Session, actor: Actor, *, current: str, new: str) -> User:
    """Change the actor's own password, who has to know the current one; raise InvalidInputError otherwise."""
    user = _user(session, actor.user_id)
    if not verify_password(user.password, current):
        raise InvalidInputError(Message("The current password is not right."))
    return set_password(session, actor, user.id, new)


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Keep the language in which the actor reads."""
    _user(session, actor.user_id).language = language
    session.flush()


def _user(session: Session, user_id: UUID | None) -> User:
    user = session.get(User, user_id) if user_id else None
    if user is None:
        raise NotFoundError(Message("There is no such account."))
    return user


def _require_free_login(session: Session, login: str) -> None:
    if not login or login != login.strip() or len(login) > LOGIN_LENGTH or not login.isprintable():
        raise InvalidInputError(Message("A login name has 1 to 80 characters, without blanks at its ends."))
    if session.scalars(queries.user_by_login(login)).one_or_none() is not None:
        raise ConflictError(Message("The login name %(login)s is taken: choose another.", {"login": login}))


def _require_subjects(session: Session, role: Role, station_id: UUID, volunteer_id: UUID | None) -> None:
    if session.get(Station, station_id) is None or not _within(session, station_id):
        raise NotFoundError(Message("There is no such station."))
    if (role is Role.VOLUNTEER) is (volunteer_id is None):
        raise InvalidInputError(Message("A volunteer's account names the volunteer; other accounts name none."))
    if volunteer_id is not None and session.get(Volunteer, volunteer_id) is None:
        raise NotFoundError(Message("There is no such volunteer."))


def _within(session: Session, station_id: UUID) -> bool:
    scope = scope_of(session)
    return scope.everything or station_id in scope.stations
