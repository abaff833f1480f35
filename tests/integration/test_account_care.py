"""Looking after accounts on both databases: an administrator is always left, even of two who shut each other out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from core.db.models import AuditEntry, User
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.errors import ConflictError, NotAllowedError, NotFoundError
from core.services.account_care import change_place, shut_out
from core.services.accounts import add_user
from core.services.invitations import invite
from core.services.stations import scope_of_station
from core.services.web_sessions import actor_of
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Return where it stands."""
        return TEST_MOMENT


CLOCK = StillClock()


@pytest.fixture
def administrators(database: Database) -> tuple[UUID, UUID]:
    """Return the two administrators that there are, each at a station of their own."""
    with database.writing(EVERYTHING) as session:
        return tuple(
            add_user(
                session,
                SYSTEM,
                CLOCK,
                login=f"admin-{number}",
                password="一句只有我知道的长话 2026",
                role=Role.ADMINISTRATOR,
                station_id=a_station(session).id,
            ).id
            for number in range(2)
        )  # type: ignore[return-value]


def test_two_who_shut_each_other_out_at_once_leave_one(database: Database, administrators: tuple[UUID, UUID]) -> None:
    one, other = administrators

    def shut(pair: tuple[UUID, UUID]) -> bool:
        mine, theirs = pair
        try:
            with database.writing(EVERYTHING) as session:
                shut_out(session, _actor(database, mine), CLOCK, theirs)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shut, [(one, other), (other, one)])) == [False, True]
    with database.reading(EVERYTHING) as session:
        assert len(session.scalars(select(User).where(User.active)).all()) == 1


def test_the_last_administrator_is_neither_shut_out_nor_given_another_role(
    database: Database, administrators: tuple[UUID, UUID]
) -> None:
    last, gone = administrators
    with database.writing(EVERYTHING) as session:
        shut_out(session, SYSTEM, CLOCK, gone)
        station = session.get_one(User, last).station_id
    with database.writing(EVERYTHING) as session, pytest.raises(ConflictError):
        shut_out(session, SYSTEM, CLOCK, last)
    with database.writing(EVERYTHING) as session, pytest.raises(ConflictError):
        change_place(session, SYSTEM, CLOCK, last, role=Role.HEAD, station_id=station)


def test_within_the_own_part_of_the_tree_the_last_administrator_elsewhere_counts(
    database: Database, administrators: tuple[UUID, UUID]
) -> None:
    one, other = administrators
    with database.reading(EVERYTHING) as session:
        station = session.get_one(User, other).station_id
        scope = scope_of_station(session, station)
    acting = Actor(role=Role.ADMINISTRATOR, station_id=station, user_id=one)
    with database.writing(scope) as session:
        shut_out(session, acting, CLOCK, other)
    with database.reading(EVERYTHING) as session:
        assert session.get_one(User, one).active


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.HEAD}])
def test_whoever_looks_after_no_accounts_is_refused(sqlite_database: Database, role: Role) -> None:
    with sqlite_database.writing(EVERYTHING) as session:
        station = a_station(session)
        acting = Actor(role=role, station_id=station.id, user_id=None)
        with pytest.raises(NotAllowedError):
            invite(session, acting, CLOCK, login="x", display_name="", role=Role.AUDITOR, station_id=station.id)


def test_an_account_out_of_reach_is_not_found(database: Database, administrators: tuple[UUID, UUID]) -> None:
    one, other = administrators
    with database.reading(EVERYTHING) as session:
        scope = scope_of_station(session, session.get_one(User, one).station_id)
    with database.writing(scope) as session, pytest.raises(NotFoundError):
        shut_out(session, _actor(database, one), CLOCK, other)
    with database.reading(EVERYTHING) as session:
        assert session.get_one(User, other).active
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "account.shut_out")).all() == []


def _actor(database: Database, user_id: UUID) -> Actor:
    with database.reading(EVERYTHING) as session:
        return actor_of(session.get_one(User, user_id))
