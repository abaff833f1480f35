"""What a workbook says, as frozen values: one class a sheet, its attributes the sheet's columns.

Things are named as people name them: stations, venues, groups, terms and activities by name, rooms as `venue/room`,
children and volunteers by number. `line` is the row in the sheet, for errors; it doesn't count in a comparison.
"""

from dataclasses import dataclass, field
from datetime import date, time

from core.domain.child_file import Grade, IdDocument
from core.domain.id_numbers import Sex
from core.domain.vocabulary import (
    ActivityLine,
    ChildCategory,
    Feature,
    Relation,
    Skill,
    StationKind,
    TermKind,
    VenueKind,
    VolunteerKind,
    Zone,
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of any sheet."""

    line: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class StationRow(Row):
    """A station; `slug` is what its public address ends with."""

    name: str
    kind: StationKind
    parent: str | None = None
    slug: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class VenueRow(Row):
    """A site of a station."""

    station: str
    name: str
    kind: VenueKind
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class RoomRow(Row):
    """A room of a site; `turnover` is minutes."""

    venue: str
    name: str
    zone: Zone
    capacity: int
    features: tuple[Feature, ...] = ()
    turnover: int = 0


@dataclass(frozen=True, kw_only=True)
class TravelRow(Row):
    """The way between two sites, the same in both directions."""

    from_venue: str
    to_venue: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class HoursRow(Row):
    """Hours of a station on a weekday (Monday 0), or on every open day."""

    station: str
    weekday: int | None = None
    opens: time
    closes: time


@dataclass(frozen=True, kw_only=True)
class ClosureRow(Row):
    """Days on which a station, one of its sites or one room of a site is closed."""

    station: str
    first: date
    last: date
    from_time: time | None = None
    venue: str | None = None
    room: str | None = None
    reason: str


@dataclass(frozen=True, kw_only=True)
class TermRow(Row):
    """A period to plan for."""

    station: str
    name: str
    kind: TermKind
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class SchoolBreakRow(Row):
    """A break of all schools below the station, or of one."""

    station: str
    school: str | None = None
    name: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class GroupRow(Row):
    """A group of children."""

    station: str
    name: str
    from_age: int
    to_age: int
    compact: bool = False
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class ChildRow(Row):
    """A child; an ID number tells birth date and sex. Nothing of it shows in a repr."""

    station: str
    number: str = field(repr=False)
    name: str = field(repr=False)
    id_number: str | None = field(default=None, repr=False)
    birth_date: date | None = field(default=None, repr=False)
    sex: Sex | None = field(default=None, repr=False)
    document: IdDocument | None = field(default=None, repr=False)
    ethnicity: str | None = field(default=None, repr=False)
    school: str | None = field(default=None, repr=False)
    grade: Grade | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    registered_address: str | None = field(default=None, repr=False)
    health: str | None = field(default=None, repr=False)
    diet: str | None = field(default=None, repr=False)
    emergency_name: str | None = field(default=None, repr=False)
    emergency_relation: str | None = field(default=None, repr=False)
    emergency_phone: str | None = field(default=None, repr=False)
    categories: tuple[ChildCategory, ...] = field(default=(), repr=False)
    groups: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class GuardianRow(Row):
    """Somebody who answers for a child; nothing of them shows in a repr."""

    child: str = field(repr=False)
    name: str = field(repr=False)
    relation: Relation = field(repr=False)
    phone: str = field(repr=False)
    more_phones: tuple[str, ...] = field(default=(), repr=False)
    address: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class VolunteerRow(Row):
    """A volunteer."""

    station: str
    number: str
    name: str
    kind: VolunteerKind
    birth_date: date
    phone: str | None = field(default=None, repr=False)
    household: str | None = None
    max_sessions: int
    max_per_day: int = 1
    active: bool = True
    interviewed_on: date | None = None
    trained_on: date | None = None
    accepted_on: date | None = None
    guardian_consent_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class SkillRow(Row):
    """A skill of a volunteer."""

    volunteer: str
    skill: Skill
    valid_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class ClearanceRow(Row):
    """The outcome of a background check."""

    volunteer: str
    checked_on: date
    valid_until: date
    passed: bool
    authority: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class AvailabilityRow(Row):
    """When a volunteer can serve: on a weekday (Monday 0) or on any day, between two dates if they are given."""

    volunteer: str
    weekday: int | None = None
    from_time: time
    to_time: time
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class BlackoutRow(Row):
    """Days on which a volunteer can't serve."""

    volunteer: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class ActivityRow(Row):
    """An activity; `duration` is minutes, `settings` are pairs of key and value."""

    term: str
    title: str
    type_key: str
    activity_line: ActivityLine | None = None
    description: str = ""
    session_count: int
    duration: int
    size: int
    times: tuple[str, ...]
    weekdays: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None
    zones: tuple[Zone, ...] = ()
    features: tuple[Feature, ...] = ()
    rooms: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    place: str | None = None
    min_adults: int = 2
    ordered: bool = False
    max_per_day: int = 1
    min_days: int = 1
    priority: int = 1
    closed: bool = False
    settings: tuple[tuple[str, str | int | bool | list[str]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoleRow(Row):
    """A role in the sessions of an activity."""

    activity: str
    role: str
    skill: Skill | None = None
    required: int
    wanted: int | None = None
    continuity: bool = False
    max_people: int | None = None


@dataclass(frozen=True, kw_only=True)
class LikeRow(Row):
    """How much a volunteer likes to serve in an activity, -3 to 3."""

    volunteer: str
    activity: str
    liking: int


@dataclass(frozen=True, kw_only=True)
class WorkbookContent:
    """All rows of a workbook; `absent` names the columns that it leaves out, as pairs of sheet and attribute."""

    stations: tuple[StationRow, ...] = ()
    venues: tuple[VenueRow, ...] = ()
    rooms: tuple[RoomRow, ...] = ()
    travel: tuple[TravelRow, ...] = ()
    hours: tuple[HoursRow, ...] = ()
    closures: tuple[ClosureRow, ...] = ()
    terms: tuple[TermRow, ...] = ()
    school_breaks: tuple[SchoolBreakRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    children: tuple[ChildRow, ...] = ()
    guardians: tuple[GuardianRow, ...] = ()
    volunteers: tuple[VolunteerRow, ...] = ()
    skills: tuple[SkillRow, ...] = ()
    clearances: tuple[ClearanceRow, ...] = ()
    availabilities: tuple[AvailabilityRow, ...] = ()
    blackouts: tuple[BlackoutRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()
    roles: tuple[RoleRow, ...] = ()
    likes: tuple[LikeRow, ...] = ()
    absent: frozenset[tuple[str, str]] = frozenset()
