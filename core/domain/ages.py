"""Ages and school grades on a given day."""

from datetime import date

from core.domain.errors import InvalidInputError, Message

_SCHOOL_YEAR_BEGINS = (9, 1)
_AGE_AT_ENTRY = 6
_LAST_GRADE = 12


def age_on(born: date, day: date) -> int:
    """Return the completed years of age on the day; whoever was born on 29 February turns on 1 March in other years.

    Raises InvalidInputError if the day lies before the birth.
    """
    if day < born:
        raise InvalidInputError(Message("The date of birth lies later than the day asked for: correct it."))
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def school_year(day: date) -> int:
    """Return the calendar year in which the school year of the day began, on 1 September."""
    return day.year if (day.month, day.day) >= _SCHOOL_YEAR_BEGINS else day.year - 1


def grade_on(born: date, day: date) -> int | None:
    """Return the grade, 1 to 12, in which a child of this birth date usually is on the day; None before and after.

    A child enters grade 1 on the first 1 September by which it has turned six (Compulsory Education Law, article 11;
    schools take everyone born up to 31 August). What the child's record says goes before this.
    """
    entered = school_year(born) + _AGE_AT_ENTRY + 1
    grade = school_year(day) - entered + 1
    return grade if 1 <= grade <= _LAST_GRADE else None
