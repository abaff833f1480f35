"""Accounts: who adds them for whom, under which name, and what is said when one can't be."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import PasswordProfile
from core.db.models import AuditEntry, User, WebSession
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, DomainError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.services import accounts
from core.services.accounts import LOGIN_LENGTH
from core.services.stations import scope_of_station
from core.services.web_sessions import Signature, Visit, open_session
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer
from tests.integration.people import Town, a_town
from tests.translated import in_chinese

PASSWORD = "一句只有我知道的长话 2026"
CLOCK = FixedClock(TEST_MOMENT)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


def added(session: Session, town: Town, actor: Actor = SYSTEM, **values: Any) -> User:
    """Add an organizer's account at the station."""
    asked = {"login": "mei", "password": PASSWORD, "role": Role.ORGANIZER, "station_id": town.station.id}
    return accounts.add_user(session, actor, CLOCK, **(asked | values))


def told(kind: type[DomainError], deed: Callable[..., object], *args: Any, **values: Any) -> str:
    """Return in Chinese why a deed is refused."""
    with pytest.raises(kind) as caught:
        deed(*args, **values)
    return in_chinese(caught.value.message)


def test_an_account_has_what_it_was_added_with_and_can_sign_in(writing: Session, town: Town) -> None:
    user = added(writing, town, town[Role.HEAD], display_name="林〇〇")
    writing.expire_all()
    assert (user.login, user.display_name, user.role) == ("mei", "林〇〇", Role.ORGANIZER)
    assert (user.station_id, user.volunteer_id) == (town.station.id, None)
    assert user.password.startswith("$argon2id$")
    assert user.password_set_at == user.created_at == TEST_MOMENT
    assert (user.active, user.demo, user.failed_sign_ins, user.locked_until) == (True, False, 0, None)
    assert added(writing, town, login="lan").display_name == ""


def test_no_two_accounts_share_what_their_sessions_go_by(writing: Session, town: Town) -> None:
    made = {added(writing, town, login=f"mei-{number}").fs_uniquifier for number in range(3)}
    assert {len(one) for one in made} == {64}
    assert len(made) == 3


def test_a_volunteers_account_names_the_volunteer_and_no_other_does(writing: Session, town: Town) -> None:
    volunteer = a_volunteer(writing, town.station)
    user = added(writing, town, role=Role.VOLUNTEER, volunteer_id=volunteer.id)
    assert user.volunteer_id == volunteer.id
    said = {
        told(InvalidInputError, added, writing, town, login="lan", role=Role.VOLUNTEER),
        told(InvalidInputError, added, writing, town, login="lan", volunteer_id=volunteer.id),
    }
    assert len(said) == 1
    assert told(NotFoundError, added, writing, town, login="lan", role=Role.VOLUNTEER, volunteer_id=new_id())


def test_demo_accounts_are_added_in_the_demo_only(writing: Session, town: Town) -> None:
    assert "演示" in told(NotAllowedError, added, writing, town, demo=True)
    assert added(writing, town, demo=True, demo_allowed=True).demo
    assert not added(writing, town, login="lan", demo_allowed=True).demo


@pytest.mark.parametrize("login", ["", " mei", "mei ", "m\nei", "m\x00", "x" * (LOGIN_LENGTH + 1)])
def test_a_login_name_that_nobody_could_enter_is_refused(writing: Session, town: Town, login: str) -> None:
    assert "80" in told(InvalidInputError, added, writing, town, login=login)


@pytest.mark.parametrize("login", ["x", "x" * LOGIN_LENGTH, "小美 在青石"])
def test_a_login_name_of_one_to_80_characters_will_do(writing: Session, town: Town, login: str) -> None:
    assert added(writing, town, login=login).login == login


def test_a_login_name_is_one_in_the_whole_installation(writing: Session, town: Town) -> None:
    added(writing, town, station_id=a_station(writing, town.county).id)
    set_scope(writing, scope_of_station(writing, town.station.id))
    assert "mei" in told(ConflictError, added, writing, town, town[Role.HEAD])
    set_scope(writing, EVERYTHING)


def test_an_account_belongs_to_a_station_in_reach(writing: Session, town: Town) -> None:
    elsewhere = a_station(writing, town.county)
    absent = told(NotFoundError, added, writing, town, station_id=new_id())
    set_scope(writing, scope_of_station(writing, town.station.id))
    head = town[Role.HEAD]
    # The station above is seen by those below it, and is nowhere to put an account.
    for station in (elsewhere, town.county):
        assert told(NotFoundError, added, writing, town, head, station_id=station.id) == absent
    assert added(writing, town, head).station_id == town.station.id
    set_scope(writing, EVERYTHING)


def test_a_password_is_judged_by_the_installations_profile(writing: Session, town: Town) -> None:
    plain = "correct horse battery staple"
    assert added(writing, town, password=plain)
    with pytest.raises(InvalidInputError):
        added(writing, town, login="lan", password=plain, profile=PasswordProfile.DENGBAO)
    with pytest.raises(InvalidInputError):
        added(writing, town, login="lan", password="short")


@pytest.mark.parametrize("role", list(Role))
def test_who_gives_which_role(writing: Session, town: Town, role: Role) -> None:
    accounts.require_giving(SYSTEM, role)
    accounts.require_giving(town[Role.ADMINISTRATOR], role)
    if role is Role.ADMINISTRATOR:
        assert "管理员" in told(NotAllowedError, accounts.require_giving, town[Role.HEAD], role)
    else:
        accounts.require_giving(town[Role.HEAD], role)
    for other in set(Role) - {Role.ADMINISTRATOR, Role.HEAD}:
        with pytest.raises(NotAllowedError):
            accounts.require_giving(town[other], role)
        with pytest.raises(NotAllowedError):
            added(writing, town, town[other], role=role)


def test_a_new_password_ends_the_sessions_and_a_lock(writing: Session, town: Town) -> None:
    user = added(writing, town)
    before = user.fs_uniquifier, user.password
    user.failed_sign_ins, user.locked_until, user.password_set_at = 5, TEST_MOMENT, None
    accounts.set_password(writing, town[Role.HEAD], CLOCK, user.id, "ein ganz anderes Passwort")
    writing.expire_all()
    assert (user.failed_sign_ins, user.locked_until, user.password_set_at) == (0, None, TEST_MOMENT)
    assert len(user.fs_uniquifier) == 64
    assert user.fs_uniquifier != before[0]
    assert user.password.startswith("$argon2id$")
    assert user.password != before[1]


def test_a_head_gives_an_administrator_no_password(writing: Session, town: Town) -> None:
    administrator = added(writing, town, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        accounts.set_password(writing, town[Role.HEAD], CLOCK, administrator.id, PASSWORD)
    for one in (new_id(), administrator.id):
        with pytest.raises(NotAllowedError if one == administrator.id else NotFoundError):
            accounts.set_password(writing, town[Role.STATION_STAFF], CLOCK, one, PASSWORD)
    assert told(NotFoundError, accounts.set_password, writing, SYSTEM, CLOCK, new_id(), PASSWORD)


def test_signing_out_everywhere_ends_the_own_sessions_and_no_others(writing: Session, town: Town) -> None:
    mine, other = (added(writing, town, login=login) for login in ("mei", "lan"))
    before = {user.id: user.fs_uniquifier for user in (mine, other)}
    for user in (mine, other):
        open_session(writing, CLOCK, Signature(user.id, user.fs_uniquifier, TEST_MOMENT), "", Visit())
    actor = Actor(mine.role, mine.station_id, mine.id)
    accounts.sign_out_everywhere(writing, actor, CLOCK)
    writing.expire_all()
    assert writing.scalars(select(WebSession.user_id)).all() == [other.id]
    assert (mine.fs_uniquifier == before[mine.id], other.fs_uniquifier == before[other.id]) == (False, True)
    assert len(mine.fs_uniquifier) == 64
    (entry,) = writing.scalars(select(AuditEntry))
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("account.signed_out_everywhere", "user", mine.id)
    assert (entry.station_id, entry.actor_id, entry.at, entry.detail) == (town.station.id, mine.id, TEST_MOMENT, {})


def test_everybody_reads_in_the_language_they_chose(writing: Session, town: Town) -> None:
    actor = town[Role.VOLUNTEER]
    accounts.choose_language(writing, actor, "en")
    writing.expire_all()
    assert writing.get_one(User, actor.user_id).language == "en"
    assert writing.scalars(select(User.id).where(User.language == "en")).all() == [actor.user_id]


def test_the_machine_has_no_account_of_its_own(writing: Session) -> None:
    assert told(NotFoundError, accounts.choose_language, writing, SYSTEM, "en")
    assert told(NotFoundError, accounts.sign_out_everywhere, writing, SYSTEM, CLOCK)


def test_administrators_are_all_who_may_sign_in_wherever_one_looks_from(writing: Session, town: Town) -> None:
    away = added(writing, town, role=Role.ADMINISTRATOR)
    gone = added(writing, town, login="lan", role=Role.ADMINISTRATOR)
    gone.active = False
    set_scope(writing, scope_of_station(writing, town.station.id))
    assert accounts.administrators(writing) == {town[Role.ADMINISTRATOR].user_id, away.id}
    set_scope(writing, EVERYTHING)
