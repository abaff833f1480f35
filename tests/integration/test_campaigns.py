"""Campaigns: everybody who serves is asked, any word about one's times is an answer, the silent are reminded once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AvailabilityCampaign, CampaignReply, OutboxNotice
from core.domain.errors import ConflictError, InvalidInputError
from core.domain.notices import NoticeKind
from core.domain.replies import CampaignAnswer
from core.domain.vocabulary import VolunteerKind
from core.services.campaign_answers import note_availability_answer, open_questions
from core.services.campaigns.asking import Question, ask_all, campaigns_due, close, remind, turn_campaign
from tests.integration.asked import Weekend, a_weekend

WINTER = Question("寒假", date(2026, 12, 1), date(2026, 12, 31), by=date(2026, 11, 30), note="谢谢")


def told(session: Session, kind: NoticeKind) -> int:
    return len(session.scalars(select(OutboxNotice).where(OutboxNotice.kind == kind)).all())


def a_campaign(session: Session) -> tuple[Weekend, AvailabilityCampaign]:
    town = a_weekend(session, people=4)
    town.people[3].kind = VolunteerKind.STAFF
    session.flush()
    return town, ask_all(session, town.desk(), town.station.id, WINTER)


def answers(session: Session) -> set[CampaignAnswer | None]:
    return set(session.scalars(select(CampaignReply.answer)))


def test_every_volunteer_is_asked_and_nobody_who_is_paid(writing: Session) -> None:
    town, row = a_campaign(writing)
    assert {one.volunteer_id for one in row.answers} == {one.id for one in town.people[:3]}
    assert told(writing, NoticeKind.CAMPAIGN_ASKED) == 3


def test_new_times_are_an_answer_and_so_is_that_nothing_has_changed(writing: Session) -> None:
    town, row = a_campaign(writing)
    clock = town.desk().clock
    assert note_availability_answer(writing, clock, town.people[0].id, answer=CampaignAnswer.UNCHANGED) == 1
    assert note_availability_answer(writing, clock, town.people[1].id) == 1
    assert note_availability_answer(writing, clock, town.people[1].id, answer=CampaignAnswer.UNCHANGED) == 1
    assert note_availability_answer(writing, clock, town.people[3].id) == 0
    assert [one.answer for one in open_questions(writing, town.people[1].id)] == [CampaignAnswer.CHANGED]
    assert answers(writing) == {CampaignAnswer.UNCHANGED, CampaignAnswer.CHANGED, None}
    assert row.closed_at is None


def test_the_clock_reminds_the_silent_once_and_closes_after_the_deadline(writing: Session) -> None:
    town, row = a_campaign(writing)
    note_availability_answer(writing, town.desk().clock, town.people[0].id)
    before = (row.remind_at - town.desk().clock.now()) / timedelta(hours=1)
    assert campaigns_due(writing, town.desk(before - 1)) == []
    assert campaigns_due(writing, town.desk(before)) == [row.id]
    assert turn_campaign(writing, town.desk(before), row.id)
    assert not turn_campaign(writing, town.desk(before), row.id)
    assert told(writing, NoticeKind.CAMPAIGN_REMINDER) == 2
    after = (row.deadline - town.desk().clock.now()) / timedelta(hours=1)
    assert turn_campaign(writing, town.desk(after), row.id)
    assert row.closed_at is not None
    assert open_questions(writing, town.people[0].id) == []
    assert campaigns_due(writing, town.desk(after)) == []


def test_an_organizer_reminds_and_closes_by_hand(writing: Session) -> None:
    town, row = a_campaign(writing)
    assert remind(writing, town.desk(), row.id) == 3
    close(writing, town.desk(), row.id)
    with pytest.raises(ConflictError):
        remind(writing, town.desk(), row.id)
    assert told(writing, NoticeKind.CAMPAIGN_REMINDER) == 3


def test_days_in_the_wrong_order_or_over_are_refused(writing: Session) -> None:
    town = a_weekend(writing)
    for first, last, by in (
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31), date(2026, 11, 25)),
        (date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 5)),
    ):
        with pytest.raises(InvalidInputError):
            ask_all(writing, town.desk(), town.station.id, Question("寒假", first, last, by))
