"""Answers to invitations, as calendar programs send them by mail.

Anybody can write a mail in anybody's name. So an answer counts only for the one duty and the one person whose known
address it comes from, and says no more than what that person could take back by another.
"""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.models import FeedItem, Installation
from core.db.models.feed import FeedKind
from core.db.queries import notices as queries
from core.domain.actor import SYSTEM
from core.domain.clock import Clock
from core.feeds.itip import LONGEST_ANSWER, Answer, Partstat, answers_in
from core.services.audit import record
from core.services.feeds import DUTY

#: What takes the answer of somebody to the question about a duty of theirs, if there is one, and says whether it did.
Take = Callable[[Session, FeedItem, UUID, Partstat], bool]
#: A mail has few parts; one with many is not looked through.
_MOST_PARTS: Final = 20


def answered(
    session: Session, clock: Clock, duty: FeedItem, who: UUID, partstat: Partstat, take: Take | None = None
) -> None:
    """Take a volunteer's answer to the invitation to a duty; where there is a question that is open, it answers it.

    `duty` is the entry of their own feed, with the session in `session_id`. The same answer may come several times,
    and late: of a session that is over or cancelled too. It is noted in the audit log in any case, and where nothing
    `take`s answers there alone.
    """
    taken = take is not None and take(session, duty, who, partstat)
    record(
        session,
        SYSTEM,
        clock,
        station_id=duty.station_id,
        action="duty.answered_by_mail",
        subject_kind="volunteer",
        subject_id=who,
        detail={"session": duty.session_id.hex, "answer": partstat.value.lower(), "taken": taken},
    )


def take_mail(session: Session, clock: Clock, raw: bytes, take: Take | None = None) -> int:
    """Take the answers in a mail, and return how many counted; whatever else the mail is, it is left alone."""
    try:
        mail: EmailMessage = message_from_bytes(raw, policy=default)
        sender = parseaddr(str(mail.get("From", "")))[1].lower()
        parts = [_calendar(part) for part in mail.walk()]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # A stranger may have sent anything; the library gives up in several ways.
        return 0
    calendars = [part for part in parts if part is not None][:_MOST_PARTS]
    answers = [one for calendar in calendars for one in answers_in(calendar) if one.mail == sender]
    return sum(_take(session, clock, one, take) for one in answers[:_MOST_PARTS])


def _calendar(part: EmailMessage) -> bytes | None:
    if part.get_content_type() != "text/calendar":
        return None
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) and len(content) <= LONGEST_ANSWER else None


def _take(session: Session, clock: Clock, answer: Answer, take: Take | None) -> bool:
    duty = _duty(session, answer.uid)
    if duty is None:
        return False
    who = UUID(duty.subject)
    choices = session.scalars(queries.choices_of_volunteer(who)).one_or_none()
    if choices is None or (choices.mail or "").lower() != answer.mail:
        return False
    answered(session, clock, duty, who, answer.partstat, take)
    return True


def _duty(session: Session, uid: str) -> FeedItem | None:
    installation = session.scalars(select(Installation)).one()
    kind, _, rest = uid.partition("-")
    identifier, _, home = rest.partition("@")
    if kind != DUTY or home != installation.id.hex:
        return None
    try:
        item = session.get(FeedItem, UUID(hex=identifier))
    except ValueError:
        return None
    return item if item is not None and item.kind is FeedKind.VOLUNTEER else None
