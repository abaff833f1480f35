"""The country's working calendar against the State Council's own arrangements."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from holidays.countries.china import ChinaStaticHolidays

from core.domain.calendar.arranged_year import LIBRARY_YEARS, ArrangedYear, ArrangementError, NamedDay
from core.domain.calendar.day import DayKind
from core.domain.calendar.span import Span
from core.domain.calendar.work import WorkCalendar
from core.domain.errors import ConflictError

OFFICIAL = json.loads((Path(__file__).parents[1] / "data" / "holidays-cn-official.json").read_text("utf-8"))["years"]


def dates_of(year: int) -> list[date]:
    return list(Span(date(year, 1, 1), date(year, 12, 31)).dates())


def officially_off(year: str) -> set[date]:
    spans = (item.split("/") for item in OFFICIAL[year]["off"])
    return {day for first, last in spans for day in Span(date.fromisoformat(first), date.fromisoformat(last)).dates()}


def officially_worked(year: str) -> set[date]:
    return {date.fromisoformat(item) for item in OFFICIAL[year]["work_on_weekend"]}


def an_arranged_year(**changes: object) -> ArrangedYear:
    values: dict[str, object] = {
        "year": 2027,
        "source": "Notice on the holidays of 2027",
        "published_on": date(2026, 11, 4),
        "days_off": (NamedDay(date(2027, 1, 1), "元旦"), NamedDay(date(2027, 2, 12), "春节")),
        "working_days": (date(2027, 2, 20),),
    }
    return ArrangedYear(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("year", ["2017", "2026"])
def test_every_day_agrees_with_the_official_arrangement(year: str) -> None:
    calendar = WorkCalendar()
    off, worked = officially_off(year), officially_worked(year)
    expected = {day: day in worked or (day.weekday() < 5 and day not in off) for day in dates_of(int(year))}
    assert {day: calendar.is_working_day(day) for day in dates_of(int(year))} == expected
    assert {day for day in expected if calendar.kind(day) is DayKind.WORKING_WEEKEND} == worked
    assert len(expected) == 365


@pytest.mark.parametrize("year", ["2017", "2026"])
def test_every_weekday_off_is_a_public_holiday_with_a_name(year: str) -> None:
    calendar = WorkCalendar()
    weekdays_off = {day for day in officially_off(year) if day.weekday() < 5}
    assert {day for day in dates_of(int(year)) if day.weekday() < 5 and calendar.holiday(day)} == weekdays_off


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 2), "New Year's Day"),
        (date(2026, 2, 16), "Spring Festival"),
        (date(2026, 2, 23), "Spring Festival"),
        (date(2026, 4, 6), "Tomb-Sweeping Day"),
        (date(2026, 5, 5), "Labour Day"),
        (date(2026, 10, 7), "National Day"),
        (date(2024, 9, 16), "Mid-Autumn Festival"),
        (date(2018, 12, 31), "New Year's Day"),
        (date(2015, 9, 4), "Victory Day"),
    ],
)
def test_a_moved_day_off_has_the_name_of_its_holiday(day: date, name: str) -> None:
    assert str(WorkCalendar().holiday(day)) == name


def test_no_day_off_of_an_arranged_year_goes_without_the_name_of_its_holiday() -> None:
    calendar = WorkCalendar()
    names = [str(calendar.holiday(day)) for year in LIBRARY_YEARS for day in dates_of(year) if calendar.holiday(day)]
    assert len(names) > 26 * 15
    assert "Public holiday" not in names


def test_the_arranged_years_are_those_of_the_library_release() -> None:
    assert frozenset(ChinaStaticHolidays.special_public_holidays) == LIBRARY_YEARS


def test_the_arranged_years_all_move_working_days_and_the_next_year_does_not() -> None:
    calendar = WorkCalendar()

    def moved(year: int) -> int:
        return sum(calendar.kind(day) is DayKind.WORKING_WEEKEND for day in dates_of(year))

    assert min(moved(year) for year in LIBRARY_YEARS) >= 5
    assert moved(max(LIBRARY_YEARS) + 1) == 0


def test_a_year_without_an_arrangement_is_provisional_on_every_day() -> None:
    calendar = WorkCalendar()
    assert all(calendar.is_provisional(day) for day in dates_of(2027))
    assert not any(calendar.is_provisional(day) for day in dates_of(2026))
    assert calendar.is_provisional(date(2000, 12, 31))


def test_a_year_becomes_final_when_its_arrangement_is_entered() -> None:
    calendar = WorkCalendar((an_arranged_year(),))
    assert not any(calendar.is_provisional(day) for day in dates_of(2027))
    assert calendar.is_provisional(date(2028, 1, 1))
    assert calendar.kind(date(2027, 2, 12)) is DayKind.PUBLIC_HOLIDAY
    assert calendar.kind(date(2027, 2, 20)) is DayKind.WORKING_WEEKEND


def test_an_entered_arrangement_replaces_the_guesses_of_the_library() -> None:
    guessed = date(2027, 10, 4)
    assert WorkCalendar().kind(guessed) is DayKind.PUBLIC_HOLIDAY
    assert WorkCalendar((an_arranged_year(),)).kind(guessed) is DayKind.SCHOOL_DAY


def test_the_official_year_entered_by_hand_gives_the_same_days_as_the_library() -> None:
    named = tuple(NamedDay(day, "假期") for day in sorted(officially_off("2026")))
    entered = an_arranged_year(year=2026, days_off=named, working_days=tuple(sorted(officially_worked("2026"))))
    by_hand, by_library = WorkCalendar((entered,)), WorkCalendar()
    days = dates_of(2026)
    assert [by_hand.is_working_day(day) for day in days] == [by_library.is_working_day(day) for day in days]


def test_a_new_years_arrangement_reaches_into_the_december_before() -> None:
    eve, worked = date(2026, 12, 31), date(2026, 12, 27)
    arranged = an_arranged_year(days_off=(NamedDay(eve, "元旦"),), working_days=(worked,))
    calendar = WorkCalendar((arranged,))
    assert str(calendar.holiday(eve)) == "New Year's Day"
    assert calendar.kind(worked) is DayKind.WORKING_WEEKEND
    assert calendar.kind(date(2026, 10, 1)) is DayKind.PUBLIC_HOLIDAY
    assert calendar.kind(date(2026, 12, 26)) is DayKind.WEEKEND


def test_a_holiday_unknown_to_the_catalogue_keeps_the_name_that_was_entered() -> None:
    day = date(2027, 9, 3)
    calendar = WorkCalendar((an_arranged_year(days_off=(NamedDay(day, "100% 纪念日"),)),))
    assert str(calendar.holiday(day)) == "100% 纪念日"


def test_one_year_entered_twice_is_a_conflict() -> None:
    with pytest.raises(ConflictError, match="2027"):
        WorkCalendar((an_arranged_year(), an_arranged_year())).kind(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"days_off": ()}, "no day off"),
        ({"working_days": (date(2027, 2, 19),)}, "no Saturday or Sunday"),
        ({"working_days": (date(2027, 2, 20), date(2027, 2, 20))}, "listed twice"),
        ({"days_off": (NamedDay(date(2027, 2, 20), "春节"),)}, "listed twice"),
        ({"days_off": (NamedDay(date(2026, 11, 30), "元旦"),)}, "not in 2027"),
        ({"days_off": (NamedDay(date(2028, 1, 1), "元旦"),)}, "not in 2027"),
    ],
)
def test_an_arrangement_that_cannot_be_right_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ArrangementError, match=message):
        an_arranged_year(**changes)


def test_consecutive_days_of_a_span_are_a_day_apart() -> None:
    days = list(Span(date(2027, 2, 27), date(2027, 3, 2)).dates())
    assert days == [date(2027, 2, 27) + timedelta(days=step) for step in range(4)]
