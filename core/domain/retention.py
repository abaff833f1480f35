"""How long each kind of data is kept, after what, by which rule, and what becomes of it then.

A period of years is counted as the Civil Code, articles 201 and 202, counts it: the day on which it begins doesn't
count, its last day is the same day of the last year, or the last of the month where there is none. What has been kept
so long goes on the day after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.domain.errors import Message

#: How many years at most a station may keep the files of children who have left.
MOST_YEARS: Final = 30


class DataClass(StrEnum):
    """A kind of data, as the rules tell them apart."""

    CHILD_FILES = "child_files"
    APPLICATIONS = "applications"
    FORMER_VOLUNTEERS = "former_volunteers"
    GRANT_PURPOSES = "grant_purposes"
    WISHES = "wishes"
    NOTICES = "notices"
    WEB_SESSIONS = "web_sessions"
    RATE_COUNTERS = "rate_counters"
    ACCOUNTS = "accounts"
    ERASURES = "erasures"
    AUDIT_LOG = "audit_log"
    HARM_REGISTER = "harm_register"
    INCIDENTS = "incidents"


class ErasedKind(StrEnum):
    """What was erased of whom."""

    CHILD = "child"
    #: What rested on a guardian's consent; the child's file stays.
    CONSENTED = "consented"
    VOLUNTEER = "volunteer"


class Fate(StrEnum):
    """What happens when a period is over."""

    ERASED = "erased"
    #: The row stays as nobody's, since what others did beside it stays true.
    NAMELESS = "nameless"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True)
class Rule:
    """How long a kind of data is kept: `years` whole years after `since`; None: for good, and 0: not a day longer."""

    data: DataClass
    label: Message
    years: int | None
    since: Message
    why: Message
    fate: Fate

    @property
    def words(self) -> Message:
        """Say for how long, for the inventory and the preview."""
        if self.years is None:
            return Message("Kept for good")
        if self.years == 0:
            return Message("Until: %(since)s", {"since": self.since})
        return Message("%(years)s years after: %(since)s", {"years": self.years, "since": self.since})


_NO_LONGER: Final = Message("No longer than its purpose needs: PIPL, arts. 19 and 47")
_CERTIFIED: Final = Message("Service is certified on request: Regulations on Volunteer Service, art. 19")

#: The one table of periods; a station may keep the files of children longer, none of the others.
RULES: Final[Mapping[DataClass, Rule]] = MappingProxyType(
    {
        rule.data: rule
        for rule in (
            Rule(
                DataClass.CHILD_FILES,
                Message("Files of children who left"),
                3,
                Message("the child left, or turned 18"),
                _NO_LONGER,
                Fate.ERASED,
            ),
            Rule(
                DataClass.APPLICATIONS,
                Message("Applications that came to nothing"),
                1,
                Message("refused, or withdrawn"),
                _NO_LONGER,
                Fate.NAMELESS,
            ),
            Rule(
                DataClass.FORMER_VOLUNTEERS,
                Message("Volunteers who left"),
                5,
                Message("the volunteer left"),
                _CERTIFIED,
                Fate.NAMELESS,
            ),
            Rule(
                DataClass.GRANT_PURPOSES,
                Message("What grants to read were for"),
                3,
                Message("the grant ended"),
                _NO_LONGER,
                Fate.EMPTIED,
            ),
            Rule(
                DataClass.WISHES,
                Message("Families' wishes, and how places were given"),
                2,
                Message("the term ended"),
                _NO_LONGER,
                Fate.ERASED,
            ),
            Rule(
                DataClass.NOTICES,
                Message("What people were told"),
                1,
                Message("they were told"),
                _NO_LONGER,
                Fate.ERASED,
            ),
            Rule(
                DataClass.WEB_SESSIONS,
                Message("Sessions of browsers"),
                0,
                Message("the session is over"),
                _NO_LONGER,
                Fate.ERASED,
            ),
            Rule(
                DataClass.RATE_COUNTERS,
                Message("Counters of requests"),
                0,
                Message("the counter's window is over"),
                _NO_LONGER,
                Fate.ERASED,
            ),
            Rule(
                DataClass.ACCOUNTS,
                Message("Accounts"),
                None,
                Message("never"),
                Message("the audit log names accounts by their ids"),
                Fate.KEPT,
            ),
            Rule(
                DataClass.ERASURES,
                Message("That something was erased"),
                None,
                Message("never"),
                Message("an older backup must bring nothing back; ids alone"),
                Fate.KEPT,
            ),
            Rule(
                DataClass.AUDIT_LOG,
                Message("Audit log"),
                None,
                Message("never"),
                Message("six months at least (Cybersecurity Law, art. 23), and its chain stays whole; ids alone"),
                Fate.KEPT,
            ),
            Rule(
                DataClass.HARM_REGISTER,
                Message("Register of reports"),
                None,
                Message("never"),
                Message("evidence (Law on the Protection of Minors, art. 11); nothing of a case"),
                Fate.KEPT,
            ),
            Rule(
                DataClass.INCIDENTS,
                Message("Register of incidents"),
                None,
                Message("never"),
                Message("evidence (PIPL, art. 57); no names"),
                Fate.KEPT,
            ),
        )
    }
)


def last_day_kept(begun: date, years: int) -> date:
    """Return the last day of a period of whole years that begins with what happened on a day."""
    try:
        return begun.replace(year=begun.year + years)
    except ValueError:
        return begun.replace(year=begun.year + years, day=begun.day - 1)


def goes_on(begun: date, years: int, kept_until: date | None = None) -> date:
    """Return the day on which something goes: after its period, and after the day until which somebody keeps it."""
    last = last_day_kept(begun, years)
    return max(last, kept_until or last) + timedelta(days=1)


def years_of(data: DataClass, wanted: int | None = None) -> int:
    """Return how many years a kind of data is kept; a station's own wish makes it longer and never shorter.

    Raises KeyError for what is kept for good.
    """
    years = RULES[data].years
    if years is None:
        raise KeyError(data)
    return max(years, wanted or 0) if data is DataClass.CHILD_FILES else years
