"""Guardians' consents are noted once, withdrawn once, and each of it stands in the audit log."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AuditEntry, Child, Consent, Station
from core.domain.actor import Actor
from core.domain.clock import FixedClock
from core.domain.errors import ConflictError, InvalidInputError, NotFoundError
from core.domain.ids import new_id
from core.domain.vocabulary import ConsentPurpose
from core.services.consents import consents_listed, give_consent, withdraw_consent
from core.services.web_sessions import actor_of
from core.testing import TEST_MOMENT
from tests.integration.builders import a_child, a_station, an_account
from tests.translated import in_chinese

CLOCK = FixedClock(TEST_MOMENT)
Give = Callable[..., Consent]
TODAY = date(2026, 11, 26)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def child(writing: Session) -> Child:
    return a_child(writing, a_station(writing))


@pytest.fixture
def staff(writing: Session, child: Child) -> Actor:
    return actor_of(an_account(writing, writing.get_one(Station, child.station_id)))


@pytest.fixture
def give(writing: Session, staff: Actor, child: Child) -> Give:
    """Return what notes a consent for the child, given today for photos unless said otherwise."""

    def given(
        purpose: ConsentPurpose = ConsentPurpose.PHOTO,
        given_on: date = TODAY,
        valid_until: date | None = None,
        *,
        of: Child = child,
    ) -> Consent:
        days = {"given_on": given_on, "valid_until": valid_until, "today": TODAY}
        return give_consent(writing, staff, CLOCK, of, purpose, **days)

    return given


def noted(session: Session, child: Child) -> list[tuple[str, str, UUID | None, UUID | None, dict[str, str]]]:
    """Return what the child's station has on record."""
    query = select(AuditEntry).where(AuditEntry.station_id == child.station_id).order_by(AuditEntry.number)
    return [
        (row.action, row.subject_kind, row.subject_id, row.actor_id, dict(row.detail)) for row in session.scalars(query)
    ]


def test_a_consent_is_kept_and_noted(writing: Session, child: Child, staff: Actor, give: Give) -> None:
    row = give(valid_until=TOMORROW)
    kept = writing.scalars(select(Consent)).one()
    assert kept is row
    assert (kept.station_id, kept.child_id, kept.purpose) == (child.station_id, child.id, ConsentPurpose.PHOTO)
    assert (kept.given_on, kept.valid_until, kept.withdrawn_on) == (TODAY, TOMORROW, None)
    assert noted(writing, child) == [("consent.given", "child", child.id, staff.user_id, {"purpose": "photo"})]


def test_a_consent_may_end_on_the_day_on_which_it_is_given(give: Give) -> None:
    assert give(valid_until=TODAY).valid_until == TODAY


@pytest.mark.parametrize(("given_on", "valid_until", "said"), [(TOMORROW, None, "将来"), (TODAY, YESTERDAY, "早于")])
def test_days_that_can_not_be_are_refused(
    writing: Session, child: Child, give: Give, given_on: date, valid_until: date | None, said: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        give(given_on=given_on, valid_until=valid_until)
    assert said in in_chinese(caught.value.message)
    assert noted(writing, child) == []


def test_the_same_consent_is_noted_once_and_another_beside_it(writing: Session, child: Child, give: Give) -> None:
    give()
    with pytest.raises(ConflictError) as caught:
        give()
    assert in_chinese(caught.value.message)
    give(given_on=YESTERDAY)
    give(ConsentPurpose.OUTING)
    other = a_child(writing, a_station(writing))
    give(of=other)
    found = [(row.purpose, row.given_on) for row in consents_listed(writing, child.id)]
    assert found == [
        (ConsentPurpose.OUTING, TODAY),
        (ConsentPurpose.PHOTO, TODAY),
        (ConsentPurpose.PHOTO, YESTERDAY),
    ]
    assert len(consents_listed(writing, other.id)) == 1


def test_a_consent_is_withdrawn_once(writing: Session, child: Child, staff: Actor, give: Give) -> None:
    row = give(given_on=YESTERDAY)
    assert withdraw_consent(writing, staff, CLOCK, row.id, today=TODAY) is row
    assert row.withdrawn_on == TODAY
    withdraw_consent(writing, staff, CLOCK, row.id, today=TOMORROW)
    assert row.withdrawn_on == TODAY
    assert noted(writing, child)[1:] == [("consent.withdrawn", "child", child.id, staff.user_id, {"purpose": "photo"})]


def test_a_consent_that_is_not_there_is_not_withdrawn(writing: Session, staff: Actor) -> None:
    with pytest.raises(NotFoundError) as caught:
        withdraw_consent(writing, staff, CLOCK, new_id(), today=TODAY)
    assert in_chinese(caught.value.message)
