"""Who acts: the value that every service is given instead of a web session."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.domain.errors import Message


class Role(StrEnum):
    """What somebody is to a station; the permission table speaks of these."""

    #: Looks after a county's stations and their accounts.
    ADMINISTRATOR = "administrator"
    #: Answers for a station: approves, decides who may see what.
    HEAD = "head"
    STATION_STAFF = "station_staff"
    #: Resident at the station, from the agency under contract.
    SOCIAL_WORKER = "social_worker"
    ORGANIZER = "organizer"
    #: 儿童主任, one in every community or village.
    COMMUNITY_DIRECTOR = "community_director"
    #: 网格员: looks in on the children of a few streets.
    GRID_WORKER = "grid_worker"
    VOLUNTEER = "volunteer"
    #: Reads the logs and the registers, and no child's file.
    AUDITOR = "auditor"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final = {
    Role.ADMINISTRATOR: Message("County administrator"),
    Role.HEAD: Message("Station head"),
    Role.STATION_STAFF: Message("Station staff"),
    Role.SOCIAL_WORKER: Message("Social worker"),
    Role.ORGANIZER: Message("Organizer"),
    Role.COMMUNITY_DIRECTOR: Message("Children's director of a community"),
    Role.GRID_WORKER: Message("Grid worker"),
    Role.VOLUNTEER: Message("Volunteer"),
    Role.AUDITOR: Message("Auditor"),
}


@dataclass(frozen=True)
class Actor:
    """Somebody acting for a station; `user_id` is None for the machine itself (the command line, the importer)."""

    role: Role
    station_id: UUID | None
    user_id: UUID | None = None
    volunteer_id: UUID | None = None
    language: str = "zh_Hans_CN"

    @property
    def is_machine(self) -> bool:
        """Tell whether nobody acts but the machine itself: the command line, the importer, the daily work."""
        return self.station_id is None


@dataclass(frozen=True)
class Scope:
    """The part of the station tree that an actor may reach.

    `stations` is the actor's station and all below it; `lineage` adds the stations above it, whose calendars hold
    here too. `everything` is the machine's own: migrations, the command line, sign-in before anybody is known.

    Of the children whose file is sealed it holds those for whom `user_id` is named, and with `sees_sealed` all.
    """

    stations: frozenset[UUID] = frozenset()
    lineage: frozenset[UUID] = frozenset()
    everything: bool = False
    user_id: UUID | None = None
    sees_sealed: bool = False


EVERYTHING = Scope(everything=True)
NOTHING = Scope()
SYSTEM = Actor(role=Role.ADMINISTRATOR, station_id=None)
