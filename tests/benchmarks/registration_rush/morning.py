"""A made-up station on the morning on which registration opens: staff who have signed in, children, activities."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.cli.installation import install
from core.config import Settings
from core.db.models import (
    Activity,
    ActivityRole,
    ActivitySession,
    Child,
    Consent,
    Guardian,
    Station,
    Term,
    User,
)
from core.db.models.activity import SessionStatus
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM, Role
from core.domain.clock import Clock, SystemClock, wall_clock
from core.domain.ids import new_id
from core.domain.phones import demo_phone
from core.domain.vocabulary import ActivityLine, ConsentPurpose, Relation, StationKind, TermKind, Zone
from core.hooks.manager import build_hooks
from core.security.vault import Vault
from core.services.desk import Desk
from core.services.registration.giving import Wanted
from core.services.registration.intakes import IntakeDraft, TermDraft, keep_intake, keep_term_intake
from core.services.web_sessions import Signature, Visit, open_session
from tests.benchmarks.registration_rush.clients import Sent

#: A child is registered for one activity of each band; bands lie on different days.
BANDS: Final = 4
MOST_OF_A_BAND: Final = 50
#: So many children at least would like the same, on the average.
_SHARING: Final = 20
COMMUNITIES: Final = 14
#: With this share of the places that are wanted on the whole, many activities fill up and others don't.
_SHARE: Final = 1.1
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN: Final = "安宁佳晨雨桐梓轩一诺浩然思远子涵欣怡文博若曦语嫣天佑明哲清妍"


@dataclass(frozen=True)
class Morning:
    """What waits for its opening: the cookies of the staff, and the forms in the order in which they are sent."""

    settings: Settings
    station: UUID
    cookies: tuple[str, ...]
    forms: tuple[Sent, ...]

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session on its database that sees everything."""
        database = Database(self.settings.database_url, Vault.of_file(self.settings.key_file))
        with database.reading(EVERYTHING) as session:
            yield session
        database.dispose()


def a_morning(folder: Path, *, clients: int, registrations: int, database_url: str | None = None) -> Morning:
    """Make an installation in a folder: a member of staff for each client, and children for the registrations."""
    plain = Settings.in_directory(folder)
    settings = (
        plain
        if database_url is None
        else Settings.from_environment({**plain.to_environment(), "WEIBAO_DATABASE_URL": database_url})
    )
    clock = SystemClock()
    machine = install(settings, clock)
    chance = random.Random(20)  # noqa: S311 (made-up people)
    with machine.writing() as session:
        station = Station(kind=StationKind.STATION, name="例未保站", slug="li", parent_id=None)
        session.add(station)
        session.flush()
        places = [station, *_communities(session, station)]
        children = [_a_child(session, chance, places, n) for n in range(-(-registrations // BANDS))]
        bands = _bands(session, clock, settings, station, registrations)
        cookies = tuple(_a_cookie(session, clock, station, number) for number in range(clients))
        forms = _forms(chance, children, bands)[:registrations]
    machine.database.dispose()
    return Morning(settings, station.id, cookies, forms)


def _communities(session: Session, station: Station) -> list[Station]:
    own = {"kind": StationKind.COMMUNITY, "parent_id": station.id}
    made = [Station(name=f"例社区{number}", slug=f"li-{number}", **own) for number in range(COMMUNITIES)]
    session.add_all(made)
    session.flush()
    return made


def _a_child(session: Session, chance: random.Random, places: list[Station], number: int) -> UUID:
    station = places[number % len(places)]
    child = Child(
        station_id=station.id,
        number=f"C{number:05d}",
        name=chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN),
        birth_date=(date(2014, 1, 1) + timedelta(days=chance.randrange(1500))).isoformat(),
        created_at=datetime.now(UTC),
    )
    own = {"station_id": station.id, "child_id": child.id}
    phone = demo_phone(number)
    child.guardians = [
        Guardian(
            relation=Relation.MOTHER, name="例家长", phone=phone, phone_index=sha256(phone.encode()).digest(), **own
        )
    ]
    session.add(child)
    given = date(2025, 9, 1)
    session.add_all(
        Consent(purpose=purpose, given_on=given, **own) for purpose in (ConsentPurpose.DATA, ConsentPurpose.OUTING)
    )
    return child.id


def _bands(
    session: Session, clock: Clock, settings: Settings, station: Station, registrations: int
) -> list[list[UUID]]:
    """Add a term that opened this morning with its activities, and return them by band."""
    now = wall_clock(clock, settings.timezone)
    first = now.date() + timedelta(days=7)
    term = Term(
        station_id=station.id, name="寒假", kind=TermKind.WEEKENDS, first=first, last=first + timedelta(days=60)
    )
    session.add(term)
    session.flush()
    desk = Desk(SYSTEM, clock, build_hooks([]), settings.timezone)
    keep_term_intake(session, desk, term.id, TermDraft(opens_at=now - timedelta(hours=1)))
    size = max(1, min(MOST_OF_A_BAND, registrations // BANDS // _SHARING))
    places = max(1, round(_SHARE * registrations / BANDS / size))
    make = partial(_an_activity, session, desk, term, places=places)
    return [[make(band, number) for number in range(size)] for band in range(BANDS)]


def _an_activity(session: Session, desk: Desk, term: Term, band: int, number: int, *, places: int) -> UUID:
    """Add an activity of two sessions, a week apart, as if they had been published."""
    activity = Activity(
        station_id=term.station_id,
        term_id=term.id,
        type_key="sst.companionship",
        line=ActivityLine.COMPANIONSHIP,
        title=f"例活动{band}-{number}",
        session_count=2,
        duration=60,
        size=places,
        times=["09:00"],
        zones=[Zone.ACTIVITY],
        max_per_day=9,
    )
    own = {"station_id": term.station_id, "activity_id": activity.id}
    activity.roles = [ActivityRole(role="lead", required=2, wanted=2, **own)]
    day = datetime.combine(term.first + timedelta(days=band), time(8 + number % 9))
    for position in range(2):
        begins, ends = day + timedelta(weeks=position), day + timedelta(weeks=position, hours=1)
        times = {"starts_at": begins, "ends_at": ends, "room_free_at": ends}
        activity.sessions.append(ActivitySession(position=position, status=SessionStatus.HELD, **times, **own))
    session.add(activity)
    session.flush()
    keep_intake(session, desk, activity.id, IntakeDraft(places))
    return activity.id


def _a_cookie(session: Session, clock: Clock, station: Station, number: int) -> str:
    """Add a member of staff and return the cookie of a browser in which they have proved both factors."""
    user = User(
        station_id=station.id,
        login=f"staff-{number}@li",
        role=Role.STATION_STAFF,
        password="-",
        fs_uniquifier=f"{number:032d}",
        created_at=clock.now(),
        password_set_at=clock.now(),
    )
    session.add(user)
    session.flush()
    return open_session(session, clock, Signature(user.id, user.fs_uniquifier, clock.now(), strong=True), "{}", Visit())


def _forms(chance: random.Random, children: list[UUID], bands: list[list[UUID]]) -> tuple[Sent, ...]:
    """Return forms in a mixed order: each child for an activity of each band, of which the first are wanted most."""
    found = []
    for activities in bands:
        liked = [1 / (rank + 10) for rank in range(len(activities))]
        chosen = chance.choices(activities, liked, k=len(children))
        found += [Sent(new_id(), Wanted(child, activity)) for child, activity in zip(children, chosen, strict=True)]
    chance.shuffle(found)
    return tuple(found)
