"""The outbox keeps what it is given with what it is about, once, within the station's walls."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.models import NoticeChoices, OutboxNotice, Station, Volunteer
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, Scope
from core.domain.clock import FixedClock
from core.domain.ids import new_id
from core.domain.notices import Notice, NoticeKind, NoticeState, to_volunteer
from core.services.notices.outbox import put
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer

CLOCK = FixedClock(TEST_MOMENT)


class _BrokenOffError(Exception):
    """Something that came between."""


def a_notice(volunteer: Volunteer, key: str = "k", **values: Any) -> Notice:
    return Notice(NoticeKind.THANKS, to_volunteer(volunteer.id), volunteer.station_id, key, **values)


def rows(session: Session) -> list[OutboxNotice]:
    return list(session.scalars(select(OutboxNotice).order_by(OutboxNotice.key)))


def test_a_notice_waits_in_the_outbox(writing: Session) -> None:
    volunteer = a_volunteer(writing, a_station(writing))
    facts: Mapping[str, str | int] = {"title": "阅读会", "minutes": 60}
    put(writing, CLOCK, a_notice(volunteer, facts=facts, urgent=True))
    (row,) = rows(writing)
    assert (row.state, row.channel, row.attempts, row.message_id) == (NoticeState.WAITING, None, 0, None)
    assert (row.volunteer_id, row.facts, row.urgent) == (volunteer.id, facts, True)
    assert row.put_at == row.not_before == TEST_MOMENT


def test_a_notice_may_wait_for_its_moment_and_never_goes_before_it_is_put(writing: Session) -> None:
    volunteer = a_volunteer(writing, a_station(writing))
    later = TEST_MOMENT + timedelta(hours=3)
    put(writing, CLOCK, a_notice(volunteer, "a", not_before=later))
    put(writing, CLOCK, a_notice(volunteer, "b", not_before=TEST_MOMENT - timedelta(days=1)))
    assert [row.not_before for row in rows(writing)] == [later, TEST_MOMENT]


def test_the_same_key_is_another_notice_to_somebody_else(writing: Session) -> None:
    station = a_station(writing)
    for volunteer in (a_volunteer(writing, station), a_volunteer(writing, station)):
        put(writing, CLOCK, a_notice(volunteer))
    assert len(rows(writing)) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.booleans()), max_size=12))
def test_each_key_is_put_once_and_with_its_transaction_or_not_at_all(
    database: Database, puts: list[tuple[str, bool]]
) -> None:
    with database.writing(EVERYTHING) as session:
        volunteer = a_volunteer(session, a_station(session))
    for key, kept in puts:
        with suppress(_BrokenOffError), database.writing(EVERYTHING) as session:
            put(session, CLOCK, a_notice(volunteer, key))
            put(session, CLOCK, a_notice(volunteer, key))
            if not kept:
                raise _BrokenOffError
    with database.reading(EVERYTHING) as session:
        keys = [row.key for row in rows(session) if row.volunteer_id == volunteer.id]
    assert keys == sorted({key for key, kept in puts if kept})


def test_of_many_who_put_the_same_at_once_one_does(database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        volunteer = a_volunteer(session, a_station(session))
    start = Barrier(8)

    def work(_number: int) -> None:
        start.wait()
        with database.writing(EVERYTHING) as session:
            put(session, CLOCK, a_notice(volunteer))
            # What else the transaction does is kept, though its notice was put already.
            session.add(Station(kind="station", name=new_id().hex, slug=new_id().hex))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    with database.reading(EVERYTHING) as session:
        assert len(rows(session)) == 1
        assert session.scalar(select(func.count(Station.id))) == 9


def test_another_error_than_a_second_of_the_key_is_raised(writing: Session) -> None:
    station = a_station(writing)
    with pytest.raises(IntegrityError):
        put(writing, CLOCK, Notice(NoticeKind.THANKS, to_volunteer(new_id()), station.id, "k"))


def test_what_is_put_out_of_sight_is_not_put_again(writing: Session) -> None:
    volunteer = a_volunteer(writing, a_station(writing))
    other = a_station(writing)
    put(writing, CLOCK, a_notice(volunteer))
    set_scope(writing, Scope(stations=frozenset({other.id}), lineage=frozenset({other.id})))
    assert rows(writing) == []
    put(writing, CLOCK, Notice(NoticeKind.THANKS, to_volunteer(volunteer.id), other.id, "k"))
    assert rows(writing) == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": NoticeState.SENDING, "message_id": new_id()},
        {"state": NoticeState.SENT, "sent_at": TEST_MOMENT},
        {"state": NoticeState.SENT, "message_id": new_id()},
        {"leased_until": TEST_MOMENT},
        {"attempts": -1},
    ],
)
def test_the_database_refuses_a_state_that_cannot_be(writing: Session, values: dict[str, Any]) -> None:
    volunteer = a_volunteer(writing, a_station(writing))
    put(writing, CLOCK, a_notice(volunteer))
    (row,) = rows(writing)
    for name, value in values.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError):
        writing.flush()


def test_choices_are_of_one_person(writing: Session) -> None:
    station = a_station(writing)
    volunteer = a_volunteer(writing, station)
    kept = NoticeChoices(
        station_id=station.id, volunteer_id=volunteer.id, mail="v@example.org", channels=[], changed_at=TEST_MOMENT
    )
    writing.add(kept)
    writing.flush()
    assert kept.mail == "v@example.org"
    writing.add(NoticeChoices(station_id=station.id, changed_at=TEST_MOMENT))
    with pytest.raises(IntegrityError):
        writing.flush()
