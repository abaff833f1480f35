"""Browsers of people at their desks, with as little of their own to do as possible: they share the server's cores."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter, process_time
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from core.domain.ids import new_id
from core.services.registration.giving import Wanted
from tests.benchmarks.registration_rush.server import Running

_DESK: Final = "/registration/"
_GIVE: Final = "/registration/register"
_TOKEN: Final = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION: Final = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What the server said, and after how many seconds from the first try."""

    status: int
    location: str
    body: bytes
    seconds: float = 0.0


@dataclass
class Browser:
    """A browser with a cookie and one connection that it keeps; broken off, it connects and sends again."""

    port: int
    cookie: str
    token: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def open_desk(self) -> None:
        """Load the desk's page, and take the form's token from it."""
        answer = await self._ask("GET", _DESK, b"")
        found = _TOKEN.search(answer.body)
        if found is None:
            raise LookupError(f"There is no form on the desk: {answer.status} {answer.location}")
        self.token = unescape(found[1].decode())

    async def register(self, request_id: UUID, wanted: Wanted, tries: int = 3) -> Answer | None:
        """Send the form, and again with the same key when the connection breaks; None where no answer comes."""
        form = {"csrf_token": self.token, "request": request_id, "pick": f"{wanted.child_id}:{wanted.activity_id}"}
        started, body = perf_counter(), urlencode(form).encode()
        for _try in range(tries):
            try:
                answer = await self._ask("POST", _GIVE, body)
            except (OSError, asyncio.IncompleteReadError):
                await self.close()
                continue
            return Answer(answer.status, answer.location, answer.body, perf_counter() - started)
        return None

    async def close(self) -> None:
        """Let go of the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: weibao={self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        said = await self._reader.readuntil(b"\r\n\r\n")
        length, location = _LENGTH.search(said), _LOCATION.search(said)
        content = await self._reader.readexactly(int(length[1]) if length else 0)
        if _CLOSE.search(said):
            await self.close()
        return Answer(int(said[9:12]), location[1].decode() if location else "", content)


@dataclass
class Rush:
    """What came of the morning: the keys that were confirmed, how long each took, and what else was said."""

    confirmed: dict[UUID, Wanted] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    others: list[Answer | None] = field(default_factory=list)
    lasted: float = 0.0
    #: For how many seconds the server and the clients kept a core busy meanwhile.
    server: float = 0.0
    clients: float = 0.0


async def rush(server: Running, cookies: Sequence[str], wanted: Sequence[Wanted]) -> Rush:
    """Have everybody register at once, each the next child as soon as the last one is answered."""
    browsers = [Browser(server.port, cookie) for cookie in cookies]
    for number in range(0, len(browsers), 20):
        await asyncio.gather(*(browser.open_desk() for browser in browsers[number : number + 20]))
    found, left = Rush(), iter(wanted)
    found.server, found.clients = -server.processor_seconds(), -process_time()
    started = perf_counter()
    await asyncio.gather(*(_busy(browser, left, found) for browser in browsers))
    found.lasted = perf_counter() - started
    found.server += server.processor_seconds()
    found.clients += process_time()
    for browser in browsers:
        await browser.close()
    return found


async def _busy(browser: Browser, left: Iterator[Wanted], found: Rush) -> None:
    for wanted in left:
        request_id = new_id()
        answer = await browser.register(request_id, wanted)
        if answer is not None and is_confirmed(answer, request_id):
            found.confirmed[request_id] = wanted
            found.seconds.append(answer.seconds)
        else:
            found.others.append(answer)


def is_confirmed(answer: Answer, request_id: UUID) -> bool:
    """Tell whether the answer leads to the receipt of this request."""
    return answer.status == 302 and answer.location.endswith(f"/receipts/{request_id}")  # noqa: PLR2004
