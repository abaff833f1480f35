"""Who may serve near children on a day: accepted, at the station's disposal, and checked within a year before it.

The Law on the Protection of Minors, article 62, asks for the check before somebody begins and once a year after that;
here it is asked of volunteers as of staff.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.domain.ages import age_on
from core.domain.errors import Message

ADULT_AGE: Final = 18
#: How long before a check runs out somebody is to be reminded.
WARNING: Final = timedelta(days=30)


class Stage(StrEnum):
    """Where somebody stands with the station."""

    APPLICANT = "applicant"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _STAGES[self]


class Step(StrEnum):
    """Something that happened on somebody's way into the station, or out of it."""

    APPLIED = "applied"
    INTERVIEWED = "interviewed"
    TRAINED = "trained"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _STEPS[self]


class Bar(StrEnum):
    """Why somebody may not serve on a day."""

    NOT_ACCEPTED = "not_accepted"
    RESTING = "resting"
    GUARDIAN = "guardian"
    NEVER_CHECKED = "never_checked"
    FAILED = "failed"
    EXPIRED = "expired"
    HOURS = "hours"


_STAGES: Final = {
    Stage.APPLICANT: Message("Applicant"),
    Stage.ACCEPTED: Message("Accepted"),
    Stage.REFUSED: Message("Refused"),
    Stage.WITHDRAWN: Message("Application withdrawn"),
    Stage.LEFT: Message("Has left"),
}
_STEPS: Final = {
    Step.APPLIED: Message("Applied"),
    Step.INTERVIEWED: Message("Interviewed"),
    Step.TRAINED: Message("Trained"),
    Step.ACCEPTED: Message("Accepted"),
    Step.REFUSED: Message("Refused"),
    Step.WITHDRAWN: Message("Application withdrawn"),
    Step.LEFT: Message("Has left"),
}


@dataclass(frozen=True)
class Check:
    """The outcome of a background check, and until when it was noted to hold."""

    checked_on: date
    valid_until: date
    passed: bool

    @property
    def last(self) -> date:
        """The last day on which it holds: never later than a year after it was made, whatever was noted."""
        return min(self.valid_until, a_year_after(self.checked_on))

    def covers(self, day: date) -> bool:
        """Tell whether it was passed and holds on the day."""
        return self.passed and self.checked_on <= day <= self.last


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody may serve; `guardian_consent_on` matters while they are under age."""

    stage: Stage
    active: bool
    birth_date: date
    guardian_consent_on: date | None
    checks: tuple[Check, ...]


def a_year_after(day: date) -> date:
    """Return the same day of the next year, and 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=day.day - 1)


def is_adult(born: date, day: date) -> bool:
    """Tell whether somebody is of age on the day; nobody is before their birth."""
    return day > born and age_on(born, day) >= ADULT_AGE


def covering(checks: Collection[Check], day: date, *, today: date) -> Check | None:
    """Return the newest check that clears the day, None where none does.

    A check dated later than `today` has not been made yet, and clears nothing. One that was not passed outweighs those
    passed on its day and before it; dated later than today it counts from today.
    """
    return max(_clearing(checks, day, today), key=lambda one: one.checked_on, default=None)


def last_day(checks: Collection[Check], *, today: date) -> date | None:
    """Return the last day up to which the checks that are made clear somebody; None: not even today."""
    return max((one.last for one in _clearing(checks, today, today)), default=None)


def _clearing(checks: Collection[Check], day: date, today: date) -> list[Check]:
    failures = [_counts_from(one, today) for one in checks if not one.passed]
    failed = max((since for since in failures if since <= day), default=None)
    return [
        one
        for one in checks
        if one.checked_on <= today and one.covers(day) and (failed is None or one.checked_on > failed)
    ]


def _counts_from(failed: Check, today: date) -> date:
    return min(failed.checked_on, today)


def bar(standing: Standing, day: date, *, today: date) -> Bar | None:
    """Return what keeps somebody from serving on the day as it is known today; None: nothing does."""
    if standing.stage is not Stage.ACCEPTED:
        return Bar.NOT_ACCEPTED
    if not standing.active:
        return Bar.RESTING
    if not is_adult(standing.birth_date, day) and standing.guardian_consent_on is None:
        return Bar.GUARDIAN
    if covering(standing.checks, day, today=today) is not None:
        return None
    return _missing_check(standing.checks, today)


def _missing_check(checks: Collection[Check], today: date) -> Bar:
    made = [one for one in checks if one.checked_on <= today or not one.passed]
    newest = max(made, key=lambda one: (min(one.checked_on, today), not one.passed), default=None)
    if newest is None:
        return Bar.NEVER_CHECKED
    return Bar.EXPIRED if newest.passed else Bar.FAILED


def enough_adults(households: Collection[str | None], least: int) -> bool:
    """Tell whether adults of these households, None for one of their own, make a safe session.

    Two of a family are one pair of eyes: where two or more are asked for, they must not all be of one household.
    """
    if len(households) < least:
        return False
    several = 2
    return least < several or None in households or len(set(households)) >= several
