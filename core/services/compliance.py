"""The yearly look at minors' data (Regulations on protecting minors online, art. 37): figures alone, no names."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import AccessGrant, Child, Consent, Incident, RightsRequest, Station
from core.domain.actor import Actor
from core.domain.ages import age_on
from core.domain.capabilities import Capability
from core.domain.errors import InvalidInputError, Message
from core.domain.incidents import IncidentKind
from core.domain.rights import Outcome, RequestKind
from core.domain.vocabulary import ConsentPurpose, GrantState
from core.security.permissions import require

_CHILD_BELOW = 14
_ADULT_FROM = 18
_FIRST_YEAR = 2000


@dataclass(frozen=True)
class AgeCounts:
    """How many files a station has on the day, by the ages that the law tells apart."""

    station: str
    under_14: int
    from_14: int
    grown_up: int


@dataclass(frozen=True)
class ConsentCounts:
    """How many consents for a purpose hold on the day, and how many were given and withdrawn in the year."""

    purpose: ConsentPurpose
    holding: int
    given: int
    withdrawn: int


@dataclass(frozen=True)
class GrantCounts:
    """What became of the year's requests to read what is sensitive, and how often glass was broken."""

    asked: int
    approved: int
    refused: int
    ended: int
    broken_glass: int
    not_acknowledged: int


@dataclass(frozen=True)
class IncidentLine:
    """An incident that was noticed in the year, by the stations' days."""

    noticed_on: date
    kind: IncidentKind
    children: int
    told: str
    told_on: date | None
    families_told: bool
    measures: str


@dataclass(frozen=True)
class RequestCounts:
    """What became of the requests of one kind that came in the year; `late` ones had no answer on their day."""

    kind: RequestKind
    received: int
    done: int
    partly: int
    refused: int
    waiting: int
    late: int


@dataclass(frozen=True)
class Compliance:
    """A year's figures, as of its last day, or of today while it runs."""

    year: int
    day: date
    ages: Sequence[AgeCounts]
    consents: Sequence[ConsentCounts]
    grants: GrantCounts
    incidents: Sequence[IncidentLine]
    requests: Sequence[RequestCounts]


def compliance_of(session: Session, actor: Actor, year: int, *, today: date, zone: ZoneInfo) -> Compliance:
    """Return the figures of a year for what the session sees; `zone` is the installation's.

    Raises InvalidInputError for a year that hasn't begun or lies before this century.
    """
    require(actor, Capability.SEE_COMPLIANCE)
    if not _FIRST_YEAR <= year <= today.year:
        raise InvalidInputError(Message("There are no figures for the year %(year)s.", {"year": year}))
    day = min(today, date(year, 12, 31))
    start = datetime.combine(date(year, 1, 1), time(), zone)
    end = datetime.combine(date(year + 1, 1, 1), time(), zone)
    return Compliance(
        year,
        day,
        tuple(_ages(session, day, end)),
        tuple(_consents(session, year, day)),
        _grants(session, start, end),
        tuple(_incidents(session, start, end, zone)),
        tuple(_requests(session, year, day, zone)),
    )


def _ages(session: Session, day: date, end: datetime) -> Iterator[AgeCounts]:
    children = session.scalars(select(Child).where(Child.created_at < end)).all()
    counts = Counter((child.station_id, _band(date.fromisoformat(child.birth_date), day)) for child in children)
    for station in session.scalars(select(Station).order_by(Station.name, Station.id)):
        yield AgeCounts(station.name, *(counts[station.id, band] for band in range(3)))


def _band(born: date, day: date) -> int:
    # Who is entered before birth, or whose year is asked for before it, counts with the youngest.
    age = age_on(born, max(born, day))
    return (age >= _CHILD_BELOW) + (age >= _ADULT_FROM)


def _consents(session: Session, year: int, day: date) -> Iterator[ConsentCounts]:
    rows = session.scalars(select(Consent).where(Consent.given_on <= day)).all()
    for purpose in ConsentPurpose:
        of_it = [row for row in rows if row.purpose is purpose]
        yield ConsentCounts(
            purpose,
            holding=sum(_holds(row, day) for row in of_it),
            given=sum(row.given_on.year == year for row in of_it),
            withdrawn=sum(row.withdrawn_on is not None and row.withdrawn_on.year == year for row in of_it),
        )


def _holds(row: Consent, day: date) -> bool:
    return (row.valid_until is None or day <= row.valid_until) and (row.withdrawn_on is None or day < row.withdrawn_on)


def _grants(session: Session, start: datetime, end: datetime) -> GrantCounts:
    rows = session.scalars(select(AccessGrant).where(AccessGrant.asked_at >= start, AccessGrant.asked_at < end)).all()
    given = [row for row in rows if not row.break_glass]
    broken = [row for row in rows if row.break_glass]
    states = Counter(row.state for row in given)
    return GrantCounts(
        asked=len(given),
        approved=states[GrantState.APPROVED],
        refused=states[GrantState.REFUSED],
        ended=states[GrantState.ENDED],
        broken_glass=len(broken),
        not_acknowledged=sum(row.acknowledged_by_id is None for row in broken),
    )


def _requests(session: Session, year: int, day: date, zone: ZoneInfo) -> Iterator[RequestCounts]:
    within = RightsRequest.received_on.between(date(year, 1, 1), date(year, 12, 31))
    rows = session.scalars(select(RightsRequest).where(within)).all()
    for kind in RequestKind:
        of_it = [row for row in rows if row.kind is kind]
        outcomes = Counter(row.outcome for row in of_it)
        ends = [row.answered_at.astimezone(zone).date() if row.answered_at else day for row in of_it]
        yield RequestCounts(
            kind,
            received=len(of_it),
            done=outcomes[Outcome.DONE],
            partly=outcomes[Outcome.PARTLY],
            refused=outcomes[Outcome.REFUSED],
            waiting=outcomes[None],
            late=sum(end > row.due_on for row, end in zip(of_it, ends, strict=True)),
        )


def _incidents(session: Session, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[IncidentLine]:
    query = select(Incident).where(Incident.noticed_at >= start, Incident.noticed_at < end)
    for row in session.scalars(query.order_by(Incident.noticed_at, Incident.id)):
        yield IncidentLine(
            noticed_on=row.noticed_at.astimezone(zone).date(),
            kind=row.kind,
            children=row.children,
            told=row.told,
            told_on=row.told_at.astimezone(zone).date() if row.told_at else None,
            families_told=row.families_told,
            measures=row.measures,
        )
