"""The texts with which guardians are asked, on both databases: which is in force, who adds one, whom that asks anew."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, ConsentText, Station
from core.domain.actor import SYSTEM, Role
from core.domain.clock import FixedClock
from core.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from core.domain.vocabulary import ConsentHow, ConsentPurpose, LegalBasis
from core.services import consent_texts as texts
from core.services.consent_texts import NewText
from core.services.consents import Given, give_consent
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_consent, a_station
from tests.integration.people import a_town

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
FIRST = date(2026, 1, 1)
PHOTO = ConsentPurpose.PHOTO


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


def new_text(**values: Any) -> NewText:
    return replace(NewText(PHOTO, "新", "new", TODAY), **values)


def add(session: Session, child: Child, **values: Any) -> ConsentText:
    return texts.add_text(session, SYSTEM, CLOCK, child.station_id, new_text(**values), today=TODAY)


@pytest.mark.parametrize("purpose", ConsentPurpose)
def test_each_text_tells_what_the_law_asks_to_tell(writing: Session, purpose: ConsentPurpose) -> None:
    found = texts.text_in_force(writing, purpose, TODAY)
    for heading in ("目的：", "存放地点和期限：", "安全措施：", "如果不同意：", "投诉：", "更正和删除："):
        assert heading in found.chinese
    for heading in ("Purpose:", "Where and how long:", "Safeguards:", "If you refuse:", "Complaints:", "Correction"):
        assert heading in found.english


def test_a_text_is_in_force_from_its_day_until_the_next_ones(writing: Session, child: Child) -> None:
    day = TODAY + timedelta(days=3)
    assert add(writing, child, valid_from=day).version == 2
    on = {one: texts.text_in_force(writing, PHOTO, one).version for one in (FIRST, day - timedelta(days=1), day)}
    assert on == {FIRST: 1, day - timedelta(days=1): 1, day: 2}
    assert {purpose: text.version for purpose, text in texts.texts_in_force(writing, day).items()} == {
        purpose: 2 if purpose is PHOTO else 1 for purpose in ConsentPurpose
    }
    with pytest.raises(NotFoundError, match="no text yet"):
        texts.text_in_force(writing, PHOTO, FIRST - timedelta(days=1))


def test_a_new_text_is_kept_as_it_was_written_and_audited(writing: Session) -> None:
    town = a_town(writing)
    head = town[Role.HEAD]
    new = new_text(chinese=" 一\r\n二\n", english="one\r\n\r\ntwo ")
    row = texts.add_text(writing, head, CLOCK, town.station.id, new, today=TODAY)
    assert (row.chinese, row.english, row.valid_from, row.purpose) == ("一\n二", "one\n\ntwo", TODAY, PHOTO)
    entry = writing.scalars(select(AuditEntry)).one()
    assert (entry.station_id, entry.actor_id, entry.at) == (town.station.id, head.user_id, TEST_MOMENT)
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("consent_text.added", "consent_text", row.id)
    assert entry.detail == {"purpose": "photo", "text": 2, "from": "2026-11-26"}


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.HEAD, Role.ADMINISTRATOR}])
def test_nobody_adds_a_text_but_the_head_and_the_county(writing: Session, role: Role) -> None:
    town = a_town(writing)
    with pytest.raises(NotAllowedError):
        texts.add_text(writing, town[role], CLOCK, town.station.id, new_text(), today=TODAY)
    assert (
        texts.add_text(writing, town[Role.ADMINISTRATOR], CLOCK, town.county.id, new_text(), today=TODAY).version == 2
    )


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"chinese": " \n"}, "in Chinese and in English"),
        ({"english": ""}, "in Chinese and in English"),
        ({"chinese": "字" * 5001}, "longer than 5,000"),
        ({"english": "a" * 5001}, "longer than 5,000"),
        ({"valid_from": TODAY - timedelta(days=1)}, "today or later"),
    ],
)
def test_a_text_that_can_not_be_is_refused_and_said_why(
    writing: Session, child: Child, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(InvalidInputError, match=why):
        texts.check_text(writing, new_text(**wrong), today=TODAY)
    with pytest.raises(InvalidInputError, match=why):
        add(writing, child, **wrong)
    assert add(writing, child, chinese="字" * 5000, english="a" * 5000).version == 2


def test_a_text_takes_the_place_of_the_one_before_on_a_later_day(writing: Session, child: Child) -> None:
    add(writing, child, valid_from=TODAY + timedelta(days=1))
    for day in (TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(InvalidInputError, match="holds from 2026-11-27: choose a later day"):
            add(writing, child, valid_from=day)
    assert add(writing, child, valid_from=TODAY + timedelta(days=2)).version == 3
    assert add(writing, child, purpose=ConsentPurpose.OUTING).version == 2


def test_a_paper_is_to_the_text_of_its_day_and_one_older_than_any_is_refused(writing: Session, child: Child) -> None:
    add(writing, child, valid_from=TODAY)

    def noted(day: date) -> int | None:
        return give_consent(writing, SYSTEM, CLOCK, child, Given(PHOTO, day), today=TODAY).text_version

    assert (noted(TODAY), noted(TODAY - timedelta(days=1)), noted(FIRST)) == (2, 1, 1)
    with pytest.raises(InvalidInputError, match="first text for this consent is of 2026-01-01"):
        noted(FIRST - timedelta(days=1))


def test_versions_tell_what_rests_on_each_today(writing: Session, child: Child) -> None:
    station = writing.get_one(Station, child.station_id)
    add(writing, child, valid_from=TODAY)
    add(writing, child, valid_from=TODAY + timedelta(days=1))
    for version, count in ((1, 2), (2, 1)):
        for _ in range(count):
            a_consent(writing, a_child(writing, station), PHOTO, text_version=version)
    past = {"valid_until": TODAY - timedelta(days=1)}
    a_consent(writing, child, PHOTO, text_version=1, **past)
    a_consent(writing, child, PHOTO, text_version=1, withdrawn_on=TODAY, withdrawn_how=ConsentHow.PAPER)
    a_consent(writing, child, PHOTO, text_version=None)
    a_consent(writing, child, ConsentPurpose.OUTING, text_version=1)
    left = a_child(writing, station)
    left.left_on = TODAY
    a_consent(writing, left, PHOTO, text_version=1)
    found = texts.versions_of(writing, PHOTO, TODAY)
    assert [(one.text.version, one.resting, one.in_force) for one in found] == [
        (3, 0, False),
        (2, 1, True),
        (1, 2, False),
    ]


def test_whom_a_new_text_asks_anew_is_counted_by_guardian_and_child(writing: Session, child: Child) -> None:
    mother = child.guardians[0].id
    assert texts.asked_anew(writing, PHOTO, TODAY) == 0
    a_consent(writing, child, PHOTO, text_version=1, guardian_id=mother)
    a_consent(writing, child, PHOTO, text_version=1, guardian_id=mother, given_on=TODAY)
    assert texts.asked_anew(writing, PHOTO, TODAY) == 1
    for _ in range(2):
        a_consent(writing, child, PHOTO, text_version=1)
    assert texts.asked_anew(writing, PHOTO, TODAY) == 2
    other = a_child(writing, writing.get_one(Station, child.station_id))
    a_consent(writing, other, PHOTO, text_version=None)
    duty = {"basis": LegalBasis.DUTY, "law": "法"}
    a_consent(writing, child, ConsentPurpose.DATA, **duty)
    a_consent(writing, other, ConsentPurpose.OUTING)
    assert (texts.asked_anew(writing, PHOTO, TODAY), texts.asked_anew(writing, ConsentPurpose.DATA, TODAY)) == (3, 0)
