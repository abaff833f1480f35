"""The post sends what waits, once, when it may go, as each person chose; what it can't send it tries again or shows."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import time, timedelta
from threading import Barrier
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from core.couriers.letter import Letter, NotDeliveredError
from core.db.models import Installation, OutboxNotice, Station, Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, Role
from core.domain.notices import (
    MOST_ATTEMPTS,
    TO_WEBHOOK,
    Channel,
    Notice,
    NoticeKind,
    NoticeState,
    Pace,
    to_user,
)
from core.services.notices import leasing
from core.services.notices.leasing import LEASE, Lease
from core.services.notices.outbox import put
from tests.integration.builders import an_account
from tests.integration.telling import Town, a_town, hears

BUSY = NotDeliveredError("smtp_450")
REFUSED = NotDeliveredError("smtp_550", final=True)


@pytest.fixture
def town(database: Database) -> Town:
    return a_town(database)


def test_what_waits_is_sent_once(town: Town) -> None:
    town.put("a")
    assert town.sender().is_due()
    assert town.sender().send_due() == 1
    assert not town.sender().is_due()
    assert town.sender().send_due() == 0
    (letter,), (row,) = town.mails, town.rows()
    assert (row.state, row.channel, row.attempts, row.sent_at) == (NoticeState.SENT, Channel.MAIL, 1, town.clock.at)
    assert row.message_id is not None
    assert (letter.id, letter.to, letter.kind) == (
        row.message_id.hex,
        f"{town.people[0].hex}@example.org",
        "certificate_ready",
    )
    assert letter.subject == "Your certificate of service is ready"
    assert letter.text.endswith("-- \n青石站 0851-0000000")


def test_what_came_up_for_somebody_goes_together(town: Town) -> None:
    for key in "abc":
        town.put(key)
    town.hears(1)
    town.put("other", to=1)
    assert town.sender().send_due() == 2
    assert sorted(letter.subject for letter in town.mails) == [
        "3 notices for you",
        "Your certificate of service is ready",
    ]
    assert {row.state for row in town.rows()} == {NoticeState.SENT}


def test_what_is_urgent_goes_alone_and_first(town: Town) -> None:
    town.put("a")
    town.put("b", kind=NoticeKind.SESSION_UNSAFE, urgent=True)
    assert town.sender().send_due() == 2
    assert [letter.kind for letter in town.mails] == ["session_unsafe", "certificate_ready"]


def test_nobody_is_told_in_quiet_hours_but_what_is_urgent(town: Town) -> None:
    town.clock.stand(22)
    town.put("a")
    town.put("b", kind=NoticeKind.SESSION_UNSAFE, urgent=True)
    assert town.sender().send_due() == 1
    assert not town.sender().is_due()
    town.clock.stand(7, 59, day=27)
    assert town.sender().send_due() == 0
    town.clock.stand(8, day=27)
    assert town.sender().send_due() == 1
    assert [letter.kind for letter in town.mails] == ["session_unsafe", "certificate_ready"]


def test_quiet_hours_are_each_persons_own(town: Town) -> None:
    town.hears(1, quiet_from=time(12), quiet_until=time(12))
    town.clock.stand(23)
    town.put("a", to=1)
    assert town.sender().send_due() == 1


def test_what_was_due_by_day_does_not_go_at_night(town: Town) -> None:
    town.put("a")
    town.trays[Channel.MAIL].fails = BUSY
    assert town.sender().send_due() == 0
    town.trays[Channel.MAIL].fails = None
    town.clock.stand(21, 30)
    assert town.sender().send_due() == 0
    town.clock.stand(8, day=27)
    assert town.sender().send_due() == 1


def test_a_digest_goes_once_a_day_with_all_that_came_up(town: Town) -> None:
    town.hears(1, pace=Pace.DAILY)
    for hour in (9, 12, 17):
        town.clock.stand(hour)
        town.put(str(hour), to=1)
        assert town.sender().send_due() == 0
    town.put("now", to=1, kind=NoticeKind.SESSION_UNSAFE, urgent=True)
    assert town.sender().send_due() == 1
    town.clock.stand(18)
    assert town.sender().send_due() == 1
    assert [letter.subject for letter in town.mails[1:]] == ["3 notices for you"]
    town.put("later", to=1)
    assert town.sender().send_due() == 0
    town.clock.stand(18, day=27)
    assert town.sender().send_due() == 1


def test_who_cannot_be_reached_is_listed_to_be_called(town: Town) -> None:
    town.put("a", to=1)
    town.put("b", kind=NoticeKind.THANKS)
    assert town.sender(channels={Channel.WEBHOOK}).send_due() == 0
    assert [row.state for row in town.rows()] == [NoticeState.TO_CALL] * 2
    assert not town.sender().is_due()


def test_a_volunteer_without_choices_gets_a_text_message_if_the_station_knows_a_number(
    town: Town, database: Database
) -> None:
    with database.writing(EVERYTHING) as session:
        session.get_one(Volunteer, town.people[1]).phone = "12900000001"
    town.put("a", to=1)
    assert town.sender().send_due() == 1
    (letter,) = town.trays[Channel.SMS].letters
    assert (letter.to, letter.values["count"]) == ("12900000001", 1)
    assert letter.values["what"] == "证明已开好"


@pytest.mark.parametrize(
    ("channels", "by"),
    [([], Channel.WECOM), (["sms", "mail"], Channel.SMS), (["mail"], Channel.MAIL), (["wecom"], Channel.WECOM)],
)
def test_each_person_is_told_by_the_first_channel_they_chose(town: Town, channels: list[str], by: Channel) -> None:
    town.hears(1, channels=channels, mobile="12900000001", wecom="li")
    town.put("a", to=1)
    assert town.sender().send_due() == 1
    assert {channel for channel, tray in town.trays.items() if tray.letters} == {by}


def test_an_account_is_told_as_it_chose_and_a_volunteers_as_the_volunteer_did(town: Town, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        home = session.get_one(Station, town.station)
        own = an_account(session, home, role=Role.VOLUNTEER, volunteer_id=town.people[0])
        head = an_account(session, home, role=Role.HEAD)
        hears(session, head, language="zh_Hans_CN")
        for key, user in (("a", own), ("b", head)):
            put(session, town.clock, Notice(NoticeKind.HOURS_PUBLISHED, to_user(user.id), town.station, key))
    assert town.sender().send_due() == 2
    assert [letter.to for letter in town.mails] == [f"{town.people[0].hex}@example.org", f"{head.id.hex}@example.org"]
    assert town.mails[1].subject.startswith("服务时长已公示")


def test_an_account_that_is_closed_is_told_nothing(town: Town, database: Database) -> None:
    with database.writing(EVERYTHING) as session:
        home = session.get_one(Station, town.station)
        head = an_account(session, home, role=Role.HEAD, active=False)
        hears(session, head)
        put(session, town.clock, Notice(NoticeKind.HOURS_PUBLISHED, to_user(head.id), town.station, "a"))
    assert town.sender().send_due() == 0
    assert [row.state for row in town.rows()] == [NoticeState.DROPPED]


def test_a_webhook_is_called_at_any_hour_if_there_is_one(town: Town, database: Database) -> None:
    town.clock.stand(23)
    for key, channels, sent in (("a", {Channel.WEBHOOK}, 1), ("b", {Channel.MAIL}, 0)):
        with database.writing(EVERYTHING) as session:
            facts: dict[str, str | int] = {"plan_id": "p", "count": 3}
            put(session, town.clock, Notice(NoticeKind.TIMETABLE_CHANGED, TO_WEBHOOK, town.station, key, facts))
        assert town.sender(channels=channels).send_due() == sent
    (letter,) = town.trays[Channel.WEBHOOK].letters
    assert letter.values == {"plan_id": "p", "count": 3, "station_id": town.station.hex}
    assert [row.state for row in town.rows()] == [NoticeState.SENT, NoticeState.DROPPED]


def test_what_fails_is_tried_again_less_and_less_often_and_then_given_up(town: Town) -> None:
    town.put("a")
    town.trays[Channel.MAIL].fails = BUSY
    ids, pauses = set(), []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        town.sender().send_due()
        (row,) = town.rows()
        assert (row.attempts, row.error) == (attempt, "smtp_450")
        ids.add(row.message_id)
        pauses.append(row.not_before - town.clock.at)
        town.clock.stand_next_day(9)
    assert [row.state for row in town.rows()] == [NoticeState.GIVEN_UP]
    assert len(ids) == 1
    assert pauses == sorted(pauses)
    assert not town.sender().is_due()
    assert town.mails == []


def test_what_is_refused_for_good_is_not_tried_again(town: Town) -> None:
    town.put("a")
    town.trays[Channel.MAIL].fails = REFUSED
    assert town.sender().send_due() == 0
    (row,) = town.rows()
    assert (row.state, row.attempts) == (NoticeState.GIVEN_UP, 1)


def test_one_that_cannot_be_sent_keeps_nobody_else_waiting(town: Town) -> None:
    town.hears(1)
    town.put("a")
    town.put("b", to=1)
    kept: list[Letter] = []

    def deliver(letter: Letter) -> None:
        if town.people[0].hex in letter.to:
            raise ValueError("12900000001")
        kept.append(letter)

    town.trays[Channel.MAIL].deliver = deliver  # type: ignore[method-assign]
    assert town.sender().send_due() == 1
    assert len(kept) == 1
    (first, second) = town.rows()
    assert (first.state, first.error, second.state) == (NoticeState.FAILED, "ValueError", NoticeState.SENT)


def died(town: Town, *, surely: bool = True) -> None:
    """Send as a server that dies after it has handed a message over; not `surely`: if there is one to hand over."""
    sender = town.sender(worker="dying")
    deliver = town.trays[Channel.MAIL].deliver

    def die(letter: Letter) -> None:
        deliver(letter)
        raise KeyboardInterrupt

    town.trays[Channel.MAIL].deliver = die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt) if surely else suppress(KeyboardInterrupt):
        sender.send_due()
    town.trays[Channel.MAIL].deliver = deliver  # type: ignore[method-assign]


def test_what_a_dead_server_was_at_is_sent_again_by_another_with_the_same_id_and_the_same_notices(town: Town) -> None:
    for key in "ab":
        town.put(key)
    died(town)
    town.put("c")
    assert town.sender().send_due() == 1
    assert town.rows()[0].state is NoticeState.SENDING
    town.clock.go(seconds=LEASE.total_seconds() - 1)
    assert town.sender().send_due() == 0
    town.clock.go(seconds=1)
    assert town.sender().send_due() == 1
    first, second, again = town.mails
    assert (first.id, first.subject) == (again.id, again.subject)
    assert second.id != first.id
    assert {row.state for row in town.rows()} == {NoticeState.SENT}


def test_a_server_that_comes_back_late_notes_nothing_of_what_another_has(town: Town) -> None:
    town.put("a")
    with town.database.writing(EVERYTHING) as session:
        late = Lease("late")
        taken = leasing.take(session, town.sender()._post, late)
    assert taken is not None
    town.clock.go(minutes=11)
    with town.database.writing(EVERYTHING) as session:
        assert leasing.take(session, town.sender()._post, Lease("other")) is not None
    with town.database.writing(EVERYTHING) as session:
        assert not leasing.note_sent(session, town.sender()._post, taken.message_id, late)
        assert not leasing.note_failed(session, town.sender()._post, taken.message_id, late, "x", final=True)
    assert [(row.state, row.leased_by) for row in town.rows()] == [(NoticeState.SENDING, "other")]


def race(town: Town, senders: int) -> list[str]:
    """Let several servers send all that there is at the same time, and return the ids of what went out."""
    start = Barrier(senders)

    def work(number: int) -> int:
        sender = town.sender(worker=f"server {number}")
        start.wait()
        return sender.send_due()

    with ThreadPoolExecutor(senders) as threads:
        list(threads.map(work, range(senders)))
    return [letter.id for letter in town.mails]


@pytest.fixture
def busy_town(database: Database) -> Town:
    """Return a town with twenty who hear of two things each, whose courier takes a moment."""
    town = a_town(database, people=20)
    for number in range(20):
        if number:
            town.hears(number)
        for key in "ab":
            town.put(key, to=number)
    deliver = town.trays[Channel.MAIL].deliver

    def slowly(letter: Letter) -> None:
        sleep(0.01)
        deliver(letter)

    town.trays[Channel.MAIL].deliver = slowly  # type: ignore[method-assign]
    return town


def test_several_servers_send_each_message_once(busy_town: Town) -> None:
    sent = race(busy_town, 6)
    assert len(sent) == len(set(sent)) == 20
    assert {(row.state, row.attempts) for row in busy_town.rows()} == {(NoticeState.SENT, 1)}


def test_with_a_lease_that_does_not_last_they_send_some_twice(busy_town: Town) -> None:
    start = Barrier(6)

    def work(number: int) -> None:
        sender = busy_town.sender(worker=f"server {number}", lasting=timedelta(0))
        start.wait()
        # What nobody has to themselves is taken up again and again: so many times and no more.
        for _ in range(10):
            if (taken := sender._taken()) is not None:
                sender._send(taken)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    sent = [letter.id for letter in busy_town.mails]
    assert len(sent) > len(set(sent))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["put", "send", "fail", "die", "hour", "night"]), max_size=14))
def test_whatever_happens_each_notice_is_sent_and_twice_at_most_as_often_as_a_server_died(
    database: Database, steps: list[str]
) -> None:
    with database.writing(EVERYTHING) as session:
        session.execute(delete(OutboxNotice))
        session.execute(delete(Installation))
    town, puts, deaths = a_town(database), 0, 0
    for step in steps:
        if step == "put":
            town.put(str(puts := puts + 1))
        elif step == "hour":
            town.clock.go(hours=1)
        elif step == "night":
            town.clock.go(hours=12)
        elif step == "die":
            before = len(town.mails)
            died(town, surely=False)
            deaths += len(town.mails) - before
        else:
            town.trays[Channel.MAIL].fails = BUSY if step == "fail" else None
            town.sender().send_due()
            town.trays[Channel.MAIL].fails = None
    for _ in range(3):
        town.clock.stand_next_day(12)
        town.sender().send_due()
    rows = town.rows()
    assert (len(rows), {row.state for row in rows} | {NoticeState.SENT}) == (puts, {NoticeState.SENT})
    ids = [letter.id for letter in town.mails]
    assert set(ids) == {row.message_id.hex for row in rows if row.message_id}
    assert len(ids) - len(set(ids)) <= deaths
