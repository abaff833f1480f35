"""What is to be done about consents, on both databases: whom each list has, and whom it lets go."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.db.models import Child, Consent, ConsentText, Station
from core.db.scope import set_scope
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.vocabulary import ConsentHow, ConsentPurpose, LegalBasis
from core.services import consent_lists as lists
from core.services.consent_lists import ToDo
from core.services.consent_scans import Scan, add_scan, drop_scan
from core.services.stations import scope_of_station
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_consent, a_station

CLOCK = FixedClock(TEST_MOMENT)
TODAY = date(2026, 11, 26)
LONG_AGO = date(2026, 2, 1)
PHOTO, DATA = ConsentPurpose.PHOTO, ConsentPurpose.DATA
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def given(session: Session, child: Child, purpose: ConsentPurpose = PHOTO, **values: Any) -> Consent:
    return a_consent(session, child, purpose, **{"given_on": LONG_AGO, "text_version": 1, **values})


def listed(session: Session, to_do: ToDo) -> list[Consent | Child]:
    """Return what a list is about, and see that it is counted as it is listed."""
    found = lists.listed(session, to_do, TODAY)
    assert lists.counts(session, TODAY)[to_do] == found.total == len(found.lines)
    return [line.consent or line.child for line in found.lines]


def renew(session: Session, version: int = 2, valid_from: date = TODAY) -> None:
    session.add(ConsentText(purpose=PHOTO, version=version, chinese="新", english="new", valid_from=valid_from))
    session.flush()


@pytest.mark.parametrize(("last", "ends_soon"), [(-1, False), (0, True), (30, True), (31, False)])
def test_what_ends_within_thirty_days_is_listed(writing: Session, child: Child, last: int, *, ends_soon: bool) -> None:
    row = given(writing, child, valid_until=days(last))
    given(writing, child, ConsentPurpose.OUTING)
    assert listed(writing, ToDo.ENDING) == [row] * ends_soon


@pytest.mark.parametrize(
    ("other", "lets_go"),
    [
        ({}, True),
        ({"valid_until": days(6)}, True),
        ({"valid_until": days(4)}, False),
        ({"valid_until": days(90)}, True),
        ({"given_on": days(1)}, False),
        ({"withdrawn_on": TODAY, "withdrawn_how": ConsentHow.PAPER}, False),
    ],
)
def test_what_ends_soon_is_let_go_once_another_outlasts_it(
    writing: Session, child: Child, other: dict[str, Any], *, lets_go: bool
) -> None:
    row = given(writing, child, valid_until=days(5))
    assert listed(writing, ToDo.ENDING) == [row]
    given(writing, child, **other)
    assert (row not in listed(writing, ToDo.ENDING)) is lets_go


def test_what_is_for_something_else_or_of_somebody_else_outlasts_nothing(writing: Session, child: Child) -> None:
    other = a_child(writing, writing.get_one(Station, child.station_id))
    row = given(writing, child, valid_until=days(5))
    given(writing, child, ConsentPurpose.OUTING)
    given(writing, other)
    assert listed(writing, ToDo.ENDING) == [row]


def test_a_duty_outlasts_a_consent_that_ends(writing: Session, child: Child) -> None:
    row = given(writing, child, DATA, valid_until=days(5))
    assert listed(writing, ToDo.ENDING) == [row]
    given(writing, child, DATA, basis=LegalBasis.DUTY, law="法", text_version=None)
    assert listed(writing, ToDo.ENDING) == []


def test_of_two_that_end_together_one_is_listed_and_the_soonest_stands_first(writing: Session, child: Child) -> None:
    later = given(writing, child, ConsentPurpose.OUTING, valid_until=days(9))
    last = given(writing, child, valid_until=days(5), id=UUID(int=2))
    given(writing, child, valid_until=days(5), id=UUID(int=1))
    assert listed(writing, ToDo.ENDING) == [last, later]


def test_who_agreed_to_an_older_text_is_asked_again_from_its_day_on(writing: Session, child: Child) -> None:
    row = given(writing, child)
    given(writing, child, DATA, basis=LegalBasis.DUTY, law="法", text_version=None)
    renew(writing, valid_from=days(1))
    assert listed(writing, ToDo.TEXT) == []
    renew(writing, 3)
    assert listed(writing, ToDo.TEXT) == [row]


def test_a_consent_whose_text_nobody_noted_is_asked_again(writing: Session, child: Child) -> None:
    row = given(writing, child, text_version=None)
    assert listed(writing, ToDo.TEXT) == [row]


@pytest.mark.parametrize(
    ("other", "lets_go"),
    [
        ({"text_version": 2}, True),
        ({"text_version": 3}, True),
        ({"text_version": 2, "withdrawn_on": TODAY, "withdrawn_how": ConsentHow.LINK}, False),
        ({"text_version": 2, "valid_until": days(-1)}, False),
        ({"text_version": 2, "purpose": ConsentPurpose.OUTING}, False),
    ],
)
def test_who_agreed_to_an_older_text_is_let_go_once_somebody_agreed_to_the_one_in_force(
    writing: Session, child: Child, other: dict[str, Any], *, lets_go: bool
) -> None:
    renew(writing)
    row = given(writing, child, guardian_id=child.guardians[0].id)
    assert listed(writing, ToDo.TEXT) == [row]
    given(writing, child, **other)
    assert listed(writing, ToDo.TEXT) == [row] * (not lets_go)


def test_who_agrees_again_is_let_go_though_the_new_one_was_noted_first(writing: Session, child: Child) -> None:
    renew(writing)
    given(writing, child, text_version=2)
    given(writing, child)
    assert listed(writing, ToDo.TEXT) == []


def test_of_several_to_older_texts_the_last_is_listed(writing: Session, child: Child) -> None:
    renew(writing)
    renew(writing, 3)
    given(writing, child, id=UUID(int=4))
    last = given(writing, child, text_version=2, given_on=days(-1), id=UUID(int=2))
    given(writing, child, given_on=days(-1), id=UUID(int=1))
    other = given(writing, a_child(writing, writing.get_one(Station, child.station_id)))
    assert listed(writing, ToDo.TEXT) == [last, other]


def test_a_child_without_consent_or_duty_for_its_data_is_listed(writing: Session, child: Child) -> None:
    station = writing.get_one(Station, child.station_id)
    by_duty, over = a_child(writing, station), a_child(writing, station)
    given(writing, child)
    given(writing, by_duty, DATA, basis=LegalBasis.DUTY, law="法", text_version=None)
    given(writing, over, DATA, valid_until=days(-1))
    assert listed(writing, ToDo.BASIS) == [child, over]
    given(writing, child, DATA)
    assert listed(writing, ToDo.BASIS) == [over]


def test_a_signed_paper_is_listed_until_its_scan_is_kept_and_again_when_that_was_dropped(
    writing: Session, child: Child
) -> None:
    row = given(writing, child)
    given(writing, child, how=ConsentHow.LINK)
    given(writing, child, DATA, basis=LegalBasis.DUTY, law="法", text_version=None)
    given(writing, child, ConsentPurpose.OUTING, withdrawn_on=TODAY, withdrawn_how=ConsentHow.PAPER)
    assert listed(writing, ToDo.SCAN) == [row]
    add_scan(writing, SYSTEM, CLOCK, row.id, Scan("a.png", PNG))
    assert listed(writing, ToDo.SCAN) == []
    drop_scan(writing, SYSTEM, CLOCK, row.id)
    assert listed(writing, ToDo.SCAN) == [row]


def test_of_a_child_who_left_nothing_is_to_be_done(writing: Session, child: Child) -> None:
    given(writing, child, valid_until=days(1), text_version=None)
    assert [lists.counts(writing, TODAY)[to_do] for to_do in ToDo] == [1, 1, 1, 1]
    child.left_on = TODAY
    writing.flush()
    assert [lists.counts(writing, TODAY)[to_do] for to_do in ToDo] == [0, 0, 0, 0]
    assert lists.listed(writing, ToDo.BASIS, TODAY).lines == ()


def test_a_list_has_what_is_in_reach_alone(writing: Session, child: Child) -> None:
    there = a_child(writing, a_station(writing))
    for one in (child, there):
        given(writing, one, valid_until=days(1), text_version=None)
    here = [child.id]
    set_scope(writing, scope_of_station(writing, child.station_id))
    for to_do in ToDo:
        assert [line.child.id for line in lists.listed(writing, to_do, TODAY).lines] == here
        assert lists.counts(writing, TODAY)[to_do] == 1
    set_scope(writing, EVERYTHING)


@pytest.mark.parametrize(
    ("asked", "shown", "lines"), [(1, 1, 2), (2, 2, 2), (3, 3, 1), (9, 3, 1), (0, 1, 2), (-4, 1, 2)]
)
def test_a_list_comes_by_pages_and_the_last_is_shown_for_any_beyond(
    writing: Session, child: Child, monkeypatch: pytest.MonkeyPatch, asked: int, shown: int, lines: int
) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    station = writing.get_one(Station, child.station_id)
    children = sorted([child, *(a_child(writing, station) for _ in range(4))], key=lambda one: one.number)
    found = lists.listed(writing, ToDo.BASIS, TODAY, asked)
    assert (found.page, found.pages, found.total, len(found.lines)) == (shown, 3, 5, lines)
    first = (shown - 1) * 2
    assert [line.child for line in found.lines] == children[first : first + 2]


def test_an_empty_list_has_one_page(writing: Session) -> None:
    found = lists.listed(writing, ToDo.TEXT, TODAY, 3)
    assert (found.page, found.pages, found.total, found.lines) == (1, 1, 0, ())
