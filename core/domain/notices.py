"""Notices to people about their sessions: the kinds, the channels, when a notice may go, and how often it is tried.

Pure rules; times of day are of the station's wall clock. A notice holds ids and the published wording of sessions, and
has no place for anything of a child.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.domain.errors import Message


class NoticeKind(StrEnum):
    """What somebody is told."""

    DUTY_ASKED = "duty_asked"
    DUTY_REMINDER = "duty_reminder"
    DUTY_WITHDRAWN = "duty_withdrawn"
    DUTY_CHANGED = "duty_changed"
    DUTY_CANCELLED = "duty_cancelled"
    SWAP_OFFERED = "swap_offered"
    SWAP_TAKEN = "swap_taken"
    SWAP_DECIDED = "swap_decided"
    CAMPAIGN_ASKED = "campaign_asked"
    CAMPAIGN_REMINDER = "campaign_reminder"
    LATE_CANCELLATION = "late_cancellation"
    SESSION_UNSAFE = "session_unsafe"
    PICKUP_ALARM = "pickup_alarm"
    HOURS_PUBLISHED = "hours_published"
    CERTIFICATE_READY = "certificate_ready"
    THANKS = "thanks"
    TIMETABLE_CHANGED = "timetable_changed"

    @property
    def label(self) -> Message:
        """What the head's list calls it."""
        return _KINDS[self]


class Channel(StrEnum):
    """By what a notice goes."""

    MAIL = "mail"
    WECOM = "wecom"
    SMS = "sms"
    WEBHOOK = "webhook"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _CHANNELS[self]


class NoticeState(StrEnum):
    """Where a notice stands in the outbox."""

    WAITING = "waiting"
    #: Leased by a server that is at it; when the lease runs out, another takes it up.
    SENDING = "sending"
    SENT = "sent"
    #: Tried in vain, and tried again later.
    FAILED = "failed"
    #: Tried in vain and not tried again, unless somebody asks for it.
    GIVEN_UP = "given_up"
    #: The person has no channel: somebody of the station calls.
    TO_CALL = "to_call"
    CALLED = "called"
    #: There is nobody to tell any more.
    DROPPED = "dropped"

    @property
    def label(self) -> Message:
        """What the head's list calls it."""
        return _STATES[self]


class Pace(StrEnum):
    """How somebody wants to hear: each thing at once, or what came up in a day together."""

    AT_ONCE = "at_once"
    DAILY = "daily"

    @property
    def label(self) -> Message:
        """What people call it."""
        return _PACES[self]


#: The facts that a notice may hold, beside those whose names end in `_id`: wording and times as published, and numbers.
FACTS: Final = frozenset(
    {
        "change",
        "role",
        "count",
        "minutes",
        "month",
        "until",
        *(
            f"{moment}{name}"
            for moment in ("", "before_")
            for name in ("title", "title_en", "starts_at", "ends_at", "location")
        ),
    }
)
_ID: Final = "_id"
#: What a session's place may come to.
_LONGEST_FACT: Final = 400
#: What its column has room for.
_LONGEST_KEY: Final = 200


@dataclass(frozen=True)
class Addressee:
    """Who is told: a volunteer, an account, or, as neither, the program behind the installation's webhook."""

    volunteer_id: UUID | None = None
    user_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.volunteer_id is not None and self.user_id is not None:
            raise ValueError("A notice goes to a volunteer or to an account; put two to tell both.")

    @property
    def key(self) -> str:
        """How the outbox tells one from another."""
        if self.volunteer_id is not None:
            return f"volunteer-{self.volunteer_id.hex}"
        return "webhook" if self.user_id is None else f"user-{self.user_id.hex}"


def to_volunteer(volunteer_id: UUID) -> Addressee:
    """Return a volunteer to tell."""
    return Addressee(volunteer_id=volunteer_id)


def to_user(user_id: UUID) -> Addressee:
    """Return an account to tell; where it is a volunteer's, it hears as the volunteer chose."""
    return Addressee(user_id=user_id)


#: Whatever program listens at the installation's webhook.
TO_WEBHOOK: Final = Addressee()


@dataclass(frozen=True)
class Notice:
    """Something that somebody is told, once for each `key` among notices of its kind to them.

    `station_id` is the station that tells it, and whose staff call where there is no other way. What it says of
    `session_id` is what the person's own calendar says, so a closed group stays neutral. `facts` are named as in FACTS
    or end in `_id`; values are text, in which moments are ISO 8601 in wall-clock time, or numbers. One that is
    `urgent` goes at once, in quiet hours too; none goes before `not_before`, an aware moment.

    Raises ValueError for a fact of another name or kind, or a key that is empty or too long.
    """

    kind: NoticeKind
    to: Addressee
    station_id: UUID
    key: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    session_id: UUID | None = None
    urgent: bool = False
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= _LONGEST_KEY:
            raise ValueError("A notice's key has 1 to 200 characters.")
        for name, value in self.facts.items():
            if not (name in FACTS or name.endswith(_ID)):
                raise ValueError(f"A notice has no fact {name!r}: FACTS lists those there are.")
            if type(value) not in {str, int} or len(str(value)) > _LONGEST_FACT:
                raise ValueError(f"The fact {name!r} is a number or a text of at most 400 characters.")


@dataclass(frozen=True)
class Quiet:
    """The hours in which nobody is told anything that can wait: over midnight where `begins` is the later.

    None where both are the same.
    """

    begins: time = time(21)
    ends: time = time(8)

    def holds(self, moment: datetime) -> bool:
        """Tell whether the hours hold at a wall-clock time."""
        now = moment.time()
        if self.begins < self.ends:
            return self.begins <= now < self.ends
        return self.begins != self.ends and (now >= self.begins or now < self.ends)

    def over(self, moment: datetime) -> datetime:
        """Return the moment itself, or when the quiet hours in which it lies end."""
        return next_time(moment, self.ends) if self.holds(moment) else moment


#: When what came up in a day goes together.
DIGEST_AT: Final = time(18)


def may_go(moment: datetime, quiet: Quiet, pace: Pace, *, urgent: bool) -> datetime:
    """Return when something that came up at a wall-clock time may be told, in wall-clock time, never before it."""
    if urgent:
        return moment
    return quiet.over(next_time(moment, DIGEST_AT) if pace is Pace.DAILY else moment)


def next_time(moment: datetime, hour: time) -> datetime:
    """Return when it is that time of day next, after the moment."""
    today = datetime.combine(moment.date(), hour)
    return today if today > moment else today + timedelta(days=1)


#: How often a notice is tried before it is given up; with the pauses between that is most of a day.
MOST_ATTEMPTS: Final = 10
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts in vain, from 1: twice as long each time, up to six hours."""
    if attempts < 1:
        raise ValueError("A pause follows an attempt.")
    times: int = 2 ** min(attempts - 1, MOST_ATTEMPTS)
    return min(_FIRST_PAUSE * times, _LONGEST_PAUSE)


_KINDS: Final = {
    NoticeKind.DUTY_ASKED: Message("Asked for a duty"),
    NoticeKind.DUTY_REMINDER: Message("Reminder of a duty"),
    NoticeKind.DUTY_WITHDRAWN: Message("A duty is no longer asked"),
    NoticeKind.DUTY_CHANGED: Message("A duty has changed"),
    NoticeKind.DUTY_CANCELLED: Message("A duty is cancelled"),
    NoticeKind.SWAP_OFFERED: Message("A swap is offered"),
    NoticeKind.SWAP_TAKEN: Message("A swap is taken"),
    NoticeKind.SWAP_DECIDED: Message("A swap is decided"),
    NoticeKind.CAMPAIGN_ASKED: Message("Asked when they can serve"),
    NoticeKind.CAMPAIGN_REMINDER: Message("Reminder to say when they can serve"),
    NoticeKind.LATE_CANCELLATION: Message("Somebody cancelled late"),
    NoticeKind.SESSION_UNSAFE: Message("A session lacks adults"),
    NoticeKind.PICKUP_ALARM: Message("Somebody who may not came to pick up"),
    NoticeKind.HOURS_PUBLISHED: Message("Hours are published"),
    NoticeKind.CERTIFICATE_READY: Message("A certificate is ready"),
    NoticeKind.THANKS: Message("Thanks"),
    NoticeKind.TIMETABLE_CHANGED: Message("The timetable has changed"),
}
_CHANNELS: Final = {
    Channel.MAIL: Message("Mail"),
    Channel.WECOM: Message("WeChat Work"),
    Channel.SMS: Message("Text message"),
    Channel.WEBHOOK: Message("Webhook"),
}
_STATES: Final = {
    NoticeState.WAITING: Message("To be sent"),
    NoticeState.SENDING: Message("Being sent"),
    NoticeState.SENT: Message("Sent"),
    NoticeState.FAILED: Message("Failed, tried again later"),
    NoticeState.GIVEN_UP: Message("No longer tried"),
    NoticeState.TO_CALL: Message("To call"),
    NoticeState.CALLED: Message("Called"),
    NoticeState.DROPPED: Message("Nobody to tell"),
}
_PACES: Final = {
    Pace.AT_ONCE: Message("Each thing at once"),
    Pace.DAILY: Message("Once a day, together"),
}
