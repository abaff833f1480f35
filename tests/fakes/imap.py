"""A mailbox with mails in it: as much of RFC 3501 as a reader of unread mail needs."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

_LONGEST_LINE = 4096


@dataclass
class Box:
    """The mails, from number 1, and those that were read."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    signed_in: list[str] = field(default_factory=list)


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    box: Box
    context: ssl.SSLContext


class _Conversation(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Answer one reader until it goes."""
        try:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
            self._say(b"* OK [CAPABILITY IMAP4rev1] fake")
            while line := self.rfile.readline(_LONGEST_LINE):
                tag, _, command = line.strip().decode().partition(" ")
                for answer in self._answers(command):
                    self._say(answer)
                self._say(f"{tag} OK done".encode())
        except (OSError, ValueError):
            return
        finally:
            self.request.close()

    def _answers(self, command: str) -> Iterator[bytes]:
        box = self.server.box
        word = command.upper()
        if word.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1"
        elif word.startswith("LOGIN"):
            box.signed_in.append(command.partition(" ")[2])
        elif word.startswith("SELECT"):
            yield f"* {len(box.mails)} EXISTS".encode()
        elif word.startswith("UID SEARCH"):
            unread = [str(number) for number in range(1, len(box.mails) + 1) if number not in box.seen]
            yield f"* SEARCH {' '.join(unread)}".encode()
        elif found := re.match(r"UID (FETCH|STORE) (\d+) (.*)", word):
            yield from self._of_one(found[1], int(found[2]), found[3])
        elif word.startswith("LOGOUT"):
            yield b"* BYE"

    def _of_one(self, word: str, number: int, what: str) -> Iterator[bytes]:
        content = self.server.box.mails[number - 1]
        if word == "STORE":
            self.server.box.seen.add(number)
            yield f"* {number} FETCH (UID {number} FLAGS (\\Seen))".encode()
        elif "SIZE" in what:
            yield f"* {number} FETCH (UID {number} RFC822.SIZE {len(content)})".encode()
        else:
            yield f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode() + content + b")"

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()


@contextmanager
def mailbox(context: ssl.SSLContext) -> Iterator[Box]:
    """Run a server with one mailbox on this machine, over TLS."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.box, server.context = Box(server.server_address[1]), context
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.box
        server.shutdown()
