"""How somebody is told is chosen and kept sealed; what couldn't be sent is shown, sent again or called about."""

from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.couriers.letter import NotDeliveredError
from core.db.models import AuditEntry, NoticeChoices, OutboxNotice, Station, Volunteer
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Actor, Role
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from core.domain.ids import new_id
from core.domain.notices import Channel, NoticeKind, NoticeState, Pace
from core.domain.retention import DataClass
from core.services.erasing import erase_volunteer
from core.services.notices import desk
from core.services.notices.choices import ChoicesDraft, choices_of, choose_for, choose_own, own_choices
from core.services.retention import run_retention
from core.services.stations import scope_of_station
from core.services.wording import ENGLISH, Wording
from core.testing import TEST_MOMENT
from tests.integration.builders import a_station, a_volunteer, an_account
from tests.integration.telling import Town, a_town

CLOCK = FixedClock(TEST_MOMENT)
ENGLISH_WORDS = Wording(ENGLISH)
DRAFT = ChoicesDraft(
    "en", "v@example.org", "129 0000 0001", "li", (Channel.SMS,), time(20), time(9), Pace.DAILY, invitations=True
)


def a_head(station: Station) -> Actor:
    return Actor(Role.HEAD, station.id)


def test_a_person_chooses_and_the_addresses_are_sealed(writing: Session) -> None:
    station = a_station(writing)
    user = an_account(writing, station)
    actor = Actor(Role.ORGANIZER, station.id, user.id)
    assert own_choices(writing, actor) is None
    choose_own(writing, actor, CLOCK, DRAFT, demo=True)
    row = own_choices(writing, actor)
    assert row is not None
    assert (row.mail, row.mobile, row.wecom) == ("v@example.org", "12900000001", "li")
    assert (row.channels, row.pace, row.quiet_from, row.invitations) == (["sms"], Pace.DAILY, time(20), True)
    choose_own(writing, actor, CLOCK, ChoicesDraft("zh_Hans_CN"), demo=True)
    assert (row.mail, row.mobile, row.wecom, row.channels) == (None, None, None, [])
    assert len(writing.scalars(select(NoticeChoices)).all()) == 1
    noted = writing.scalars(select(AuditEntry).where(AuditEntry.action == "notices.chosen")).all()
    assert [entry.detail["pace"] for entry in noted] == ["daily", "at_once"]
    assert not any("example.org" in str(entry.detail) for entry in noted)


def test_a_volunteer_and_the_station_keep_the_same_choices(writing: Session) -> None:
    station = a_station(writing)
    volunteer = a_volunteer(writing, station)
    user = an_account(writing, station, role=Role.VOLUNTEER, volunteer_id=volunteer.id)
    own = Actor(Role.VOLUNTEER, station.id, user.id, volunteer.id)
    choose_for(writing, a_head(station), CLOCK, volunteer.id, DRAFT, demo=True)
    choose_own(writing, own, CLOCK, replace(DRAFT, mail="w@example.org"), demo=True)
    _, row = choices_of(writing, a_head(station), volunteer.id)
    assert row is not None
    assert (row.mail, own_choices(writing, own)) == ("w@example.org", row)


@pytest.mark.parametrize(
    "changes",
    [
        {"mail": "no address"},
        {"mail": "a@b"},
        {"mail": "a@b.c\r\nBcc: d@e.f"},
        {"mail": "“a”@例子.中国"},
        {"mail": f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}"},
        {"mobile": "12"},
        {"wecom": "li|@all"},
        {"wecom": "@all"},
        {"language": "fr"},
        {"channels": (Channel.WEBHOOK,)},
    ],
)
def test_what_nobody_can_be_told_by_is_refused(writing: Session, changes: dict[str, Any]) -> None:
    station = a_station(writing)
    volunteer = a_volunteer(writing, station)
    with pytest.raises(InvalidInputError):
        choose_for(writing, a_head(station), CLOCK, volunteer.id, replace(DRAFT, **changes), demo=True)


def test_nobody_chooses_for_those_out_of_reach_nor_without_the_role(writing: Session) -> None:
    station, other = a_station(writing), a_station(writing)
    volunteer = a_volunteer(writing, station)
    with pytest.raises(NotAllowedError):
        choose_for(writing, Actor(Role.AUDITOR, station.id, new_id()), CLOCK, volunteer.id, DRAFT, demo=True)
    set_scope(writing, scope_of_station(writing, other.id))
    with pytest.raises(NotFoundError):
        choose_for(writing, a_head(other), CLOCK, volunteer.id, DRAFT, demo=True)


@pytest.fixture
def town(database: Database) -> Town:
    """Return a town in which one notice was given up, two wait for a call and one was sent."""
    town = a_town(database)
    town.put("sent")
    assert town.sender().send_due() == 1
    town.put("refused")
    town.trays[Channel.MAIL].fails = NotDeliveredError("smtp_550", final=True)
    town.put("call", to=1)
    town.put("call too", to=2, kind=NoticeKind.THANKS)
    assert town.sender().send_due() == 0
    town.trays[Channel.MAIL].fails = None
    return town


def the_head(town: Town) -> Actor:
    return Actor(Role.HEAD, town.station, new_id())


def by_key(town: Town) -> dict[str, OutboxNotice]:
    return {row.key: row for row in town.rows()}


def test_the_station_sees_whom_to_call_and_what_was_not_sent(town: Town) -> None:
    with town.database.reading(EVERYTHING) as session:
        found = desk.lists(session, the_head(town), ENGLISH_WORDS)
        names = {session.get_one(Volunteer, one).name for one in town.people[1:]}
    assert {line.name for line in found.to_call} == names
    assert found.to_call[0].words == "Your certificate of service is ready"
    assert [(line.notice.key, line.notice.error) for line in found.failed] == [("refused", "smtp_550")]
    assert [line.notice.key for line in found.lately] == ["sent"]
    assert found.waiting == ()


def test_the_station_of_others_sees_nothing_of_it(town: Town) -> None:
    with town.database.writing(EVERYTHING) as session:
        other = a_station(session)
        set_scope(session, scope_of_station(session, other.id))
        assert desk.lists(session, a_head(other), ENGLISH_WORDS) == desk.Lists((), (), (), ())
        for deed in (desk.send_again, desk.note_called):
            with pytest.raises(NotFoundError):
                deed(session, a_head(other), CLOCK, by_key(town)["refused"].id)


def act(town: Town, deed: Any, key: str) -> None:
    with town.database.writing(EVERYTHING) as session:
        deed(session, replace(the_head(town), user_id=None), town.clock, by_key(town)[key].id)


def test_what_was_given_up_is_sent_again_with_the_same_id(town: Town) -> None:
    before = by_key(town)["refused"].message_id
    act(town, desk.send_again, "refused")
    assert town.sender().send_due() == 1
    row = by_key(town)["refused"]
    assert (row.state, row.attempts, row.message_id) == (NoticeState.SENT, 1, before)
    with pytest.raises(ConflictError):
        act(town, desk.send_again, "refused")


def test_who_has_an_address_by_now_is_sent_what_somebody_would_have_called_about(town: Town) -> None:
    town.hears(1)
    act(town, desk.send_again, "call")
    assert town.sender().send_due() == 1
    assert by_key(town)["call"].state is NoticeState.SENT


def test_what_is_sent_again_does_not_wait_for_a_digest(town: Town) -> None:
    town.hears(1, pace=Pace.DAILY)
    act(town, desk.send_again, "call")
    assert town.sender().send_due() == 1


def test_a_call_is_noted_and_nothing_is_sent_after_it(town: Town) -> None:
    for key in ("call", "refused"):
        act(town, desk.note_called, key)
        assert by_key(town)[key].state is NoticeState.CALLED
        with pytest.raises(ConflictError):
            act(town, desk.note_called, key)
    assert town.sender().send_due() == 0
    with town.database.reading(EVERYTHING) as session:
        noted = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "notice")).all()
    assert noted == ["notice.called", "notice.called"]


def test_who_is_erased_takes_their_choices_and_notices_along(town: Town) -> None:
    with town.database.writing(EVERYTHING) as session:
        erase_volunteer(session, SYSTEM, town.clock, town.people[0])
    assert set(by_key(town)) == {"call", "call too"}
    with town.database.reading(EVERYTHING) as session:
        assert session.scalars(select(NoticeChoices)).all() == []


def test_what_people_were_told_goes_after_a_year_and_what_waits_does_not(town: Town) -> None:
    town.put("waiting")

    def goes(days: int) -> int:
        clock = FixedClock(TEST_MOMENT + timedelta(days=days))
        return run_retention(partial(town.database.writing, EVERYTHING), clock, ZoneInfo("UTC"))[DataClass.NOTICES]

    assert (goes(365), goes(367)) == (0, 4)
    assert set(by_key(town)) == {"waiting"}
