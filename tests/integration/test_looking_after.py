"""What looking after somebody's account does to it, who may, and what is noted and said."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Passkey, User, WebSession
from core.domain.actor import SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, DomainError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import LossOfProof
from core.services import account_care as care
from core.services.credentials import NewPasskey, add_passkey
from core.services.web_sessions import Signature, Visit, open_session
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer
from tests.integration.people import Town, a_person, a_town
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


@pytest.fixture
def user(writing: Session, town: Town) -> User:
    """Return the account of one of the station's staff, who is signed in."""
    user = account_of(writing, town[Role.STATION_STAFF])
    open_session(writing, CLOCK, Signature(user.id, user.fs_uniquifier, TEST_MOMENT), "", Visit())
    return user


def account_of(session: Session, actor: Actor) -> User:
    assert actor.user_id
    return session.get_one(User, actor.user_id)


def deeds(town: Town) -> dict[str, Callable[..., None]]:
    """Return all that can be done to an account."""
    return {
        "place": partial(care.change_place, role=Role.AUDITOR, station_id=town.station.id),
        "shut out": care.shut_out,
        "let in": care.let_in,
        "second factor": lambda *args: care.reset_second_factor(*args, LossOfProof.LOST),
    }


def told(kind: type[DomainError], deed: Callable[..., None], *args: Any, **values: Any) -> str:
    """Return in Chinese why a deed is refused."""
    with pytest.raises(kind) as caught:
        deed(*args, **values)
    return in_chinese(caught.value.message)


def is_over(session: Session, user: User, before: str) -> bool:
    """Tell whether the account's sessions are over, wherever they are."""
    session.expire_all()
    assert len(user.fs_uniquifier) == 64 or user.fs_uniquifier == before
    left = session.scalars(select(WebSession).where(WebSession.user_id == user.id)).all()
    return user.fs_uniquifier != before and left == []


def noted(session: Session, town: Town, user: User) -> tuple[str, dict[str, Any]]:
    """Return what the only entry of the audit log says that the head did to the account."""
    (entry,) = session.scalars(select(AuditEntry))
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == ("user", user.id, town[Role.HEAD].user_id)
    assert (entry.station_id, entry.at) == (town.station.id, TEST_MOMENT)
    return entry.action, entry.detail


def test_another_role_at_another_place_is_noted_where_the_account_was(writing: Session, town: Town, user: User) -> None:
    before, below = user.fs_uniquifier, a_station(writing, town.station)
    volunteer = a_volunteer(writing, below)
    place = {"role": Role.VOLUNTEER, "station_id": below.id, "volunteer_id": volunteer.id}
    care.change_place(writing, town[Role.HEAD], CLOCK, user.id, **place)
    assert is_over(writing, user, before)
    assert (user.role, user.station_id, user.volunteer_id) == (Role.VOLUNTEER, below.id, volunteer.id)
    said = {"from": "station_staff", "to": "volunteer", "station": str(below.id)}
    assert noted(writing, town, user) == ("account.placed", said)


def test_a_place_that_does_not_suit_the_role_is_refused(writing: Session, town: Town, user: User) -> None:
    head = town[Role.HEAD]
    place = partial(care.change_place, writing, head, CLOCK, user.id)
    volunteer = a_volunteer(writing, town.station).id
    with pytest.raises(InvalidInputError):
        place(role=Role.AUDITOR, station_id=town.station.id, volunteer_id=volunteer)
    with pytest.raises(NotFoundError):
        place(role=Role.AUDITOR, station_id=new_id())
    with pytest.raises(NotAllowedError):
        place(role=Role.ADMINISTRATOR, station_id=town.station.id)
    assert user.role is Role.STATION_STAFF


def test_who_is_shut_out_is_out_and_their_invitation_too(writing: Session, town: Town, user: User) -> None:
    before, user.invitation_hash, user.invited_until = user.fs_uniquifier, bytes(32), TEST_MOMENT
    writing.flush()
    care.shut_out(writing, town[Role.HEAD], CLOCK, user.id)
    assert is_over(writing, user, before)
    assert (user.active, user.invitation_hash, user.invited_until) == (False, None, None)
    assert noted(writing, town, user) == ("account.shut_out", {})


def test_who_is_let_in_begins_anew(writing: Session, town: Town, user: User) -> None:
    user.active, user.failed_sign_ins, user.locked_until = False, 5, TEST_MOMENT
    care.let_in(writing, town[Role.HEAD], CLOCK, user.id)
    writing.flush()
    writing.expire_all()
    assert (user.active, user.failed_sign_ins, user.locked_until) == (True, 0, None)
    assert noted(writing, town, user) == ("account.let_in", {})


def test_a_lost_second_factor_is_gone_with_all_that_belonged_to_it(writing: Session, town: Town, user: User) -> None:
    add_passkey(writing, CLOCK, user.id, NewPasskey("手机", b"credential", b"key", 0))
    (added,) = writing.scalars(select(AuditEntry.number))
    user.totp_secret, user.totp_counter, user.recovery_codes = "secret", 7, '["a"]'
    writing.flush()
    writing.expire_all()
    before = user.fs_uniquifier
    care.reset_second_factor(writing, town[Role.HEAD], CLOCK, user.id, LossOfProof.REPLACED)
    assert is_over(writing, user, before)
    assert (user.totp_secret, user.totp_counter, user.recovery_codes) == (None, None, None)
    assert writing.scalars(select(Passkey)).all() == []
    entry = writing.scalars(select(AuditEntry).where(AuditEntry.number > added)).one()
    assert (entry.action, entry.detail) == ("account.second_factor_reset", {"reason": "replaced"})
    assert (entry.subject_id, entry.actor_id) == (user.id, town[Role.HEAD].user_id)


def test_each_deed_is_refused_to_the_person_and_to_whoever_does_not_look_after_the_account(
    writing: Session, town: Town
) -> None:
    for deed in deeds(town).values():
        head, staff = town[Role.HEAD], town[Role.STATION_STAFF]
        assert "自己" in told(NotAllowedError, deed, writing, head, CLOCK, head.user_id)
        assert told(NotAllowedError, deed, writing, head, CLOCK, town[Role.ADMINISTRATOR].user_id)
        assert told(NotAllowedError, deed, writing, staff, CLOCK, town[Role.VOLUNTEER].user_id)
        assert told(NotFoundError, deed, writing, head, CLOCK, new_id())
    assert writing.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("deed", ["place", "shut out"])
def test_the_last_administrator_stays_and_one_of_two_need_not(writing: Session, town: Town, deed: str) -> None:
    last = account_of(writing, town[Role.ADMINISTRATOR])
    assert "管理员" in told(ConflictError, deeds(town)[deed], writing, SYSTEM, CLOCK, last.id)
    assert (last.active, last.role) == (True, Role.ADMINISTRATOR)
    other = a_person(writing, town.county, Role.ADMINISTRATOR)
    deeds(town)[deed](writing, SYSTEM, CLOCK, last.id)
    assert (last.active, last.role) != (True, Role.ADMINISTRATOR)
    assert told(ConflictError, deeds(town)[deed], writing, SYSTEM, CLOCK, other.user_id)


def test_an_administrator_who_is_shut_out_already_is_nobodys_last(writing: Session, town: Town) -> None:
    gone = account_of(writing, a_person(writing, town.county, Role.ADMINISTRATOR))
    gone.active = False
    care.change_place(writing, SYSTEM, CLOCK, gone.id, role=Role.AUDITOR, station_id=town.station.id)
    assert gone.role is Role.AUDITOR


def test_where_there_is_no_administrator_the_head_still_looks_after_the_station(
    writing: Session, town: Town, user: User
) -> None:
    account_of(writing, town[Role.ADMINISTRATOR]).active = False
    care.shut_out(writing, town[Role.HEAD], CLOCK, user.id)
    assert not user.active


def test_the_last_administrator_moves_and_stays_administrator(writing: Session, town: Town) -> None:
    last = account_of(writing, town[Role.ADMINISTRATOR])
    care.change_place(writing, SYSTEM, CLOCK, last.id, role=Role.ADMINISTRATOR, station_id=town.station.id)
    assert (last.role, last.station_id) == (Role.ADMINISTRATOR, town.station.id)
