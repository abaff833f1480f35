"""A workbook brings people with their way in, and never gets anybody near children round the rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import Volunteer
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.clock import FixedClock
from core.domain.serving import Stage, Step
from core.domain.vocabulary import VolunteerKind
from core.hooks.manager import build_hooks
from core.services.assignable import may_be_assigned
from core.services.volunteering import note_step
from core.services.workbook.content import ClearanceRow, VolunteerRow, WorkbookContent
from core.services.workbook.errors import InvalidWorkbookError
from core.services.workbook.importing import import_workbook
from core.services.workbook.store.ledger import ImportSummary
from core.testing import TEST_MOMENT
from tests.integration.builders import BEFORE
from tests.integration.workbook_content import a_station, a_volunteer, workbook

CLOCK = FixedClock(TEST_MOMENT)
TODAY = BEFORE.date()
CHECKED = date(2026, 9, 1)
WAY_IN = {"interviewed_on": date(2026, 8, 1), "trained_on": date(2026, 8, 15), "accepted_on": date(2026, 9, 3)}


def a_check(**changes: Any) -> ClearanceRow:
    values = {"checked_on": CHECKED, "valid_until": date(2027, 8, 31), "passed": True, "reference": "测1", **changes}
    return ClearanceRow(volunteer="V1", authority="测试派出所", **values)


def load(database: Database, person: VolunteerRow, *checks: ClearanceRow) -> ImportSummary:
    content: WorkbookContent = a_station(volunteers=(person,), clearances=checks, activities=(), roles=())
    with database.writing(EVERYTHING) as session:
        return import_workbook(session, SYSTEM, CLOCK, build_hooks([]), workbook(content), demo=True)


def refused(database: Database, person: VolunteerRow, *checks: ClearanceRow) -> list[tuple[str, str]]:
    with pytest.raises(InvalidWorkbookError) as caught:
        load(database, person, *checks)
    return [(error.sheet, error.column) for error in caught.value.errors]


def the_person(session: Session) -> Volunteer:
    return session.scalars(select(Volunteer)).one()


def test_somebody_comes_with_their_way_in_and_the_second_time_nothing_is_new(sqlite_database: Database) -> None:
    load(sqlite_database, a_volunteer(**WAY_IN), a_check())
    again = load(sqlite_database, a_volunteer(**WAY_IN), a_check())
    assert not again.changed_anything
    with sqlite_database.reading(EVERYTHING) as session:
        row = the_person(session)
        steps = [(one.step, one.happened_on) for one in row.steps]
        assert steps == list(zip((Step.INTERVIEWED, Step.TRAINED, Step.ACCEPTED), WAY_IN.values(), strict=True))
        assert (row.stage, row.clearances[0].reference) == (Stage.ACCEPTED, "测1")
        assert may_be_assigned(row, TODAY, today=TODAY)


def test_who_has_no_day_of_acceptance_is_an_applicant_until_a_workbook_brings_it(sqlite_database: Database) -> None:
    load(sqlite_database, a_volunteer(), a_check())
    with sqlite_database.reading(EVERYTHING) as session:
        assert not may_be_assigned(the_person(session), TODAY, today=TODAY)
    assert load(sqlite_database, a_volunteer(**WAY_IN)).changed_anything
    with sqlite_database.reading(EVERYTHING) as session:
        assert may_be_assigned(the_person(session), TODAY, today=TODAY)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"interviewed_on": None}, "面谈日期"),
        ({"trained_on": None}, "培训日期"),
        ({"interviewed_on": date(2026, 9, 4)}, "面谈日期"),
        ({"trained_on": date(2026, 9, 4)}, "培训日期"),
        ({"accepted_on": TODAY + timedelta(days=5)}, "录用日期"),
        ({"birth_date": date(2010, 1, 1)}, "监护人同意日期"),
    ],
)
def test_an_acceptance_out_of_order_is_refused(sqlite_database: Database, changes: dict[str, Any], column: str) -> None:
    assert refused(sqlite_database, a_volunteer(**{**WAY_IN, **changes}), a_check()) == [("志愿者", column)]


def test_who_is_paid_is_accepted_by_the_check_alone_and_a_minor_with_consent(sqlite_database: Database) -> None:
    accepted = {"accepted_on": date(2026, 9, 3)}
    load(sqlite_database, a_volunteer(kind=VolunteerKind.SPEAKER, **accepted), a_check())
    minor = a_volunteer(
        number="V2",
        name="测员二",
        phone=None,
        birth_date=date(2010, 1, 1),
        guardian_consent_on=date(2026, 8, 1),
        **WAY_IN,
    )
    load(
        sqlite_database,
        minor,
        a_check(),
        ClearanceRow(volunteer="V2", checked_on=CHECKED, valid_until=date(2027, 8, 31), passed=True),
    )
    with sqlite_database.reading(EVERYTHING) as session:
        assert {row.stage for row in session.scalars(select(Volunteer))} == {Stage.ACCEPTED}


@pytest.mark.parametrize(
    "checks",
    [(), (a_check(passed=False),), (a_check(), a_check(checked_on=date(2026, 10, 1), passed=False))],
    ids=["never checked", "failed", "failed since"],
)
def test_nobody_is_accepted_without_a_passed_check(sqlite_database: Database, checks: tuple[ClearanceRow, ...]) -> None:
    assert refused(sqlite_database, a_volunteer(**WAY_IN), *checks) == [("志愿者", "录用日期")]


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"valid_until": date(2027, 9, 2)}, "有效期至"),
        ({"valid_until": date(2030, 1, 1)}, "有效期至"),
        ({"checked_on": TODAY + timedelta(days=5)}, "查询日期"),
    ],
)
def test_a_check_holds_for_a_year_and_has_been_made(
    sqlite_database: Database, changes: dict[str, Any], column: str
) -> None:
    assert ("从业查询", column) in refused(sqlite_database, a_volunteer(), a_check(**changes))


def test_a_check_may_be_noted_to_hold_for_the_whole_year(sqlite_database: Database) -> None:
    load(sqlite_database, a_volunteer(**WAY_IN), a_check(valid_until=date(2027, 9, 1)))


def test_a_failed_check_is_not_undone_by_another_workbook(sqlite_database: Database) -> None:
    load(sqlite_database, a_volunteer(), a_check(passed=False))
    assert refused(sqlite_database, a_volunteer(), a_check()) == [("从业查询", "查询结果")]
    load(sqlite_database, a_volunteer(), a_check(checked_on=date(2026, 10, 1)))
    with sqlite_database.reading(EVERYTHING) as session:
        assert [one.passed for one in the_person(session).clearances] == [False, True]


def test_who_has_left_does_not_come_back_by_a_workbook(sqlite_database: Database) -> None:
    load(sqlite_database, a_volunteer(**WAY_IN), a_check())
    with sqlite_database.writing(EVERYTHING) as session:
        note_step(session, SYSTEM, CLOCK, the_person(session), Step.LEFT, happened_on=TODAY, today=TODAY, note="搬家")
    load(sqlite_database, a_volunteer(**WAY_IN), a_check())
    with sqlite_database.reading(EVERYTHING) as session:
        assert the_person(session).stage is Stage.LEFT
    again = a_volunteer(**{**WAY_IN, "accepted_on": TODAY - timedelta(days=5)})
    assert refused(sqlite_database, again, a_check()) == [("志愿者", "录用日期")]
