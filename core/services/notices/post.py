"""What sending works with, and whether somebody can be reached, by what, and when."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.db.models import NoticeChoices, OutboxNotice, User, Volunteer
from core.db.queries import notices as queries
from core.domain.clock import Clock
from core.domain.notices import Channel, Pace, Quiet, may_go
from core.hooks.calling import Hooks
from core.services.wording import CHINESE


@dataclass(frozen=True)
class Post:
    """An installation's post: its clock and zone, the channels that are set up, and the address of its pages.

    `organizer` is the mail address from which invitations come and to which answers go; `answers_are_read` tells
    whether somebody's calendar program may answer there.
    """

    clock: Clock
    hooks: Hooks
    timezone: str
    channels: Collection[Channel]
    site: str = ""
    organizer: str = ""
    answers_are_read: bool = False

    def local(self, moment: datetime) -> datetime:
        """Return a moment of the machine in the station's wall-clock time."""
        return moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)

    def moment(self, local: datetime) -> datetime:
        """Return a wall-clock time as a moment of the machine."""
        return local.replace(tzinfo=ZoneInfo(self.timezone))


@dataclass(frozen=True)
class Reach:
    """How somebody is reached now; `to` is what the channel calls them."""

    channel: Channel
    to: str = field(default="", repr=False)
    language: str = CHINESE
    quiet: Quiet = field(default_factory=Quiet)
    pace: Pace = Pace.AT_ONCE
    invitations: bool = False

    def may_go(self, post: Post, moment: datetime, *, urgent: bool, tried: bool) -> datetime:
        """Return from when on a notice may go that could go at `moment`; one that was `tried` was in its digest."""
        if self.channel is Channel.WEBHOOK:
            return moment
        local = post.local(moment)
        pace = Pace.AT_ONCE if tried else self.pace
        goes = may_go(local, self.quiet, pace, urgent=urgent)
        return moment if goes == local else post.moment(goes)


class NobodyError(Exception):
    """There is nobody to tell any more: the account is closed, or there is no webhook."""


@dataclass(frozen=True)
class _Person:
    """Whoever a notice is for."""

    choices: NoticeChoices | None
    language: str
    phone: str | None = field(repr=False)


def reach_of(session: Session, post: Post, row: OutboxNotice) -> Reach | None:
    """Return how the recipient of a notice is reached; None: by nothing that is set up, so that somebody calls.

    Raises NobodyError where there is nobody to tell.
    """
    if row.volunteer_id is None and row.user_id is None:
        if Channel.WEBHOOK not in post.channels:
            raise NobodyError
        return Reach(Channel.WEBHOOK)
    person = _person(session, row)
    addresses = _addresses(person)
    chosen = person.choices
    for channel in _order(chosen):
        if channel in post.channels and (to := addresses.get(channel)):
            return Reach(channel, to, person.language) if chosen is None else _as_chosen(channel, to, chosen)
    return None


def _as_chosen(channel: Channel, to: str, chosen: NoticeChoices) -> Reach:
    quiet = Quiet(chosen.quiet_from, chosen.quiet_until)
    return Reach(channel, to, chosen.language, quiet, chosen.pace, chosen.invitations)


def _order(chosen: NoticeChoices | None) -> tuple[Channel, ...]:
    """Return the channels to try, the one that costs nobody anything first where nothing is chosen."""
    if chosen is None or not chosen.channels:
        return (Channel.WECOM, Channel.MAIL, Channel.SMS)
    return tuple(Channel(name) for name in chosen.channels)


def _addresses(person: _Person) -> dict[Channel, str | None]:
    chosen = person.choices
    if chosen is None:
        return {Channel.SMS: person.phone}
    return {Channel.MAIL: chosen.mail, Channel.WECOM: chosen.wecom, Channel.SMS: chosen.mobile or person.phone}


def _person(session: Session, row: OutboxNotice) -> _Person:
    volunteer_id = row.volunteer_id
    user = session.get(User, row.user_id) if row.user_id else None
    if user is not None:
        if not user.active:
            raise NobodyError
        volunteer_id = user.volunteer_id
    if volunteer_id is None:
        chosen = session.scalars(queries.choices_of_user(row.user_id)).one_or_none()
        return _Person(chosen, user.language if user else CHINESE, None)
    volunteer = session.get_one(Volunteer, volunteer_id)
    account = user or session.scalars(queries.account_of(volunteer_id)).first()
    chosen = session.scalars(queries.choices_of_volunteer(volunteer_id)).one_or_none()
    return _Person(chosen, account.language if account else CHINESE, volunteer.phone)
