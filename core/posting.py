"""The post: sends what waits in the outbox, by day and by night, from a thread of each server or by command.

Leasing, sending and noting are three steps: no transaction is open while another machine is waited for.
"""

import os
import socket
from collections.abc import Mapping
from email.utils import parseaddr
from functools import partial
from threading import get_ident
from typing import Final

import structlog

from core.config import Settings
from core.couriers.all import couriers_of
from core.couriers.letter import Courier, NotDeliveredError
from core.couriers.mailbox import read_unread
from core.daily import Work
from core.domain.actor import EVERYTHING, SYSTEM
from core.domain.notices import Channel
from core.hooks.calling import Hooks
from core.services.desk import Desk
from core.services.notices.answers import take_mail
from core.services.notices.leasing import Lease, Taken, is_due, note_failed, note_sent, take
from core.services.notices.letters import letter_of
from core.services.notices.post import Post
from core.services.replies.by_mail import take_by_mail

log = structlog.get_logger()

#: How often a server looks for what is due, and into the mailbox.
LOOK_SECONDS: Final = 5.0
ANSWERS_SECONDS: Final = 120.0


class Sender:
    """Sends one message after the other; several, also on several machines, may be at it at the same time."""

    def __init__(
        self, work: Work, hooks: Hooks, couriers: Mapping[Channel, Courier] | None = None, lease: Lease | None = None
    ) -> None:
        self._work = work
        self._couriers = couriers_of(work.settings.notices) if couriers is None else couriers
        self._lease = lease or Lease(f"{socket.gethostname()[:40]}:{os.getpid()}:{get_ident()}")
        self._post = post_of(work, hooks, self._couriers)

    def is_due(self) -> bool:
        """Tell whether something is to be looked at."""
        with self._work.database.reading(EVERYTHING) as session:
            return is_due(session, self._work.clock.now())

    def send_due(self) -> int:
        """Send all that may go now, and return how many messages were taken by their couriers."""
        sent = 0
        while self.is_due():
            taken = self._taken()
            sent += taken is not None and self._send(taken)
        return sent

    def _taken(self) -> Taken | None:
        with self._work.database.writing(EVERYTHING) as session:
            return take(session, self._post, self._lease)

    def _send(self, taken: Taken) -> bool:
        try:
            with self._work.database.reading(EVERYTHING) as session:
                letter = letter_of(session, self._post, taken)
            self._couriers[taken.reach.channel].deliver(letter)
        except NotDeliveredError as error:
            self._note_failed(taken, error.code, final=error.final)
            return False
        except Exception as error:  # noqa: BLE001 (one that can't be written must not keep the others)
            # By its kind alone: the message may quote a row.
            self._note_failed(taken, type(error).__name__, final=False)
            return False
        with self._work.database.writing(EVERYTHING) as session:
            noted = note_sent(session, self._post, taken.message_id, self._lease)
        if not noted:
            log.warning("notice_lease_lost", message=taken.message_id.hex)
        return True

    def _note_failed(self, taken: Taken, code: str, *, final: bool) -> None:
        log.warning("notice_failed", message=taken.message_id.hex, channel=taken.reach.channel.value, code=code)
        with self._work.database.writing(EVERYTHING) as session:
            note_failed(session, self._post, taken.message_id, self._lease, code, final=final)


def post_of(work: Work, hooks: Hooks, couriers: Mapping[Channel, Courier]) -> Post:
    """Return the post of an installation."""
    ways = work.settings.notices
    return Post(
        clock=work.clock,
        hooks=hooks,
        timezone=work.settings.timezone,
        channels=frozenset(couriers),
        site=work.settings.base_url,
        organizer=parseaddr(ways.mail.sender)[1] if ways.mail else "",
        answers_are_read=ways.mailbox is not None,
    )


def answers_may_be_there(settings: Settings) -> bool:
    """Tell whether there is a mailbox to look into."""
    return settings.notices.mailbox is not None


def read_answers(work: Work, hooks: Hooks | None = None) -> int:
    """Take the answers to invitations that are in the mailbox, and return how many counted; 0 where there is none.

    With `hooks` they answer questions about duties; without, they are noted alone. Raises NotDeliveredError where the
    mailbox can't be read now.
    """
    mailbox, counted = work.settings.notices.mailbox, 0
    taking = None if hooks is None else partial(take_by_mail, Desk(SYSTEM, work.clock, hooks, work.settings.timezone))

    def handle(content: bytes) -> None:
        nonlocal counted
        with work.database.writing(EVERYTHING) as session:
            counted += take_mail(session, work.clock, content, taking)

    if mailbox is not None:
        read_unread(mailbox, handle)
    return counted
