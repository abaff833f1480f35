"""A mail server that keeps what it is handed: as much of RFC 5321 as a sender needs, and failures when asked for."""

import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread

#: A line as RFC 5321, 4.5.3.1.6 allows it, and some.
_LONGEST_LINE = 4096


@dataclass
class Mails:
    """What a server was handed, in the order in which it said yes."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    #: What is answered to a recipient, and to a letter; None: yes.
    on_recipient: Callable[[str], str | None] = lambda _address: None
    on_letter: Callable[[EmailMessage], str | None] = lambda _mail: None
    lock: Lock = field(default_factory=Lock)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(mail["Message-ID"]) for mail in self.taken]


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mails: Mails
    context: ssl.SSLContext | None
    at_once: bool


class _Conversation(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer one sender until it goes."""
        self._secret = self.server.at_once
        try:
            if self.server.at_once:
                self._encrypt()
            self._say("220 fake")
            while line := self.rfile.readline(_LONGEST_LINE):
                if not self._answer(line.decode("latin-1").strip()):
                    return
        except (OSError, ValueError):
            # Whoever was at the other end is gone.
            return
        finally:
            self.request.close()

    def _answer(self, line: str) -> bool:
        word = line.partition(" ")[0].upper()
        if word == "EHLO":
            self._say("250-fake\r\n250-AUTH PLAIN\r\n" + ("" if self._secret else "250-STARTTLS\r\n") + "250 8BITMIME")
        elif word == "STARTTLS":
            self._say("220 go on")
            self._encrypt()
        elif word == "AUTH":
            _, user, password = b64decode(line.rpartition(" ")[2]).decode().split("\0")
            self.server.mails.signed_in.append((user, password))
            self._say("235 welcome")
        elif word == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            self._say(self.server.mails.on_recipient(address) or "250 fine")
        elif word == "DATA":
            self._take()
        elif word == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 fine")
        return True

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline(_LONGEST_LINE)) != b".\r\n":
            if not line:
                raise ValueError("The sender broke off.")
            lines.append(line.removeprefix(b"."))
        mails = self.server.mails
        mail = message_from_bytes(b"".join(lines), policy=default)
        refusal = mails.on_letter(mail)
        if refusal is None:
            with mails.lock:
                mails.taken.append(mail)
                mails.encrypted.append(self._secret)
        self._say(refusal or "250 taken")

    def _encrypt(self) -> None:
        assert self.server.context is not None
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self._secret = True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()


@contextmanager
def mail_server(*, context: ssl.SSLContext | None = None, at_once: bool = False) -> Iterator[Mails]:
    """Run a server on this machine; with `context` it offers STARTTLS, or speaks TLS `at_once`."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mails, server.context, server.at_once = Mails(server.server_address[1]), context, at_once
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.mails
        server.shutdown()
