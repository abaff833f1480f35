"""Browser sessions: how long they live, to whom they belong, and what they open."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import User, WebSession
from core.domain.actor import Actor, Role, Scope
from core.domain.clock import FixedClock
from core.domain.errors import NotFoundError
from core.domain.ids import new_id
from core.services import web_sessions
from core.services.stations import scope_of_station
from core.services.web_sessions import ABSOLUTE, IDLE, Demands, Signature, SignedIn, Visit, actor_of
from core.testing import TEST_MOMENT
from tests.integration.builders import a_community, a_station, a_volunteer, an_account
from tests.translated import in_chinese

TICK = timedelta(microseconds=1)
VISIT = Visit("Firefox, Linux", "192.0.2.0/24")
PLAIN = Demands(second_factor_forced=False)


@pytest.fixture
def user(writing: Session) -> User:
    return an_account(writing, a_station(writing), login="mei", display_name="梅", role=Role.HEAD)


def signature(user: User, **values: Any) -> Signature:
    return Signature(**{"user_id": user.id, "uniquifier": user.fs_uniquifier, "since": TEST_MOMENT, **values})


def opened(session: Session, user: User, visit: Visit = VISIT, **values: Any) -> str:
    return web_sessions.open_session(session, FixedClock(TEST_MOMENT), signature(user, **values), "content", visit)


def found(session: Session, token: str, demands: Demands = PLAIN, after: timedelta = timedelta()) -> SignedIn | None:
    return web_sessions.find_session(session, FixedClock(TEST_MOMENT + after), token, demands)


def test_a_session_is_found_by_its_token_with_whose_it_is_and_what_it_holds(writing: Session, user: User) -> None:
    token = opened(writing, user, since=TEST_MOMENT - timedelta(hours=2), strong=True)
    opened(writing, an_account(writing, a_station(writing)))
    assert found(writing, token) == SignedIn(
        actor=Actor(Role.HEAD, user.station_id, user.id),
        name="梅",
        station_id=user.station_id,
        scope=Scope(frozenset({user.station_id}), frozenset({user.station_id}), user_id=user.id, sees_sealed=True),
        signature=signature(user, since=TEST_MOMENT - timedelta(hours=2), strong=True),
        content="content",
        expires_at=TEST_MOMENT + IDLE,
    )
    user.display_name = ""
    assert found(writing, token).name == "mei"  # type: ignore[union-attr]


def test_the_database_holds_no_token(writing: Session, user: User) -> None:
    token, other = opened(writing, user), opened(writing, user)
    assert token != other
    assert len(token) == 43
    assert set(writing.scalars(select(WebSession.token_hash))) == {
        hashlib.sha256(one.encode()).digest() for one in (token, other)
    }
    assert found(writing, "x" * 43) is None


def test_what_the_account_is_goes_into_what_acts(writing: Session, user: User) -> None:
    user.language, user.volunteer_id = "en", a_volunteer(writing, user.station).id
    assert actor_of(user) == Actor(Role.HEAD, user.station_id, user.id, user.volunteer_id, "en")


def test_an_idle_session_is_over_after_an_hour(writing: Session, user: User) -> None:
    token = opened(writing, user)
    assert found(writing, token, after=timedelta(hours=1) - TICK)
    assert found(writing, token, after=timedelta(hours=1)) is None


@given(steps=st.lists(st.timedeltas(timedelta(), timedelta(minutes=70)), max_size=15))
def test_nothing_prolongs_a_session_beyond_an_idle_hour_and_twelve_in_all(steps: list[timedelta]) -> None:
    row, age, seen = WebSession(), timedelta(), timedelta()
    user = User(id=new_id(), fs_uniquifier="x")
    for step in [timedelta(), *steps]:
        age += step
        web_sessions._fill(row, FixedClock(TEST_MOMENT + age), signature(user), "")
        seen = age
        assert row.seen_at == TEST_MOMENT + seen
        assert row.expires_at == TEST_MOMENT + min(seen + timedelta(hours=1), timedelta(hours=12))


def test_a_session_that_is_used_goes_on_with_its_new_content(writing: Session, user: User) -> None:
    token, later = opened(writing, user), timedelta(minutes=50)
    web_sessions.keep_session(writing, FixedClock(TEST_MOMENT + later), token, signature(user), "更多")
    kept = found(writing, token, after=later + IDLE - TICK)
    assert kept is not None
    assert (kept.content, kept.expires_at) == ("更多", TEST_MOMENT + later + IDLE)
    assert found(writing, token, after=later + IDLE) is None


def test_a_session_that_was_ended_meanwhile_stays_ended(writing: Session, user: User) -> None:
    token, other = opened(writing, user), opened(writing, user)
    web_sessions.end_session(writing, token)
    web_sessions.keep_session(writing, FixedClock(TEST_MOMENT), token, signature(user), "")
    web_sessions.end_session(writing, token)
    assert found(writing, token) is None
    assert found(writing, other)


def test_a_session_is_over_when_its_person_is_shut_out_or_changed(writing: Session, user: User) -> None:
    token, before = opened(writing, user), user.fs_uniquifier
    user.fs_uniquifier = "another"
    assert found(writing, token) is None
    user.fs_uniquifier, user.active = before, False
    assert found(writing, token) is None
    user.active = True
    assert found(writing, token)


def test_demo_accounts_are_signed_in_in_the_demo_only_and_need_no_second_factor(writing: Session, user: User) -> None:
    user.demo, token = True, opened(writing, user)
    assert found(writing, token) is None
    there = found(writing, token, Demands(demo_allowed=True, password_lasts=timedelta()))
    assert there is not None
    assert (there.demo, there.confined, there.stale) == (True, False, False)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("strong", [False, True])
def test_whoever_can_read_childrens_data_is_confined_until_a_second_factor(
    writing: Session, user: User, role: Role, *, strong: bool
) -> None:
    user.role, token = role, opened(writing, user, strong=strong)
    forced, free = found(writing, token, Demands()), found(writing, token)
    assert forced is not None
    assert free is not None
    blind = {Role.VOLUNTEER, Role.AUDITOR}
    assert forced.confined is (role not in blind and not strong)
    assert not free.confined
    assert forced.signature.strong is strong


def test_a_password_is_stale_when_it_is_older_than_it_lasts(writing: Session, user: User) -> None:
    token, demands = opened(writing, user), Demands(password_lasts=timedelta(days=90))

    def stale(asked: Demands = demands) -> bool:
        return found(writing, token, asked).stale  # type: ignore[union-attr]

    assert stale(), "nobody knows how old it is"
    assert not stale(PLAIN)
    user.password_set_at = TEST_MOMENT - timedelta(days=90)
    assert not stale()
    user.password_set_at -= TICK
    assert stale()
    assert not stale(PLAIN)


def test_the_list_shows_the_own_live_sessions_the_last_seen_first(writing: Session, user: User) -> None:
    first = opened(writing, user, Visit("one"), since=TEST_MOMENT - timedelta(hours=3))
    opened(writing, user, Visit("over"), since=TEST_MOMENT - ABSOLUTE)
    opened(writing, user, VISIT)
    opened(writing, an_account(writing, user.station))
    later = TEST_MOMENT + timedelta(minutes=10)
    web_sessions.keep_session(
        writing, FixedClock(later), first, signature(user, since=TEST_MOMENT - timedelta(hours=3)), ""
    )
    writing.flush()
    listed = web_sessions.open_sessions(writing, FixedClock(later), user.id, first)
    assert [(one.browser, one.network, one.here) for one in listed] == [
        ("one", "", True),
        (VISIT.browser, VISIT.network, False),
    ]
    assert [(one.begun_at, one.seen_at) for one in listed] == [
        (TEST_MOMENT - timedelta(hours=3), later),
        (TEST_MOMENT, TEST_MOMENT),
    ]
    assert {one.id for one in listed} <= set(writing.scalars(select(WebSession.id)))
    assert not any(one.here for one in web_sessions.open_sessions(writing, FixedClock(later), user.id, None))


def test_nobody_ends_anothers_session(writing: Session, user: User) -> None:
    opened(writing, user)
    (row,) = writing.scalars(select(WebSession.id))
    other = an_account(writing, user.station)
    for actor, key in ((actor_of(other), row), (actor_of(user), new_id())):
        with pytest.raises(NotFoundError) as caught:
            web_sessions.end_open_session(writing, actor, key)
        assert in_chinese(caught.value.message)
    web_sessions.end_open_session(writing, actor_of(user), row)
    assert writing.scalars(select(WebSession)).all() == []


def test_all_of_an_accounts_sessions_end_but_the_one_in_hand(writing: Session, user: User) -> None:
    tokens = [opened(writing, user) for _ in range(3)]
    others = opened(writing, an_account(writing, user.station))
    web_sessions.end_sessions_of(writing, user.id, tokens[1])
    assert [found(writing, token) is not None for token in (*tokens, others)] == [False, True, False, True]
    web_sessions.end_sessions_of(writing, user.id)
    assert [found(writing, token) is not None for token in (*tokens, others)] == [False, False, False, True]


@pytest.mark.parametrize("role", list(Role))
def test_an_account_reaches_its_station_and_below_and_the_head_alone_all_sealed_files(
    writing: Session, user: User, role: Role
) -> None:
    station = a_station(writing, user.station)
    community = a_community(writing, station)
    own = an_account(writing, station, role=role)
    reached = found(writing, opened(writing, own))
    assert reached is not None
    below = frozenset({station.id, community.id})
    assert reached.scope == Scope(below, below | {user.station_id}, user_id=own.id, sees_sealed=role is Role.HEAD)
    assert scope_of_station(writing, station.id) == Scope(below, below | {user.station_id})
