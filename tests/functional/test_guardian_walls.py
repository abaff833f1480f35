"""Whatever a family is like: who has no full access learns nothing of place, time or title, nor anybody of sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.config import Settings
from core.db.models import (
    Activity,
    ActivityGroup,
    ActivityIntake,
    ActivitySession,
    Child,
    Group,
    GroupMember,
    Guardian,
    GuardianLink,
    Installation,
    Room,
    Station,
    Term,
    TermIntake,
    Venue,
)
from core.db.models.activity import SessionStatus
from core.db.queries.consents import leave_of
from core.db.scope import set_scope
from core.db.session import Database
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.registering import Way
from core.domain.vocabulary import (
    ActivityLine,
    ConsentPurpose,
    GuardianAccess,
    Relation,
    StationKind,
    TermKind,
    VenueKind,
    Zone,
)
from core.hooks.manager import build_hooks
from core.security.vault import Vault
from core.services import guardian_links as links
from core.services.feed_ledger import update_ledger
from core.services.sealed_files import seal
from tests.functional.browsing import Browser
from tests.functional.county import MovingClock
from tests.functional.grounds import Ground
from tests.integration.postgresql import Server, running

CLOCK = MovingClock()
_numbers = count(1)
WISHES = datetime(2026, 11, 20, 8), datetime(2026, 12, 20, 8)  # noqa: DTZ001 (the station's wall clock)
TITLE, VENUE, ROOM, ADDRESS = "灯笼坊", "榕荫馆", "听雨室", "竹径十七号"


@dataclass(frozen=True)
class Family:
    """A family with an address, and what became of it."""

    access: GuardianAccess
    sealed: bool
    address: str
    right_code: bool
    closed: bool
    zone: Zone
    start: datetime

    @property
    def dead(self) -> bool:
        """Tell whether nothing may answer."""
        return self.sealed or self.access is GuardianAccess.NONE or self.address != "live"

    @property
    def told(self) -> bool:
        """Tell whether the guardian may be told when and where."""
        return not self.dead and self.right_code and self.access is GuardianAccess.FULL

    @property
    def canaries(self) -> tuple[str, ...]:
        """What nobody else may read: title and place, and the time as pages, feeds and machines write it."""
        day = self.start
        written = (f"{day:%H:%M}", f"{day:%Y-%m-%d}", f"{day.month}月{day.day}日", f"{day:%Y%m%dT%H%M}")
        return (TITLE, VENUE, ROOM, ADDRESS, *written)


families = st.builds(
    Family,
    access=st.sampled_from(GuardianAccess),
    sealed=st.booleans(),
    address=st.sampled_from(("live", "live", "revoked", "over")),
    right_code=st.sampled_from((True, True, False)),
    closed=st.booleans(),
    zone=st.sampled_from((Zone.ACTIVITY, Zone.PRIVATE)),
    start=st.builds(
        lambda day, minute: datetime.combine(date(2026, 12, 1) + timedelta(days=day), time(13, minute)),
        st.integers(0, 27),
        st.integers(1, 59),
    ),
)


@dataclass(frozen=True)
class Keys:
    """What the guardian holds in hand: the address's token, its code, the calendar's from better days, and a term."""

    token: str
    code: str
    calendar: str
    term: UUID


def found(session: Session, family: Family) -> Keys:
    """Store the family, hand out an address and a calendar to it, and then let happen what happened."""
    number = next(_numbers)
    station = Station(kind=StationKind.STATION, name=f"站{number}", slug=f"walls-{number}")
    session.add(station)
    session.flush()
    child, guardian = _people(session, station, number)
    term = _session(session, station, child, family)
    update_ledger(session, CLOCK, build_hooks([]), station_id=station.id)
    links.decide_access(session, SYSTEM, CLOCK, guardian.id, GuardianAccess.FULL)
    made = links.make_link(session, SYSTEM, CLOCK, guardian.id)
    visit = links.visit(session, CLOCK, made.token)
    link_id, calendar = visit.link.id, links.open_calendar(session, CLOCK, visit)
    # The visit has limited the session to what a visitor reaches.
    set_scope(session, EVERYTHING)
    _happen(session, family, link_id)
    return Keys(made.token, made.code, calendar, term)


def _happen(session: Session, family: Family, link_id: UUID) -> None:
    link = session.get_one(GuardianLink, link_id)
    if family.access is GuardianAccess.RESTRICTED:
        # Past the service, which would take the calendar's secret away: the page itself has to refuse as well.
        session.scalars(leave_of(link.guardian_id)).one().access = family.access
    elif family.access is GuardianAccess.NONE:
        links.decide_access(session, SYSTEM, CLOCK, link.guardian_id, family.access)
    if family.address == "revoked":
        link.revoked_at = CLOCK.now()
    elif family.address == "over":
        link.expires_at = CLOCK.now()
    if family.sealed:
        seal(session, SYSTEM, CLOCK, link.child_id, ())


def _people(session: Session, station: Station, number: int) -> tuple[Child, Guardian]:
    child = Child(
        station_id=station.id,
        number=f"W{number}",
        name="例童",
        id_number=f"W{number}",
        id_number_index=number.to_bytes(32, "big"),
        birth_date="2016-05-01",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    session.add(child)
    session.flush()
    own = {"station_id": station.id, "child_id": child.id}
    guardian = Guardian(relation=Relation.FATHER, name="例父", phone="1", phone_index=bytes(32), **own)
    session.add(guardian)
    session.flush()
    return child, guardian


def _session(session: Session, station: Station, child: Child, family: Family) -> UUID:
    own = {"station_id": station.id}
    venue = Venue(name=VENUE, kind=VenueKind.CENTRE, address=ADDRESS, **own)
    group = Group(name="组", from_age=6, to_age=12, closed=family.closed, **own)
    term = Term(name="学期", kind=TermKind.WEEKENDS, first=date(2026, 11, 28), last=date(2027, 1, 10), **own)
    session.add_all([venue, group, term])
    session.flush()
    room = Room(venue_id=venue.id, name=ROOM, zone=family.zone, capacity=20, **own)
    activity = Activity(
        term_id=term.id,
        type_key="x",
        line=ActivityLine.LEARNING,
        title=TITLE,
        session_count=1,
        duration=60,
        size=9,
        times=[],
        zones=[family.zone],
        max_per_day=1,
        **own,
    )
    session.add_all([room, activity, GroupMember(group_id=group.id, child_id=child.id, **own)])
    session.flush()
    end = family.start + timedelta(hours=1)
    row = ActivitySession(activity_id=activity.id, position=0, status=SessionStatus.HELD, **own)
    row.room_id, row.starts_at, row.ends_at, row.room_free_at = room.id, family.start, end, end
    session.add_all([row, ActivityGroup(activity_id=activity.id, group_id=group.id, **own)])
    session.add(TermIntake(term_id=term.id, wishes_from=WISHES[0], wishes_until=WISHES[1], **own))
    session.add(ActivityIntake(activity_id=activity.id, group_id=group.id, capacity=9, way=Way.WISHES, **own))
    session.flush()
    return term.id


def answers(app: Flask, keys: Keys, *, right_code: bool) -> Iterator[tuple[str, TestResponse]]:
    """Try everything that a guardian can try, from an address of the net of its own; yield what was tried."""
    client = app.test_client()
    number = next(_numbers)
    client.environ_base["REMOTE_ADDR"] = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    browser, path = Browser(client), f"/guardians/by-link/{keys.token}"
    code = keys.code if right_code else f"{(int(keys.code) + 1) % 10**6:06}"
    yield "page", browser.get(path)
    yield "enter", browser.send(path, {"code": code}, seen_on="/account/sign-in")
    yield "page", browser.get(path)
    for purpose in ConsentPurpose:
        yield "consent", browser.get(f"{path}/consents/{purpose}")
    yield "give", browser.send(f"{path}/consents/photo", {}, seen_on="/account/sign-in")
    yield "withdraw", browser.send(f"{path}/consents/photo/withdraw", {}, seen_on="/account/sign-in")
    wishes = f"{path}/wishes/{keys.term}"
    yield "wishes", browser.get(wishes)
    yield "wish", browser.send(wishes, {"deed": "save", "most": "1", "seen": "0"}, seen_on="/account/sign-in")
    yield "wrong form", client.post(path, data={"code": code})
    yield "feed", browser.get(f"/guardians/by-link/{keys.calendar}/calendar.ics")
    yield "calendar", browser.send(f"{path}/calendar", {}, seen_on="/account/sign-in")


def said(answer: TestResponse) -> str:
    """Return all that an answer says, unfolded as a calendar program would."""
    return f"{answer.headers}\n{answer.get_data(as_text=True)}".replace("\r\n ", "")


def check(app: Flask, database: Database, family: Family) -> None:
    with database.writing(EVERYTHING) as session:
        keys = found(session, family)
    tried = list(answers(app, keys, right_code=family.right_code))
    everything = "\n".join(said(answer) for _, answer in tried)
    by_name = {name: answer.status_code for name, answer in tried}
    if family.dead:
        assert {by_name[name] for name in by_name if name != "wrong form"} == {404}
    elif family.access is GuardianAccess.RESTRICTED:
        assert (by_name["page"], by_name["feed"]) == (200, 404)
        assert by_name["calendar"] == (404 if family.right_code else 302)
        assert (by_name["wishes"], by_name["wish"]) == (404 if family.right_code else 302, 404)
    if family.told:
        assert f"{family.start:%H:%M}" in everything
        assert by_name["wishes"] == 200
        own = said(next(answer for name, answer in tried if name == "wishes"))
        assert (TITLE in own) == (not family.closed and family.zone is not Zone.PRIVATE)
        shown = not family.closed and family.zone is not Zone.PRIVATE
        assert [canary in everything for canary in (TITLE, VENUE, ROOM, ADDRESS)] == [shown] * 4
    elif family.access is GuardianAccess.FULL and not family.dead:
        # The calendar's own secret needs no code; the pages tell nothing without it.
        pages = "\n".join(said(answer) for name, answer in tried if name != "feed")
        assert [canary for canary in family.canaries if canary in pages] == []
    else:
        assert [canary for canary in family.canaries if canary in everything] == []
    assert all(answer.headers["Cache-Control"] == "no-store" for _, answer in tried)
    assert all(answer.headers["Referrer-Policy"] == "no-referrer" for _, answer in tried)


@pytest.fixture(scope="session")
def server(vault: Vault) -> Iterator[Server]:
    """Start a PostgreSQL server for this test process."""
    with running(vault) as server:
        yield server


@pytest.fixture
def walled(server: Server, ground: Ground, tmp_path: Path) -> Iterator[tuple[Flask, Database]]:
    """Yield the application on a PostgreSQL database of its own, and that database."""
    settings = Settings.in_directory(tmp_path, second_factor_forced=False)
    with server.own() as database, ground.lent(settings, database, CLOCK) as app:
        with database.writing(EVERYTHING) as session:
            session.add(Installation(timezone="Asia/Shanghai", demo=False, created_at=CLOCK.now()))
        yield app, database


QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(suppress_health_check=QUIET, max_examples=25)
@given(family=families)
def test_nobody_without_full_access_learns_place_time_or_title(app: Flask, database: Database, family: Family) -> None:
    check(app, database, family)


@pytest.mark.postgresql
@settings(suppress_health_check=QUIET, max_examples=8)
@given(family=families)
def test_nobody_does_on_postgresql_either(walled: tuple[Flask, Database], family: Family) -> None:
    check(*walled, family)


@pytest.mark.verify
@settings(suppress_health_check=QUIET, max_examples=1_000)
@given(family=families)
def test_nobody_learns_them_in_a_thousand_families(app: Flask, database: Database, family: Family) -> None:
    check(app, database, family)


@pytest.mark.verify
@pytest.mark.postgresql
@settings(suppress_health_check=QUIET, max_examples=1_000)
@given(family=families)
def test_nobody_learns_them_in_a_thousand_families_on_postgresql(
    walled: tuple[Flask, Database], family: Family
) -> None:
    check(*walled, family)


def test_an_address_asked_too_often_says_nothing_either(app: Flask, database: Database) -> None:
    family = Family(GuardianAccess.RESTRICTED, False, "live", True, False, Zone.ACTIVITY, datetime(2026, 12, 5, 13, 7))  # noqa: DTZ001
    with database.writing(EVERYTHING) as session:
        keys = found(session, family)
    asked = [app.test_client().get(f"/guardians/by-link/{keys.token}/calendar.ics") for _ in range(121)]
    assert asked[-1].status_code == 429
    assert [canary for canary in family.canaries if canary in said(asked[-1])] == []
