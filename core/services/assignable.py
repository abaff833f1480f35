"""The one answer to who may be put near children on a day: planner, board, import, publishing and door all ask here."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from core.db.models import Volunteer
from core.domain.errors import ConflictError, Message
from core.domain.replies import ServingRules
from core.domain.serving import Bar, Check, Standing, bar, is_adult

_REASONS: Final[Mapping[Bar, Message]] = MappingProxyType(
    {
        Bar.NOT_ACCEPTED: Message("not accepted by the station"),
        Bar.RESTING: Message("does not serve at present"),
        Bar.GUARDIAN: Message("under age, and no guardian has agreed"),
        Bar.NEVER_CHECKED: Message("never checked for past offences"),
        Bar.FAILED: Message("the background check was not passed"),
        Bar.EXPIRED: Message("no background check that holds on that day"),
        Bar.HOURS: Message("under age, and it lies outside the hours for that"),
    }
)


class NotAssignableError(ConflictError):
    """Somebody may not be put near children on a day; the message says who and why."""

    code = "not_assignable"

    def __init__(self, volunteer: Volunteer, day: date, why: Bar) -> None:
        super().__init__(
            Message(
                "%(name)s can't serve on %(day)s: %(reason)s.",
                {"name": volunteer.name, "day": day, "reason": reason(why)},
            )
        )
        self.why = why


def reason(why: Bar) -> Message:
    """Return why somebody may not serve, in a few words."""
    return _REASONS[why]


def checks_of(volunteer: Volunteer) -> tuple[Check, ...]:
    """Return the background checks that are noted of somebody."""
    return tuple(Check(row.checked_on, row.valid_until, row.passed) for row in volunteer.clearances)


def why_not(volunteer: Volunteer, day: date, *, today: date) -> Bar | None:
    """Return what keeps somebody from being assigned on the day, as it is known today; None: nothing does."""
    standing = Standing(
        stage=volunteer.stage,
        active=volunteer.active,
        birth_date=volunteer.birth_date,
        guardian_consent_on=volunteer.guardian_consent_on,
        checks=checks_of(volunteer),
    )
    return bar(standing, day, today=today)


def why_not_then(
    volunteer: Volunteer, starts_at: datetime, ends_at: datetime, rules: ServingRules, *, today: date
) -> Bar | None:
    """Return what keeps somebody from being assigned at a time: as `why_not`, and under age the hours for that."""
    day = starts_at.date()
    if (found := why_not(volunteer, day, today=today)) is not None or is_adult(volunteer.birth_date, day):
        return found
    wanted = (starts_at.time(), ends_at.time())
    return None if ends_at.date() == day and rules.hours_of_minors(*wanted) == wanted else Bar.HOURS


def require_assignable_then(
    volunteer: Volunteer, starts_at: datetime, ends_at: datetime, rules: ServingRules, *, today: date
) -> None:
    """Raise NotAssignableError for somebody who may not be assigned at a time."""
    if (why := why_not_then(volunteer, starts_at, ends_at, rules, today=today)) is not None:
        raise NotAssignableError(volunteer, starts_at.date(), why)


def may_be_assigned(volunteer: Volunteer, day: date, *, today: date) -> bool:
    """Tell whether somebody may be assigned on the day, as it is known today."""
    return why_not(volunteer, day, today=today) is None


def require_assignable(people: Iterable[tuple[Volunteer, date]], *, today: date) -> None:
    """Raise NotAssignableError for the first of the people who may not be assigned on the day named with them."""
    for volunteer, day in people:
        if (why := why_not(volunteer, day, today=today)) is not None:
            raise NotAssignableError(volunteer, day, why)
