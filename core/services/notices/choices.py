"""How somebody wants to hear: what they chose themselves, or the station wrote down for them."""

import re
from dataclasses import dataclass, field
from datetime import time
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from core.db.models import NoticeChoices, User, Volunteer
from core.db.queries import notices as queries
from core.domain.actor import Actor
from core.domain.capabilities import Capability
from core.domain.clock import Clock
from core.domain.errors import InvalidInputError, Message, NotFoundError
from core.domain.notices import Channel, Pace
from core.domain.phones import read_phone
from core.security.permissions import require
from core.services.audit import record
from core.services.wording import LANGUAGES

#: What a person may be told by, in the order in which it is offered.
PERSONAL: Final = (Channel.WECOM, Channel.MAIL, Channel.SMS)
#: The plain form of an address, without names, comments and quotes (RFC 5321, 4.1.2): what mail programs know.
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_LONGEST_MAIL: Final = 254
#: As WeChat Work makes them; `@all` would be everybody there.
_MEMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True)
class ChoicesDraft:
    """What a form says; empty addresses are taken away, and without channels whichever there is will do."""

    language: str
    mail: str = field(default="", repr=False)
    mobile: str = field(default="", repr=False)
    wecom: str = field(default="", repr=False)
    channels: tuple[Channel, ...] = ()
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    pace: Pace = Pace.AT_ONCE
    invitations: bool = False


def own_choices(session: Session, actor: Actor) -> NoticeChoices | None:
    """Return how whoever acts wants to hear, None where they never chose."""
    if actor.volunteer_id is not None:
        return session.scalars(queries.choices_of_volunteer(actor.volunteer_id)).one_or_none()
    return session.scalars(queries.choices_of_user(actor.user_id)).one_or_none()


def choose_own(session: Session, actor: Actor, clock: Clock, draft: ChoicesDraft, *, demo: bool) -> None:
    """Keep how whoever acts wants to hear; InvalidInputError for what can't be right."""
    if actor.user_id is None:
        raise NotFoundError(Message("There is no such account."))
    user = session.get_one(User, actor.user_id)
    row = own_choices(session, actor)
    if row is None:
        own = {"volunteer_id": actor.volunteer_id} if actor.volunteer_id else {"user_id": user.id}
        row = NoticeChoices(station_id=user.station_id, **own)
    _keep(session, actor, clock, row, draft, demo=demo)


def choices_of(session: Session, actor: Actor, volunteer_id: UUID) -> tuple[Volunteer, NoticeChoices | None]:
    """Return a volunteer and how they want to hear; NotFoundError for one out of reach."""
    require(actor, Capability.KEEP_VOLUNTEERS)
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFoundError(Message("There is no such person."))
    return volunteer, session.scalars(queries.choices_of_volunteer(volunteer_id)).one_or_none()


def choose_for(
    session: Session, actor: Actor, clock: Clock, volunteer_id: UUID, draft: ChoicesDraft, *, demo: bool
) -> None:
    """Write down how a volunteer wants to hear; errors as for `choices_of` and `choose_own`."""
    volunteer, row = choices_of(session, actor, volunteer_id)
    row = row or NoticeChoices(station_id=volunteer.station_id, volunteer_id=volunteer.id)
    _keep(session, actor, clock, row, draft, demo=demo)


def _keep(session: Session, actor: Actor, clock: Clock, row: NoticeChoices, draft: ChoicesDraft, *, demo: bool) -> None:
    _require_plausible(draft)
    row.mail, row.wecom = draft.mail.strip() or None, draft.wecom.strip() or None
    row.mobile = read_phone(draft.mobile, demo=demo) if draft.mobile.strip() else None
    row.channels, row.language = [one.value for one in draft.channels], draft.language
    row.quiet_from, row.quiet_until = draft.quiet_from, draft.quiet_until
    row.pace, row.invitations = draft.pace, draft.invitations
    row.changed_at = clock.now()
    session.add(row)
    record(
        session,
        actor,
        clock,
        station_id=row.station_id,
        action="notices.chosen",
        subject_kind="volunteer" if row.volunteer_id else "user",
        subject_id=row.volunteer_id or row.user_id or row.id,
        detail={"pace": row.pace.value, "channels": row.channels},
    )


def _require_plausible(draft: ChoicesDraft) -> None:
    mail, member = draft.mail.strip(), draft.wecom.strip()
    if mail and (len(mail) > _LONGEST_MAIL or not _MAIL.fullmatch(mail)):
        raise InvalidInputError(Message("This is no mail address: it looks like name@example.org."))
    if member and not _MEMBER.fullmatch(member):
        raise InvalidInputError(Message("This is no account of WeChat Work: ask whoever keeps it for you."))
    if draft.language not in LANGUAGES or not set(draft.channels) <= set(PERSONAL):
        raise InvalidInputError(Message("Choose from the list."))
