"""What can be wrong with an allocation: a code, the ids that it is about, and a sentence."""

from dataclasses import dataclass
from enum import StrEnum

from core.domain.errors import Message


class Rule(StrEnum):
    """The code of what is wrong; the rules stand in `core/docs/allocation-format.md`."""

    OTHER_PROBLEM = "other_problem"
    UNKNOWN = "unknown"
    PLACES = "places"
    MINIMUM = "minimum"
    NOT_OPEN = "not_open"
    NO_ROOM = "no_room"
    NO_STAFF = "no_staff"
    SHARED = "shared"
    TWICE = "twice"
    NOT_WISHED = "not_wished"
    AGE = "age"
    GRADE = "grade"
    COMMUNITY = "community"
    CLASH = "clash"
    SERIES = "series"
    LIMIT = "limit"
    LIMIT_PER_DAY = "limit_per_day"
    TOGETHER = "together"
    PIN = "pin"
    HELD_BACK = "held_back"
    VALUE = "value"
    BOUND = "bound"


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where an allocation is wrong; `ids` are the children, activities or groups that it is about."""

    rule: Rule
    ids: tuple[str, ...]
    message: Message
