"""Accounts: who may sign in, with what password."""

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from core.config import PasswordProfile
from core.db.models import Station, User, Volunteer
from core.db.queries import accounts as queries
from core.db.scope import beyond_the_wall, scope_of
from core.domain.actor import Actor, Role
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import ConflictError, InvalidInputError, Message, NotAllowedError, NotFoundError
from core.security.passwords import hash_password
from core.security.permissions import require, roles_given_by
from core.services.audit import record
from core.services.web_sessions import end_sessions_of

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
    profile: PasswordProfile = PasswordProfile.ASVS,
) -> User:
    """Add an account and return it.

    Raises NotAllowedError for an actor who may not and for a demo account where there is no demo,
    ConflictError for a login that is taken, InvalidInputError for a password or login that won't do.
    """
    if demo and not demo_allowed:
        raise NotAllowedError(Message("Demo accounts exist in the demo only."))
    require_giving(actor, role)
    require_free_login(session, login)
    require_subjects(session, role, station_id, volunteer_id)
    user = User(
        login=login,
        display_name=display_name,
        role=role,
        station_id=station_id,
        volunteer_id=volunteer_id,
        password=hash_password(password, profile),
        password_set_at=clock.now(),
        demo=demo,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, actor: Actor, clock: Clock, user_id: UUID, password: str) -> User:
    """Give an account another password; its sessions in whatever browser are over. Lifts a lock as well.

    Raises NotFoundError for an account out of reach, NotAllowedError for one that the actor doesn't look after.
    """
    user = _user(session, user_id)
    require_giving(actor, user.role)
    user.password, user.password_set_at = hash_password(password), clock.now()
    user.failed_sign_ins, user.locked_until = 0, None
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    return user


def sign_out_everywhere(session: Session, actor: Actor, clock: Clock) -> None:
    """End all sessions of the actor's account, in whatever browser."""
    user = _user(session, actor.user_id)
    end_sessions_of(session, user.id)
    user.fs_uniquifier = secrets.token_hex(32)
    record(
        session,
        actor,
        clock,
        station_id=user.station_id,
        action="account.signed_out_everywhere",
        subject_kind="user",
        subject_id=user.id,
        detail={},
    )


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Keep the language in which the actor reads."""
    _user(session, actor.user_id).language = language
    session.flush()


def require_giving(actor: Actor, role: Role) -> None:
    """Raise NotAllowedError unless the actor may give that role, and look after an account that has it."""
    require(actor, Capability.MANAGE_ACCOUNTS)
    if not actor.is_machine and role not in roles_given_by(actor.role):
        raise NotAllowedError(Message("Only an administrator looks after administrators' accounts."))


def _user(session: Session, user_id: UUID | None) -> User:
    user = session.get(User, user_id) if user_id else None
    if user is None:
        raise NotFoundError(Message("There is no such account."))
    return user


def administrators(session: Session) -> set[UUID]:
    """Return the administrators of the whole installation who may sign in; until the transaction ends they stay so."""
    session.flush()
    with beyond_the_wall(session) as connection:
        return set(connection.scalars(queries.administrators()))


def require_free_login(session: Session, login: str) -> None:
    """Raise InvalidInputError for a login name that won't do, ConflictError for one that is taken."""
    if not login or login != login.strip() or len(login) > LOGIN_LENGTH or not login.isprintable():
        raise InvalidInputError(Message("A login name has 1 to 80 characters, without blanks at its ends."))
    # A login name is one in the whole installation, also where the actor can't reach.
    with beyond_the_wall(session) as connection:
        taken = connection.scalar(queries.is_login_taken(login))
    if taken:
        raise ConflictError(Message("The login name %(login)s is taken: choose another.", {"login": login}))


def require_subjects(session: Session, role: Role, station_id: UUID, volunteer_id: UUID | None) -> None:
    """Raise NotFoundError or InvalidInputError unless station and volunteer are there and suit the role."""
    if session.get(Station, station_id) is None or not _within(session, station_id):
        raise NotFoundError(Message("There is no such station."))
    if (role is Role.VOLUNTEER) is (volunteer_id is None):
        raise InvalidInputError(Message("A volunteer's account names the volunteer; other accounts name none."))
    if volunteer_id is not None and session.get(Volunteer, volunteer_id) is None:
        raise NotFoundError(Message("There is no such volunteer."))


def _within(session: Session, station_id: UUID) -> bool:
    scope = scope_of(session)
    return scope.everything or station_id in scope.stations
