"""The plugin keeps what every plugin must keep, and says what it should."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from core.plugin_api import (
    ActivityOutline,
    Applicant,
    Audience,
    InvalidInputError,
    SessionOutline,
    Standing,
)
from core.testing import plugin_findings
from sqlalchemy.orm import Session

from weibao_home_visits.activities import AFTERNOON, VISIT
from weibao_home_visits.contribution import contribution
from weibao_home_visits.eligibility import obstacles
from weibao_home_visits.models import HomeVisitNeed
from weibao_home_visits.months import Month, months_between
from weibao_home_visits.reports import figure, figure_of_part
from weibao_home_visits.texts import describe


def test_it_keeps_what_every_plugin_must_keep() -> None:
    assert plugin_findings(Path(__file__).parents[1]) == {}


def an_outline(key: str = VISIT.key) -> ActivityOutline:
    return ActivityOutline(str(UUID(int=1)), key, "走访一", 4, 1, (), {})


def told(**settings: object) -> str:
    text = describe(SessionOutline(AFTERNOON.key, "下午茶", 0, 2, settings))
    assert text is not None
    assert text.category is not None
    return str(text.description)


def test_calendars_tell_of_afternoons_and_never_of_visits() -> None:
    assert told() == "Families and visitors meet."
    assert told(theme="kites") == "Families and visitors meet: kites."
    assert "Please bring" in told(theme="kites", bring=["string"])
    assert describe(SessionOutline(VISIT.key, "走访一", 0, 4, {})) is None


@pytest.mark.parametrize(
    ("audience", "taking_part", "code"),
    [
        (Audience.CHILDREN, 0, "by_the_station"),
        (Audience.CHILDREN, 1, "one_home"),
        (Audience.FAMILIES, 0, "children_only"),
    ],
)
def test_nobody_registers_for_a_visit(audience: Audience, taking_part: int, code: str) -> None:
    (found,) = obstacles(Applicant(audience, 9), an_outline(), Standing(0, taking_part))
    assert found.code == code
    assert bool(found.waived_by) is (code == "by_the_station")


def test_an_afternoon_is_open_to_all_families() -> None:
    assert obstacles(Applicant(Audience.FAMILIES, None), an_outline(AFTERNOON.key), Standing(0, 9)) == ()


def test_a_term_without_visits_is_told_nothing_and_asks_no_database() -> None:
    assert contribution([an_outline(AFTERNOON.key)], Session()).extension == {}


def test_a_need_covers_its_days() -> None:
    need = HomeVisitNeed(since=date(2026, 12, 1), until=date(2026, 12, 31))
    assert [need.covers(date(2026, month, day)) for month, day in ((11, 30), (12, 1), (12, 31))] == [False, True, True]
    assert HomeVisitNeed(since=date(2026, 12, 1)).covers(date(2030, 1, 1))
    assert not need.covers(date(2027, 1, 1))


def test_months_follow_one_another_over_the_year() -> None:
    assert list(map(str, months_between(date(2026, 11, 30), date(2027, 1, 1)))) == ["2026-11", "2026-12", "2027-01"]
    december = Month.read(" 2026-12 ")
    assert (december.first, december.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert december.following.previous == december


@pytest.mark.parametrize("text", ["2026-13", "2026", "12-2026", "2026-1", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        Month.read(text)


def test_a_report_tells_of_five_children_or_of_none() -> None:
    assert [figure(children) for children in (0, 1, 4, 5)] == [0, None, None, 5]
    parts = [(0, 9), (4, 9), (5, 9), (9, 9), (5, 10), (3, 4)]
    assert [figure_of_part(part, whole) for part, whole in parts] == [0, None, None, 9, 5, None]
