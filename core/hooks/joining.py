"""Who may take part: what a program is told of somebody who would like to, and what it may answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.domain.capabilities import Capability
from core.domain.errors import Message
from core.domain.vocabulary import ConsentPurpose
from core.hooks.types import ActivityOutline, Audience


@dataclass(frozen=True)
class Applicant:
    """Somebody who would like to take part, as a program may know them: nothing says who it is.

    `age` is in years on the first day that is left; None for grown-ups. `joined` are the activities in which they take
    part or took part, `missed` the sessions of this one, by number from 0, that they were registered for and not at;
    `missed_of` the same for other activities, by id. `groups` are the ids of the groups that they are in, None where
    nobody has looked.
    """

    audience: Audience
    age: int | None
    consents: frozenset[ConsentPurpose] = frozenset()
    joined: tuple[ActivityOutline, ...] = ()
    missed: tuple[int, ...] = ()
    groups: frozenset[str] | None = None
    missed_of: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How far an activity has got: how many sessions lie behind us, and how many people take part."""

    held: int
    taking_part: int


class CuredOn(StrEnum):
    """Where something is put right, so that a page which names an obstacle can lead there."""

    CONSENTS = "consents"
    FILE = "file"
    DETAILS = "details"
    MOVING = "moving"
    REQUESTS = "requests"
    WISHES = "wishes"
    TERM = "term"
    TIMETABLE = "timetable"
    #: The child's own registrations for the activities that the obstacle is about: there they are moved or cancelled.
    REGISTRATIONS = "registrations"
    #: The sheets of the sessions at which the child was, of those activities.
    ATTENDANCE = "attendance"
    #: Other activities of the same kind, those that the child can join, with their next dates.
    OTHERS = "others"


@dataclass(frozen=True)
class Obstacle:
    """Why somebody can't take part: a code for machines, the reason and, where there is one, the cure for people.

    Whoever may do the work `waived_by` may let them take part all the same, with a reason of their own. `cured_on` says
    where it is put right, and `about` which other activities it is about, by their ids. What has no cure in words may
    still have a place where something can be compared.
    """

    code: str
    reason: Message
    cure: Message | None = None
    waived_by: Capability | None = None
    cured_on: CuredOn | None = None
    about: tuple[str, ...] = ()
