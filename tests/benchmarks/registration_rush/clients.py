"""Browsers of people at their desks, with as little of their own to do as possible: they share the server's cores."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from html import unescape
from http import HTTPStatus
from time import perf_counter, process_time
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from core.services.registration.giving import Wanted
from tests.benchmarks.registration_rush.server import Running

_DESK: Final = "/registration/"
#: Whoever opens the desk has a whole page made.
_AT_ONCE: Final = 20
_GIVE: Final = "/registration/register"
_TOKEN: Final = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LOCATION: Final = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True)
class Sent:
    """A form that somebody sends, once or several times: its key, and the child for an activity."""

    key: UUID
    wanted: Wanted


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
    #: None while it isn't connected.
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open_desk(self) -> None:
        """Load the desk's page, and take the form's token from it."""
        answer = await self._ask("GET", _DESK, b"")
        found = _TOKEN.search(answer.body)
        if found is None:
            raise LookupError(f"There is no form on the desk: {answer.status} {answer.location}")
        self.token = unescape(found[1].decode())

    async def register(self, sent: Sent, tries: int = 3) -> Answer | None:
        """Send a form, and again as it was when the connection breaks; None where no answer comes."""
        started = perf_counter()
        for _try in range(tries):
            try:
                answer = await self._ask("POST", _GIVE, self._form(sent))
            except (OSError, asyncio.IncompleteReadError):
                await self.close()
                continue
            return replace(answer, seconds=perf_counter() - started)
        return None

    async def break_off(self, sent: Sent, part: float) -> None:
        """Send a part of a form, or all of it, and be gone before anything is answered."""
        _reader, writer = await self._connected()
        request = self._request("POST", _GIVE, self._form(sent))
        writer.write(request[: round(part * len(request))])
        await writer.drain()
        await self.close()

    async def close(self) -> None:
        """Let go of the connection."""
        if self.streams is not None:
            self.streams[1].close()
            with suppress(OSError):
                await self.streams[1].wait_closed()
        self.streams = None

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        reader, writer = await self._connected()
        writer.write(self._request(method, path, body))
        said = await reader.readuntil(b"\r\n\r\n")
        length, location = _LENGTH.search(said), _LOCATION.search(said)
        content = await reader.readexactly(int(length[1]) if length else 0)
        if _CLOSE.search(said):
            await self.close()
        return Answer(int(said[9:12]), location[1].decode() if location else "", content)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        return self.streams

    def _request(self, method: str, path: str, body: bytes) -> bytes:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: weibao={self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _form(self, sent: Sent) -> bytes:
        picked = f"{sent.wanted.child_id}:{sent.wanted.activity_id}"
        return urlencode({"csrf_token": self.token, "request": sent.key, "pick": picked}).encode()


@dataclass
class Rush:
    """What came of the morning: what was confirmed, how long each took, what else was said, what nobody answered."""

    confirmed: list[Sent] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    others: list[Answer] = field(default_factory=list)
    unanswered: list[Sent] = field(default_factory=list)
    lasted: float = 0.0
    #: For how many seconds the server and the clients kept a core busy meanwhile.
    server: float = 0.0
    clients: float = 0.0


@asynccontextmanager
async def at_the_desk(server: Running, cookies: Iterable[str]) -> AsyncIterator[list[Browser]]:
    """Lend a browser for each cookie, with the desk open."""
    browsers = [Browser(server.port, cookie) for cookie in cookies]
    for number in range(0, len(browsers), _AT_ONCE):
        await asyncio.gather(*(browser.open_desk() for browser in browsers[number : number + _AT_ONCE]))
    try:
        yield browsers
    finally:
        for browser in browsers:
            await browser.close()


async def rush(
    server: Running, cookies: Iterable[str], forms: Iterable[Sent], *, killed_after: float | None = None
) -> Rush:
    """Have everybody register at once, each the next child as soon as the last one is answered.

    The server is killed after so many seconds, if that is asked for; then nobody sends any more.
    """
    found, left = Rush(), iter(forms)
    async with at_the_desk(server, cookies) as browsers:
        if killed_after is not None:
            asyncio.get_running_loop().call_later(killed_after, server.kill)
        found.server, found.clients = -server.processor_seconds(), -process_time()
        started = perf_counter()
        await asyncio.gather(*(_busy(browser, left, found) for browser in browsers))
        found.lasted = perf_counter() - started
        found.server += server.processor_seconds()
        found.clients += process_time()
    return found


async def _busy(browser: Browser, left: Iterator[Sent], found: Rush) -> None:
    for sent in left:
        answer = await browser.register(sent)
        if answer is None:
            found.unanswered.append(sent)
            return
        if is_confirmed(answer, sent.key):
            found.confirmed.append(sent)
            found.seconds.append(answer.seconds)
        else:
            found.others.append(answer)


def is_confirmed(answer: Answer, key: UUID) -> bool:
    """Tell whether the answer leads to the receipt of this form."""
    return answer.status == HTTPStatus.FOUND and answer.location.endswith(f"/receipts/{key}")
