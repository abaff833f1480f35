"""A county with a station and somebody in each role, for tests of who may do what."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from core.db.models import Station, User
from core.domain.actor import Actor, Role
from core.domain.ids import new_id
from tests.integration.builders import a_station


@dataclass(frozen=True)
class Town:
    """A county with a station; the administrator is the county's, everybody else the station's."""

    county: Station
    station: Station
    people: dict[Role, Actor]

    def __getitem__(self, role: Role) -> Actor:
        """Return who has the role."""
        return self.people[role]


def a_town(session: Session) -> Town:
    """Found the county, and give somebody each role."""
    county = a_station(session)
    station = a_station(session, county)
    people = {role: a_person(session, county if role is Role.ADMINISTRATOR else station, role) for role in Role}
    return Town(county, station, people)


def a_person(session: Session, station: Station, role: Role) -> Actor:
    """Add an account and return who acts by it."""
    key = new_id()
    user = User(
        id=key,
        station_id=station.id,
        login=f"{role}-{key.hex}",
        role=role,
        password="x",
        fs_uniquifier=key.hex,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    session.add(user)
    session.flush()
    return Actor(role, station.id, key)
