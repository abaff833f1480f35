"""A station's calendar: which days are open, at which hours, and which starts a term allows."""

from datetime import date, datetime, time, timedelta

import pytest

from core.domain.calendar.arranged_year import ArrangedYear, NamedDay
from core.domain.calendar.closure import BookedTime, Closure, sessions_hit
from core.domain.calendar.day import DayKind
from core.domain.calendar.school_break import SchoolBreak
from core.domain.calendar.station import OpeningHours, StationCalendar
from core.domain.calendar.term import Term, possible_starts, term_days
from core.domain.calendar.work import WorkCalendar
from core.domain.errors import InvalidInputError
from core.domain.vocabulary import TermKind

MORNING, NOON, AFTERNOON, EVENING = time(9), time(12), time(14), time(18)
WINTER = SchoolBreak(date(2027, 1, 25), date(2027, 2, 21), "寒假")
HOUR = timedelta(hours=1)


def opening_hours(*weekdays: int) -> tuple[OpeningHours, ...]:
    return tuple(
        OpeningHours(weekday, opens, closes)
        for weekday in weekdays or range(7)
        for opens, closes in ((AFTERNOON, EVENING), (MORNING, NOON))
    )


def a_station(
    *closures: Closure,
    breaks: tuple[SchoolBreak, ...] = (),
    hours: tuple[OpeningHours, ...] | None = None,
    entered: tuple[ArrangedYear, ...] = (),
) -> StationCalendar:
    return StationCalendar(WorkCalendar(entered), opening_hours() if hours is None else hours, breaks, closures)


@pytest.mark.parametrize(
    ("on", "kind", "is_open"),
    [
        (date(2026, 2, 14), DayKind.WORKING_WEEKEND, False),
        (date(2026, 2, 15), DayKind.WEEKEND, True),
        (date(2026, 2, 16), DayKind.PUBLIC_HOLIDAY, True),
        (date(2026, 2, 24), DayKind.SCHOOL_DAY, False),
        (date(2026, 2, 28), DayKind.WORKING_WEEKEND, False),
        (date(2026, 3, 7), DayKind.WEEKEND, True),
        (date(2026, 10, 7), DayKind.PUBLIC_HOLIDAY, True),
        (date(2026, 10, 10), DayKind.WORKING_WEEKEND, False),
    ],
)
def test_a_day_is_open_for_what_it_is_and_not_for_its_weekday(on: date, kind: DayKind, *, is_open: bool) -> None:
    day = a_station().day(on)
    assert (day.kind, day.open, day.provisional) == (kind, is_open, False)


def test_a_day_carries_the_names_of_its_holiday_and_its_festival() -> None:
    day = a_station().day(date(2026, 2, 16))
    assert (str(day.name), str(day.festival)) == ("Spring Festival", "Lunar New Year's Eve")


def test_a_weekday_in_the_break_is_open_and_provisional_while_the_year_is_not_arranged() -> None:
    on = date(2027, 1, 25)
    day = a_station(breaks=(WINTER,)).day(on)
    assert (day.kind, day.open, day.provisional, day.school_break) == (DayKind.SCHOOL_BREAK, True, True, "寒假")
    arranged = ArrangedYear(2027, "notice", date(2026, 11, 4), (NamedDay(date(2027, 1, 1), "元旦"),))
    assert not a_station(breaks=(WINTER,), entered=(arranged,)).day(on).provisional


def test_a_working_weekend_inside_a_break_is_open_because_the_children_are_free() -> None:
    day = a_station(breaks=(SchoolBreak(date(2026, 2, 9), date(2026, 3, 1), "寒假"),)).day(date(2026, 2, 14))
    assert (day.kind, day.open) == (DayKind.SCHOOL_BREAK, True)


def test_a_public_holiday_inside_a_break_stays_a_public_holiday() -> None:
    day = a_station(breaks=(WINTER,)).day(date(2027, 2, 6))
    assert (day.kind, day.school_break) == (DayKind.PUBLIC_HOLIDAY, "寒假")


def test_a_schools_own_break_replaces_the_countys_of_the_same_name() -> None:
    late = SchoolBreak(date(2027, 1, 28), date(2027, 2, 24), "寒假", school_id="second")
    station = a_station(breaks=(WINTER, late))
    monday, wednesday = date(2027, 1, 25), date(2027, 2, 24)
    assert station.day(monday).open
    assert not station.day(monday, school_id="second").open
    assert station.day(wednesday, school_id="second").open
    assert station.day(monday, school_id="first").open
    assert not station.day(wednesday, school_id="first").open


def test_a_schools_exception_of_one_year_leaves_the_countys_other_years_alone() -> None:
    next_winter = SchoolBreak(date(2028, 1, 17), date(2028, 2, 13), "寒假")
    own = SchoolBreak(date(2027, 1, 28), date(2027, 2, 24), "寒假", school_id="second")
    station = a_station(breaks=(WINTER, next_winter, own))
    assert station.day(date(2028, 1, 17), school_id="second").open


def test_a_schools_day_of_its_own_adds_to_the_countys_breaks() -> None:
    sports = SchoolBreak(date(2027, 4, 15), date(2027, 4, 15), "校运会", school_id="second")
    station = a_station(breaks=(WINTER, sports))
    assert station.day(sports.first, school_id="second").open
    assert not station.day(sports.first).open
    assert station.day(WINTER.first, school_id="second").open


def test_a_weekday_without_opening_hours_is_not_open() -> None:
    day = a_station(hours=opening_hours(0, 1)).day(date(2026, 3, 7))
    assert not day.open
    assert "no opening hours" in str(day.closed)


def test_opening_windows_come_in_order() -> None:
    assert a_station().open_windows(date(2026, 3, 7)) == ((MORNING, NOON), (AFTERNOON, EVENING))


def test_the_spring_festival_closure_shuts_whole_days() -> None:
    station = a_station(Closure(date(2026, 2, 16), date(2026, 2, 18), "春节"))
    assert [day.open for day in station.days(date(2026, 2, 15), date(2026, 2, 19))] == [True, False, False, False, True]
    assert str(station.day(date(2026, 2, 17)).closed) == "Closed: 春节"
    assert station.open_windows(date(2026, 2, 17)) == ()


def test_a_typhoon_in_the_afternoon_leaves_the_morning_and_shuts_the_next_day() -> None:
    saturday, sunday = date(2026, 9, 5), date(2026, 9, 6)
    station = a_station(Closure(saturday, sunday, "台风", from_time=time(15)))
    assert station.open_windows(saturday) == ((MORNING, NOON), (AFTERNOON, time(15)))
    assert station.day(saturday).open
    assert str(station.day(saturday).closed) == "Closed from 15:00: 台风"
    assert not station.day(sunday).open


def test_a_room_that_is_shut_leaves_the_station_and_other_rooms_open() -> None:
    on = date(2026, 9, 5)
    station = a_station(Closure(on, on, "painting", venue_id="centre", room_id="music"))
    assert station.day(on).open
    assert station.day(on).closed is None
    assert station.open_windows(on, venue_id="centre", room_id="music") == ()
    assert station.open_windows(on, venue_id="centre", room_id="dance") == station.open_windows(on) != ()


def test_a_venue_that_is_shut_takes_its_rooms_with_it() -> None:
    on = date(2026, 9, 5)
    station = a_station(Closure(on, on, "power cut", venue_id="centre"))
    assert station.open_windows(on, venue_id="centre", room_id="music") == ()
    assert station.open_windows(on, venue_id="village", room_id="hall") != ()


def test_a_school_term_offers_open_days_outside_the_breaks() -> None:
    term = Term(date(2026, 9, 19), date(2026, 10, 11), TermKind.WEEKENDS)
    days = [day.date for day in term_days(a_station(), term)]
    # The 20th of September and the 10th of October are worked.
    national_week = [date(2026, 10, number) for number in range(1, 8)]
    assert days == [
        date(2026, 9, 19),
        *(date(2026, 9, number) for number in (25, 26, 27)),
        *national_week,
        date(2026, 10, 11),
    ]


def test_a_school_term_leaves_the_weekends_of_a_break_to_the_break() -> None:
    span = date(2027, 1, 23), date(2027, 1, 31)
    station = a_station(breaks=(WINTER,))
    weekends = [day.date.day for day in term_days(station, Term(*span, TermKind.WEEKENDS))]
    winter = [day.date.day for day in term_days(station, Term(*span, TermKind.WINTER))]
    assert weekends == [23, 24]
    assert winter == [23, 24, 25, 26, 27, 28, 29, 30, 31]


def test_starts_fit_wholly_into_opening_hours() -> None:
    term = Term(date(2026, 3, 7), date(2026, 3, 8), TermKind.WEEKENDS)
    times = [time(16, 30), time(10, 30), time(11), time(8, 30), time(13, 30), time(10, 30)]
    starts = possible_starts(a_station(), term_days(a_station(), term), times, timedelta(minutes=90))
    assert starts == tuple(
        datetime(2026, 3, number, hour, 30)  # noqa: DTZ001 - wall-clock time of the station
        for number in (7, 8)
        for hour in (10, 16)
    )


def test_starts_keep_clear_of_a_closure() -> None:
    term = Term(date(2026, 9, 5), date(2026, 9, 6), TermKind.WEEKENDS)
    station = a_station(Closure(date(2026, 9, 5), date(2026, 9, 5), "台风", from_time=time(11)))
    starts = possible_starts(station, term_days(station, term), [time(10), time(11), AFTERNOON], HOUR)
    assert [(start.day, start.hour) for start in starts] == [(5, 10), (6, 10), (6, 11), (6, 14)]


def test_a_session_over_midnight_fits_nowhere() -> None:
    station = a_station(hours=(OpeningHours(5, time.min, time(23, 59)),))
    term = Term(date(2026, 3, 7), date(2026, 3, 7), TermKind.WEEKENDS)
    assert possible_starts(station, term_days(station, term), [time(23)], 2 * HOUR) == ()
    assert len(possible_starts(station, term_days(station, term), [time(21)], 2 * HOUR)) == 1


def test_a_session_without_duration_is_refused() -> None:
    term = Term(date(2026, 3, 7), date(2026, 3, 7), TermKind.WEEKENDS)
    with pytest.raises(InvalidInputError, match="minutes"):
        possible_starts(a_station(), term_days(a_station(), term), [MORNING], timedelta(0))


def a_session(start_hour: int, on: date = date(2026, 9, 5), **place: str) -> BookedTime:
    start = datetime.combine(on, time(start_hour))
    return BookedTime(f"{on}-{start_hour}", start, start + HOUR, **place)


def test_closing_a_day_hits_the_sessions_that_could_not_be_held() -> None:
    closure = Closure(date(2026, 9, 5), date(2026, 9, 6), "台风", from_time=time(11))
    before, touching, inside, next_day = a_session(9), a_session(10), a_session(11), a_session(9, date(2026, 9, 6))
    after = a_session(9, date(2026, 9, 7))
    assert sessions_hit(closure, [before, touching, inside, next_day, after]) == (inside, next_day)


def test_a_session_that_has_begun_when_the_doors_shut_is_hit() -> None:
    closure = Closure(date(2026, 9, 5), date(2026, 9, 5), "台风", from_time=time(11, 30))
    assert sessions_hit(closure, [a_session(11)])


def test_closing_a_room_hits_only_that_room() -> None:
    closure = Closure(date(2026, 9, 5), date(2026, 9, 5), "painting", venue_id="centre", room_id="music")
    hit = a_session(9, venue_id="centre", room_id="music")
    spared = a_session(10, venue_id="centre", room_id="dance")
    assert sessions_hit(closure, [hit, spared, a_session(11)]) == (hit,)


def test_dates_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="exchange"):
        Closure(date(2026, 9, 6), date(2026, 9, 5), "台风")


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="09:00"):
        OpeningHours(0, NOON, MORNING)
