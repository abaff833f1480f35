"""Mail, handed in by SMTP (RFC 5321); invitations as iMIP (RFC 6047).

A server that answers the whole letter with 250 has it. Where a connection breaks after the last line and before that
answer nobody can know, so the letter is handed in again, with the same Message-ID: mail programs show it once.
"""

import smtplib
import ssl
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from core.config import Encryption, MailServer
from core.couriers.letter import Letter, NotDeliveredError

#: For each word of the conversation with a server.
TIMEOUT_SECONDS: Final = 20.0
_PERMANENT: Final = range(500, 600)


class MailCourier:
    """Hands letters in at a mail server, a connection for each."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.sender = parseaddr(server.sender)[1]

    def deliver(self, letter: Letter) -> None:
        """Hand the letter in; an address that the server refuses for good is final."""
        try:
            message = mail_of(letter, self._server.sender)
        except (ValueError, IndexError):
            # Such as an address that nobody can have.
            raise NotDeliveredError("mail_address", final=True) from None
        try:
            with self._connected() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _words in error.recipients.values())
            raise NotDeliveredError(f"smtp_{code}", final=code in _PERMANENT) from None
        except smtplib.SMTPDataError as error:
            raise NotDeliveredError(f"smtp_{error.smtp_code}", final=error.smtp_code in _PERMANENT) from None
        except smtplib.SMTPResponseException as error:
            # About this installation, not about the letter: somebody puts it right, and it goes.
            raise NotDeliveredError(f"smtp_{error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotDeliveredError(f"smtp_{type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        connection: smtplib.SMTP
        if server.encryption is Encryption.TLS:
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def mail_of(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as a mail; ValueError for an address that is none."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.at.astimezone(UTC))
    message["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2]}>"
    # RFC 3834: nobody's out-of-office notice answers it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8", cte="base64")
    if letter.invitation is not None:
        message.add_alternative(
            letter.invitation.content,
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"method": letter.invitation.method, "charset": "utf-8"},
        )
    return message
