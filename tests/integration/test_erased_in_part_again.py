"""What was erased in part and comes back with an older backup is erased as of the stations' own day."""

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Consent
from core.domain.clock import FixedClock
from core.domain.retention import ErasedKind
from core.domain.vocabulary import ConsentPurpose
from core.services.erasing import Erased, erase_again
from tests.integration.builders import a_child, a_consent, a_station, an_installation

#: Half past midnight at the stations, the day before in UTC.
ERASED_AT = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
TODAY = date(2026, 11, 27)
LATER = FixedClock(datetime(2026, 12, 5, 3, tzinfo=UTC))


def test_a_consent_of_the_day_itself_is_withdrawn_again_on_that_day(writing: Session) -> None:
    an_installation(writing)
    child = a_child(writing, a_station(writing), health="花生过敏")
    a_consent(writing, child, ConsentPurpose.HEALTH, given_on=TODAY)
    assert erase_again(writing, LATER, [Erased(ErasedKind.CONSENTED, child.id, ERASED_AT)]) == 1
    assert writing.scalars(select(Consent.withdrawn_on)).one() == TODAY
    assert child.sealed_health is None


def test_a_consent_that_was_given_after_the_deletion_is_not_withdrawn(writing: Session) -> None:
    an_installation(writing)
    child = a_child(writing, a_station(writing))
    a_consent(writing, child, ConsentPurpose.HEALTH, given_on=date(2026, 11, 28))
    assert erase_again(writing, LATER, [Erased(ErasedKind.CONSENTED, child.id, ERASED_AT)]) == 1
    assert writing.scalars(select(Consent.withdrawn_on)).one() is None
