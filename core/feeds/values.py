"""Values of calendars by icalendar's parsers, which have no types of their own."""

from datetime import date, datetime, timedelta

from icalendar import Parameters, vDate, vDatetime, vDuration
from icalendar.parser import Contentline


def line_of(text: str) -> tuple[Parameters, str]:
    """Return the parameters and the value of a line; ValueError if it is none."""
    _, parameters, value = Contentline(text).raw_parts()  # type: ignore[no-untyped-call]
    return parameters, value


def date_of(text: str) -> date:
    """Return a date; ValueError for what is none."""
    found: date = vDate.from_ical(text)  # type: ignore[no-untyped-call]
    return found


def moment_of(text: str) -> datetime:
    """Return a moment, in UTC if it says so, else without offset; ValueError for what is none."""
    found: datetime = vDatetime.from_ical(text)  # type: ignore[no-untyped-call]
    return found


def lasting_of(text: str) -> timedelta:
    """Return a duration; ValueError for what is none."""
    found: timedelta = vDuration.from_ical(text.strip())  # type: ignore[no-untyped-call]
    return found
