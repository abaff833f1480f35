"""A mailbox, read by IMAP (RFC 3501) over TLS: what is unread is handed over and then marked as read."""

import imaplib
import re
import ssl
from collections.abc import Callable
from typing import Any, Final

from core.config import Mailbox
from core.couriers.letter import NotDeliveredError

_TIMEOUT_SECONDS: Final = 20.0
#: An answer of a calendar program is smaller by far; what is larger is marked as read, unread.
LONGEST_MAIL: Final = 256 * 1024
_AT_A_TIME: Final = 100
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


def read_unread(mailbox: Mailbox, handle: Callable[[bytes], object]) -> int:
    """Hand each unread mail to `handle`, at most a hundred, and return how many; NotDeliveredError where it can't be.

    A mail is marked as read after it was handled: where that fails it comes again.
    """
    context = ssl.create_default_context(cafile=mailbox.ca_file or None)
    try:
        with imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=_TIMEOUT_SECONDS) as connection:
            connection.login(mailbox.user, mailbox.password)
            _ask(connection.select(_quoted(mailbox.folder)))
            return _handed(connection, handle)
    except (imaplib.IMAP4.error, OSError) as error:
        raise NotDeliveredError(f"imap_{type(error).__name__}") from None


def _handed(connection: imaplib.IMAP4, handle: Callable[[bytes], object]) -> int:
    count = 0
    (found,) = _ask(connection.uid("search", "UNSEEN"))[:1] or [b""]
    for number in (found or b"").split()[:_AT_A_TIME]:
        size = _SIZE.search(_flat(_ask(connection.uid("fetch", number.decode(), "(RFC822.SIZE)"))))
        if size and int(size[1]) <= LONGEST_MAIL:
            parts = _ask(connection.uid("fetch", number.decode(), "(BODY.PEEK[])"))
            contents = [part[1] for part in parts if isinstance(part, tuple)]
            if contents:
                handle(contents[0])
                count += 1
        _ask(connection.uid("store", number.decode(), "+FLAGS", r"(\Seen)"))
    return count


def _ask(answer: tuple[str, list[Any]]) -> list[Any]:
    state, data = answer
    if state != "OK":
        raise imaplib.IMAP4.error(state)
    return data


def _flat(data: list[Any]) -> bytes:
    return b" ".join(part if isinstance(part, bytes) else b"" for part in data)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
