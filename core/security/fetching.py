"""Fetches what somebody else's address names, without being led anywhere else than to the public internet.

A name is resolved once; every address it has must be public, and the connection goes to one of those that were looked
at, so that a name which changes meanwhile leads nowhere (DNS rebinding). Each redirect is judged anew. Nothing of ours
goes along: no cookie, no credential, no proxy of the environment.
"""

import io
import socket
import ssl
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from threading import Thread
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from core.security.addresses import is_public

#: Of a whole fetch with its redirects, and of finding out where a name lies.
_SECONDS: Final = 15.0
_NAME_SECONDS: Final = 5.0
_MOST_REDIRECTS: Final = 4
_LONGEST: Final = 2000
_PORTS: Final = {"https": 443, "http": 80}
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_OK, _UNCHANGED = 200, 304
_LONGEST_TAG: Final = 200
_PIECE: Final = 65_536

Resolver = Callable[[str, int], list[str]]
Connector = Callable[[str, int, float], socket.socket]


class FetchError(Exception):
    """Nothing was fetched; `code` says why and nothing of the address: it is a secret.

    `address` (not one we go to), `redirects`, `name` (nobody knows it), `connection`, `secure` (its certificate),
    `time`, `size`, `answer` (not a success).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """What came: the bytes, None if they haven't changed since the tag that was sent along; and the new tag."""

    content: bytes | None
    etag: str = ""


@dataclass(frozen=True)
class Ways:
    """How names become addresses and addresses connections; tests have their own."""

    resolve: Resolver
    connect: Connector
    tls: ssl.SSLContext


def usual_ways() -> Ways:
    """Return the ways of this machine."""
    return Ways(_resolve, _connect, ssl.create_default_context())


def checked(url: str) -> str:
    """Return an address as it is fetched, webcal:// as https://; FetchError for one that nothing is fetched from."""
    return _parts(url).geturl()


def fetch(url: str, *, most: int, etag: str = "", ways: Ways | None = None, seconds: float = _SECONDS) -> Fetched:
    """Return what the address gives, at most `most` bytes both as they come and unpacked; FetchError says why not."""
    ways, until = ways or usual_ways(), monotonic() + seconds
    parts = _parts(url)
    for _ in range(_MOST_REDIRECTS + 1):
        response = _ask(parts, etag, ways, until)
        with response:
            if response.status in _MOVED:
                parts = _parts(urljoin(parts.geturl(), response.headers.get("Location", "")), before=parts)
                continue
            if response.status == _UNCHANGED and etag:
                return Fetched(None, etag)
            if response.status != _OK:
                raise FetchError("answer")
            return Fetched(_content(response, most), _tag(response.headers))
    raise FetchError("redirects")


def _parts(url: str, before: SplitResult | None = None) -> SplitResult:
    """Return the parts of an address that may be asked; from a safe one no redirect leads to an unsafe one."""
    text = url.strip()
    if len(text) > _LONGEST or any(ord(sign) <= 32 or ord(sign) == 127 for sign in text) or "\\" in text:  # noqa: PLR2004
        raise FetchError("address")
    try:
        parts = urlsplit(text)
        scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
        port, name = parts.port, parts.hostname
        host = (name or "").encode("idna").decode("ascii").rstrip(".")
    except ValueError:
        raise FetchError("address") from None
    odd = "@" in parts.netloc or "%" in parts.netloc or scheme not in _PORTS or port not in {None, _PORTS.get(scheme)}
    if odd or not host or (before is not None and before.scheme == "https" and scheme != "https"):
        raise FetchError("address")
    shown = f"[{host}]" if ":" in host else host
    return SplitResult(
        scheme,
        shown,
        quote(parts.path or "/", safe="/%:=&?~+!$,;'@()*"),
        quote(parts.query, safe="/%:=&?~+!$,;'@()*[]"),
        "",
    )


def _ask(parts: SplitResult, etag: str, ways: Ways, until: float) -> HTTPResponse:
    """Send the request to the address that was looked at, and return the answer's head with its body to come."""
    host, port = parts.hostname or "", _PORTS[parts.scheme]
    address = _looked_at(host, port, ways, until)
    try:
        plain = ways.connect(address, port, _left(until))
        try:
            plain.settimeout(_left(until))
            line = ways.tls.wrap_socket(plain, server_hostname=host) if parts.scheme == "https" else plain
        except BaseException:
            plain.close()
            raise
        return _exchange(line, parts, etag, until)
    except ssl.SSLError:
        raise FetchError("secure") from None
    except TimeoutError:
        raise FetchError("time") from None
    except (OSError, HTTPException, ValueError):
        raise FetchError("connection") from None


def _exchange(line: socket.socket, parts: SplitResult, etag: str, until: float) -> HTTPResponse:
    wanted = parts.path + (f"?{parts.query}" if parts.query else "")
    head = [
        f"GET {wanted} HTTP/1.1",
        f"Host: {parts.netloc}",
        "User-Agent: weibao",
        "Accept: text/calendar, */*;q=0.1",
        "Accept-Encoding: identity",
        "Connection: close",
        *([f"If-None-Match: {etag}"] if etag else []),
    ]
    try:
        line.settimeout(_left(until))
        line.sendall("\r\n".join([*head, "", ""]).encode("ascii"))
        response = HTTPResponse(_Line(line, until))  # type: ignore[arg-type]  # all that it asks of a socket is a file
        response.begin()
    except BaseException:
        line.close()
        raise
    return response


def _looked_at(host: str, port: int, ways: Ways, until: float) -> str:
    """Return an address of the host; FetchError if one of all it has is not public."""
    found: list[str] = []
    asking = Thread(target=lambda: found.extend(_asked(ways.resolve, host, port)), daemon=True)
    asking.start()
    asking.join(min(_NAME_SECONDS, _left(until)))
    if asking.is_alive() or not found:
        raise FetchError("name")
    if not all(is_public(address) for address in found):
        raise FetchError("address")
    return found[0]


def _asked(resolve: Resolver, host: str, port: int) -> list[str]:
    try:
        return resolve(host, port)
    except (OSError, UnicodeError):
        return []


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise FetchError("time")
    return left


def _tag(headers: HTTPMessage) -> str:
    tag = headers.get("ETag", "").strip()
    return tag if len(tag) <= _LONGEST_TAG and tag.isascii() and tag.isprintable() else ""


def _content(response: HTTPResponse, most: int) -> bytes:
    """Return the body, unpacked where it came packed though nobody asked for that."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip", "deflate"}:
        raise FetchError("answer")
    unpack = None if packing in {"identity", ""} else zlib.decompressobj(zlib.MAX_WBITS | 32)
    came, content = 0, bytearray()
    try:
        while piece := response.read1(_PIECE):
            came += len(piece)
            content += piece if unpack is None else unpack.decompress(piece, most + 1 - len(content))
            if came > most or len(content) > most:
                raise FetchError("size")
    except TimeoutError:
        raise FetchError("time") from None
    except (OSError, HTTPException, zlib.error, ValueError):
        raise FetchError("connection") from None
    if response.length:
        # Half a calendar would pass for one with fewer entries.
        raise FetchError("connection")
    return bytes(content)


class _Line(io.RawIOBase):
    """A connection as the file that an answer is read from; no piece of it may come after the end of the time."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line = line
        self._until = until

    def makefile(self, *_args: object, **_kwargs: object) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv_into(buffer)

    def close(self) -> None:
        self._line.close()
        super().close()


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)
