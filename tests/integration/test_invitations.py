"""Invitations: whoever makes an account never knows its password, and an invitation is good for one time and a week."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, User, WebSession
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.services import invitations
from core.services.invitations import VALID, Invitation
from core.services.stations import scope_of_station
from core.services.web_sessions import Signature, Visit, open_session
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer
from tests.integration.people import Town, a_town
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)
TICK = timedelta(microseconds=1)
HASHED = "$argon2id$of-mei"


@pytest.fixture
def town(writing: Session) -> Town:
    return a_town(writing)


def invited(session: Session, town: Town, actor: Actor | None = None, **values: Any) -> Invitation:
    """Let the head invite an organizer."""
    asked = {"login": "mei", "display_name": "梅", "role": Role.ORGANIZER, "station_id": town.station.id}
    return invitations.invite(session, actor or town[Role.HEAD], CLOCK, **(asked | values))


def noted(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def refused(session: Session, secret: str, at: FixedClock = CLOCK) -> bool:
    """Tell whether an invitation opens nothing, and that this is said in Chinese."""
    with pytest.raises(NotFoundError) as caught:
        invitations.invited_login(session, at, secret)
    return bool(in_chinese(caught.value.message))


def test_an_invited_account_has_what_it_was_made_with_and_no_password(writing: Session, town: Town) -> None:
    invitation = invited(writing, town)
    user = writing.get_one(User, invitation.user_id)
    writing.expire_all()
    assert (user.login, user.display_name, user.role) == ("mei", "梅", Role.ORGANIZER)
    assert (user.station_id, user.volunteer_id, user.created_at) == (town.station.id, None, TEST_MOMENT)
    assert (user.password, user.password_set_at) == ("", None)
    assert len(user.fs_uniquifier) == 64
    (entry,) = noted(writing)
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("account.added", "user", user.id)
    assert (entry.actor_id, entry.station_id) == (town[Role.HEAD].user_id, town.station.id)
    assert (entry.at, entry.detail) == (TEST_MOMENT, {"role": "organizer"})


def test_a_volunteers_invitation_names_the_volunteer(writing: Session, town: Town) -> None:
    volunteer = a_volunteer(writing, town.station)
    invitation = invited(writing, town, role=Role.VOLUNTEER, volunteer_id=volunteer.id)
    assert writing.get_one(User, invitation.user_id).volunteer_id == volunteer.id
    with pytest.raises(InvalidInputError):
        invited(writing, town, login="lan", volunteer_id=volunteer.id)


def test_the_secret_is_kept_nowhere_and_shown_in_no_print(writing: Session, town: Town) -> None:
    invitation, other = invited(writing, town), invited(writing, town, login="lan")
    assert (invitation.login, invitation.until, len(invitation.secret)) == ("mei", TEST_MOMENT + VALID, 43)
    assert invitation.secret != other.secret
    assert invitation.secret not in repr(invitation)
    user = writing.get_one(User, invitation.user_id)
    assert user.invitation_hash == hashlib.sha256(invitation.secret.encode()).digest()
    assert user.invited_until == TEST_MOMENT + timedelta(days=7)


def test_who_may_not_give_the_role_invites_nobody(writing: Session, town: Town) -> None:
    with pytest.raises(NotAllowedError):
        invited(writing, town, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        invited(writing, town, town[Role.STATION_STAFF])
    with pytest.raises(ConflictError):
        invited(writing, town, login=writing.scalars(select(User.login)).first())
    with pytest.raises(NotFoundError):
        invited(writing, town, station_id=new_id())
    assert noted(writing) == []


def test_an_invitation_is_accepted_once(writing: Session, town: Town) -> None:
    invitation = invited(writing, town)
    later = FixedClock(TEST_MOMENT + VALID - TICK)
    assert invitations.invited_login(writing, later, invitation.secret) == "mei"
    user = invitations.accept_invitation(writing, later, invitation.secret, HASHED)
    assert (user.id, user.password, user.password_set_at) == (invitation.user_id, HASHED, later.at)
    assert (user.invitation_hash, user.invited_until) == (None, None)
    assert refused(writing, invitation.secret)
    with pytest.raises(NotFoundError):
        invitations.accept_invitation(writing, later, invitation.secret, "other")
    last = noted(writing)[-1]
    assert (last.action, last.actor_id, last.at) == ("account.invitation_accepted", user.id, later.at)


def test_an_invitation_runs_out_after_a_week(writing: Session, town: Town) -> None:
    invitation = invited(writing, town)
    assert refused(writing, invitation.secret, FixedClock(TEST_MOMENT + VALID))
    assert refused(writing, "x" * 43)


def test_an_invitation_of_somebody_who_was_shut_out_opens_nothing(writing: Session, town: Town) -> None:
    invitation = invited(writing, town)
    writing.get_one(User, invitation.user_id).active = False
    assert refused(writing, invitation.secret)


def test_whoever_is_invited_again_loses_password_lock_and_sessions_and_keeps_the_second_factor(
    writing: Session, town: Town
) -> None:
    first = invited(writing, town)
    user = invitations.accept_invitation(writing, CLOCK, first.secret, HASHED)
    before, user.totp_secret = user.fs_uniquifier, "secret"
    user.failed_sign_ins, user.locked_until = 5, TEST_MOMENT
    open_session(writing, CLOCK, Signature(user.id, before, TEST_MOMENT), "", Visit())
    again = invitations.invite_again(writing, town[Role.HEAD], CLOCK, user.id)
    assert (user.password, user.failed_sign_ins, user.locked_until) == ("", 0, None)
    assert user.totp_secret == "secret"
    assert user.fs_uniquifier != before
    assert len(user.fs_uniquifier) == 64
    assert writing.scalars(select(WebSession)).all() == []
    assert invitations.invited_login(writing, CLOCK, again.secret) == "mei"
    last = noted(writing)[-1]
    assert (last.action, last.actor_id, last.subject_id) == (
        "account.invited_again",
        town[Role.HEAD].user_id,
        user.id,
    )


def test_only_who_looks_after_an_account_invites_its_person_again(writing: Session, town: Town) -> None:
    head, staff = town[Role.HEAD], town[Role.STATION_STAFF]
    gone = writing.get_one(User, invited(writing, town).user_id)
    gone.active = False
    for user_id in (gone.id, new_id()):
        with pytest.raises(NotFoundError) as caught:
            invitations.invite_again(writing, head, CLOCK, user_id)
        assert in_chinese(caught.value.message)
    for actor, user in ((head, town[Role.ADMINISTRATOR]), (staff, town[Role.VOLUNTEER])):
        assert user.user_id
        with pytest.raises(NotAllowedError):
            invitations.invite_again(writing, actor, CLOCK, user.user_id)
    set_scope(writing, scope_of_station(writing, a_station(writing, town.county).id))
    with pytest.raises(NotFoundError):
        invitations.invite_again(writing, head, CLOCK, staff.user_id)  # type: ignore[arg-type]
    set_scope(writing, EVERYTHING)


def test_secrets_that_open_nothing_any_more_are_dropped(writing: Session, town: Town) -> None:
    invitation = invited(writing, town)
    user = writing.get_one(User, invitation.user_id)
    assert invitations.drop_expired(writing, FixedClock(TEST_MOMENT + VALID - TICK)) == 0
    assert invitations.invited_login(writing, CLOCK, invitation.secret)
    assert invitations.drop_expired(writing, FixedClock(TEST_MOMENT + VALID)) == 1
    writing.expire_all()
    assert (user.invitation_hash, user.invited_until) == (None, None)
    assert invitations.drop_expired(writing, FixedClock(TEST_MOMENT + VALID)) == 0
