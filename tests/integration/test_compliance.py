"""The yearly figures on minors' data: ages, consents and who asked to read what."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from core.db.models import AccessGrant, Consent, User
from core.domain.actor import SYSTEM, Role
from core.domain.errors import InvalidInputError, NotAllowedError
from core.domain.vocabulary import ConsentPurpose, GrantState
from core.services.compliance import AgeCounts, Compliance, ConsentCounts, GrantCounts, compliance_of
from tests.integration.builders import a_child, a_station
from tests.integration.people import Town, a_town

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 26)


def found(session: Session, year: int = 2026, today: date = TODAY) -> Compliance:
    return compliance_of(session, SYSTEM, year, today=today, zone=ZONE)


@pytest.mark.parametrize(
    ("born", "counts"),
    [
        ("2012-11-27", (1, 0, 0)),
        ("2012-11-26", (0, 1, 0)),
        ("2008-11-27", (0, 1, 0)),
        ("2008-11-26", (0, 0, 1)),
    ],
)
def test_files_are_counted_by_the_ages_that_the_law_tells_apart(
    writing: Session, born: str, counts: tuple[int, int, int]
) -> None:
    station = a_station(writing)
    a_child(writing, station, birth_date=born, created_at=datetime(2026, 3, 1, tzinfo=UTC))
    assert found(writing).ages == (AgeCounts(station.name, *counts),)


def test_a_past_year_is_counted_as_of_its_last_day(writing: Session) -> None:
    station = a_station(writing)
    a_child(writing, station, birth_date="2012-01-01", created_at=datetime(2025, 12, 31, 15, 59, tzinfo=UTC))
    a_child(writing, station, birth_date="2012-01-01", created_at=datetime(2025, 12, 31, 16, tzinfo=UTC))
    assert found(writing, 2025).day == date(2025, 12, 31)
    assert found(writing, 2025).ages == (AgeCounts(station.name, 1, 0, 0),)
    assert found(writing, 2026).ages == (AgeCounts(station.name, 0, 2, 0),)


def test_consents_are_counted_by_purpose(writing: Session) -> None:
    child = a_child(writing, a_station(writing))
    for given, until, withdrawn in [
        (date(2026, 1, 1), None, None),
        (date(2025, 12, 31), TODAY, None),
        (date(2025, 6, 1), TODAY - timedelta(days=1), None),
        (date(2026, 2, 1), None, TODAY),
        (date(2026, 3, 1), None, TODAY + timedelta(days=1)),
        (TODAY + timedelta(days=1), None, None),
    ]:
        writing.add(
            Consent(
                station_id=child.station_id,
                child_id=child.id,
                purpose=ConsentPurpose.PHOTO,
                given_on=given,
                valid_until=until,
                withdrawn_on=withdrawn,
            )
        )
    writing.flush()
    by_purpose = {one.purpose: one for one in found(writing).consents}
    assert by_purpose[ConsentPurpose.PHOTO] == ConsentCounts(ConsentPurpose.PHOTO, holding=3, given=3, withdrawn=2)
    assert by_purpose[ConsentPurpose.OUTING] == ConsentCounts(ConsentPurpose.OUTING, holding=0, given=0, withdrawn=0)


def _asked(session: Session, town: Town, at: datetime, state: GrantState, *, broken: bool, seen: bool = False) -> None:
    head = session.get_one(User, town[Role.HEAD].user_id)
    decided = head.id if state in {GrantState.APPROVED, GrantState.REFUSED} and not broken else None
    row = AccessGrant(
        station_id=town.station.id,
        user_id=town[Role.SOCIAL_WORKER].user_id,
        purpose="走访",
        fields=[],
        all_children=True,
        starts_at=at,
        ends_at=at + timedelta(days=1),
        state=state,
        break_glass=broken,
        asked_at=at,
        decided_by_id=decided,
        decided_at=at if decided else None,
        acknowledged_by_id=head.id if seen else None,
    )
    session.add(row)
    session.flush()


def test_requests_to_read_are_counted_by_what_became_of_them(writing: Session) -> None:
    town, first = a_town(writing), datetime(2025, 12, 31, 16, tzinfo=UTC)
    _asked(writing, town, first - timedelta(seconds=1), GrantState.ASKED, broken=False)
    for state in (GrantState.ASKED, GrantState.APPROVED, GrantState.APPROVED, GrantState.REFUSED, GrantState.ENDED):
        _asked(writing, town, first, state, broken=False)
    _asked(writing, town, first, GrantState.APPROVED, broken=True)
    _asked(writing, town, first, GrantState.APPROVED, broken=True, seen=True)
    assert found(writing).grants == GrantCounts(
        asked=5, approved=2, refused=1, ended=1, broken_glass=2, not_acknowledged=1
    )


@pytest.mark.parametrize("year", [1999, 2027])
def test_a_year_without_figures_is_refused(writing: Session, year: int) -> None:
    with pytest.raises(InvalidInputError):
        found(writing, year)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.SOCIAL_WORKER, Role.VOLUNTEER])
def test_who_may_not_see_them_is_refused(writing: Session, role: Role) -> None:
    town = a_town(writing)
    with pytest.raises(NotAllowedError):
        compliance_of(writing, town[role], 2026, today=TODAY, zone=ZONE)
    assert compliance_of(writing, town[Role.AUDITOR], 2026, today=TODAY, zone=ZONE).year == 2026
