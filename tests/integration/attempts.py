"""Made-up people who may and may not serve near children, and a judge of both that shares no code with the product."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.db.models import Clearance, Station, Volunteer
from core.domain.serving import Stage
from tests.integration.builders import BEFORE, SATURDAY, a_volunteer

TODAY = BEFORE.date()
#: The days of the made-up winter on which sessions are held.
DAYS = tuple(SATURDAY + timedelta(days=7 * week + day) for week in range(4) for day in range(2))
_DAY = timedelta(days=1)


class Fault(StrEnum):
    """Why somebody, or a crew, must not be there."""

    OUTSIDE = "not accepted, or resting"
    MINOR = "under age without a guardian's consent"
    UNCHECKED = "never checked"
    FAILED = "failed"
    FUTURE = "checked on a day to come"
    EXPIRED = "check over"
    TOO_FEW = "too few adults"
    ONE_HOME = "all adults of one household"


@dataclass(frozen=True)
class Outcome:
    """A background check: when, noted to hold until when, and whether it was passed."""

    on: date
    until: date
    passed: bool


@dataclass(frozen=True)
class Somebody:
    """All that decides whether somebody may serve."""

    stage: Stage
    active: bool
    born: date
    guardian_on: date | None
    home: str | None
    checks: tuple[Outcome, ...]


def somebody(rng: random.Random) -> Somebody:
    """Make somebody up, mostly near the edges: half of them are faultless but for their checks."""
    usual = rng.random() < 0.6
    minor = rng.random() < (0.1 if usual else 0.4)
    born = date(2009, 1, 1) + rng.randrange(300) * _DAY if minor else date(1970, 1, 1) + rng.randrange(12000) * _DAY
    return Somebody(
        stage=Stage.ACCEPTED if usual else rng.choice(list(Stage)),
        active=usual or rng.random() < 0.7,
        born=born,
        guardian_on=date(2026, 9, 1) if minor and rng.random() < 0.5 else None,
        home=rng.choice([None, None, "H1", "H2"]),
        checks=tuple({one.on: one for one in (_outcome(rng) for _ in range(rng.choice((0, 1, 1, 2, 3))))}.values()),
    )


def _outcome(rng: random.Random) -> Outcome:
    edge = rng.choice(DAYS)
    on = rng.choice(
        [
            TODAY - rng.randrange(330) * _DAY,
            TODAY - rng.randrange(330) * _DAY,
            TODAY - rng.randrange(900) * _DAY,
            edge.replace(year=edge.year - 1) + rng.randrange(-2, 3) * _DAY,
            TODAY + rng.randrange(-1, 30) * _DAY,
        ]
    )
    year = on + 364 * _DAY
    until = rng.choice([year, year, year, on + rng.randrange(60) * _DAY, on + rng.randrange(1500) * _DAY])
    return Outcome(on, until, passed=rng.random() < 0.85)


def stored(session: Session, station: Station, one: Somebody) -> Volunteer:
    """Store somebody as they are, past every rule."""
    row = a_volunteer(
        session,
        station,
        stage=one.stage,
        active=one.active,
        birth_date=one.born,
        guardian_consent_on=one.guardian_on,
        household=one.home,
    )
    own = {"station_id": station.id, "volunteer_id": row.id}
    row.clearances = [Clearance(checked_on=c.on, valid_until=c.until, passed=c.passed, **own) for c in one.checks]
    session.flush()
    return row


def fault_of(one: Somebody, day: date, *, today: date = TODAY) -> Fault | None:
    """Judge whether somebody may serve on a day, day by day and from the law's words alone."""
    if one.stage != "accepted" or not one.active:
        return Fault.OUTSIDE
    if not _of_age(one.born, day) and one.guardian_on is None:
        return Fault.MINOR
    made = [check for check in one.checks if check.on <= today]
    failed = [min(check.on, today) for check in one.checks if not check.passed]
    good = [check for check in made if check.passed and check.on <= day]
    current = [check for check in good if day <= check.until and _within_a_year(check.on, day)]
    if any(not any(check.on <= bad <= day for bad in failed) for check in current):
        return None
    if any(bad <= day for bad in failed):
        return Fault.FAILED
    if good:
        return Fault.EXPIRED
    return Fault.FUTURE if any(check.passed for check in one.checks) else Fault.UNCHECKED


def fault_of_crew(crew: Sequence[Somebody], day: date, least: int, *, today: date = TODAY) -> Fault | None:
    """Judge whether a crew makes a safe session: each may serve, enough are of age, and not all of one household."""
    for one in crew:
        if (fault := fault_of(one, day, today=today)) is not None:
            return fault
    adults = [one for one in crew if _of_age(one.born, day)]
    if len(adults) < least:
        return Fault.TOO_FEW
    homes = [one.home or f"alone-{number}" for number, one in enumerate(adults)]
    return Fault.ONE_HOME if least > 1 and len(set(homes)) == 1 else None


def careless(crew: Sequence[Somebody]) -> bool:
    """Judge as a careless program would, that asks whether nobody of a crew is known to have failed the last check.

    Each fault must get past it now and then, or the made-up people would prove nothing.
    """
    return all(not one.checks or max(one.checks, key=lambda check: check.until).passed for one in crew)


def _of_age(born: date, day: date) -> bool:
    return (day.year - 18, day.month, day.day) >= (born.year, born.month, born.day)


def _within_a_year(on: date, day: date) -> bool:
    return (day.year, day.month, day.day) <= (on.year + 1, on.month, on.day)


@dataclass
class Tally:
    """What was attempted by one way: how often, what was taken, why the rest must not be, and what slipped through."""

    way: str
    attempts: int = 0
    taken: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    #: Faults that a careless program would have let through.
    careless: Counter[Fault] = field(default_factory=Counter)
    slipped: list[str] = field(default_factory=list)

    def note(self, crew: Sequence[Somebody], day: date, fault: Fault | None, *, taken: bool) -> None:
        """Count one attempt to have a crew serve on a day."""
        self.attempts += 1
        self.taken += taken
        if fault is None:
            return
        self.faults[fault] += 1
        self.careless[fault] += careless(crew)
        if taken:
            self.slipped.append(f"{fault.value}: {crew} on {day}")

    def line(self) -> str:
        """Return the counts in one line."""
        told = ", ".join(f"{fault.value} {count}" for fault, count in sorted(self.faults.items()))
        return f"{self.way:8} {self.attempts:6} {self.taken:6} {len(self.slipped):7}  {told}"
